import type { CheckCounts, Incident, Money, MoneySpan } from '@trueup/core'
import { moneySpans } from '@trueup/core'
import { sql } from 'kysely'
import type { ProjectTenant } from '../cause/cause-tables.ts'
import type { Database } from '../store/index.ts'
import { moneyTurnsOf } from './money-over-time.ts'
import type { ProjectDay } from './project-days.ts'
import { projectDays } from './project-days.ts'

/** How many agreed in a full check that read everything. */
export interface Parity extends CheckCounts {
  readonly checkId: string
  readonly finishedAt: Date
  /** Everybody who was compared. */
  readonly pairs: number
  /** Of these, the share in agreement: from 0 to 1; 1 where there was nobody to compare. */
  readonly share: number
  /** A month's, when the check ended, by who bears it. */
  readonly moneyAtRisk: Readonly<Record<Incident['hurts'], readonly Money[]>>
}

/** Parity over time. A day without a full check that read everything has none: it is not known, and not the day's before. */
export interface ParityOverTime {
  readonly asOf: Date
  /** By the last such check, whenever it was; `null`: there was none. */
  readonly now: Parity | null
  readonly days: readonly (ProjectDay & { readonly parity: Parity | null })[]
}

/** @param days from 1, today with them */
export async function parityOverTime(
  database: Database,
  tenant: ProjectTenant,
  { now, days }: { readonly now: Date; readonly days: number },
): Promise<ParityOverTime> {
  const shown = await projectDays(database, tenant, { now, days })
  const begun = shown[0]?.from ?? now
  const checks = await wholeChecks(database, tenant, begun)
  const turns = await moneyTurnsOf(database, tenant)
  const [first] = checks
  const spans = first
    ? moneySpans(
        turns,
        [first, ...checks].map(({ finishedAt }) => finishedAt),
      )
    : []
  const parities = checks.flatMap((check, place) => parityOf(check, spans[place]) ?? [])
  return {
    asOf: now,
    now: parities.at(-1) ?? null,
    days: shown.map((day) => ({
      ...day,
      parity:
        parities.filter(({ finishedAt }) => finishedAt >= day.from && finishedAt < day.until).at(-1) ?? null,
    })),
  }
}

function parityOf({ checkId, finishedAt, counts }: WholeCheck, span: MoneySpan | undefined): Parity | null {
  if (!span) return null
  const { agrees, drifts, cannotTell, settling } = counts
  const pairs = agrees + drifts + cannotTell + settling
  const share = pairs === 0 ? 1 : agrees / pairs
  return { ...counts, checkId, finishedAt, pairs, share, moneyAtRisk: span.atRisk }
}

interface WholeCheck {
  readonly checkId: string
  readonly finishedAt: Date
  readonly counts: CheckCounts
}

/** The full checks that read everything, by when they ended: the last one of each quarter of an hour since, and the last before. */
async function wholeChecks(
  database: Database,
  tenant: ProjectTenant,
  since: Date,
): Promise<readonly WholeCheck[]> {
  const { rows } = await sql<WholeCheck>`with whole as (
      select check_number, finished_at, counts from trueup.check_run run
      where project_id = ${tenant.projectId} and kind = 'full' and not dry_run and finished_at is not null
        and counts is not null
        and not exists (select from trueup.check_part part where part.project_id = run.project_id
          and part.check_number = run.check_number and part.state->>'state' not in ('complete', 'left-out')))
    select 'chk_' || check_number as "checkId", finished_at as "finishedAt", counts from (
      (select * from whole where finished_at < ${since} order by finished_at desc limit 1)
      union all
      (select distinct on (floor(extract(epoch from finished_at) / 900)) * from whole where finished_at >= ${since}
        order by floor(extract(epoch from finished_at) / 900), finished_at desc)) chosen
    order by finished_at`.execute(database.scoped(tenant))
  return rows
}
