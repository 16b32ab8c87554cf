import { sql } from 'kysely'
import { forgetTold } from '../alert/forget-told.ts'
import { projectsToLookInto } from '../cause/projects-to-look-into.ts'
import { wakeOverdue } from '../inbox/due-targets.ts'
import { forgetOldEvents } from '../inbox/forget-events.ts'
import { sendSweeps } from '../inbox/sweep-queue.ts'
import { forgetDeliveries, overdueDeliveries } from '../outgoing/delivery/delivery-log.ts'
import { laggingFollowers } from '../outgoing/lagging-followers.ts'
import { eraseProject, projectsToErase } from '../project/delete-project.ts'
import type { ProjectTenant } from '../project/project-service.ts'
import { forgetSteps } from '../store/access-steps.ts'
import { forgetAttempts } from '../team/sign-in/attempts.ts'
import { forgetEnded } from '../team/sign-in/sessions.ts'
import { eraseWorkspace, workspacesToErase } from '../team/workspace/delete-workspace.ts'
import type { Chore } from './chores.ts'
import type { Service } from './open-service.ts'
import { advanceLedger, wakeFollowers } from './open-service.ts'
import { sendTask } from './run-task.ts'

/** How long the log of alerts and outgoing webhooks is kept. */
const deliveryDays = 90
/** How long it is kept what was promised and granted, counted from its end. */
const historyDays = 400
const dayMs = 86_400_000

/** What workers look after all the time, whatever else they do. */
export function workerChores(service: Service): readonly Chore[] {
  const { database, jobs, schedules, projects } = service
  return [
    {
      name: 'schedules',
      everySeconds: 15,
      async run() {
        while ((await schedules.runDue((task, tenant, tx) => sendTask(service, task, tenant, tx))) > 0);
      },
    },
    {
      name: 'due checks that nobody works on',
      everySeconds: 30,
      run: async () => void (await wakeOverdue({ database, jobs })),
    },
    {
      name: 'events that no webhook brought',
      everySeconds: 300,
      run: async () => void (await sendSweeps({ database, jobs, clock: projects.clock })),
    },
    {
      name: 'deliveries that nobody works on',
      everySeconds: 30,
      async run() {
        for (const { workspaceId, projectId, deliveryId, audience } of await overdueDeliveries(
          database.system,
          projects.clock.now(),
          500,
        )) {
          const queue = audience === 'alert' ? 'alert.deliver' : 'outgoing.deliver'
          await jobs.send(queue, { workspaceId, projectId, deliveryId }, { key: deliveryId })
        }
      },
    },
    {
      name: 'followers of ledgers that nobody woke',
      everySeconds: 60,
      async run() {
        for (const { workspaceId, projectId, follower } of await laggingFollowers(database.system)) {
          const queue = follower === 'alert' ? 'alert.route' : 'outgoing.route'
          await jobs.send(queue, { workspaceId, projectId }, { key: projectId })
        }
      },
    },
    {
      name: 'causes to be looked for',
      everySeconds: 60,
      async run() {
        for (const tenant of await projectsToLookInto(database.system, projects.clock.now())) {
          await jobs.send('cause.find', tenant, { key: tenant.projectId })
        }
      },
    },
    {
      name: 'ledgers',
      everySeconds: 20,
      async run(signal) {
        const { rows } = await sql<ProjectTenant>`
          select workspace_id as "workspaceId", project_id as "projectId" from trueup.project
          where exists (select from trueup.ledger_draft draft where draft.project_id = project.project_id)
            or exists (select from trueup.ledger_entry entry where entry.project_id = project.project_id
              and entry.sequence >= coalesce(
                (select max(size) from trueup.ledger_checkpoint point where point.project_id = project.project_id), 0))`.execute(
          database.system,
        )
        for (const tenant of rows) {
          if (signal.aborted) return
          await advanceLedger(projects, tenant)
          await wakeFollowers(jobs, tenant)
        }
      },
    },
    {
      name: 'what is to be deleted',
      everySeconds: 3_600,
      async run(signal) {
        for (const tenant of await projectsToErase(projects, 100)) {
          if (signal.aborted) return
          await eraseProject(projects, tenant, { by: 'trueup' })
        }
        for (const workspaceId of await workspacesToErase(projects, 100)) {
          if (signal.aborted) return
          await eraseWorkspace(projects, workspaceId)
        }
      },
    },
    {
      name: 'retention',
      everySeconds: 6 * 3_600,
      async run() {
        await forgetOldEvents(database, projects.clock.now())
        await forgetTold(database.system, new Date(projects.clock.now().getTime() - deliveryDays * dayMs))
        await forgetDeliveries(
          database.system,
          new Date(projects.clock.now().getTime() - deliveryDays * dayMs),
        )
        await forgetSteps(database.system, new Date(projects.clock.now().getTime() - historyDays * dayMs))
        await projects.uses.forgetOld()
        await forgetEnded(service.team)
        await forgetAttempts(service.team)
        await sql`delete from trueup.idempotent_answer where begun_at < now() - interval '24 hours'`.execute(
          database.system,
        )
      },
    },
  ]
}

/** What every process looks after: it has counts of its own. */
export function ownChores({ projects, disk }: Pick<Service, 'projects' | 'disk'>): readonly Chore[] {
  return [
    { name: 'uses of credentials', everySeconds: 10, run: () => projects.uses.flush() },
    ...(disk ? [{ name: 'room on the disk', everySeconds: 30, run: () => disk.look() }] : []),
  ]
}

/** What processes look after that take requests. */
export function webChores({ refusals, demos }: Pick<Service, 'refusals' | 'demos'>): readonly Chore[] {
  return [
    { name: 'refused webhooks', everySeconds: 5, run: () => refusals.flush() },
    { name: 'worlds of demos', everySeconds: 5, run: (signal) => demos.keep(signal) },
  ]
}
