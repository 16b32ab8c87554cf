import { systemClock, systemRandomBytes } from '../../adapters/system.ts'
import type { Database } from '../../store/index.ts'
import type { KeyRing } from '../../vault/key-ring.ts'
import type { KeyRingSource } from '../../vault/key-ring-source.ts'
import { keyRingSource } from '../../vault/key-ring-source.ts'
import { VaultError } from '../../vault/vault-error.ts'
import type { CommandContext } from '../command-context.ts'

export const ports = { clock: systemClock, randomBytes: systemRandomBytes }

/** What commands on keys work with. */
export interface OpenedKeys {
  readonly database: Database
  readonly keys: KeyRingSource
}

/** Opens the database of the service, with the keys that the environment gives, for as long as `act` runs. */
export async function withKeys<Answer>(
  context: CommandContext,
  act: (opened: OpenedKeys) => Promise<Answer>,
): Promise<Answer> {
  const environment = context.environment()
  const { openDatabase } = await import('../../store/index.ts')
  const { databaseUrl, home } = environment
  const keys = keyRingSource(environment, ports)
  const database = await openDatabase({ databaseUrl, home, clock: systemClock })
  try {
    return await act({ database, keys })
  } finally {
    await database.close()
  }
}

/**
 * The keys that are given; a command that looks at keys makes none.
 *
 * @throws VaultError `encryption-key-missing`
 */
export async function requireRing(keys: KeyRingSource): Promise<KeyRing> {
  const ring = await keys.read()
  if (ring) return ring
  throw new VaultError({
    code: 'encryption-key-missing',
    message: 'No encryption key is given, and there is none in TRUEUP_HOME.',
    fix: 'Give it in TRUEUP_ENCRYPTION_KEY or TRUEUP_ENCRYPTION_KEY_FILE. For a new installation make one with: trueup keys new',
  })
}
