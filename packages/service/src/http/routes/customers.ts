import { z } from '@hono/zod-openapi'
import { askSingleCheck } from '../../customer/ask-single-check.ts'
import { stateAtLastCheck } from '../../customer/customer-state.ts'
import { customerTimeline } from '../../customer/customer-timeline.ts'
import { searchCustomers } from '../../customer/search-customers.ts'
import { advanceLedger } from '../../ledger/advance-ledger.ts'
import { openServiceProject } from '../../project/open-service-project.ts'
import { notFound } from '../api-error.ts'
import { pageOf, pageQuery, projectIdParam } from '../paging.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { moment } from '../shown/access.ts'
import { customerLineShape, customerStateShape, timelineShape } from '../shown/customer.ts'
import { shown } from '../shown/shown.ts'
import { checkOne, startedShape } from './checks.ts'
import type { ProjectRoutes } from './project-routes.ts'
import { recordsOf, storeOf } from './project-routes.ts'

const base = '/api/v1/projects/{projectId}/customers'
const tag = 'Customers'

const customerParams = z.object({
  projectId: projectIdParam,
  customerId: z.string().min(1).max(300).openapi({
    description: 'A customer, user or organization: `cus_1`, or with its kind: `user:user_1`.',
  }),
})

/** Customers and subjects: who there is, what each is owed and has, and what became of it. */
export function customerRoutes(routes: ProjectRoutes): Route[] {
  return [
    route(`GET ${base}`, {
      summary: 'Customers and subjects, as the last full check read them',
      tag,
      params: z.object({ projectId: projectIdParam }),
      query: pageQuery.extend({
        q: z
          .string()
          .max(200)
          .optional()
          .openapi({ description: 'Part of an id, a name or an e-mail address.' }),
      }),
      answer: pageOf(customerLineShape).extend({
        checkId: z.string().nullable(),
        readAt: moment.nullable(),
      }),
      handle: async ({ tenant, query: { q, after, limit } }) => {
        const { database } = routes.projects
        const reach = { database, tenant, project: storeOf(routes, tenant) }
        return { body: shown(await searchCustomers(reach, { text: q, after, limit })) }
      },
    }),
    route(`GET ${base}/{customerId}/state`, {
      summary: 'What a customer is owed, may have and has',
      tag,
      params: customerParams,
      query: z.object({
        fresh: z.enum(['true', 'false']).default('false').openapi({
          description: 'Reads both sides now, and files nothing, instead of what the last check read.',
        }),
      }),
      answer: customerStateShape,
      handle: async ({ tenant, params, query }) => {
        if (query.fresh === 'true') {
          const project = await openServiceProject(routes.projects, tenant, { usedFor: 'single check' })
          try {
            const found = await askSingleCheck(project, params.customerId, { dryRun: true })
            if (found === 'superseded' || found.state.pairs.length === 0) throw notFound()
            return { body: shown(found.state) }
          } finally {
            await project.close()
          }
        }
        const state = await stateAtLastCheck(await recordsOf(routes, tenant), params.customerId)
        if (!state || (state.pairs.length === 0 && state.incidents.length === 0)) throw notFound()
        return { body: shown(state) }
      },
    }),
    route(`POST ${base}/{customerId}/check`, {
      summary: 'Check one customer now, and file what is found',
      description:
        'The same as `POST checks` with `kind: single`. What an incident is about is named in its `guided.checkAgain`.',
      tag,
      params: customerParams,
      body: z.strictObject({ dryRun: z.boolean().default(false) }).default({ dryRun: false }),
      answer: startedShape,
      handle: async ({ tenant, params, body }) =>
        await checkOne(routes, tenant, { customer: params.customerId, dryRun: body.dryRun }),
    }),
    route(`GET ${base}/{customerId}/timeline`, {
      summary: 'What the ledger holds about a customer, oldest first',
      tag,
      params: customerParams,
      query: z.object({
        from: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      answer: timelineShape,
      handle: async ({ tenant, params, query }) => {
        const project = storeOf(routes, tenant)
        await advanceLedger(routes.projects.ledgerOf(project), project)
        return { body: shown(await customerTimeline(project, params.customerId, query)) }
      },
    }),
  ]
}
