import { sql } from 'kysely'
import { lastMidnights } from '../alert/digest/week.ts'
import type { ProjectTenant } from '../cause/cause-tables.ts'
import type { Database } from '../store/index.ts'

/** A day by the project's clock, the last one as far as it has come. */
export interface ProjectDay {
  /** `2026-11-21` */
  readonly day: string
  readonly from: Date
  readonly until: Date
}

/** The last days of a project, the oldest first, today as far as it has come. */
export async function projectDays(
  database: Database,
  tenant: ProjectTenant,
  { now, days }: { readonly now: Date; readonly days: number },
): Promise<readonly ProjectDay[]> {
  const { rows } = await sql<{ timeZone: string }>`select time_zone as "timeZone" from trueup.project
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}`.execute(
    database.scoped(tenant),
  )
  return daysBefore(now, rows[0]?.timeZone ?? 'UTC', days)
}

/**
 * @example
 * daysBefore(now, 'Europe/Berlin', 30).at(-1)?.until // now
 */
export function daysBefore(now: Date, timeZone: string, days: number): readonly ProjectDay[] {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  const midnights = lastMidnights(now, timeZone, days)
  return midnights.map((from, place) => {
    const until = midnights[place + 1] ?? now
    return { day: format.format((from.getTime() + until.getTime()) / 2), from, until }
  })
}
