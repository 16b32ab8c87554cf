import { z } from '@hono/zod-openapi'
import type { Demos } from '../../demo/demos.ts'
import { askDeletion, assertNamed, takeDeletionBack } from '../../project/delete-project.ts'
import type { Project } from '../../project/manage-projects.ts'
import { changeProject, createProject, listProjects, readProject } from '../../project/manage-projects.ts'
import type { ProjectService } from '../../project/project-service.ts'
import type { Schedules } from '../../schedule/schedules.ts'
import { tellOwner } from '../../team/mail/security-letters.ts'
import type { Team } from '../../team/team.ts'
import { projectIdParam } from '../paging.ts'
import type { Principal } from '../principal.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { moment } from '../shown/access.ts'
import { shown } from '../shown/shown.ts'
import { personOf } from './auth.ts'
import { nameOf } from './project-routes.ts'

const tag = 'Projects'

const name = z.string().openapi({ description: '1 to 80 characters.', example: 'My app' })
const timeZone = z.string().openapi({ description: 'IANA name.', example: 'Europe/Berlin' })
const state = z.enum(['setting-up', 'live', 'paused']).openapi({
  description: 'Only a live project is checked by itself and takes its schedules.',
})

/** A deletion that can still be taken back. */
export const deletionShape = z
  .object({
    askedAt: moment,
    askedBy: z.string(),
    dueAt: moment.openapi({
      description: 'Until then it can be taken back; then everything but the ledger is erased.',
    }),
  })
  .openapi('Deletion')

/** A project as its answers hold it. */
export const projectShape = z
  .object({
    id: z.string().openapi({ example: 'prj_k3vq2j6w5xnyt4zr7m2s5b3d' }),
    workspaceId: z.string(),
    name,
    timeZone,
    state,
    createdAt: moment,
    demo: z.boolean().openapi({
      description:
        "It stands on made-up accounts of the service's own. `POST workspaces/{workspaceId}/demo` makes one.",
    }),
    deletion: z
      .union([deletionShape, z.null()])
      .openapi({ description: 'Null: nobody asked for it to be deleted.' }),
  })
  .openapi('Project')

/** Projects of a workspace: the list, one, making one, and changing its name, time zone and state. */
export function projectRoutes({
  projects,
  schedules,
  demos,
  team,
}: {
  readonly team: Pick<Team, 'database' | 'settings' | 'sendMail' | 'background'>
  readonly projects: ProjectService
  readonly schedules: Pick<Schedules, 'of'>
  readonly demos: Pick<Demos, 'end'>
}): Route[] {
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
      handle: async ({ tenant, principal, body }) => {
        const changed = await changeProject(projects, tenant, body, { by: nameOf(principal) })
        // Schedules are made when they are first looked at; one that goes live is to have them.
        if (changed.state === 'live') await schedules.of(tenant)
        return { body: shownProject(tenant.workspaceId, changed) }
      },
    }),
    route('DELETE /api/v1/projects/{projectId}', {
      summary: 'Delete a project, which can be taken back for seven days',
      description:
        'It does nothing any more at once. When the days are over everything of it is erased but the numbered entries of its ledger, which name nobody. Export the ledger before, to keep what stands beside it. A demo goes at once.',
      tag,
      params: z.object({ projectId: projectIdParam }),
      body: z.strictObject({
        name: name.openapi({ description: 'The name of the project, as it stands there.' }),
      }),
      answer: z.union([projectShape, z.null()]),
      handle: async ({ tenant, principal, body }) => {
        const by = nameOf(principal)
        const project = await readProject(projects, tenant)
        if (!project.demo) {
          const asked = await askDeletion(projects, tenant, { ...body, by })
          if (asked.deletion) {
            const what = `the project ${JSON.stringify(asked.name)}`
            const event = { kind: 'deletion-asked', what, dueAt: asked.deletion.dueAt } as const
            tellOwner(team, tenant.workspaceId, personOf(principal), event)
          }
          return { body: shownProject(tenant.workspaceId, asked) }
        }
        assertNamed(project.name, body.name)
        await demos.end(tenant, by)
        return { body: null }
      },
    }),
    route('POST /api/v1/projects/{projectId}/restore', {
      summary: 'Take the deletion of a project back',
      tag,
      params: z.object({ projectId: projectIdParam }),
      answer: projectShape,
      handle: async ({ tenant, principal }) => ({
        body: shownProject(
          tenant.workspaceId,
          await takeDeletionBack(projects, tenant, { by: nameOf(principal) }),
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

/** A project as an answer holds it. */
export function shownProject(workspaceId: string, project: Project): z.output<typeof projectShape> {
  return { ...shown(project), workspaceId }
}
