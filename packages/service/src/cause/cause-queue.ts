import type { Queue } from '../jobs/jobs.ts'
import type { ProjectService } from '../project/project-service.ts'
import { findDueCauses } from './find-causes.ts'
import { followIncidents } from './follow-incidents.ts'

/** What workers do about causes: follow the incidents of a project, and look for what is behind them. */
export function createCauseQueue(projects: ProjectService): Queue<'cause.find'> {
  return {
    name: 'cause.find',
    concurrency: 2,
    concurrencyOfProject: 1,
    oneAtATime: true,
    async handle({ data: { workspaceId, projectId }, signal }) {
      const tenant = { workspaceId, projectId }
      await followIncidents(projects.database, tenant)
      await findDueCauses(projects, tenant, signal)
    },
  }
}
