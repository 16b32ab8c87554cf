import type { CauseKind, Confidence, Incident, IncidentKind } from '@trueup/core'
import { causeSentence, confidences, sumByCurrency } from '@trueup/core'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Delivery } from '../outgoing/delivery/deliver.ts'
import type { ProjectTenant } from '../outgoing/delivery/delivery-tables.ts'
import { type AlertCause, type IncidentMessage, longestSentence, mostExamples } from './alert-message.ts'
import { headlineOf, whatToDo } from './cause-words.ts'
import type { AlertDb } from './channels.ts'
import { plainWords } from './plain-words.ts'

/**
 * Puts together what a delivery tells, from what its incidents are now; `null`: there is nothing left to tell, since
 * all have ended before anybody was told.
 */
export async function composeMessage(
  tx: AlertDb,
  tenant: ProjectTenant,
  delivery: Delivery,
  {
    publicUrl,
    projectName,
    now,
  }: { readonly publicUrl: string; readonly projectName: string; readonly now: Date },
): Promise<IncidentMessage | null> {
  const what = messageType(delivery.type)
  const { workspaceId, projectId } = tenant
  const which = {
    opened: sql`told.delivery_id = ${delivery.delivery_id} and told.ended_at is null
      and incident.state = 'open'`,
    resolved: sql`told.end_delivery_id = ${delivery.delivery_id}`,
    acknowledged: sql`told.episode_id = ${delivery.cause} and told.ended_at is null`,
  }[what]
  const told = sql`select distinct on (told.incident_id) told.incident_id, told.episode_id, told.cause, told.told_at,
      incident.incident
    from trueup.alert_told told
      join trueup.incident on incident.project_id = told.project_id and incident.incident_id = told.incident_id
    where told.workspace_id = ${workspaceId} and told.project_id = ${projectId} and ${which}
    order by told.incident_id, told.opening desc`
  const { rows: sums } = await sql<SumRow>`select incident->'moneyAtRisk'->>'currency' as currency,
      sum((incident->'moneyAtRisk'->>'amount')::bigint)::bigint as amount, count(*) as incidents
    from (${told}) as told group by 1`.execute(tx)
  const count = sums.reduce((all, { incidents }) => all + incidents, 0)
  if (count === 0) return null
  const { rows: dearest } = await sql<{ incident: Incident; episode_id: string }>`select incident, episode_id
    from (${told}) as told
    order by (incident->'moneyAtRisk'->>'amount')::bigint desc nulls last, incident_id
    limit ${mostExamples}`.execute(tx)
  const { rows: spans } = await sql<{
    since: Date
  }>`select min(told_at) as since from (${told}) as told`.execute(tx)
  const [first] = dearest
  if (!first) throw new Error(`The delivery ${delivery.delivery_id} counts incidents and finds none.`)
  const { rows: open } = await sql<{ open: number }>`select count(distinct incident_id) as open
    from trueup.alert_told where workspace_id = ${workspaceId} and project_id = ${projectId}
      and episode_id = ${first.episode_id} and ended_at is null`.execute(tx)
  const { kind, severity, hurts } = first.incident
  const base = `${publicUrl}/projects/${encodeURIComponent(projectId)}/incidents`
  return {
    what,
    projectName,
    severity,
    kind,
    count,
    headline: headlineOf(kind, count),
    hurts,
    moneyAtRisk: sumByCurrency(
      sums.flatMap(({ currency, amount }) =>
        currency === null || amount === null ? [] : [{ currency, amount }],
      ),
    ),
    withoutSum: sums.find(({ currency }) => currency === null)?.incidents ?? 0,
    examples: dearest.map(({ incident }) => ({
      sentence: plainWords(incident.sentence, longestSentence),
      moneyAtRisk: incident.moneyAtRisk,
      link: `${base}/${encodeURIComponent(incident.id)}`,
    })),
    since: count === 1 ? openedAt(first.incident) : (spans[0]?.since ?? now),
    at: now,
    stillOpen: open[0]?.open ?? 0,
    whatToDo: whatToDo(kind, count),
    cause: await causeOf(tx, tenant, told),
    link: count === 1 ? `${base}/${encodeURIComponent(first.incident.id)}` : listLink(base, kind),
    episodeId: first.episode_id,
  }
}

/** The cause that the most of them have in common, as far as causes are worked out by now. */
async function causeOf(
  tx: AlertDb,
  { workspaceId, projectId }: ProjectTenant,
  told: RawBuilder<unknown>,
): Promise<AlertCause | null> {
  const { rows } = await sql<{
    readonly kind: CauseKind
    readonly on: string
    readonly confidences: readonly Confidence[]
    readonly count: number
  }>`select cause.kind, cause.cause_on as "on", array_agg(distinct cause.confidence) as confidences, count(*) as count
    from (${told}) as told join trueup.incident_cause cause on cause.workspace_id = ${workspaceId}
      and cause.project_id = ${projectId} and cause.incident_id = told.incident_id
    where cause.kind <> 'unknown' and cause.confidence is not null
    group by cause.kind, cause.cause_on order by count(*) desc, cause.kind, cause.cause_on limit 1`.execute(
    tx,
  )
  const [found] = rows
  const confidence = confidences.find((one) => found?.confidences.includes(one))
  if (!found || !confidence) return null
  const sentence = plainWords(causeSentence(found.kind, found.on), longestSentence)
  return { sentence, confidence, count: found.count }
}

interface SumRow {
  readonly currency: string | null
  readonly amount: number | null
  readonly incidents: number
}

function messageType(type: string): IncidentMessage['what'] {
  if (type === 'opened' || type === 'resolved' || type === 'acknowledged') return type
  throw new Error(`A delivery of type ${type} tells of no incidents.`)
}

/** When it opened this time, not when it was first seen in its life. */
function openedAt({ history, openedAt: first }: Incident): Date {
  const opened = history.filter(({ act }) => act === 'incident-opened' || act === 'incident-reopened')
  return opened.at(-1)?.at ?? first
}

function listLink(base: string, kind: IncidentKind): string {
  return `${base}?kind=${kind}`
}
