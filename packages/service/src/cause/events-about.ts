import type { SeenEvent } from '@trueup/core'
import { SourceError } from '@trueup/core'
import { sql } from 'kysely'
import { objectAt } from '../inbox/fields.ts'
import { openStripeEvents } from '../inbox/project-stripe-events.ts'
import { readStripeEvent, stripeTypesActedOn } from '../inbox/stripe-event.ts'
import type { StripeEvents } from '../inbox/stripe-events.ts'
import type { ProjectService } from '../project/project-service.ts'
import type { ProjectTenant } from './cause-tables.ts'
import { causeDb } from './cause-tables.ts'
import type { KeptEvent, Listed, ListedEvent } from './merge-events.ts'
import { askedBy, mergeEvents, thinTypes } from './merge-events.ts'

/** What billing told about customers. */
export interface EventsAbout {
  readonly events: readonly { readonly customerId: string; readonly event: SeenEvent }[]
  /** Why Stripe's own list is not part of it; `null`: it is. */
  readonly notAsked: string | null
  /** Of the project's last events, those asked for by a request with an idempotency key. */
  readonly requestsWithKey: number
}

/** Stripe lists events for 30 days; an hour is left for what takes long. */
const listedMs = 30 * 86_400_000 - 3_600_000
/** An event that is younger may still be on its way. */
const underWayMs = 3 * 60_000
const mostPages = 5
const mostEvents = 5_000
const eventsSampled = 200

/**
 * Events about these customers, of a time: those that came to our own endpoint, and what Stripe's list has beside them.
 * Stripe is asked once for all of them: for what some endpoint has not taken, and, where the project takes no webhooks
 * itself, for all.
 */
export async function eventsAbout(
  projects: ProjectService,
  tenant: ProjectTenant,
  customerIds: readonly string[],
  { from, until }: { readonly from: Date; readonly until: Date },
): Promise<EventsAbout> {
  const kept = await keptEvents(projects, tenant, customerIds, { from, until })
  const [sampled, isOurs] = await sampleOf(projects, tenant)
  if (customerIds.length === 0) return { events: [], notAsked: null, requestsWithKey: sampled }
  const now = projects.clock.now().getTime()
  const span = {
    since: new Date(Math.max(from.getTime(), now - listedMs)),
    until: new Date(Math.min(until.getTime() + underWayMs, now - underWayMs)),
  }
  const listed = await askStripe(projects, tenant, span, { isOurs })
  const events = mergeEvents(kept, listed, { customerIds: new Set(customerIds), isOurs, span })
  return {
    events,
    notAsked: listed.problem,
    requestsWithKey: isOurs
      ? sampled
      : listed.events.filter(({ askedBy }) => askedBy === 'request-with-key').length,
  }
}

async function keptEvents(
  { database }: ProjectService,
  tenant: ProjectTenant,
  customerIds: readonly string[],
  { from, until }: { readonly from: Date; readonly until: Date },
): Promise<readonly KeptEvent[]> {
  const { rows } = await sql<KeptEvent>`select target_id as "customerId", event_id as id, type,
      created_at as "createdAt", deliveries, received_at as "receivedAt", last_delivered_at as "lastDeliveredAt",
      pending_webhooks as "pendingWebhooks",
      coalesce(payload::json->'request'->>'id', payload::json->'reason'->'request'->>'id') as "requestId",
      coalesce(payload::json->'request', payload::json->'reason') is not null as "hasRequest",
      coalesce(payload::json->'request'->>'idempotency_key',
        nullif(payload::json->'reason'->'request'->>'idempotency_key', '')) as "idempotencyKey"
    from trueup.inbox_event
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId} and provider = 'stripe'
      and target_kind = 'customer' and target_id = any(${[...customerIds]}::text[]) and verdict <> 'twin'
      and created_at between ${from} and ${until}
    order by seq desc limit ${mostEvents}`.execute(causeDb(database, tenant))
  return rows
}

/** How many of the last events were asked for with an idempotency key, and whether snapshots come to our endpoint. */
async function sampleOf(
  { database }: ProjectService,
  tenant: ProjectTenant,
): Promise<readonly [withKey: number, isOurs: boolean]> {
  const { rows } = await sql<{ withKey: number; delivered: number }>`
    select count(*) filter (where last.key is not null) as "withKey",
      count(*) filter (where last.deliveries > 0 and not starts_with(last.type, ${thinTypes})) as delivered
    from (select deliveries, type, payload::json->'request'->>'idempotency_key' as key from trueup.inbox_event
      where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId} and provider = 'stripe'
      order by seq desc limit ${eventsSampled}) last`.execute(causeDb(database, tenant))
  const [row] = rows
  return [row?.withKey ?? 0, (row?.delivered ?? 0) > 0]
}

async function askStripe(
  projects: ProjectService,
  tenant: ProjectTenant,
  span: { readonly since: Date; readonly until: Date },
  { isOurs }: { readonly isOurs: boolean },
): Promise<Listed> {
  if (span.until <= span.since) return { events: [], problem: 'it has nothing so young yet' }
  const events: ListedEvent[] = []
  try {
    const stripe = await openStripeEvents(projects, tenant, 'cause')
    if (!stripe) return { events, problem: 'Stripe is not connected' }
    for (const types of stripeTypesActedOn) {
      if (!(await readPages(stripe, types, span, { undelivered: isOurs, into: events }))) {
        return { events, problem: 'there are too many to read them all' }
      }
    }
    return { events, problem: null }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    return { events, problem: `it could not be read (${error.code})` }
  }
}

/** @returns whether it was read to its end */
async function readPages(
  stripe: StripeEvents,
  types: readonly string[],
  span: { readonly since: Date; readonly until: Date },
  { undelivered, into }: { readonly undelivered: boolean; readonly into: ListedEvent[] },
): Promise<boolean> {
  let after: string | null = null
  for (let page = 0; page < mostPages; page++) {
    const { events, nextAfter } = await stripe.list({ types, ...span, after, undelivered })
    into.push(...events.flatMap(listedEvent))
    if (nextAfter === null) return true
    after = nextAfter
  }
  return false
}

function listedEvent(json: unknown): readonly ListedEvent[] {
  const event = readStripeEvent(json, JSON.stringify(json))
  if ('unreadable' in event) return []
  const { pending_webhooks: pending, request } = objectAt(json) ?? {}
  const { id, idempotency_key: key } = objectAt(request) ?? {}
  return [
    {
      id: event.eventId,
      type: event.type,
      createdAt: event.createdAt,
      customerId: event.target?.kind === 'customer' ? event.target.id : null,
      pending: typeof pending === 'number' ? pending : null,
      askedBy: askedBy({
        hasRequest: request !== undefined,
        requestId: typeof id === 'string' ? id : null,
        idempotencyKey: typeof key === 'string' ? key : null,
      }),
    },
  ]
}
