import type { Team } from '../team.ts'
import { ofEverybody } from '../team.ts'
import { notFound } from '../team-error.ts'
import { askLibrary, notSignedIn } from './ask-library.ts'
import type { Caller } from './caller.ts'
import { headersOf } from './caller.ts'

/** For how long after showing that it is them a person may do what needs it: keys, repairs, caps, ownership. */
export const freshMinutes = 10

/** A session as it is found for a request. */
export interface SignedIn {
  readonly sessionId: string
  readonly personId: string
  readonly email: string
  readonly name: string
  readonly hasTwoFactor: boolean
  /** Whether the person showed within the last {@link freshMinutes} minutes that it is them. */
  readonly isFresh: boolean
}

/** Who is signed in; `null`: nobody. It is looked up in the database each time, so that an ended session is dead. */
export async function signedIn(team: Team, caller: Caller): Promise<SignedIn | null> {
  if (!caller.cookie) return null
  const found = await askLibrary(async () => team.library.api.getSession({ headers: headersOf(caller) }))
  if (!found) return null
  const { session, user } = found
  const shown = Math.max(session.createdAt.getTime(), session.confirmedAt?.getTime() ?? 0)
  return {
    sessionId: session.id,
    personId: user.id,
    email: user.email,
    name: user.name,
    hasTwoFactor: user.twoFactorEnabled === true,
    isFresh: team.clock.now().getTime() - shown < freshMinutes * 60_000,
  }
}

/**
 * Who is signed in.
 *
 * @throws TeamError `not-signed-in`
 */
export async function requireSignedIn(team: Team, caller: Caller): Promise<SignedIn> {
  const found = await signedIn(team, caller)
  if (!found) throw notSignedIn()
  return found
}

/** A session as its person sees it. */
export interface SessionLine {
  readonly sessionId: string
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly address: string | null
  readonly userAgent: string | null
}

/** The sessions of a person that are not over, newest first. */
export async function listSessions(team: Team, personId: string): Promise<readonly SessionLine[]> {
  const rows = await ofEverybody(team)
    .selectFrom('trueup.person_session')
    .select(['id', 'created_at', 'expires_at', 'ip_address', 'user_agent'])
    .where('person_id', '=', personId)
    .where('expires_at', '>', team.clock.now())
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    sessionId: row.id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    address: row.ip_address || null,
    userAgent: row.user_agent || null,
  }))
}

/**
 * Ends one session of a person.
 *
 * @throws TeamError `not-found`, also for a session of somebody else
 */
export async function endSession(team: Team, personId: string, sessionId: string): Promise<void> {
  const { numDeletedRows } = await ofEverybody(team)
    .deleteFrom('trueup.person_session')
    .where('id', '=', sessionId)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw notFound('session')
}

/** Ends every session of a person, but the one that `except` names. Gives how many. */
export async function endSessions(
  team: Team,
  personId: string,
  { except = null }: { readonly except?: string | null } = {},
): Promise<number> {
  const { numDeletedRows } = await ofEverybody(team)
    .deleteFrom('trueup.person_session')
    .where('person_id', '=', personId)
    .$if(except !== null, (query) => query.where('id', '<>', except ?? ''))
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** Deletes what is over: sessions, resets and sign-ins under way, links. For the daily clean-up. */
export async function forgetEnded(team: Pick<Team, 'database' | 'clock'>): Promise<void> {
  const now = team.clock.now()
  const db = ofEverybody(team)
  await db.deleteFrom('trueup.person_session').where('expires_at', '<', now).execute()
  await db.deleteFrom('trueup.person_check').where('expires_at', '<', now).execute()
  await db.deleteFrom('trueup.sign_up_link').where('expires_at', '<', now).execute()
}
