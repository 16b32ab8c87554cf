import { sql } from 'kysely'
import type { Database } from '../store/index.ts'
import { columnText } from '../store/json-codec.ts'
import type { NoEffect, Provider, Target } from './event.ts'
import { InboxError } from './inbox-error.ts'
import type { RefusalReason } from './refusal.ts'
import type { ProjectTenant, Verdict } from './tables.ts'

/** An event as the log shows it. */
export interface LoggedEvent {
  readonly provider: Provider
  readonly id: string
  readonly type: string
  readonly objectId: string | null
  readonly createdAt: Date
  readonly receivedAt: Date
  readonly verdict: Verdict
  /** Why nothing follows from it. */
  readonly noEffect: NoEffect | null
  /** The event that told of the same change before. */
  readonly twinOf: string | null
  readonly target: Target | null
  readonly foundBy: 'webhook' | 'sweep'
  /** How often it came; more than once: the others were duplicates. 0: it never came, and was found by the sweep. */
  readonly deliveries: number
  readonly lastDeliveredAt: Date | null
  readonly replays: number
  /** When the check that followed from it was completed; `null` while it is due, and where none follows. */
  readonly checkedAt: Date | null
}

export interface EventFilter {
  readonly provider?: Provider
  readonly verdict?: Verdict
  /** A type, or the beginning of one with a star after it: `customer.subscription.*`. */
  readonly type?: string
  /** A customer's id, a subject key, or an object's. */
  readonly about?: string
  /** Only those that came more than once. */
  readonly duplicates?: boolean
  /** Only those that the sweep found and no webhook brought since. */
  readonly missing?: boolean
  /** Only those whose check is not completed. */
  readonly pending?: boolean
  readonly receivedSince?: Date
}

export interface EventPage {
  readonly events: readonly LoggedEvent[]
  /** Where the next page begins; `null`: there is none. */
  readonly nextCursor: string | null
}

/**
 * The events of a project, the last stored first.
 *
 * @param limit from 1 to 200
 * @throws InboxError `cursor-malformed`
 */
export async function listEvents(
  database: Database,
  tenant: ProjectTenant,
  filter: EventFilter,
  { limit, cursor = null }: { readonly limit: number; readonly cursor?: string | null },
): Promise<EventPage> {
  const before = cursor === null ? null : parseCursor(cursor)
  const { rows } = await sql<EventRow>`select ${columns} from trueup.inbox_event
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
      and ${conditions(filter)} and ${before === null ? sql`true` : sql`seq < ${before}`}
    order by seq desc limit ${limit + 1}`.execute(database.scoped(tenant))
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    events: shown.map(loggedEvent),
    nextCursor: rows.length > limit && last ? `evs_${last.seq.toString(36)}` : null,
  }
}

/** One event with its payload, or `null`. The payload is forgotten before the event is. */
export async function findEvent(
  database: Database,
  tenant: ProjectTenant,
  { provider, eventId }: { readonly provider: Provider; readonly eventId: string },
): Promise<(LoggedEvent & { readonly payload: unknown }) | null> {
  const { rows } = await sql<
    EventRow & { readonly payload: string | null }
  >`select ${columns}, payload from trueup.inbox_event
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
      and provider = ${provider} and event_id = ${columnText(eventId)}`.execute(database.scoped(tenant))
  const [row] = rows
  return row ? { ...loggedEvent(row), payload: row.payload === null ? null : JSON.parse(row.payload) } : null
}

/** Requests that were refused, by reason. */
export interface ListedRefusal {
  readonly provider: Provider
  readonly reason: RefusalReason
  readonly count: number
  readonly firstAt: Date
  readonly lastAt: Date
}

/** What was refused at the addresses of a project, the last first. Counts arrive within seconds. */
export async function listRefusals(
  database: Database,
  tenant: ProjectTenant,
): Promise<readonly ListedRefusal[]> {
  const { rows } =
    await sql<ListedRefusal>`select provider, reason, refused as count, first_at as "firstAt", last_at as "lastAt"
    from trueup.webhook_refusal
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
    order by last_at desc, provider, reason`.execute(database.scoped(tenant))
  return rows
}

interface EventRow {
  readonly seq: number
  readonly provider: Provider
  readonly event_id: string
  readonly type: string
  readonly object_id: string | null
  readonly created_at: Date
  readonly received_at: Date
  readonly verdict: Verdict
  readonly no_effect: NoEffect | null
  readonly twin_of: string | null
  readonly target_kind: Target['kind'] | null
  readonly target_id: string | null
  readonly found_by: 'webhook' | 'sweep'
  readonly deliveries: number
  readonly last_delivered_at: Date | null
  readonly replays: number
  readonly checked_at: Date | null
}

const columns = sql.raw(
  'seq, provider, event_id, type, object_id, created_at, received_at, verdict, no_effect, twin_of, target_kind, ' +
    'target_id, found_by, deliveries, last_delivered_at, replays, checked_at',
)

function loggedEvent(row: EventRow): LoggedEvent {
  return {
    provider: row.provider,
    id: row.event_id,
    type: row.type,
    objectId: row.object_id,
    createdAt: row.created_at,
    receivedAt: row.received_at,
    verdict: row.verdict,
    noEffect: row.no_effect,
    twinOf: row.twin_of,
    target: row.target_kind && row.target_id ? { kind: row.target_kind, id: row.target_id } : null,
    foundBy: row.found_by,
    deliveries: row.deliveries,
    lastDeliveredAt: row.last_delivered_at,
    replays: row.replays,
    checkedAt: row.checked_at,
  }
}

function conditions(filter: EventFilter) {
  const { provider, verdict, type, about, duplicates, missing, pending, receivedSince } = filter
  const all = [
    ...(provider ? [sql`provider = ${provider}`] : []),
    ...(verdict ? [sql`verdict = ${verdict}`] : []),
    ...(type ? [typeCondition(type)] : []),
    ...(about ? [sql`(target_id = ${columnText(about)} or object_id = ${columnText(about)})`] : []),
    ...(duplicates ? [sql`deliveries > 1`] : []),
    ...(missing ? [sql`found_by = 'sweep' and deliveries = 0 and verdict <> 'twin'`] : []),
    ...(pending ? [sql`verdict = 'acted-on' and checked_at is null`] : []),
    ...(receivedSince ? [sql`received_at >= ${receivedSince}`] : []),
  ]
  return all.length === 0 ? sql`true` : sql.join(all, sql` and `)
}

function typeCondition(type: string) {
  const text = columnText(type)
  return text.endsWith('*') ? sql`starts_with(type, ${text.slice(0, -1)})` : sql`type = ${text}`
}

function parseCursor(cursor: string): number {
  const [, digits] = /^evs_([0-9a-z]{1,10})$/.exec(cursor) ?? []
  if (digits !== undefined) return Number.parseInt(digits, 36)
  throw new InboxError({
    code: 'cursor-malformed',
    message: 'The cursor is not one that a list of events gave.',
    fix: 'Hand on nextCursor of the page before, or leave it out for the first page.',
  })
}
