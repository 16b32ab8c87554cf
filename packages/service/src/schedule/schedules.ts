import type { Clock, LedgerDraft } from '@trueup/core'
import type { Kysely, QueryExecutorProvider, Transaction } from 'kysely'
import { sql } from 'kysely'
import type { OfProject } from '../jobs/job-data.ts'
import type { Database } from '../store/database.ts'
import { stageEntries } from '../store/ledger-staging.ts'
import type { Tables } from '../store/tables.ts'
import { assertTimeZone, nextDue } from './next-due.ts'
import type { ScheduleTables } from './tables.ts'
import type { Task } from './tasks.ts'
import { taskNames, tasks } from './tasks.ts'

/** When a project does something by itself. */
export interface Schedule {
  readonly task: Task
  readonly cron: string
  readonly enabled: boolean
  /** When it is next due. */
  readonly dueAt: Date
  /** The last moment that it was due and begun. */
  readonly lastDueAt: Date | null
}

/** A change of schedules; what is left out stays. */
export interface ScheduleChange {
  readonly timeZone?: string | undefined
  readonly tasks?:
    | Readonly<
        Partial<Record<Task, { readonly cron?: string | undefined; readonly enabled?: boolean | undefined }>>
      >
    | undefined
}

export interface Schedules {
  /** All tasks of a project with its time zone. One that was never changed has the defaults. */
  of(project: OfProject): Promise<{ readonly timeZone: string; readonly schedules: readonly Schedule[] }>
  /** @throws ScheduleError when a cron line or the time zone is none; nothing is changed then. */
  change(project: OfProject, change: ScheduleChange, by: string): Promise<void>
  /**
   * Hands on what is due of all live projects, and says when it is due again. However long nothing ran, a task that
   * was missed is made up once. `send` is called in the transaction that moves the schedule on.
   */
  runDue(send: (task: Task, project: OfProject, tx: Transaction<Tables>) => Promise<void>): Promise<number>
}

const mostAtOnce = 50

/** What each project does by the clock, kept in the database, so that any worker can begin what is due. */
export function createSchedules({
  database,
  clock,
}: {
  readonly database: Database
  readonly clock: Clock
}): Schedules {
  const of = (db: Kysely<Tables>) => db.withTables<ScheduleTables>()

  return {
    async of(project) {
      const db = database.scoped(project)
      const timeZone = await timeZoneOf(db, project)
      await ensureRows(db, project, timeZone, clock.now())
      const rows = await of(db)
        .selectFrom('trueup.schedule')
        .selectAll()
        .where('project_id', '=', project.projectId)
        .execute()
      const schedules = taskNames.flatMap((task) => {
        const row = rows.find((found) => found.task === task)
        if (!row) return []
        const { cron, enabled, due_at: dueAt, last_due_at: lastDueAt } = row
        return [{ task, cron, enabled, dueAt, lastDueAt }]
      })
      return { timeZone, schedules }
    },

    async change(project, change, by) {
      const db = database.scoped(project)
      const now = clock.now()
      if (change.timeZone) assertTimeZone(change.timeZone)
      await db.transaction().execute(async (tx) => {
        const timeZone = change.timeZone ?? (await timeZoneOf(tx, project))
        await ensureRows(tx, project, timeZone, now)
        await sql`update trueup.project set time_zone = ${timeZone} where project_id = ${project.projectId}`.execute(
          tx,
        )
        await moveSchedules(tx, project, { timeZone, tasks: change.tasks, now })
        await stageEntries(project, tx, [changed(project, change, by, now)])
      })
    },

    async runDue(send) {
      return await database.system.transaction().execute(async (tx) => {
        const { rows } = await sql<{
          readonly workspace_id: string
          readonly project_id: string
          readonly task: Task
          readonly cron: string
          readonly time_zone: string
        }>`select schedule.workspace_id, project_id, task, cron, time_zone
          from trueup.schedule join trueup.project using (project_id)
          where enabled and due_at <= ${clock.now()} and project.state = 'live'
          order by due_at limit ${mostAtOnce} for update of schedule skip locked`.execute(tx)
        for (const row of rows) {
          const project = { workspaceId: row.workspace_id, projectId: row.project_id }
          await send(row.task, project, tx)
          const dueAt = nextDue(row.task, row.cron, row.time_zone, row.project_id, clock.now())
          await sql`update trueup.schedule set last_due_at = due_at, due_at = ${dueAt}
            where project_id = ${row.project_id} and task = ${row.task}`.execute(tx)
        }
        return rows.length
      })
    },
  }
}

/**
 * Works out anew when each task of a project is due, after its time zone or its cron lines changed. Tasks that nobody
 * looked at yet have no times.
 */
export async function moveSchedules(
  tx: QueryExecutorProvider,
  { projectId }: Pick<OfProject, 'projectId'>,
  {
    timeZone,
    tasks: changes = {},
    now,
  }: { readonly timeZone: string; readonly tasks?: ScheduleChange['tasks']; readonly now: Date },
): Promise<void> {
  const { rows } = await sql<Pick<Schedule, 'task' | 'cron' | 'enabled'>>`select task, cron, enabled
    from trueup.schedule where project_id = ${projectId} for update`.execute(tx)
  for (const { task, ...row } of rows) {
    const cron = changes[task]?.cron ?? row.cron
    const enabled = changes[task]?.enabled ?? row.enabled
    const dueAt = nextDue(task, cron, timeZone, projectId, now)
    await sql`update trueup.schedule set cron = ${cron}, enabled = ${enabled}, due_at = ${dueAt}
      where project_id = ${projectId} and task = ${task}`.execute(tx)
  }
}

async function timeZoneOf(db: Kysely<Tables>, { projectId }: OfProject): Promise<string> {
  const { rows } = await sql<{ readonly time_zone: string }>`
    select time_zone from trueup.project where project_id = ${projectId}`.execute(db)
  return rows[0]?.time_zone ?? 'UTC'
}

async function ensureRows(
  db: Kysely<Tables>,
  project: OfProject,
  timeZone: string,
  now: Date,
): Promise<void> {
  const due = taskNames.map((task) => nextDue(task, tasks[task].cron, timeZone, project.projectId, now))
  await sql`insert into trueup.schedule (workspace_id, project_id, task, cron, due_at)
    select ${project.workspaceId}, ${project.projectId}, wanted.task, wanted.cron, wanted.due_at
    from unnest(${taskNames}::text[], ${taskNames.map((task) => tasks[task].cron)}::text[], ${due}::timestamptz[])
      as wanted (task, cron, due_at)
    on conflict do nothing`.execute(db)
}

function changed(project: OfProject, change: ScheduleChange, by: string, at: Date): LedgerDraft {
  return {
    key: `schedule-changed:${project.projectId}:${at.toISOString()}`,
    act: 'schedule-changed',
    at,
    by,
    about: {},
    facts: { change: JSON.stringify(change) },
    personal: null,
  }
}
