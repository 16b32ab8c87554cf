import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Team } from '../team.ts'
import { ofEverybody } from '../team.ts'
import { TeamError } from '../team-error.ts'

/** So many tries within so many seconds; then none until the window is over. */
export interface Pace {
  readonly most: number
  readonly seconds: number
}

/**
 * Counts a try on something, over all processes that share the database, and refuses it when there were too many.
 * Tries that are refused are not counted, so that a window ends.
 *
 * @param on what is tried on, such as `sign-in` and an address; it is kept as a hash
 * @throws TeamError `too-many-attempts`, with the seconds to wait
 * @example
 * await countAttempt(team, ['sign-in', email], { most: 10, seconds: 900 })
 */
export async function countAttempt(
  team: Pick<Team, 'database' | 'clock'>,
  on: readonly string[],
  { most, seconds }: Pace,
): Promise<void> {
  const now = team.clock.now()
  const began = new Date(now.getTime() - seconds * 1000)
  const key = keyOf(on)
  const counted = await ofEverybody(team)
    .insertInto('trueup.attempt')
    .values({ attempt_key: key, window_started_at: now, attempts: 1 })
    .onConflict((conflict) =>
      conflict
        .column('attempt_key')
        .doUpdateSet({
          window_started_at: sql<Date>`case when attempt.window_started_at <= ${began} then ${now} else attempt.window_started_at end`,
          attempts: sql<number>`case when attempt.window_started_at <= ${began} then 1 else attempt.attempts + 1 end`,
        })
        .where(({ or, eb }) =>
          or([eb('trueup.attempt.window_started_at', '<=', began), eb('trueup.attempt.attempts', '<', most)]),
        ),
    )
    .returning('attempts')
    .executeTakeFirst()
  if (counted) return
  const window = await ofEverybody(team)
    .selectFrom('trueup.attempt')
    .select('window_started_at')
    .where('attempt_key', '=', key)
    .executeTakeFirst()
  const ends = (window?.window_started_at.getTime() ?? now.getTime()) + seconds * 1000
  throw new TeamError({
    code: 'too-many-attempts',
    message: 'There were too many attempts.',
    fix: 'Wait, then try again.',
    retryAfterSeconds: Math.max(1, Math.ceil((ends - now.getTime()) / 1000)),
  })
}

/** Takes back a try that was right, so that only those who guess are slowed down. */
export async function takeBackAttempt(team: Pick<Team, 'database'>, on: readonly string[]): Promise<void> {
  await ofEverybody(team)
    .updateTable('trueup.attempt')
    .set({ attempts: sql<number>`attempts - 1` })
    .where('attempt_key', '=', keyOf(on))
    .where('attempts', '>', 0)
    .execute()
}

function keyOf(on: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(on)).digest('base64url')
}

/** Deletes what no longer counts: windows that began more than a day ago. */
export async function forgetAttempts(team: Pick<Team, 'database' | 'clock'>): Promise<void> {
  const old = new Date(team.clock.now().getTime() - 86_400_000)
  await ofEverybody(team).deleteFrom('trueup.attempt').where('window_started_at', '<', old).execute()
}
