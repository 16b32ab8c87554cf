import type { Incident, Money } from '@trueup/core'
import { sumByCurrency } from '@trueup/core'
import { sql } from 'kysely'
import type { ProjectTenant } from '../../outgoing/delivery/delivery-tables.ts'
import { longestSentence } from '../alert-message.ts'
import type { AlertDb } from '../channels.ts'
import { plainWords } from '../plain-words.ts'
import { daysTold, type Midnights } from './week.ts'

/** What one week brought. */
export interface WeekNumbers {
  readonly opened: number
  readonly resolved: number
  /** Full and recent checks that ended. */
  readonly checks: number
  /** Of these, the ones that could not read everything. */
  readonly incomplete: number
  /** Of the last full check: how many pairs agreed, of how many. `null`: there was none. */
  readonly parity: { readonly agrees: number; readonly of: number } | null
  /** Day by day. */
  readonly days: readonly { readonly opened: number; readonly resolved: number }[]
}

/** What is open at one moment. */
export interface OpenNumbers {
  readonly open: number
  /** A month of it, by whom it hurts and by currency. */
  readonly moneyAtRisk: Readonly<Record<Incident['hurts'], readonly Money[]>>
}

/** Everything that a digest says. */
export interface DigestNumbers {
  readonly week: WeekNumbers
  readonly before: WeekNumbers
  readonly openNow: OpenNumbers
  /** As the digest of the week before had it; `null`: there was none. */
  readonly openBefore: OpenNumbers | null
  /** Those that took longest of the ones that ended in the week. */
  readonly slowest: readonly {
    readonly incidentId: string
    readonly sentence: string
    readonly tookMs: number
  }[]
}

const slowestTold = 3

/** Counts what a week brought, and what is open now. What happened is counted by the ledger. */
export async function digestNumbers(
  tx: AlertDb,
  tenant: ProjectTenant,
  midnights: Midnights,
  openBefore: OpenNumbers | null,
): Promise<DigestNumbers> {
  const [week, before] = await weeksOf(tx, tenant, midnights)
  return {
    week,
    before,
    openNow: await openNumbers(tx, tenant),
    openBefore,
    slowest: await slowestOf(tx, tenant, midnights),
  }
}

async function weeksOf(
  tx: AlertDb,
  tenant: ProjectTenant,
  midnights: Midnights,
): Promise<readonly [week: WeekNumbers, before: WeekNumbers]> {
  const bounds = midnights.map((midnight) => midnight.toISOString())
  const [first, middle, last] = [bounds[0], bounds[daysTold], bounds.at(-1)]
  const { rows: turns } = await sql<{ day: number; ended: boolean; turns: number }>`
    select width_bucket(at, ${bounds}::timestamptz[]) as day, act = 'incident-resolved' as ended, count(*) as turns
    from trueup.ledger_entry
    where project_id = ${tenant.projectId} and at >= ${first}::timestamptz and at < ${last}::timestamptz
      and act in ('incident-opened', 'incident-reopened', 'incident-resolved')
    group by 1, 2`.execute(tx)
  const { rows: checks } = await sql<{ this_week: boolean; checks: number; incomplete: number }>`
    select finished_at >= ${middle}::timestamptz as this_week, count(*) as checks,
      count(*) filter (where exists (select from trueup.check_part part
        where part.project_id = run.project_id and part.check_number = run.check_number
          and part.state->>'state' not in ('complete', 'left-out'))) as incomplete
    from trueup.check_run run
    where project_id = ${tenant.projectId} and kind in ('full', 'recent') and not dry_run
      and finished_at >= ${first}::timestamptz and finished_at < ${last}::timestamptz
    group by 1`.execute(tx)
  const { rows: parities } = await sql<{ this_week: boolean; agrees: number; pairs: number }>`
    select distinct on (this_week) finished_at >= ${middle}::timestamptz as this_week,
      (counts->>'agrees')::bigint as agrees,
      (counts->>'agrees')::bigint + (counts->>'drifts')::bigint + (counts->>'cannotTell')::bigint
        + (counts->>'settling')::bigint as pairs
    from trueup.check_run
    where project_id = ${tenant.projectId} and kind = 'full' and not dry_run and counts is not null
      and finished_at >= ${first}::timestamptz and finished_at < ${last}::timestamptz
    order by this_week, finished_at desc`.execute(tx)
  const weekFrom = (place: number, isThisWeek: boolean): WeekNumbers => {
    const days = Array.from({ length: daysTold }, (_, day) => {
      const of = (isEnd: boolean) =>
        turns.find((turn) => turn.day === place + day + 1 && turn.ended === isEnd)?.turns ?? 0
      return { opened: of(false), resolved: of(true) }
    })
    const run = checks.find(({ this_week }) => this_week === isThisWeek)
    const parity = parities.find(({ this_week }) => this_week === isThisWeek)
    return {
      opened: days.reduce((sum, { opened }) => sum + opened, 0),
      resolved: days.reduce((sum, { resolved }) => sum + resolved, 0),
      checks: run?.checks ?? 0,
      incomplete: run?.incomplete ?? 0,
      parity: parity ? { agrees: parity.agrees, of: parity.pairs } : null,
      days,
    }
  }
  return [weekFrom(daysTold, true), weekFrom(0, false)]
}

async function openNumbers(tx: AlertDb, tenant: ProjectTenant): Promise<OpenNumbers> {
  const { rows } = await sql<{
    hurts: Incident['hurts']
    currency: string | null
    amount: number | null
    incidents: number
  }>`select incident->>'hurts' as hurts, incident->'moneyAtRisk'->>'currency' as currency,
      sum((incident->'moneyAtRisk'->>'amount')::bigint)::bigint as amount, count(*) as incidents
    from trueup.incident where project_id = ${tenant.projectId} and state in ('open', 'acknowledged')
    group by 1, 2`.execute(tx)
  const moneyOf = (hurt: Incident['hurts']) =>
    sumByCurrency(
      rows.flatMap(({ hurts, currency, amount }) =>
        hurts === hurt && currency !== null && amount !== null ? [{ currency, amount }] : [],
      ),
    )
  return {
    open: rows.reduce((sum, { incidents }) => sum + incidents, 0),
    moneyAtRisk: { customer: moneyOf('customer'), business: moneyOf('business'), both: moneyOf('both') },
  }
}

async function slowestOf(
  tx: AlertDb,
  tenant: ProjectTenant,
  midnights: Midnights,
): Promise<DigestNumbers['slowest']> {
  const { rows } = await sql<{ incident: Incident; took: number }>`
    select incident.incident, slow.took from (
      select ended.incident_id, extract(epoch from ended.at - begun.at)::bigint as took
      from trueup.ledger_entry ended cross join lateral (
        select at from trueup.ledger_entry turn
        where turn.project_id = ended.project_id and turn.incident_id = ended.incident_id
          and turn.sequence < ended.sequence and turn.act in ('incident-opened', 'incident-reopened')
        order by turn.sequence desc limit 1) begun
      where ended.project_id = ${tenant.projectId} and ended.act = 'incident-resolved'
        and ended.at >= ${midnights[daysTold]} and ended.at < ${midnights.at(-1)}
      order by took desc, ended.sequence limit ${slowestTold}) slow
    join trueup.incident on incident.project_id = ${tenant.projectId} and incident.incident_id = slow.incident_id
    order by slow.took desc`.execute(tx)
  return rows.map(({ incident, took }) => ({
    incidentId: incident.id,
    sentence: plainWords(incident.sentence, longestSentence),
    tookMs: took * 1000,
  }))
}
