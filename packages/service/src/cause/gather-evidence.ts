import type { CauseEvidence, Incident } from '@trueup/core'
import { subjectKey } from '@trueup/core'
import { sql } from 'kysely'
import type { ProjectService } from '../project/project-service.ts'
import type { ProjectTenant } from './cause-tables.ts'
import { causeDb } from './cause-tables.ts'
import { configChanges, withTakenOut } from './config-changes.ts'
import { deploysBetween } from './deploys.ts'
import { eventsAbout } from './events-about.ts'
import { sidesOf } from './sides-of.ts'

/** An incident and the opening of it that is looked into. */
export interface OpenedIncident {
  readonly incident: Incident
  readonly opening: number
  readonly openedAt: Date
}

const dayMs = 86_400_000
/** Billing lists its events for 30 days; what was in order longer ago tells nothing about when it broke. */
const lookBackMs = 8 * dayMs

/**
 * All that is known about these incidents: from what was kept, from the app's records as they are now, and from Stripe's
 * list of events. What cannot be read is left out, and said to be. One for each incident, in their order.
 */
export async function gatherEvidence(
  projects: ProjectService,
  tenant: ProjectTenant,
  opened: readonly OpenedIncident[],
): Promise<readonly CauseEvidence[]> {
  const { database } = projects
  const times = opened.map(({ openedAt }) => openedAt.getTime())
  const until = new Date(Math.max(...times))
  const from = new Date(Math.min(...times) - lookBackMs)
  const clean = await checksBefore(projects, tenant, opened)
  const sides = await sidesOf(projects, tenant, opened)
  const customers = [...new Set(sides.flatMap(({ customerIds }) => customerIds))]
  const events = await eventsAbout(projects, tenant, customers, { from, until })
  const changes = await configChanges(database, tenant)
  const deploys = await deploysBetween(database, tenant, { from, until })
  const repaired = await lastRepairs(projects, tenant, opened)
  const alike = new Map<string, CauseEvidence['alike']>()

  return await Promise.all(
    opened.map(async ({ incident, openedAt }, place): Promise<CauseEvidence> => {
      const inOrderAt = clean[place] ?? null
      const side = sides[place]
      const key = `${incident.kind} ${openedAt.getTime()} ${inOrderAt?.getTime()}`
      const counted =
        alike.get(key) ?? (await countAlike(projects, tenant, incident.kind, openedAt, inOrderAt))
      alike.set(key, counted)
      return {
        incident,
        openedAt,
        inOrderAt,
        billingChangedAt: side?.billingChangedAt ?? null,
        appChanged: side?.appChanged ?? null,
        events: events.events.flatMap(({ customerId, event }) =>
          side?.customerIds.includes(customerId) && event.createdAt <= openedAt ? [event] : [],
        ),
        eventsNotAsked: events.notAsked,
        configChanges: withTakenOut(changes, incident.identity.on),
        deploys,
        repairedAt: incident.subject ? (repaired.get(subjectKey(incident.subject)) ?? null) : null,
        alike: counted,
        requestsWithKey: events.requestsWithKey,
      }
    }),
  )
}

/**
 * When the last full check began which read everything, ended before the opening and so did not find it; or, if that was
 * later, when it had last ended.
 */
async function checksBefore(
  { database }: ProjectService,
  tenant: ProjectTenant,
  opened: readonly OpenedIncident[],
): Promise<readonly (Date | null)[]> {
  const { rows } = await sql<{ startedAt: Date | null }>`select check_before.started_at as "startedAt"
    from unnest(${opened.map(({ openedAt }) => openedAt.toISOString())}::timestamptz[])
      with ordinality as wanted (at, place)
    left join lateral (
      select started_at from trueup.check_run run
      where run.project_id = ${tenant.projectId} and kind = 'full' and not dry_run and finished_at < wanted.at
        and not exists (select from trueup.check_part part where part.project_id = run.project_id
          and part.check_number = run.check_number and part.state->>'state' not in ('complete', 'left-out'))
      order by check_number desc limit 1) check_before on true
    order by wanted.place`.execute(database.scoped(tenant))
  return opened.map(({ incident, openedAt }, place) => {
    const ended = incident.history
      .filter(({ act, at }) => act === 'incident-resolved' && at < openedAt)
      .at(-1)
    return latest([rows[place]?.startedAt ?? null, ended?.at ?? null])
  })
}

export function latest(moments: readonly (Date | null | undefined)[]): Date | null {
  const known = moments.flatMap((at) => (at ? [at.getTime()] : []))
  return known.length === 0 ? null : new Date(Math.max(...known))
}

/** When Trueup itself last wrote records of these subjects, by subject key. */
async function lastRepairs(
  { database }: ProjectService,
  tenant: ProjectTenant,
  opened: readonly OpenedIncident[],
): Promise<ReadonlyMap<string, Date>> {
  const keys = opened.flatMap(({ incident }) => (incident.subject ? [subjectKey(incident.subject)] : []))
  const { rows } = await sql<{ subject: string; at: Date }>`
    select incident.subject_key as subject, max(repair.intended_at) as at
    from trueup.repair join trueup.incident on incident.project_id = repair.project_id
      and incident.incident_id = repair.incident_id
    where repair.project_id = ${tenant.projectId} and repair.intended_at is not null
      and incident.subject_key = any(${keys}::text[])
    group by incident.subject_key`.execute(causeDb(database, tenant))
  return new Map(rows.map(({ subject, at }) => [subject, at]))
}

/** Incidents of a kind that opened from when it was in order to the opening, and in as long a time before that. */
async function countAlike(
  { database }: ProjectService,
  tenant: ProjectTenant,
  kind: string,
  openedAt: Date,
  inOrderAt: Date | null,
): Promise<CauseEvidence['alike']> {
  if (!inOrderAt) return { since: 1, before: 0 }
  const begun = new Date(2 * inOrderAt.getTime() - openedAt.getTime())
  const { rows } = await sql<{ since: number; before: number }>`
    select count(*) filter (where cause.opened_at > ${inOrderAt}) as since,
      count(*) filter (where cause.opened_at <= ${inOrderAt}) as before
    from trueup.incident_cause cause join trueup.incident incident
      on incident.project_id = cause.project_id and incident.incident_id = cause.incident_id
    where cause.workspace_id = ${tenant.workspaceId} and cause.project_id = ${tenant.projectId}
      and incident.kind = ${kind} and cause.opened_at > ${begun} and cause.opened_at <= ${openedAt}`.execute(
    causeDb(database, tenant),
  )
  return rows[0] ?? { since: 1, before: 0 }
}
