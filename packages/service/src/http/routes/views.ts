import { z } from '@hono/zod-openapi'
import type { ProjectService } from '../../project/project-service.ts'
import type { ViewOwner } from '../../view/saved-views.ts'
import { changeView, deleteView, listViews, mostViews, saveView } from '../../view/saved-views.ts'
import { ApiError } from '../api-error.ts'
import { filtersOf, projectIdParam } from '../paging.ts'
import type { Principal } from '../principal.ts'
import type { ReachedTenant, Route } from '../route.ts'
import { requireRoute, route } from '../route.ts'
import { moment } from '../shown/access.ts'
import { shown } from '../shown/shown.ts'

const base = '/api/v1/projects/{projectId}/views'
const tag = 'Incidents'
const ofProject = z.object({ projectId: projectIdParam })
const ofView = ofProject.extend({ viewId: z.string().min(1).max(64) })

const name = z
  .string()
  .max(200)
  .refine((text) => text.trim() !== '', { message: 'A view needs a name.' })
const text = z.string().max(500)
const query = z.record(z.string().max(64), z.union([text, z.array(text).max(100)])).openapi({
  description: 'The query of `GET incidents`, without `after` and `limit`.',
  example: { severity: ['critical', 'high'], sort: 'money' },
})
const viewShape = z
  .object({ id: z.string(), name: z.string(), query, createdAt: moment, changedAt: moment })
  .openapi('IncidentView')

/** Ways of looking at the incidents of a project that each person keeps for themselves. */
export function viewRoutes(
  { projects }: { readonly projects: ProjectService },
  lists: readonly Route[],
): Route[] {
  const accepted = filtersOf(requireRoute(lists, 'GET /api/v1/projects/{projectId}/incidents')).strict()
  const assertQuery = (sent: z.output<typeof query>) => {
    const read = accepted.safeParse(sent)
    if (!read.success) throw queryInvalid(read.error)
  }
  return [
    route(`GET ${base}`, {
      summary: 'Your views of the incidents, by their names',
      tag,
      params: ofProject,
      answer: z.object({ items: z.array(viewShape) }),
      handle: async ({ tenant, principal }) => ({
        body: shown({ items: [...(await listViews(projects, ownerOf(tenant, principal)))] }),
      }),
    }),
    route(`POST ${base}`, {
      summary: 'Keep a view under a name',
      description: `Filters and order of the list of incidents. Nobody else sees it; you may keep ${mostViews} of them.`,
      tag,
      params: ofProject,
      body: z.strictObject({ name, query }),
      answer: viewShape,
      status: 201,
      handle: async ({ tenant, principal, body }) => {
        assertQuery(body.query)
        return { status: 201, body: shown(await saveView(projects, ownerOf(tenant, principal), body)) }
      },
    }),
    route(`PATCH ${base}/{viewId}`, {
      summary: 'Give a view another name, or another query',
      tag,
      params: ofView,
      body: z.strictObject({ name: name.optional(), query: query.optional() }),
      answer: viewShape,
      handle: async ({ tenant, principal, params, body }) => {
        if (body.query) assertQuery(body.query)
        return { body: shown(await changeView(projects, ownerOf(tenant, principal), params.viewId, body)) }
      },
    }),
    route(`DELETE ${base}/{viewId}`, {
      summary: 'Delete a view',
      tag,
      params: ofView,
      handle: async ({ tenant, principal, params }) => {
        await deleteView(projects, ownerOf(tenant, principal), params.viewId)
        return { status: 204 }
      },
    }),
  ]
}

function ownerOf({ workspaceId, projectId }: ReachedTenant, principal: Principal): ViewOwner {
  if (principal.kind === 'person') return { workspaceId, projectId, personId: principal.personId }
  throw new Error('A view was asked for by nobody; its row of the policy table has to ask for a person.')
}

function queryInvalid(error: z.ZodError): ApiError {
  return new ApiError({
    code: 'request-invalid',
    message: 'The query is not one that the list of incidents takes.',
    fix: 'Mend what is listed in `problems`.',
    problems: error.issues.map(({ path, message }) => ({
      at: ['body', 'query', ...path].join('.'),
      message,
    })),
  })
}
