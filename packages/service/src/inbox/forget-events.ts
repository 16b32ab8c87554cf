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
 * because of stays. Deletions of subjects stay for good. To be called daily.
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
