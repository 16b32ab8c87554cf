import { z } from '@hono/zod-openapi'
import type { Project } from '../../project/manage-projects.ts'
import { changeProject, createProject, listProjects, readProject } from '../../project/manage-projects.ts'
import type { ProjectService } from '../../project/project-service.ts'
import { projectIdParam } from '../paging.ts'
import type { Principal } from '../principal.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { moment } from '../shown/access.ts'
import { nameOf } from './project-routes.ts'

const tag = 'Projects'

const name = z.string().openapi({ description: '1 to 80 characters.', example: 'My app' })
const timeZone = z.string().openapi({ description: 'IANA name.', example: 'Europe/Berlin' })
const state = z.enum(['setting-up', 'live', 'paused']).openapi({
  description: 'Only a live project is checked by itself and takes its schedules.',
})

const projectShape = z
  .object({
    id: z.string().openapi({ example: 'prj_k3vq2j6w5xnyt4zr7m2s5b3d' }),
    workspaceId: z.string(),
    name,
    timeZone,
    state,
    createdAt: moment,
  })
  .openapi('Project')

/** Projects of a workspace: the list, one, making one, and changing its name, time zone and state. */
export function projectRoutes({ projects }: { readonly projects: ProjectService }): Route[] {
  return [
    route('GET /api/v1/projects', {
      summary: 'The projects in reach',
      tag,
      answer: z.object({ items: z.array(projectShape) }),
      handle: async ({ principal }) => {
        const items = await Promise.all(
          workspacesOf(principal).map(async (workspaceId) =>
            (await listProjects(projects, workspaceId)).map((project) => shownProject(workspaceId, project)),
          ),
        )
        const only = principal.kind === 'key' ? principal.projectId : null
        return { body: { items: items.flat().filter(({ id }) => only === null || id === only) } }
      },
    }),
    route('POST /api/v1/workspaces/{workspaceId}/projects', {
      summary: 'Make a project',
      tag,
      params: z.object({ workspaceId: z.string() }),
      body: z.strictObject({ name, timeZone: timeZone.default('UTC') }),
      status: 201,
      answer: projectShape,
      handle: async ({ tenant, body }) => ({
        body: shownProject(tenant.workspaceId, await createProject(projects, tenant.workspaceId, body)),
      }),
    }),
    route('GET /api/v1/projects/{projectId}', {
      summary: 'One project',
      tag,
      params: z.object({ projectId: projectIdParam }),
      answer: projectShape,
      handle: async ({ tenant }) => ({
        body: shownProject(tenant.workspaceId, await readProject(projects, tenant)),
      }),
    }),
    route('PATCH /api/v1/projects/{projectId}', {
      summary: 'Change the name, time zone or state of a project',
      tag,
      params: z.object({ projectId: projectIdParam }),
      body: z.strictObject({ name: name.optional(), timeZone: timeZone.optional(), state: state.optional() }),
      answer: projectShape,
      handle: async ({ tenant, principal, body }) => ({
        body: shownProject(
          tenant.workspaceId,
          await changeProject(projects, tenant, body, { by: nameOf(principal) }),
        ),
      }),
    }),
  ]
}

function workspacesOf(principal: Principal): readonly string[] {
  switch (principal.kind) {
    case 'person':
      return [...principal.roles.keys()]
    case 'key':
      return [principal.workspaceId]
    case 'nobody':
      return []
  }
}

function shownProject(
  workspaceId: string,
  { createdAt, ...project }: Project,
): z.output<typeof projectShape> {
  return { ...project, workspaceId, createdAt: createdAt.toISOString() }
}
