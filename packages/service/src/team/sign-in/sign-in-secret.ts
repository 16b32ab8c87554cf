import type { Clock } from '@trueup/core'
import { sql } from 'kysely'
import { Secret } from '../../secret.ts'
import type { Database } from '../../store/database.ts'
import type { SealedText } from '../../vault/sealed-text.ts'
import { firstWorkspaceId } from './sign-up.ts'

const secretId = 'first'
const place = { workspaceId: firstWorkspaceId, projectId: null, field: 'sign-in-secret', row: secretId }

/**
 * What sessions are signed with and second factors are sealed under. It is made by the first process that needs it, is
 * the same for all that share the database, and is kept sealed: a change of the vault's keys signs nobody out.
 *
 * @throws VaultError
 */
export async function signInSecret({
  database,
  vault,
  clock,
  randomBytes,
}: {
  readonly database: Database
  readonly vault: SealedText
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
}): Promise<Secret> {
  const kept = await readSealed(database)
  if (kept !== null) return await vault.open(kept, place)
  const made = new Secret(Buffer.from(randomBytes(32)).toString('base64'))
  const sealed = await vault.seal(made, place)
  await sql`insert into trueup.sign_in_secret (workspace_id, secret_id, sealed, made_at)
    values (${firstWorkspaceId}, ${secretId}, ${sealed}, ${clock.now()}) on conflict do nothing`.execute(
    database.scoped({ workspaceId: firstWorkspaceId }),
  )
  // Another process may have been first.
  const standing = await readSealed(database)
  if (standing === null) throw new Error('The secret of sign-ins was kept and is not there.')
  return await vault.open(standing, place)
}

async function readSealed(database: Database): Promise<string | null> {
  const { rows } = await sql<{ readonly sealed: string }>`select sealed from trueup.sign_in_secret
    where workspace_id = ${firstWorkspaceId} and secret_id = ${secretId}`.execute(
    database.scoped({ workspaceId: firstWorkspaceId }),
  )
  return rows[0]?.sealed ?? null
}
