import type { Transaction } from 'kysely'
import { sql } from 'kysely'
import type { ProjectTenant } from '../project/project-service.ts'
import type { Task } from '../schedule/tasks.ts'
import type { Tables } from '../store/tables.ts'
import type { Service } from './open-service.ts'

/** Sends the job that does a task of a project; one that waits already is the same job. */
export async function sendTask(
  { jobs, projects }: Pick<Service, 'jobs' | 'projects'>,
  task: Task,
  tenant: ProjectTenant,
  tx?: Transaction<Tables>,
): Promise<void> {
  const options = { key: tenant.projectId, ...(tx ? { tx } : {}) }
  switch (task) {
    case 'full-check':
      return await jobs.send('check.full', tenant, options)
    case 'recent-check':
      return await jobs.send('check.recent', tenant, options)
    case 'digest':
      return await jobs.send(
        'alert.digest',
        { ...tenant, weekEndsAt: projects.clock.now().toISOString() },
        options,
      )
  }
}

/** Sends the task of every live project, or of the one that is named. Gives how many that were. */
export async function runTaskNow(service: Service, task: Task, projectId: string | null): Promise<number> {
  const { rows } = await sql<ProjectTenant>`
    select workspace_id as "workspaceId", project_id as "projectId" from trueup.project
    where state = 'live' and (${projectId}::text is null or project_id = ${projectId})`.execute(
    service.database.system,
  )
  for (const tenant of rows) await sendTask(service, task, tenant)
  return rows.length
}
