import { z } from '@hono/zod-openapi'
import { customerAt } from '../../customer/customer-at.ts'
import { customerHistory } from '../../customer/customer-history.ts'
import { configAt, marksBeside } from '../../customer/history-of-project.ts'
import { ApiError, notFound } from '../api-error.ts'
import { projectIdParam } from '../paging.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { atShape, historyShape } from '../shown/history.ts'
import { shown } from '../shown/shown.ts'
import type { ProjectRoutes } from './project-routes.ts'
import { recordsOf } from './project-routes.ts'

const base = '/api/v1/projects/{projectId}/customers/{customerId}'
const tag = 'Customers'
const params = z.object({
  projectId: projectIdParam,
  customerId: z.string().min(1).max(300).openapi({
    description: 'A customer, user or organization: `cus_1`, or with its kind: `user:user_1`.',
  }),
})
const time = z.iso.datetime({ offset: true })
const dayMs = 86_400_000
const longestDays = 400

/** What was promised and granted over time, and at a moment. */
export function historyRoutes(routes: ProjectRoutes): Route[] {
  return [
    route(`GET ${base}/history`, {
      summary: 'What was promised and granted over time, with what happened as marks',
      description:
        'Stretches from check to check: known where a check saw it first to where the last one saw it still. ' +
        'Nothing is put between two checks that saw different things.',
      tag,
      params,
      query: z.object({
        from: time.optional().openapi({ description: 'Default: 90 days before `to`.' }),
        to: time.optional().openapi({ description: 'Default: now.' }),
      }),
      answer: historyShape,
      handle: async ({ tenant, params: { customerId }, query }) => {
        const { project, config, clock } = await recordsOf(routes, tenant)
        const to = query.to ? new Date(query.to) : clock.now()
        const from = query.from ? new Date(query.from) : new Date(to.getTime() - 90 * dayMs)
        assertWindow(from, to)
        const history = await customerHistory({
          project,
          catalogue: config.catalogue,
          name: customerId,
          from,
          to,
          marksBeside: (about) => marksBeside(routes.projects, tenant, about),
        })
        if (!history) throw notFound()
        return { body: shown(history) }
      },
    }),
    route(`GET ${base}/at`, {
      summary: 'What a customer had and was owed at a moment, under the policy then and now',
      tag,
      params,
      query: z.object({ time }),
      answer: atShape,
      handle: async ({ tenant, params: { customerId }, query }) => {
        const { project, config } = await recordsOf(routes, tenant)
        const asked = new Date(query.time)
        const configThen = await configAt(routes.projects, tenant, asked)
        const answer = await customerAt({ project, config, configThen, name: customerId, time: asked })
        if (answer.pairs.length === 0) throw notFound()
        return { body: shown(answer) }
      },
    }),
  ]
}

function assertWindow(from: Date, to: Date): void {
  const days = (to.getTime() - from.getTime()) / dayMs
  if (days > 0 && days <= longestDays) return
  throw new ApiError({
    code: 'request-invalid',
    message: `The window reaches over ${Math.round(days)} days; it takes more than none and at most ${longestDays}.`,
    fix: 'Ask for a shorter one that ends after it begins.',
  })
}
