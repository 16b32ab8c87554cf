import { z } from '@hono/zod-openapi'
import { toldCause } from '../../cause/causes-of.ts'
import { listDeploys, markDeploy } from '../../cause/deploys.ts'
import { findCauseNow } from '../../cause/find-causes.ts'
import { listCauses } from '../../cause/list-causes.ts'
import { moneyOverTime } from '../../money/money-over-time.ts'
import { parityOverTime } from '../../money/parity-over-time.ts'
import { notFound } from '../api-error.ts'
import { pageOf, pageQuery, projectIdParam } from '../paging.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { moment } from '../shown/access.ts'
import {
  causeGroupShape,
  causeShape,
  deployShape,
  moneyDayShape,
  moneySpanShape,
  parityDayShape,
  parityShape,
} from '../shown/cause.ts'
import { incidentStates } from '../shown/incident.ts'
import { shown } from '../shown/shown.ts'
import type { ProjectRoutes } from './project-routes.ts'
import { nameOf } from './project-routes.ts'

const base = '/api/v1/projects/{projectId}'
const tag = 'Causes and money'

const ofProject = z.object({ projectId: projectIdParam })
const ofIncident = ofProject.extend({ incidentId: z.string().min(1).max(200) })
const daysQuery = z.object({
  days: z.coerce.number().int().min(1).max(366).default(30).openapi({ description: 'Today with them.' }),
})

/** What probably broke, what it costs, and how many agree, over time. */
export function causeRoutes(routes: ProjectRoutes): Route[] {
  const { database, clock, randomBytes } = routes.projects
  return [
    route(`GET ${base}/causes`, {
      summary: 'Causes that incidents have in common, those of the most incidents first',
      tag,
      description: 'Incidents of a cause are listed by `GET incidents?cause=<id>`.',
      params: ofProject,
      query: pageQuery.extend({
        state: z
          .union([z.array(z.enum(incidentStates)), z.enum(incidentStates).transform((one) => [one])])
          .default(['open', 'acknowledged'])
          .openapi({ description: 'Of the incidents. Default: open and acknowledged.' }),
      }),
      answer: pageOf(causeGroupShape).extend({
        pending: z.number().int().openapi({ description: 'Incidents whose cause is not worked out yet.' }),
      }),
      handle: async ({ tenant, query: { state, after = null, limit } }) => ({
        body: shown(await listCauses(database, tenant, { states: state, after, limit })),
      }),
    }),
    route(`POST ${base}/incidents/{incidentId}/cause`, {
      summary: 'Work out the cause of an incident again, by what is known now',
      tag,
      params: ofIncident,
      answer: causeShape,
      handle: async ({ tenant, params }) => {
        const found = await findCauseNow(routes.projects, tenant, params.incidentId)
        if (!found) throw notFound()
        return { body: shown(toldCause(found.cause, found.foundAt)) }
      },
    }),
    route(`GET ${base}/deploys`, {
      summary: 'Deploys of the app, the last first',
      tag,
      params: ofProject,
      query: pageQuery,
      answer: pageOf(deployShape),
      handle: async ({ tenant, query: { after = null, limit } }) => ({
        body: shown(await listDeploys(database, tenant, { after, limit })),
      }),
    }),
    route(`POST ${base}/deploys`, {
      summary: 'Mark that another version of the app was put in place',
      tag,
      description: 'Called at the end of a deploy, so that drifts which begin then can be told from others.',
      params: ofProject,
      body: z.strictObject({
        version: z.string().min(1).max(200).openapi({ example: 'v2.14.0' }),
        at: z.iso
          .datetime({ offset: true })
          .nullable()
          .default(null)
          .openapi({ description: 'When; left out: now.' }),
        url: z
          .string()
          .max(2_000)
          .nullable()
          .default(null)
          .openapi({ description: 'Where what changed can be looked at.' }),
      }),
      answer: deployShape,
      status: 201,
      handle: async ({ tenant, body, principal }) => {
        const deploy = { ...body, at: body.at === null ? null : new Date(body.at) }
        const by = nameOf(principal)
        return {
          status: 201,
          body: shown(await markDeploy({ database, clock, randomBytes }, tenant, deploy, by)),
        }
      },
    }),
    route(`GET ${base}/money`, {
      summary: 'Money at risk, lost, owed and recovered, now and day by day',
      tag,
      description: 'Sums of days add up to `total`. Currencies are never converted.',
      params: ofProject,
      query: daysQuery,
      answer: z.object({
        asOf: moment,
        total: moneySpanShape.openapi({ description: 'Of all the days that are shown.' }),
        ever: moneySpanShape.openapi({ description: "Since the project's first incident." }),
        days: z.array(moneyDayShape),
      }),
      handle: async ({ tenant, query: { days } }) => ({
        body: shown(await moneyOverTime(database, tenant, { now: clock.now(), days })),
      }),
    }),
    route(`GET ${base}/parity`, {
      summary: 'How many customers have what they paid for, now and day by day',
      tag,
      params: ofProject,
      query: daysQuery,
      answer: z.object({
        asOf: moment,
        now: z
          .union([parityShape, z.null()])
          .openapi({ description: 'By the last full check that read everything.' }),
        days: z.array(parityDayShape),
      }),
      handle: async ({ tenant, query: { days } }) => ({
        body: shown(await parityOverTime(database, tenant, { now: clock.now(), days })),
      }),
    }),
  ]
}
