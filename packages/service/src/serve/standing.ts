import { severities } from '@trueup/core'
import { sql } from 'kysely'
import type { Standing } from './metrics.ts'
import type { Service } from './open-service.ts'

/** Where the records of all projects stand now. */
export async function readStanding({
  database,
  jobs,
}: Pick<Service, 'database' | 'jobs'>): Promise<Standing> {
  const [counts, setAside] = await Promise.all([jobs.counts(), jobs.setAside(1_000)])
  const { rows } = await sql<{
    readonly event_age: number | null
    readonly check_age: number | null
    readonly checkpoint_age: number | null
    readonly deliveries_set_aside: number
  }>`select
      (select count(*) from trueup.delivery where state = 'set-aside') as deliveries_set_aside,
      (select extract(epoch from now() - min(due_since))::float8 from trueup.due_check where state = 'due') as event_age,
      (select extract(epoch from now() - min(last_complete))::float8 from (
        select max(finished_at) as last_complete from trueup.check_run join trueup.project using (project_id)
        where project.state = 'live' and kind = 'full' and not dry_run group by project_id) per_project) as check_age,
      (select extract(epoch from now() - max(signed_at))::float8 from trueup.ledger_checkpoint) as checkpoint_age`.execute(
    database.system,
  )
  const { rows: incidents } = await sql<{ readonly severity_rank: number; readonly count: number }>`
    select severity_rank, count(*) as count from trueup.incident where state = 'open' group by severity_rank`.execute(
    database.system,
  )
  const [ages] = rows
  return {
    jobs: counts,
    setAside: setAside.length,
    deliveriesSetAside: ages?.deliveries_set_aside ?? 0,
    oldestUnprocessedEventAge: ages?.event_age ?? null,
    oldestCompleteCheckAge: ages?.check_age ?? null,
    lastCheckpointAge: ages?.checkpoint_age ?? null,
    openIncidents: incidents.map(({ severity_rank, count }) => ({
      severity: severities[severity_rank] ?? 'unknown',
      count,
    })),
  }
}
