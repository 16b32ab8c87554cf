import { sql } from 'kysely'
import type { Jobs } from '../jobs/jobs.ts'
import type { Database } from '../store/index.ts'
import { columnText } from '../store/json-codec.ts'
import type { Target } from './event.ts'
import { InboxError } from './inbox-error.ts'
import { markDue, wakeChecks } from './mark-due.ts'
import type { Failure, ProjectTenant } from './tables.ts'

/** Who is due for a check. */
export interface DueTarget {
  readonly target: Target
  /** `set-aside`: it failed 12 times, and waits for a person or for a new event. */
  readonly state: 'due' | 'set-aside'
  readonly dueSince: Date
  readonly notBefore: Date
  readonly attempts: number
  /** Of the last try. */
  readonly failure: Failure | null
}

/** Who is due for a check in a project: what was set aside first, then the oldest. */
export async function listDue(
  database: Database,
  tenant: ProjectTenant,
  { limit }: { readonly limit: number },
): Promise<readonly DueTarget[]> {
  const { rows } = await sql<
    Omit<DueTarget, 'target'> & { readonly kind: Target['kind']; readonly id: string }
  >`select target_kind as kind, target_id as id, state, due_since as "dueSince", not_before as "notBefore", attempts, failure
    from trueup.due_check
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
    order by state desc, due_since, target_id limit ${limit}`.execute(database.scoped(tenant))
  return rows.map(({ kind, id, ...rest }) => ({ target: { kind, id }, ...rest }))
}

/**
 * Gives a target that was set aside new tries.
 *
 * @throws InboxError `target-unknown`
 */
export async function retrySetAside(
  { database, jobs }: { readonly database: Database; readonly jobs: Jobs },
  tenant: ProjectTenant,
  target: Target,
): Promise<void> {
  await database
    .scoped(tenant)
    .transaction()
    .execute(async (tx) => {
      const { rows } = await sql`select from trueup.due_check
        where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
          and target_kind = ${target.kind} and target_id = ${columnText(target.id)} and state = 'set-aside'
        for update`.execute(tx)
      if (rows.length === 0) {
        throw new InboxError({
          code: 'target-unknown',
          message: `The ${target.kind} ${target.id} is not set aside.`,
          fix: 'List what is due, and name a target that is set aside.',
        })
      }
      await markDue(jobs, tx, tenant, [target])
    })
}

/** How the inbox of a project stands, for health pages and alarms. */
export interface InboxBacklog {
  readonly due: number
  readonly setAside: number
  /** Since when the oldest is due that was not set aside. */
  readonly oldestDueSince: Date | null
}

/** @example const { oldestDueSince } = await readBacklog(database, tenant) */
export async function readBacklog(database: Database, tenant: ProjectTenant): Promise<InboxBacklog> {
  const { rows } = await sql<InboxBacklog>`select count(*) filter (where state = 'due') as due,
      count(*) filter (where state = 'set-aside') as "setAside",
      min(due_since) filter (where state = 'due') as "oldestDueSince"
    from trueup.due_check
    where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}`.execute(
    database.scoped(tenant),
  )
  return rows[0] ?? { due: 0, setAside: 0, oldestDueSince: null }
}

/**
 * Whether anybody is due in a project that is live, and nobody works on it. While a project is set up or paused, what
 * comes is kept, and checked when it goes live.
 */
export async function isAnybodyDue(database: Database, tenant: ProjectTenant): Promise<boolean> {
  const { rows } = await sql`select from trueup.due_check due
    join trueup.project project on project.project_id = due.project_id and project.state = 'live'
    where due.workspace_id = ${tenant.workspaceId} and due.project_id = ${tenant.projectId} and ${isReady}
    limit 1`.execute(database.scoped(tenant))
  return rows.length > 0
}

/**
 * Leaves everybody who is due in a project alone for so long, where the project cannot be checked at all: its
 * configuration or a source is missing. Counts as no try.
 */
export async function postponeDue(
  database: Database,
  tenant: ProjectTenant,
  { seconds }: { readonly seconds: number },
): Promise<void> {
  await sql`update trueup.due_check due set not_before = clock_timestamp() + make_interval(secs => ${seconds})
    where due.workspace_id = ${tenant.workspaceId} and due.project_id = ${tenant.projectId} and ${isReady}`.execute(
    database.scoped(tenant),
  )
}

const isReady = sql`due.state = 'due' and due.not_before <= clock_timestamp()
  and (due.leased_until is null or due.leased_until < clock_timestamp())`

/**
 * Sends a job for each live project in which something is due and nobody works on it: after a worker died, or where a
 * job was lost. To be called every minute by one process or by all.
 *
 * @returns how many projects there were
 */
export async function wakeOverdue({
  database,
  jobs,
}: {
  readonly database: Database
  readonly jobs: Jobs
}): Promise<number> {
  const { rows } = await sql<ProjectTenant>`select distinct due.workspace_id as "workspaceId",
      due.project_id as "projectId"
    from trueup.due_check due
    join trueup.project project on project.project_id = due.project_id and project.state = 'live'
    where ${isReady}`.execute(database.system)
  for (const tenant of rows) {
    await database
      .scoped(tenant)
      .transaction()
      .execute((tx) => wakeChecks(jobs, tx, tenant))
  }
  return rows.length
}
