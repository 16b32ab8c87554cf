import type { RawBuilder, Transaction } from 'kysely'
import { sql } from 'kysely'
import type { Jobs } from '../jobs/jobs.ts'
import { columnText } from '../store/json-codec.ts'
import type { Target } from './event.ts'
import type { ProjectTenant } from './tables.ts'

/** Any number, the same for every version: it and a project make the lock of {@link wakeChecks}. */
export const wakeLock = 738_511_421

/**
 * Makes customers and subjects of a project due for a check, in the transaction of what they are due for, and wakes a
 * worker. One that is due already stays due once; one whose check runs is checked again after it; one that was set aside
 * gets new tries. A pause after a failed try is kept.
 *
 * @example
 * await db.transaction().execute(async (tx) => {
 *   await saveEvents(tx)
 *   await markDue(jobs, tx, tenant, [{ kind: 'customer', id: 'cus_1' }])
 * })
 */
export async function markDue(
  jobs: Jobs,
  // biome-ignore lint/suspicious/noExplicitAny: a transaction over whichever tables the caller knows
  tx: Transaction<any>,
  tenant: ProjectTenant,
  targets: readonly Target[],
): Promise<void> {
  if (targets.length === 0) return
  const distinct = [...new Map(targets.map((target) => [`${target.kind}:${target.id}`, target])).values()]
  const kinds = distinct.map(({ kind }) => kind)
  const ids = distinct.map(({ id }) => columnText(id))
  const named = sql`unnest(${kinds}::text[], ${ids}::text[]) as named (kind, id)`
  await upsertDue(tenant, named).execute(tx)
  await wakeChecks(jobs, tx, tenant)
}

/**
 * The statement that makes due whatever `named` holds in its columns `kind` and `id`, each target once. It goes through
 * them in one order everywhere, so that two transactions that name the same targets wait instead of blocking each other.
 */
export function upsertDue({ workspaceId, projectId }: ProjectTenant, named: RawBuilder<unknown>) {
  return sql`insert into trueup.due_check as held (workspace_id, project_id, target_kind, target_id)
    select ${workspaceId}, ${projectId}, named.kind, named.id from ${named}
    order by named.kind collate "C", named.id collate "C"
    on conflict (workspace_id, project_id, target_kind, target_id) do update set
      generation = nextval('trueup.due_generation'),
      state = 'due',
      attempts = case when held.state = 'set-aside' then 0 else held.attempts end,
      not_before = case when held.state = 'due' and held.attempts > 0 then held.not_before
        else least(held.not_before, excluded.not_before) end`
}

/**
 * Sends the job that has a worker take what is due of a project: at most one waits. A worker that takes the job waits
 * for the lock, and so for every transaction that found the job waiting and sent none of its own: whatever those made
 * due is there when it looks.
 */
export async function wakeChecks(
  jobs: Jobs,
  // biome-ignore lint/suspicious/noExplicitAny: a transaction over whichever tables the caller knows
  tx: Transaction<any>,
  { workspaceId, projectId }: ProjectTenant,
): Promise<void> {
  await sql`select ${holdOffWorkers(projectId)}`.execute(tx)
  await sendCheck(jobs, tx, { workspaceId, projectId })
}

/** Takes the lock for which a worker waits that took the job; to be taken before the job is sent. */
export function holdOffWorkers(projectId: string) {
  return sql`pg_advisory_xact_lock_shared(${wakeLock}, hashtext(${projectId}))`
}

/** The second half of {@link wakeChecks}, where the lock was taken already. */
export async function sendCheck(
  jobs: Jobs,
  // biome-ignore lint/suspicious/noExplicitAny: a transaction over whichever tables the caller knows
  tx: Transaction<any>,
  { workspaceId, projectId }: ProjectTenant,
): Promise<void> {
  await jobs.send('check.single', { workspaceId, projectId }, { key: projectId, tx })
}
