import { afterAll, describe } from 'vitest'
import type { StoreKind } from '../../../../../test/support/stores.ts'
import { openTestStore } from '../../../../../test/support/stores.ts'
import { accessSourceContract } from '../access-source-contract.ts'
import { pushedWorld, start } from './pushed-world.ts'

const databases: readonly StoreKind[] = ['embedded', 'PostgreSQL']

describe.each(databases)('pushed subjects as a source, from the database: %s', (kind) => {
  const closing: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const close of closing) await close()
  })
  accessSourceContract(async () => {
    const { store, close } = await openTestStore(kind, { now: () => start })
    closing.push(close)
    return await pushedWorld(store)
  })
})
