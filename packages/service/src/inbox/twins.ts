import type { Transaction } from 'kysely'
import { sql } from 'kysely'
import { texts } from '../store/bulk.ts'
import type { Tables } from '../store/tables.ts'
import type { IncomingEvent } from './event.ts'
import type { Arrival } from './store-events.ts'
import type { ProjectTenant } from './tables.ts'

interface Noted {
  readonly key: string
  readonly eventId: string
  readonly form: 'snapshot' | 'thin'
  readonly at: Date
}

/** The event that was the first to be known by something. */
interface Owner {
  readonly change_key: string
  readonly event_id: string
  readonly form: 'snapshot' | 'thin'
}

/**
 * Finds of which event each of these is the twin, if of any, by event id. Notes by what each is known, so that of two
 * that come at the same time one waits for the other.
 *
 * Two snapshots are one change where their data is equal to the letter; a snapshot and a thin event are where type,
 * object and second are equal, or where the thin one says so. Two of one form that only share the second are two
 * changes: a check between them would have missed the second.
 */
export async function findTwins(
  tx: Transaction<Tables>,
  tenant: ProjectTenant,
  arrivals: readonly Arrival[],
): Promise<ReadonlyMap<string, string>> {
  const noted = arrivals.flatMap(({ event, receivedAt }) => notesOf(event, receivedAt))
  if (noted.length === 0) return new Map()
  const rows = noted.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const { rows: added } = await sql<Owner>`insert into trueup.inbox_change
      (workspace_id, project_id, change_key, event_id, form, noted_at)
    select ${tenant.workspaceId}, ${tenant.projectId}, given.*
    from unnest(${texts(rows, ({ key }) => key)}::text[], ${texts(rows, ({ eventId }) => eventId)}::text[],
      ${texts(rows, ({ form }) => form)}::text[], ${rows.map(({ at }) => at)}::timestamptz[]) as given
    on conflict do nothing returning change_key, event_id, form`.execute(tx)
  const owners = new Map(added.map((row) => [row.change_key, row]))
  const taken = [...new Set(noted.map(({ key }) => key))].filter((key) => !owners.has(key))
  if (taken.length > 0) {
    const { rows: found } = await sql<Owner>`select change_key, event_id, form from trueup.inbox_change
      where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
        and change_key = any(${taken}::text[])`.execute(tx)
    for (const row of found) owners.set(row.change_key, row)
  }
  const twins = new Map<string, string>()
  for (const { event } of arrivals) {
    const { change, eventId } = event
    if (!change) continue
    const sameData = change.data === null ? undefined : owners.get(change.data)
    const sameMoment = owners.get(change.moment)
    const twin =
      (sameData && sameData.event_id !== eventId ? sameData.event_id : null) ??
      (sameMoment && sameMoment.form !== change.form ? sameMoment.event_id : null) ??
      linkedTwin(event, owners)
    if (twin !== null) twins.set(eventId, twin)
  }
  return twins
}

/** All that two events of one change may share is noted by both, so that the first of them owns all of it. */
function notesOf(event: IncomingEvent, at: Date): readonly Noted[] {
  const { change, eventId } = event
  if (!change) return []
  return keysOf(event).map((key) => ({ key, eventId, form: change.form, at }))
}

function keysOf({ change, eventId }: IncomingEvent): readonly string[] {
  if (!change) return []
  const { data, moment, snapshotEvent } = change
  return [...(data === null ? [] : [data]), linkKey(snapshotEvent ?? eventId), moment]
}

/** A snapshot of which a thin event said before that it is its twin, or the other way round. */
function linkedTwin(
  { change, eventId }: IncomingEvent,
  owners: ReadonlyMap<string, { readonly event_id: string }>,
): string | null {
  const owner = owners.get(linkKey(change?.snapshotEvent ?? eventId))
  return owner && owner.event_id !== eventId ? owner.event_id : null
}

function linkKey(snapshotEvent: string): string {
  return `event:${snapshotEvent}`
}
