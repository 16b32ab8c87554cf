import type { Clock } from '@trueup/core'
import { SourceError } from '@trueup/core'
import { sql } from 'kysely'
import type { Jobs } from '../jobs/jobs.ts'
import type { Database } from '../store/index.ts'
import { toJson } from '../store/json-codec.ts'
import { objectAt, textAt } from './fields.ts'
import type { Arrival } from './store-events.ts'
import { storeEvents } from './store-events.ts'
import { readStripeEvent, stripeTypesActedOn } from './stripe-event.ts'
import type { StripeEvents } from './stripe-events.ts'
import type { Failure, InboxTables, ProjectTenant } from './tables.ts'

/** What a sweep came to. */
export interface SweptEvents {
  readonly listed: number
  /** Events that no webhook had brought, each stored now. */
  readonly missing: number
  /** Of these, those that have a check follow. */
  readonly actedOn: number
  readonly since: Date
  readonly until: Date
}

/** Stripe lists events for 30 days; an hour is left for what takes long. */
const longestMs = 30 * 86_400_000 - 3_600_000
/** An event that is younger may still be on its way. */
const underWayMs = 3 * 60_000
/** A webhook may come after a younger one that was seen already; a sweep looks back over what the last one saw. */
const overlapMs = 15 * 60_000
const rowsPerBatch = 100

/**
 * Compares what came with Stripe's own list of events, back to where the last sweep ended, and at most 30 days: whatever
 * is missing is stored as found by the sweep, and who it names is due for a check. Events of which only the thin form
 * came are not missing. Notes how far it came, and how far Stripe's clock is from ours.
 *
 * @returns `null` where the project takes no webhooks of Stripe
 * @throws SourceError when the list cannot be read; what was found before is stored, and the next sweep begins where
 *   this one did
 */
export async function sweepEvents(
  {
    database,
    jobs,
    clock,
    stripe,
  }: {
    readonly database: Database
    readonly jobs: Jobs
    readonly clock: Clock
    readonly stripe: StripeEvents
  },
  tenant: ProjectTenant,
): Promise<SweptEvents | null> {
  const endpoint = await database
    .scoped(tenant)
    .withTables<InboxTables>()
    .selectFrom('trueup.webhook_endpoint')
    .select(['opened_at', 'swept_to'])
    .where('workspace_id', '=', tenant.workspaceId)
    .where('project_id', '=', tenant.projectId)
    .where('provider', '=', 'stripe')
    .executeTakeFirst()
  if (!endpoint) return null
  const now = clock.now().getTime()
  const from = endpoint.swept_to ? endpoint.swept_to.getTime() - overlapMs : endpoint.opened_at.getTime()
  const since = new Date(Math.max(from, now - longestMs))
  const until = new Date(now - underWayMs)
  const counts = { listed: 0, missing: 0, actedOn: 0 }
  let skewSeconds: number | null = null
  try {
    for (const types of until > since ? stripeTypesActedOn : []) {
      let after: string | null = null
      do {
        const page = await stripe.list({ types, since, until, after })
        skewSeconds = skewOf(page.vendorTime, clock.now()) ?? skewSeconds
        counts.listed += page.events.length
        const stored = await storeMissing(database, jobs, tenant, page.events, clock.now())
        counts.missing += stored.missing
        counts.actedOn += stored.actedOn
        after = page.nextAfter
      } while (after !== null)
    }
  } catch (error) {
    if (error instanceof SourceError) {
      await note(database, tenant, {
        sweptTo: null,
        at: clock.now(),
        skewSeconds,
        failure: { code: error.code, message: error.message, at: clock.now() },
      })
    }
    throw error
  }
  await note(database, tenant, { sweptTo: until, at: clock.now(), skewSeconds, failure: null })
  return { ...counts, since, until }
}

async function storeMissing(
  database: Database,
  jobs: Jobs,
  tenant: ProjectTenant,
  listed: readonly unknown[],
  receivedAt: Date,
): Promise<{ readonly missing: number; readonly actedOn: number }> {
  const ids = listed.flatMap((json) => textAt(json, 'id') ?? [])
  const known = await knownEvents(database, tenant, ids)
  const arrivals = listed.flatMap((json): readonly Arrival[] => {
    if (known.has(textAt(json, 'id') ?? '')) return []
    const event = readStripeEvent(json, JSON.stringify(json))
    // An event that cannot be read names nobody; the hourly check finds the change by itself.
    if ('unreadable' in event) return []
    const pending = objectAt(json)?.pending_webhooks
    const pendingWebhooks = typeof pending === 'number' ? pending : null
    return [{ event, foundBy: 'sweep', receivedAt, pendingWebhooks }]
  })
  const counts = { missing: 0, actedOn: 0 }
  for (let start = 0; start < arrivals.length; start += rowsPerBatch) {
    const stored = await storeEvents({ database, jobs }, tenant, arrivals.slice(start, start + rowsPerBatch))
    counts.missing += stored.filter((one) => one !== 'duplicate' && one !== 'twin').length
    counts.actedOn += stored.filter((one) => one === 'acted-on').length
  }
  return counts
}

async function knownEvents(
  database: Database,
  tenant: ProjectTenant,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ readonly event_id: string }>`select event_id from trueup.inbox_event
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
      and provider = 'stripe' and event_id = any(${ids}::text[])`.execute(database.scoped(tenant))
  return new Set(rows.map((row) => row.event_id))
}

function skewOf(vendorTime: Date | null, now: Date): number | null {
  return vendorTime && Math.round((vendorTime.getTime() - now.getTime()) / 1000)
}

async function note(
  database: Database,
  tenant: ProjectTenant,
  swept: {
    readonly sweptTo: Date | null
    readonly at: Date
    readonly skewSeconds: number | null
    readonly failure: Failure | null
  },
): Promise<void> {
  const { sweptTo, at, skewSeconds, failure } = swept
  await sql`update trueup.webhook_endpoint set
      swept_to = coalesce(${sweptTo}, swept_to), swept_at = ${at},
      clock_skew_seconds = coalesce(${skewSeconds}::integer, clock_skew_seconds),
      sweep_failure = ${failure && toJson(failure)}::json
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId} and provider = 'stripe'`.execute(
    database.scoped(tenant),
  )
}
