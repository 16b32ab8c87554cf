import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Migration } from '../migrations/index.ts'

/** Written by the build; the same place seen from the sources and from what is built. */
const folder = join(import.meta.dirname, '../../../dist/store/embedded')

/** The archive of a database to which nothing was done yet. */
export const emptyBeginning = join(folder, 'empty.tar.br')

/** The archive of a database with just these steps of the schema; there is none for steps that were not built. */
export function storeBeginning(migrations: readonly Migration[]): string {
  const digest = createHash('sha256').update(JSON.stringify(migrations)).digest('hex')
  return join(folder, `store-${digest.slice(0, 16)}.tar.br`)
}
