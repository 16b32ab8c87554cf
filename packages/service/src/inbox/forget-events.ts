import { sql } from 'kysely'
import type { Database } from '../store/index.ts'

/** How long events are kept, in days. */
export interface EventRetention {
  /** An event that comes again is known for so long. Default 45. */
  readonly eventDays?: number
  /** What stood in it. Default 30. */
  readonly payloadDays?: number
}

const rowsPerStatement = 5_000

/**
 * Forgets events and payloads that are too old, of all projects, in small transactions. One that somebody is still due
 * because of stays; so do deletions of subjects. What is left of projects that were deleted goes too. To be called daily.
 *
 * @returns how many events and payloads were forgotten
 */
export async function forgetOldEvents(
  database: Database,
  now: Date,
  { eventDays = 45, payloadDays = 30 }: EventRetention = {},
): Promise<{ readonly events: number; readonly payloads: number }> {
  const eventsBefore = daysBefore(now, eventDays)
  const payloadsBefore = daysBefore(now, payloadDays)
  for (const table of ['trueup.inbox_event', 'trueup.inbox_change', 'trueup.due_check']) {
    await inParts(database, () => withoutProject(table))
  }
  const events = await inParts(
    database,
    () =>
      sql`delete from trueup.inbox_event where ctid = any(array(
      select ctid from trueup.inbox_event
      where received_at < ${eventsBefore} and (verdict <> 'acted-on' or checked_at is not null)
      limit ${rowsPerStatement}))`,
  )
  await inParts(
    database,
    () =>
      sql`delete from trueup.inbox_change where ctid = any(array(
      select ctid from trueup.inbox_change where noted_at < ${eventsBefore} limit ${rowsPerStatement}))`,
  )
  const payloads = await inParts(
    database,
    () =>
      sql`update trueup.inbox_event set payload = null where ctid = any(array(
      select ctid from trueup.inbox_event
      where received_at < ${payloadsBefore} and payload is not null limit ${rowsPerStatement}))`,
  )
  return { events, payloads }
}

/** Projects that were deleted leave these behind. */
function withoutProject(table: string) {
  return sql`delete from ${sql.table(table)} where ctid = any(array(
    select held.ctid from ${sql.table(table)} held
    where not exists (select from trueup.project project where project.project_id = held.project_id)
    limit ${rowsPerStatement}))`
}

async function inParts(database: Database, statement: () => ReturnType<typeof sql>): Promise<number> {
  let total = 0
  for (;;) {
    const { numAffectedRows = 0n } = await statement().execute(database.system)
    total += Number(numAffectedRows)
    if (numAffectedRows < BigInt(rowsPerStatement)) return total
  }
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000)
}
