import type { Transaction } from 'kysely'
import { sql } from 'kysely'
import type { Jobs } from '../jobs/jobs.ts'
import { documentRows, texts } from '../store/bulk.ts'
import type { Database } from '../store/index.ts'
import { columnText } from '../store/json-codec.ts'
import type { Tables } from '../store/tables.ts'
import type { IncomingEvent } from './event.ts'
import { holdOffWorkers, sendCheck, upsertDue } from './mark-due.ts'
import type { ProjectTenant, Verdict } from './tables.ts'
import { findTwins } from './twins.ts'

/** An event as it came: by a webhook, or found in the provider's own list. */
export interface Arrival {
  readonly event: IncomingEvent
  readonly foundBy: 'webhook' | 'sweep'
  readonly receivedAt: Date
  /** As the provider's list says. */
  readonly pendingWebhooks: number | null
}

/** What became of an event. `duplicate`: it was stored before. */
export type Stored = Verdict | 'duplicate'

/**
 * Stores events of one project with all that follows from them, in one transaction: when it returns they are durable,
 * and who they name is due for a check. An event that was stored before is only counted.
 *
 * @returns what became of each, in the order of `arrivals`
 * @throws StoreError when nothing was stored
 */
export async function storeEvents(
  { database, jobs }: { readonly database: Database; readonly jobs: Jobs },
  tenant: ProjectTenant,
  arrivals: readonly Arrival[],
): Promise<readonly Stored[]> {
  const distinct = collapse(arrivals)
  const outcomes = await database
    .scoped(tenant)
    .transaction()
    .execute(async (tx) => {
      const twins = await findTwins(tx, tenant, distinct)
      const verdicts = new Map(
        distinct.map(({ event }) => [keyOf(event), verdictOf(event, twins.get(event.eventId))]),
      )
      const added = await insertEvents(tx, tenant, distinct, twins)
      const isNew = ({ event }: Arrival) => added.has(keyOf(event))
      await noteDeletions(
        tx,
        tenant,
        distinct.filter((arrival) => isNew(arrival) && arrival.event.deletedSubject !== null),
      )
      const isSomebodyDue = distinct.some(
        (arrival) => isNew(arrival) && verdicts.get(keyOf(arrival.event)) === 'acted-on',
      )
      if (isSomebodyDue) await sendCheck(jobs, tx, tenant)
      return { verdicts, added }
    })
  const told = new Set<string>()
  return arrivals.map(({ event }) => {
    const key = keyOf(event)
    const verdict = outcomes.verdicts.get(key)
    // The first of several copies in a batch is the event, the others are its duplicates.
    if (!verdict || !outcomes.added.has(key) || told.has(key)) return 'duplicate'
    told.add(key)
    return verdict
  })
}

interface Collapsed extends Arrival {
  readonly deliveries: number
}

/** One row an event, since a statement may not write a row twice; in one order, so that no two batches lock crosswise. */
function collapse(arrivals: readonly Arrival[]): readonly Collapsed[] {
  const byKey = new Map<string, Collapsed>()
  for (const arrival of arrivals) {
    const key = keyOf(arrival.event)
    const held = byKey.get(key)
    const deliveries = (held?.deliveries ?? 0) + (arrival.foundBy === 'webhook' ? 1 : 0)
    byKey.set(key, { ...(held ?? arrival), deliveries })
  }
  return [...byKey.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, collapsed]) => collapsed)
}

function keyOf({ provider, eventId }: IncomingEvent): string {
  return `${provider}:${eventId}`
}

function verdictOf(event: IncomingEvent, twinOf: string | undefined): Verdict {
  if (event.noEffect !== null) return 'not-acted-on'
  return twinOf === undefined ? 'acted-on' : 'twin'
}

/** Adds the events that are new, and makes due whom those name, in one statement: each is a round trip. */
async function insertEvents(
  tx: Transaction<Tables>,
  tenant: ProjectTenant,
  arrivals: readonly Collapsed[],
  twins: ReadonlyMap<string, string>,
): Promise<ReadonlySet<string>> {
  const text = (of: (event: IncomingEvent) => string | null) => texts(arrivals, ({ event }) => of(event))
  const twinOf = (event: IncomingEvent) =>
    event.noEffect === null ? (twins.get(event.eventId) ?? null) : null
  const { workspaceId, projectId } = tenant
  const named = sql`(select distinct target_kind as kind, target_id as id from added
    where is_new and verdict = 'acted-on') named`
  const { rows } = await sql<{
    readonly provider: string
    readonly event_id: string
    readonly is_new: boolean
  }>`with added as (insert into trueup.inbox_event as held (workspace_id, project_id, provider, event_id, type, object_id, livemode,
      account, created_at, received_at, verdict, no_effect, twin_of, target_kind, target_id, found_by, deliveries,
      last_delivered_at, pending_webhooks, payload)
    select ${workspaceId}, ${projectId}, given.*
    from rows from (
      unnest(${text((event) => event.provider)}::text[]),
      unnest(${text((event) => event.eventId)}::text[]),
      unnest(${text((event) => event.type)}::text[]),
      unnest(${text((event) => event.objectId)}::text[]),
      unnest(${arrivals.map(({ event }) => event.livemode)}::boolean[]),
      unnest(${text((event) => event.account)}::text[]),
      unnest(${arrivals.map(({ event }) => event.createdAt)}::timestamptz[]),
      unnest(${arrivals.map(({ receivedAt }) => receivedAt)}::timestamptz[]),
      unnest(${text((event) => verdictOf(event, twins.get(event.eventId)))}::text[]),
      unnest(${text((event) => event.noEffect)}::text[]),
      unnest(${text(twinOf)}::text[]),
      unnest(${text((event) => event.target?.kind ?? null)}::text[]),
      unnest(${text((event) => event.target?.id ?? null)}::text[]),
      unnest(${arrivals.map(({ foundBy }) => foundBy)}::text[]),
      unnest(${arrivals.map(({ deliveries }) => deliveries)}::integer[]),
      unnest(${arrivals.map(({ foundBy, receivedAt }) => (foundBy === 'webhook' ? receivedAt : null))}::timestamptz[]),
      unnest(${arrivals.map(({ pendingWebhooks }) => pendingWebhooks)}::integer[]),
      ${documentRows(arrivals.map(({ event }) => columnText(event.payload)))}
    ) as given
    on conflict (workspace_id, project_id, provider, event_id) do update set
      deliveries = held.deliveries + excluded.deliveries,
      last_delivered_at = greatest(held.last_delivered_at, excluded.last_delivered_at)
    returning provider, event_id, verdict, target_kind, target_id, xmax = 0 as is_new),
    due as (${upsertDue(tenant, named)} returning 1),
    held_off as (select ${holdOffWorkers(projectId)} from due limit 1)
    select provider, event_id, is_new, (select count(*) from held_off) as held_off from added`.execute(tx)
  return new Set(rows.flatMap((row) => (row.is_new ? [`${row.provider}:${row.event_id}`] : [])))
}

async function noteDeletions(
  tx: Transaction<Tables>,
  { workspaceId, projectId }: ProjectTenant,
  arrivals: readonly Arrival[],
): Promise<void> {
  if (arrivals.length === 0) return
  const events = arrivals.map(({ event }) => event)
  await sql`insert into trueup.deleted_subject (workspace_id, project_id, subject_key, deleted_at, event_id)
    select ${workspaceId}, ${projectId}, given.*
    from rows from (
      unnest(${texts(events, (event) => event.deletedSubject)}::text[]),
      unnest(${events.map(({ createdAt }) => createdAt)}::timestamptz[]),
      unnest(${texts(events, (event) => event.eventId)}::text[])
    ) as given
    on conflict do nothing`.execute(tx)
}
