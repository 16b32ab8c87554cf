import type { ProjectStore } from '@trueup/core'
import type { Principal } from '../http/principal.ts'
import type { Project } from '../project/manage-projects.ts'
import { listProjects } from '../project/manage-projects.ts'
import type { ProjectService } from '../project/project-service.ts'
import { openProjectStore } from '../store/index.ts'
import type { Role } from '../team/role.ts'
import { isAtLeast } from '../team/role.ts'
import { McpError } from './mcp-error.ts'

/** A project that whoever asks can see. */
export interface ReachableProject extends Project {
  readonly workspaceId: string
  /** Whether they may run checks. */
  readonly mayCheck: boolean
}

/** Who asks; nobody asks without a sign-in. */
export type Asker = Exclude<Principal, { readonly kind: 'nobody' }>

/** Every project that a key or a person can see, those of one workspace together. */
export async function projectsInReach(
  projects: ProjectService,
  asker: Asker,
): Promise<readonly ReachableProject[]> {
  const workspaces: readonly (readonly [string, Role | 'key'])[] =
    asker.kind === 'key' ? [[asker.workspaceId, 'key']] : [...asker.roles]
  const found: ReachableProject[] = []
  for (const [workspaceId, role] of workspaces) {
    const mayCheck = role === 'key' || isAtLeast(role, 'member')
    const ofWorkspace = await listProjects(projects, workspaceId)
    found.push(...ofWorkspace.map((project) => ({ ...project, workspaceId, mayCheck })))
  }
  const only = asker.kind === 'key' ? asker.projectId : null
  return only === null ? found : found.filter(({ id }) => id === only)
}

/**
 * The project that is meant: by its id, or the only one in reach.
 *
 * @throws McpError `project-unknown`: there is none, or it is out of reach, which is the same to whoever asks
 */
export async function reachProject(
  projects: ProjectService,
  asker: Asker,
  projectId: string | undefined,
): Promise<{ readonly reached: ReachableProject; readonly project: ProjectStore }> {
  const inReach = await projectsInReach(projects, asker)
  const meant =
    projectId === undefined
      ? inReach.length === 1
        ? inReach[0]
        : undefined
      : inReach.find(({ id }) => id === projectId)
  if (!meant) {
    throw new McpError(
      projectId === undefined ? 'project-needed' : 'project-unknown',
      'Name a project by its id, as list_projects gives it.',
    )
  }
  const tenant = { workspaceId: meant.workspaceId, projectId: meant.id }
  return { reached: meant, project: openProjectStore(projects.database, tenant) }
}
