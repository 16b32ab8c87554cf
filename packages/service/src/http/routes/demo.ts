import { z } from '@hono/zod-openapi'
import type { DemoState, Demos } from '../../demo/demos.ts'
import { demoStates } from '../../demo/demos.ts'
import type { ReachedTenant, Route } from '../route.ts'
import { route } from '../route.ts'
import { nameOf } from './project-routes.ts'
import { projectShape, shownProject } from './projects.ts'
import { workspaceIdParam } from './workspaces.ts'

const tag = 'Demo'
const params = z.object({ workspaceId: workspaceIdParam })

const demoShape = z
  .object({
    allowed: z.boolean().openapi({ description: 'Whether whoever runs the service keeps demos.' }),
    state: z.enum(demoStates).openapi({
      description:
        '`none`: the workspace has none. `preparing`: its first check and its story are under way. `ready`: everything is there.',
    }),
    failure: z.string().nullable().openapi({ description: 'Why it could not be made ready. Reset it.' }),
    project: z.union([projectShape, z.null()]),
  })
  .openapi('Demo')

/** A project to look around in: a made-up Stripe and Clerk that the service runs itself, and no keys. */
export function demoRoutes({ demos }: { readonly demos: Demos }): readonly Route[] {
  return [
    route('GET /api/v1/workspaces/{workspaceId}/demo', {
      summary: 'The demo of a workspace',
      tag,
      params,
      answer: demoShape,
      handle: async ({ tenant }) => ({ body: shownDemo(tenant, await demos.of(tenant.workspaceId)) }),
    }),
    route('POST /api/v1/workspaces/{workspaceId}/demo', {
      summary: 'Explore the demo: a project on made-up accounts, with incidents of many kinds',
      description:
        'A workspace has one; where there is one already it is given. It is `preparing` for some seconds: its first check runs, changes come in by webhook, some incidents are repaired.',
      tag,
      params,
      status: 201,
      answer: demoShape,
      handle: async ({ tenant, principal }) => ({
        body: shownDemo(tenant, await demos.start(tenant.workspaceId, nameOf(principal))),
      }),
    }),
    route('POST /api/v1/workspaces/{workspaceId}/demo/reset', {
      summary: 'Begin the demo anew, as on its first day',
      description: 'What was done in it is gone. It is another project then, of another id.',
      tag,
      params,
      status: 201,
      answer: demoShape,
      handle: async ({ tenant, principal }) => ({
        body: shownDemo(tenant, await demos.reset(tenant.workspaceId, nameOf(principal))),
      }),
    }),
  ]
}

function shownDemo(
  { workspaceId }: ReachedTenant,
  { project, ...demo }: DemoState,
): z.input<typeof demoShape> {
  return { ...demo, project: project && shownProject(workspaceId, project) }
}
