import type { MoneySpan, MoneyTurn } from '@trueup/core'
import { moneySpans } from '@trueup/core'
import { sql } from 'kysely'
import type { ProjectTenant } from '../cause/cause-tables.ts'
import type { Database } from '../store/index.ts'
import type { ProjectDay } from './project-days.ts'
import { projectDays } from './project-days.ts'

/** The money clock of a project. */
export interface MoneyOverTime {
  readonly asOf: Date
  /** Over all the days that are shown; at risk is what is now. */
  readonly total: MoneySpan
  /** Since the project's first incident. */
  readonly ever: MoneySpan
  readonly days: readonly (MoneySpan & Pick<ProjectDay, 'day'>)[]
}

/**
 * What was at risk, lost, owed and recovered, day by day, as the ledger has it. Sums of days add up to the total.
 *
 * @param days from 1, today with them
 */
export async function moneyOverTime(
  database: Database,
  tenant: ProjectTenant,
  { now, days }: { readonly now: Date; readonly days: number },
): Promise<MoneyOverTime> {
  const shown = await projectDays(database, tenant, { now, days })
  const turns = await moneyTurnsOf(database, tenant)
  const bounds = [...shown.map(({ from }) => from), now]
  const [begun = now] = bounds
  const first = turns[0]?.at ?? now
  return {
    asOf: now,
    total: spanOf(turns, begun, now),
    ever: spanOf(turns, first < now ? first : now, now),
    days: moneySpans(turns, bounds).map((span, place) => ({ ...span, day: shown[place]?.day ?? '' })),
  }
}

/** All moments at which money began or ceased to be at risk, the first first; those of one moment in one. */
export async function moneyTurnsOf(database: Database, tenant: ProjectTenant): Promise<readonly MoneyTurn[]> {
  const { rows } = await sql<MoneyTurn>`select at, hurts, currency, sum(at_risk)::bigint as "atRisk",
      sum(recovered)::bigint as recovered
    from trueup.money_turn where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
    group by at, hurts, currency order by at`.execute(database.scoped(tenant))
  return rows
}

function spanOf(turns: readonly MoneyTurn[], from: Date, until: Date): MoneySpan {
  const [span] = moneySpans(turns, [from, until])
  if (span) return span
  throw new Error('Two moments have one span between them.')
}
