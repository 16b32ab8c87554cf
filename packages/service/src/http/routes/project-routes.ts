import type { ProjectStore } from '@trueup/core'
import type { ProjectRecords } from '../../project/project-records.ts'
import { openProjectRecords } from '../../project/project-records.ts'
import type { ProjectService } from '../../project/project-service.ts'
import { openProjectStore } from '../../store/index.ts'
import { listMembers } from '../../team/workspace/members.ts'
import type { Principal } from '../principal.ts'
import { actorOf } from '../principal.ts'
import type { ReachedTenant } from '../route.ts'

/** What the routes about what is in a project work with. */
export interface ProjectRoutes {
  readonly projects: ProjectService
}

/** What is kept of the project that a request reached. */
export function storeOf({ projects }: ProjectRoutes, tenant: ReachedTenant): ProjectStore {
  return openProjectStore(projects.database, tenant)
}

/**
 * The project as acts on its records need it: its configuration as it holds now, and none of its sources.
 *
 * @throws ProjectError `config-missing`
 */
export async function recordsOf({ projects }: ProjectRoutes, tenant: ReachedTenant): Promise<ProjectRecords> {
  return await openProjectRecords(projects, tenant)
}

/** Whether somebody belongs to the workspace, and so can be given work. */
export function memberOf({ projects }: ProjectRoutes, { workspaceId }: ReachedTenant) {
  return async (personId: string): Promise<boolean> =>
    (await listMembers(projects, workspaceId)).some((member) => member.personId === personId)
}

/** Who asks, as the ledger names them. Routes that anybody may call have nobody to name. */
export function nameOf(principal: Principal): string {
  if (principal.kind !== 'nobody') return actorOf(principal)
  throw new Error('An act was asked for by nobody; its row of the policy table has to ask for a sign-in.')
}
