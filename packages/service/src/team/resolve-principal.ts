import { ApiError } from '../http/api-error.ts'
import type { Principal } from '../http/principal.ts'
import { nobody } from '../http/principal.ts'
import { findApiKey } from './keys/find-api-key.ts'
import type { Role } from './role.ts'
import { callerOf } from './sign-in/caller.ts'
import { signedIn } from './sign-in/sessions.ts'
import type { Team } from './team.ts'
import { ofEverybody } from './team.ts'

/**
 * Who asks: by the key in `Authorization: Bearer tu_…`, else by the session cookie. Sessions, memberships, roles and keys
 * are looked up each time, so that what was ended, taken or revoked is gone with the next request.
 *
 * @param address where the request came from, as far as proxies are trusted
 * @throws ApiError `key-unknown` for a key that opens nothing. A session that ended is nobody.
 */
export async function resolvePrincipal(
  team: Team,
  request: Request,
  address: string | null,
): Promise<Principal> {
  const bearer = /^Bearer\b *(\S*)/i.exec(request.headers.get('authorization') ?? '')?.[1]
  // Another scheme is a matter of a proxy before the service.
  if (bearer !== undefined) return await principalOfKey(team, bearer, address)
  const session = await signedIn(team, callerOf(request, address))
  if (!session) return nobody
  const { personId, email, isFresh } = session
  return { kind: 'person', personId, email, roles: await rolesOf(team, personId), sessionFresh: isFresh }
}

async function principalOfKey(team: Team, text: string, address: string | null): Promise<Principal> {
  const key = await findApiKey(team, text, address)
  if (key) return { kind: 'key', ...key }
  throw new ApiError({
    code: 'key-unknown',
    message: 'The API key opens nothing: it is unknown, revoked, expired, or not for this address.',
    fix: 'Send `Authorization: Bearer tu_…` with a key that is listed as valid.',
  })
}

/** The workspaces of a person, and what they are in each. */
export async function rolesOf(
  team: Pick<Team, 'database'>,
  personId: string,
): Promise<ReadonlyMap<string, Role>> {
  const rows = await ofEverybody(team)
    .selectFrom('trueup.member')
    .select(['workspace_id', 'role'])
    .where('person_id', '=', personId)
    .execute()
  return new Map(rows.map(({ workspace_id, role }) => [workspace_id, role]))
}
