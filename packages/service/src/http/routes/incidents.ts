import { z } from '@hono/zod-openapi'
import type { Incident, IncidentAct, IncidentFilter, IncidentOrder } from '@trueup/core'
import {
  incidentActKinds,
  incidentKinds,
  incidentSorts,
  longestIncidentText,
  planRepair,
  severities,
  unknownIncident,
} from '@trueup/core'
import { causesOf, incidentsWithCause } from '../../cause/causes-of.ts'
import type { IncidentActed } from '../../incident/act-on-incidents.ts'
import { actOn, actOnMany, mostIncidentsAtOnce } from '../../incident/act-on-incidents.ts'
import { countIncidents, listIncidents } from '../../incident/list-incidents.ts'
import { guidedClerkRepair } from '../../repair/guided-clerk.ts'
import { pageOf, pageQuery, projectIdParam } from '../paging.ts'
import type { Principal } from '../principal.ts'
import type { ReachedTenant, Route } from '../route.ts'
import { route } from '../route.ts'
import { causedIncidentShape, incidentCountsShape, incidentStates } from '../shown/incident.ts'
import { repairPlanShape, repairShape } from '../shown/repair.ts'
import { shown } from '../shown/shown.ts'
import type { ProjectRoutes } from './project-routes.ts'
import { memberOf, nameOf, recordsOf, storeOf } from './project-routes.ts'
import { shownRepair } from './repairs.ts'

const base = '/api/v1/projects/{projectId}/incidents'
const tag = 'Incidents'

/** One value or several: `?state=open&state=acknowledged`. */
const oneOrMore = <Value extends z.ZodType>(value: Value) =>
  z.union([z.array(value), value.transform((one) => [one])]).optional()

const filterShape = {
  state: oneOrMore(z.enum(incidentStates)),
  severity: oneOrMore(z.enum(severities)),
  kind: oneOrMore(z.enum(incidentKinds)),
  hurts: z.enum(['customer', 'business', 'both']).optional(),
  about: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .openapi({ description: "A subject's id or key (`user_1`, `user:user_1`), or a customer's id." }),
  assignee: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ description: 'The id of a member; `nobody`: what is assigned to none.' }),
  moneyAtLeast: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .openapi({ description: 'At risk at least, in minor units.' }),
  currency: z.string().length(3).optional().openapi({ description: 'Of `moneyAtLeast`.' }),
  q: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ description: 'Stands in the sentence or in an id; letters A to Z in either case.' }),
  cause: z.string().min(1).max(500).optional().openapi({
    description: 'The id of a cause, or a kind of causes; of more than 10,000, those that opened last.',
    example: 'price-without-mapping:price_1',
  }),
}

type FilterSent = z.output<z.ZodObject<typeof filterShape>>

const incidentParams = z.object({ projectId: projectIdParam, incidentId: z.string().min(1).max(200) })
const note = z.string().max(longestIncidentText).nullable().default(null)
const reason = z.string().min(1).max(longestIncidentText)
/** An offset, such as +02:00, may stand in place of the Z. */
const futureMoment = z.iso.datetime({ offset: true })

const bulkAct = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('acknowledge'), note }),
  z.strictObject({ act: z.literal('ignore'), reason, until: futureMoment.nullable().default(null) }),
  z.strictObject({ act: z.literal('reopen'), note }),
  z.strictObject({ act: z.literal('assign'), assignee: z.string().min(1).max(200).nullable(), note }),
  z.strictObject({ act: z.literal('comment'), text: reason }),
])

const bulkShape = z.strictObject({
  act: bulkAct,
  ids: z.array(z.string().min(1).max(200)).min(1).max(mostIncidentsAtOnce).optional(),
  filter: z
    .strictObject({
      states: z.array(z.enum(incidentStates)).optional(),
      severities: z.array(z.enum(severities)).optional(),
      kinds: z.array(z.enum(incidentKinds)).optional(),
      hurts: filterShape.hurts,
      about: filterShape.about,
      assignee: z.string().min(1).max(200).nullable().optional(),
      moneyAtLeast: z
        .strictObject({ amount: z.number().int().min(0), currency: z.string().length(3).optional() })
        .optional(),
      text: filterShape.q,
      cause: filterShape.cause,
    })
    .optional(),
  count: z
    .number()
    .int()
    .min(0)
    .openapi({ description: 'How many incidents you believe to act on. Nothing is done where it differs.' }),
})

const actedShape = z
  .object({
    id: z.string(),
    outcome: z.enum(['changed', 'unchanged', 'refused']),
    state: z.enum(incidentStates).nullable(),
    code: z.string().nullable(),
    message: z.string().nullable(),
    fix: z.string().nullable(),
  })
  .openapi('IncidentActed')

/** Incidents: the list, one, and what a person does to them. */
export function incidentRoutes(routes: ProjectRoutes): Route[] {
  const acted = async (
    { tenant, principal }: { readonly tenant: ReachedTenant; readonly principal: Principal },
    id: string,
    act: IncidentAct,
  ) => {
    const incident = await actOn(dependenciesOf(routes, tenant), id, act, nameOf(principal))
    return { body: await shownWithCause(routes, tenant, incident) }
  }

  return [
    route(`GET ${base}`, {
      summary: 'The incidents of a project',
      tag,
      params: z.object({ projectId: projectIdParam }),
      query: pageQuery.extend({
        ...filterShape,
        sort: z.enum(incidentSorts).default('severity'),
        reversed: z.enum(['true', 'false']).default('false'),
      }),
      answer: pageOf(causedIncidentShape),
      handle: async ({ tenant, query }) => {
        const { sort, after, limit } = query
        const order: IncidentOrder = { sort, reversed: query.reversed === 'true' }
        const page = await listIncidents(storeOf(routes, tenant), {
          filter: await filterOf(routes, tenant, query),
          order,
          after,
          limit,
        })
        return { body: { items: await shownWithCauses(routes, tenant, page.items), next: page.next } }
      },
    }),
    route(`GET ${base}/counts`, {
      summary: 'How many incidents there are, by state, severity and kind, and the money at risk',
      tag,
      params: z.object({ projectId: projectIdParam }),
      query: z.object(filterShape),
      answer: incidentCountsShape,
      handle: async ({ tenant, query }) => ({
        body: shown(await countIncidents(storeOf(routes, tenant), await filterOf(routes, tenant, query))),
      }),
    }),
    route(`GET ${base}/{incidentId}`, {
      summary: 'One incident with its history, its repairs, and how it would be ended',
      tag,
      params: incidentParams,
      answer: z.object({
        incident: causedIncidentShape,
        repairs: z.array(repairShape),
        plan: repairPlanShape,
      }),
      handle: async ({ tenant, params }) => {
        const project = storeOf(routes, tenant)
        const incident = await project.incident(params.incidentId)
        if (!incident) throw unknownIncident(params.incidentId)
        const repairs = await project.repairs({ incidentId: incident.id, limit: 100 })
        const { config } = await recordsOf(routes, tenant)
        const plan = planRepair(incident, {
          catalogue: config.catalogue,
          access: config.access,
          clerkApiUrl: (await routes.projects.operatorOf(tenant)).clerkApiUrl,
        })
        const guided = guidedClerkRepair(incident, plan, tenant.projectId)
        return {
          body: {
            incident: await shownWithCause(routes, tenant, incident),
            repairs: repairs.map(shownRepair),
            plan: shown({ ...plan, guided }),
          },
        }
      },
    }),
    route(`POST ${base}/{incidentId}/acknowledge`, {
      summary: 'Say that somebody is at work on it',
      tag,
      params: incidentParams,
      body: z.strictObject({ note }).default({ note: null }),
      answer: causedIncidentShape,
      handle: (request) =>
        acted(request, request.params.incidentId, { kind: 'acknowledge', note: request.body.note }),
    }),
    route(`POST ${base}/{incidentId}/ignore`, {
      summary: 'Say that the drift is meant to be, for a time or for good',
      tag,
      params: incidentParams,
      body: z.strictObject({ reason, until: futureMoment.nullable().default(null) }),
      answer: causedIncidentShape,
      handle: (request) =>
        acted(request, request.params.incidentId, {
          kind: 'ignore',
          reason: request.body.reason,
          until: dateOf(request.body.until),
        }),
    }),
    route(`POST ${base}/{incidentId}/reopen`, {
      summary: 'Take back that it was ignored or resolved',
      tag,
      params: incidentParams,
      body: z.strictObject({ note }).default({ note: null }),
      answer: causedIncidentShape,
      handle: (request) =>
        acted(request, request.params.incidentId, { kind: 'reopen', note: request.body.note }),
    }),
    route(`POST ${base}/{incidentId}/assign`, {
      summary: "Make it a member's work, or nobody's",
      tag,
      params: incidentParams,
      body: z.strictObject({ assignee: z.string().min(1).max(200).nullable(), note }),
      answer: causedIncidentShape,
      handle: (request) => acted(request, request.params.incidentId, { kind: 'assign', ...request.body }),
    }),
    route(`POST ${base}/{incidentId}/comment`, {
      summary: 'Say something about it',
      tag,
      params: incidentParams,
      body: z.strictObject({ text: reason }),
      answer: causedIncidentShape,
      handle: (request) =>
        acted(request, request.params.incidentId, { kind: 'comment', text: request.body.text }),
    }),
    route(`POST ${base}/bulk`, {
      summary: 'Act on many incidents, named by their ids or by a filter',
      tag,
      description:
        'Each is acted on by itself, and what was done already is done once, so it may be sent again. ' +
        `Give \`ids\` or \`filter\`; at most ${mostIncidentsAtOnce} incidents at once. Acts: ${incidentActKinds.join(', ')}.`,
      params: z.object({ projectId: projectIdParam }),
      body: bulkShape.refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), {
        message: 'Give either ids or filter.',
      }),
      answer: z.object({ items: z.array(actedShape) }),
      handle: async ({ tenant, principal, body }) => {
        const { moneyAtLeast, cause, ...rest } = body.filter ?? {}
        const filter: IncidentFilter = {
          ...compact(rest),
          ...(await idsOf(routes, tenant, cause)),
          ...(moneyAtLeast ? { moneyAtLeast: compact(moneyAtLeast) } : {}),
        }
        const target = body.ids ? { ids: body.ids } : { filter }
        const items = await actOnMany(dependenciesOf(routes, tenant), target, actIn(body.act), {
          by: nameOf(principal),
          count: body.count,
        })
        return { body: { items: items.map(shownActed) } }
      },
    }),
  ]
}

function dependenciesOf(routes: ProjectRoutes, tenant: ReachedTenant) {
  return {
    project: storeOf(routes, tenant),
    clock: routes.projects.clock,
    isMember: memberOf(routes, tenant),
  }
}

async function filterOf(
  routes: ProjectRoutes,
  tenant: ReachedTenant,
  { state, severity, kind, hurts, about, assignee, moneyAtLeast, currency, q, cause }: FilterSent,
): Promise<IncidentFilter> {
  const money = moneyAtLeast === undefined ? undefined : compact({ amount: moneyAtLeast, currency })
  return {
    ...compact({
      states: state,
      severities: severity,
      kinds: kind,
      hurts,
      about,
      assignee: assignee === 'nobody' ? null : assignee,
      text: q,
    }),
    ...(await idsOf(routes, tenant, cause)),
    ...(money ? { moneyAtLeast: money } : {}),
  }
}

async function idsOf(routes: ProjectRoutes, tenant: ReachedTenant, cause: string | undefined) {
  if (cause === undefined) return {}
  return { ids: await incidentsWithCause(routes.projects.database, tenant, cause) }
}

async function shownWithCauses(routes: ProjectRoutes, tenant: ReachedTenant, incidents: readonly Incident[]) {
  const ids = incidents.map(({ id }) => id)
  const causes = await causesOf(routes.projects.database, tenant, ids)
  return incidents.map((incident) => shown({ ...incident, cause: causes.get(incident.id) ?? null }))
}

async function shownWithCause(routes: ProjectRoutes, tenant: ReachedTenant, incident: Incident) {
  const causes = await causesOf(routes.projects.database, tenant, [incident.id])
  return shown({ ...incident, cause: causes.get(incident.id) ?? null })
}

type Compact<Value> = { [Key in keyof Value]?: Exclude<Value[Key], undefined> } & {
  [Key in keyof Value as undefined extends Value[Key] ? never : Key]: Value[Key]
}

/** Without the names whose value is `undefined`. */
function compact<Value extends object>(value: Value): Compact<Value> {
  const there = Object.entries(value).filter(([, held]) => held !== undefined)
  return Object.fromEntries(there) as Compact<Value>
}

function actIn(sent: z.output<typeof bulkAct>): IncidentAct {
  switch (sent.act) {
    case 'acknowledge':
    case 'reopen':
      return { kind: sent.act, note: sent.note }
    case 'ignore':
      return { kind: 'ignore', reason: sent.reason, until: dateOf(sent.until) }
    case 'assign':
      return { kind: 'assign', assignee: sent.assignee, note: sent.note }
    case 'comment':
      return { kind: 'comment', text: sent.text }
  }
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}

function shownActed(acted: IncidentActed) {
  const { id, outcome } = acted
  if (acted.outcome !== 'refused') {
    return { id, outcome, state: acted.incident.state, code: null, message: null, fix: null }
  }
  return { id, outcome, state: null, code: acted.code, message: acted.message, fix: acted.fix }
}
