import type { KeyScope } from '../../http/principal.ts'
import type { Team } from '../team.ts'
import { ofEverybody, ofWorkspace } from '../team.ts'
import { isWithin } from './allowed-addresses.ts'
import { hashOfKey, isWellFormedKey } from './key-format.ts'

/** A key that opens. */
export interface FoundKey {
  readonly keyId: string
  readonly workspaceId: string
  readonly projectId: string | null
  readonly scope: KeyScope
}

/** How long a use of a key is not written down again. */
const lastUseMs = 60_000

/**
 * The key that this text is; `null`: it opens nothing, whether it is unknown, revoked, expired, or used from an address
 * that it may not be used from. A text without the checksum of a key is refused without asking the database.
 */
export async function findApiKey(
  team: Pick<Team, 'database' | 'clock'>,
  text: string,
  address: string | null,
): Promise<FoundKey | null> {
  if (!isWellFormedKey(text)) return null
  const found = await ofEverybody(team)
    .selectFrom('trueup.api_key')
    .select([
      'key_id',
      'workspace_id',
      'project_id',
      'scope',
      'allowed_addresses',
      'expires_at',
      'last_used_at',
      'revoked_at',
    ])
    .where('token_hash', '=', hashOfKey(text))
    .executeTakeFirst()
  if (!found) return null
  const now = team.clock.now()
  if (found.revoked_at || (found.expires_at && found.expires_at <= now)) return null
  if (found.allowed_addresses && !isWithin(address ?? '', found.allowed_addresses)) return null
  const stale = new Date(now.getTime() - lastUseMs)
  if (!found.last_used_at || found.last_used_at <= stale) {
    await ofWorkspace(team, found.workspace_id)
      .updateTable('trueup.api_key')
      .set({ last_used_at: now })
      .where('workspace_id', '=', found.workspace_id)
      .where('key_id', '=', found.key_id)
      .where(({ or, eb }) => or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', stale)]))
      .execute()
  }
  return {
    keyId: found.key_id,
    workspaceId: found.workspace_id,
    projectId: found.project_id,
    scope: found.scope,
  }
}
