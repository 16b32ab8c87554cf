import type { Clock } from '@trueup/core'
import { sql } from 'kysely'
import type { Database } from '../store/index.ts'
import type { Provider } from './event.ts'
import type { Failure, ProjectTenant } from './tables.ts'

/** What is wrong with an endpoint. Closed list; an endpoint without any is well. */
export type EndpointAlarm =
  /** It has no signing secret, so everything is refused. */
  | 'no-secret'
  /** Nothing ever came. */
  | 'never-received'
  /** The provider has events that nobody brought, and nothing came since the first of them: it is off, or leads elsewhere. */
  | 'silent'
  /** Some events come, and some do not. */
  | 'losing'
  /** Requests are refused since the last one that was taken. */
  | 'refusing'
  /** The provider's list could not be compared for a day: what is missing is not known. */
  | 'not-compared'
  /** The provider's clock and ours are more than a minute apart: signatures are refused at five. */
  | 'clock-differs'

/** An endpoint as it stands. */
export interface EndpointHealth {
  readonly provider: Provider
  readonly openedAt: Date
  /** When a webhook came last; `null`: none in 45 days. A test event counts. */
  readonly lastReceivedAt: Date | null
  /** Events of the last week that the sweep found and no webhook brought since. */
  readonly missing: number
  readonly lastRefusedAt: Date | null
  /** How far the provider's own list was compared; `null`: never, or it has none. */
  readonly comparedTo: Date | null
  readonly sweepFailure: Failure | null
  /** The provider's clock minus ours; `null`: not known. */
  readonly clockSkewSeconds: number | null
  readonly alarms: readonly EndpointAlarm[]
}

/** What the alarms are judged by. */
export interface EndpointFacts extends Omit<EndpointHealth, 'alarms'> {
  readonly secrets: number
  /** When the newest of what is missing was created. */
  readonly newestMissingAt: Date | null
  /** Webhooks of the week before yesterday, by which a day without any is judged where there is no list to compare. */
  readonly receivedInWeek: number
}

const dayMs = 86_400_000
/** Where webhooks came at this rate, a day without one is no accident. */
const usualInWeek = 21

/**
 * What is wrong with an endpoint, worst first.
 *
 * @example
 * judgeEndpoint({ ...facts, lastReceivedAt: null }, now) // ['never-received']
 */
export function judgeEndpoint(facts: EndpointFacts, now: Date): readonly EndpointAlarm[] {
  const { provider, openedAt, lastReceivedAt, secrets, missing, newestMissingAt } = facts
  const sinceMs = (at: Date) => now.getTime() - at.getTime()
  const hasList = provider === 'stripe'
  const alarms: EndpointAlarm[] = []
  if (secrets === 0) alarms.push('no-secret')
  const isBehind = newestMissingAt !== null && (lastReceivedAt === null || lastReceivedAt < newestMissingAt)
  const isQuiet =
    !hasList &&
    lastReceivedAt !== null &&
    sinceMs(lastReceivedAt) > dayMs &&
    facts.receivedInWeek >= usualInWeek
  if (lastReceivedAt === null && secrets > 0 && !isBehind) {
    if (sinceMs(openedAt) > dayMs) alarms.push('never-received')
  } else if (isBehind || isQuiet) alarms.push('silent')
  else if (missing > 0) alarms.push('losing')
  if (facts.lastRefusedAt && (lastReceivedAt === null || facts.lastRefusedAt > lastReceivedAt)) {
    alarms.push('refusing')
  }
  const comparedMs = sinceMs(facts.comparedTo ?? openedAt)
  if (hasList && comparedMs > dayMs) alarms.push('not-compared')
  if (Math.abs(facts.clockSkewSeconds ?? 0) > 60) alarms.push('clock-differs')
  return alarms
}

/** The endpoints of a project with what is wrong with each. */
export async function readEndpointHealth(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  tenant: ProjectTenant,
): Promise<readonly EndpointHealth[]> {
  const now = clock.now()
  const weekAgo = new Date(now.getTime() - 7 * dayMs)
  const { rows } = await sql<EndpointFacts>`select endpoint.provider, endpoint.opened_at as "openedAt",
      endpoint.swept_to as "comparedTo", endpoint.sweep_failure as "sweepFailure",
      endpoint.clock_skew_seconds as "clockSkewSeconds",
      (select count(*) from trueup.webhook_secret secret
        where ${sameProject('secret')} and secret.provider = endpoint.provider
          and coalesce(secret.expires_at > ${now}, true)) as secrets,
      (select max(event.last_delivered_at) from (
        select last_delivered_at from trueup.inbox_event event
        where ${sameProject('event')} and event.provider = endpoint.provider and event.deliveries > 0
        order by seq desc limit 200) event) as "lastReceivedAt",
      (select max(refusal.last_at) from trueup.webhook_refusal refusal
        where ${sameProject('refusal')} and refusal.provider = endpoint.provider) as "lastRefusedAt",
      found.missing, found."newestMissingAt", found."receivedInWeek"
    from trueup.webhook_endpoint endpoint, lateral (
      select count(*) filter (where ${isMissing}) as missing,
        max(event.created_at) filter (where ${isMissing}) as "newestMissingAt",
        count(*) filter (where event.deliveries > 0) as "receivedInWeek"
      from trueup.inbox_event event
      where ${sameProject('event')} and event.provider = endpoint.provider and event.received_at >= ${weekAgo}
    ) found
    where endpoint.workspace_id = ${tenant.workspaceId} and endpoint.project_id = ${tenant.projectId}
    order by endpoint.provider desc`.execute(database.scoped(tenant))
  return rows.map((facts) => {
    const { secrets, newestMissingAt, receivedInWeek, ...shown } = facts
    return { ...shown, alarms: judgeEndpoint(facts, now) }
  })
}

const isMissing = sql`event.found_by = 'sweep' and event.deliveries = 0 and event.verdict <> 'twin'`

function sameProject(alias: string) {
  return sql`${sql.raw(alias)}.workspace_id = endpoint.workspace_id and ${sql.raw(alias)}.project_id = endpoint.project_id`
}
