import { z } from '@hono/zod-openapi'
import type { Access } from '@trueup/core'
import { makeException, prolongException, stopException } from '../../exception/keep-exceptions.ts'
import { listExceptions, requireException } from '../../exception/list-exceptions.ts'
import { pageOf, pageQuery, projectIdParam } from '../paging.ts'
import type { ReachedTenant, Route } from '../route.ts'
import { route } from '../route.ts'
import { subjectShape } from '../shown/access.ts'
import { exceptionShape, shownException } from '../shown/exception.ts'
import type { ProjectRoutes } from './project-routes.ts'
import { memberOf, nameOf, recordsOf, storeOf } from './project-routes.ts'

const base = '/api/v1/projects/{projectId}/exceptions'
const tag = 'Exceptions'

const projectParams = z.object({ projectId: projectIdParam })
const exceptionParams = z.object({ projectId: projectIdParam, exceptionId: z.string().min(1).max(200) })
const futureMoment = z.iso.datetime({ offset: true })

const allowedShape = z
  .strictObject({
    plan: z.string().min(1).optional(),
    paid: z.boolean().optional(),
    trialEndsAt: futureMoment.optional(),
    entitlements: z.union([z.array(z.string().trim().min(1)).max(200), z.literal('every')]).optional(),
    seats: z.union([z.number().int().min(0), z.literal('unlimited')]).optional(),
  })
  .openapi({ description: 'What the subject may have beyond what billing allows.' })

/** Exceptions: comped accounts, staff and partners, each with who answers for it and an end. */
export function exceptionRoutes(routes: ProjectRoutes): Route[] {
  const { clock } = routes.projects
  return [
    route(`GET ${base}`, {
      summary: 'The exceptions of a project, those that end first before the others',
      tag,
      params: projectParams,
      query: pageQuery.extend({
        state: z.enum(['running', 'over']).optional(),
        endsWithinDays: z.coerce.number().int().min(0).max(3660).optional(),
        subject: z.string().min(1).max(300).optional().openapi({ example: 'user:user_1' }),
        owner: z.string().min(1).max(200).optional(),
      }),
      answer: pageOf(exceptionShape),
      handle: async ({ tenant, query }) => {
        const now = clock.now()
        const { items, next } = await listExceptions(storeOf(routes, tenant), query, now)
        return { body: { items: items.map((one) => shownException(one, now)), next } }
      },
    }),
    route(`GET ${base}/{exceptionId}`, {
      summary: 'One exception',
      tag,
      params: exceptionParams,
      answer: exceptionShape,
      handle: async ({ tenant, params }) => ({
        body: shownException(
          await requireException(storeOf(routes, tenant), params.exceptionId),
          clock.now(),
        ),
      }),
    }),
    route(`POST ${base}`, {
      summary: 'Let a subject have more than it pays for, until a moment',
      tag,
      params: projectParams,
      body: z.strictObject({
        subject: z.strictObject(subjectShape.shape),
        allowed: allowedShape,
        reason: z.string().min(1).max(4000),
        owner: z
          .string()
          .min(1)
          .max(200)
          .optional()
          .openapi({ description: 'A member of the workspace. Default: who asks.' }),
        until: futureMoment,
      }),
      answer: exceptionShape,
      status: 201,
      handle: async ({ tenant, principal, body }) => {
        const { config } = await recordsOf(routes, tenant)
        const { subject, reason, until } = body
        const owner = body.owner ?? (principal.kind === 'person' ? principal.personId : '')
        const made = await makeException(
          dependenciesOf(routes, tenant),
          { subject, allowed: allowedIn(body.allowed), reason, owner, until: new Date(until) },
          nameOf(principal),
          config.catalogue,
        )
        return { body: shownException(made, clock.now()) }
      },
    }),
    route(`POST ${base}/{exceptionId}/extend`, {
      summary: 'Let an exception run longer',
      tag,
      params: exceptionParams,
      body: z.strictObject({ until: futureMoment }),
      answer: exceptionShape,
      handle: async ({ tenant, principal, params, body }) => {
        const extended = await prolongException(
          dependenciesOf(routes, tenant),
          params.exceptionId,
          new Date(body.until),
          nameOf(principal),
        )
        return { body: shownException(extended, clock.now()) }
      },
    }),
    route(`POST ${base}/{exceptionId}/end`, {
      summary: 'End an exception now; the next check sees what it covered',
      tag,
      params: exceptionParams,
      answer: exceptionShape,
      handle: async ({ tenant, principal, params }) => {
        const by = nameOf(principal)
        const ended = await stopException(dependenciesOf(routes, tenant), params.exceptionId, by)
        return { body: shownException(ended, clock.now()) }
      },
    }),
  ]
}

function dependenciesOf(routes: ProjectRoutes, tenant: ReachedTenant) {
  const { clock, randomBytes } = routes.projects
  return { project: storeOf(routes, tenant), clock, randomBytes, isMember: memberOf(routes, tenant) }
}

function allowedIn(sent: z.output<typeof allowedShape>): Partial<Access> {
  const { plan, paid, trialEndsAt, entitlements, seats } = sent
  return {
    ...(plan === undefined ? {} : { plan }),
    ...(paid === undefined ? {} : { paid }),
    ...(trialEndsAt === undefined ? {} : { trialEndsAt: new Date(trialEndsAt) }),
    ...(entitlements === undefined
      ? {}
      : {
          entitlements: entitlements === 'every' ? entitlements : [...new Set(entitlements)].toSorted(),
        }),
    ...(seats === undefined ? {} : { seats }),
  }
}
