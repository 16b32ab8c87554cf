import { SourceError } from '@trueup/core'
import type { PostgresReader } from '../connection/index.ts'
import { probeRole } from './probe-role.ts'

/**
 * Makes sure that the connected role cannot write, unless that was allowed.
 *
 * @throws SourceError `key-too-powerful`
 */
export async function assertReadingRole(
  reader: PostgresReader,
  { name, allowWriteRole }: { readonly name: string; readonly allowWriteRole: boolean },
): Promise<void> {
  if (allowWriteRole) return
  const { role, powers } = await probeRole(reader)
  const [gravest] = powers.filter(({ writes }) => writes)
  if (!gravest) return
  throw new SourceError({
    source: name,
    code: 'key-too-powerful',
    message: `The role ${role} of the connection string can do more than read. ${gravest.found}`,
    fix: 'Run trueup connect postgres: it prints the SQL for a role that can only read. To read with this one all the same, allow it in the configuration.',
    retryable: false,
  })
}
