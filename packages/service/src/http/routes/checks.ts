import { z } from '@hono/zod-openapi'
import type { CheckRun, ProjectStore, Timer } from '@trueup/core'
import { isReadWhole } from '@trueup/core'
import { requestFullCheck, requestRecentCheck } from '../../check/request-check.ts'
import { askSingleCheck } from '../../customer/ask-single-check.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import { openServiceProject } from '../../project/open-service-project.ts'
import { listChecks } from '../../store/list-checks.ts'
import { ApiError, notFound } from '../api-error.ts'
import { pageOf, pageQuery, projectIdParam } from '../paging.ts'
import type { ReachedTenant, Route } from '../route.ts'
import { route } from '../route.ts'
import { checkShape } from '../shown/check.ts'
import { customerStateShape } from '../shown/customer.ts'
import { driftShape } from '../shown/incident.ts'
import { shown } from '../shown/shown.ts'
import { textStream } from '../text-stream.ts'
import type { ProjectRoutes } from './project-routes.ts'
import { recordsOf, storeOf } from './project-routes.ts'

const base = '/api/v1/projects/{projectId}/checks'
const tag = 'Checks'

const projectParams = z.object({ projectId: projectIdParam })
const checkParams = z.object({ projectId: projectIdParam, checkId: z.string().min(1).max(40) })
const kinds = ['full', 'recent', 'single'] as const

/** What the routes about checks work with. */
export interface CheckRoutes extends ProjectRoutes {
  readonly jobs: Jobs
  readonly timer: Timer
}

const askedShape = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('full'),
    dryRun: z.boolean().default(false).openapi({ description: 'Reads and compares, and files nothing.' }),
    acceptChanges: z.boolean().default(false).openapi({
      description:
        'Takes counts and tables that are far from those of the last check; a person looked at them.',
    }),
  }),
  z.strictObject({ kind: z.literal('recent') }),
  z.strictObject({
    kind: z.literal('single'),
    customer: z
      .string()
      .min(1)
      .max(300)
      .openapi({ description: '`cus_1`, `user_1`, or with its kind: `user:user_1`.' }),
    dryRun: z.boolean().default(false),
  }),
])

/** What became of a check that was asked for. */
export const startedShape = z.object({
  // Of a check of one customer: the run that filed; null where there was nothing to file.
  check: z.union([checkShape, z.null()]),
  single: z
    .object({
      state: customerStateShape,
      opened: z.array(z.string()),
      resolved: z.array(z.string()),
      withheld: z.array(driftShape).openapi({
        description: 'Not opened, since an open incident says that the mapping is likelier to be wrong.',
      }),
    })
    .nullable()
    .openapi({ description: 'What a check of one customer found; null for the others.' }),
})

/** Checks: starting one, the list, one, and its progress while it runs. */
export function checkRoutes(routes: CheckRoutes): Route[] {
  return [
    route(`GET ${base}`, {
      summary: 'The checks of a project, the newest first',
      tag,
      params: projectParams,
      query: pageQuery.extend({
        kind: z.union([z.array(z.enum(kinds)), z.enum(kinds)]).optional(),
      }),
      answer: pageOf(checkShape),
      handle: async ({ tenant, query: { kind, after, limit } }) => {
        const reach = { database: routes.projects.database, tenant, project: storeOf(routes, tenant) }
        const { items, next } = await listChecks(reach, {
          kinds: kind === undefined ? undefined : [kind].flat(),
          after,
          limit,
        })
        return { body: { items: items.map(shownCheck), next } }
      },
    }),
    route(`POST ${base}`, {
      summary: 'Check everything, what changed since the last check, or one customer',
      tag,
      description:
        'A full or recent check runs in the background: 202 with its address in `Location`; ' +
        'one that is at work already is given instead of a second. A check of one customer is answered when it is done.',
      params: projectParams,
      body: askedShape,
      answer: startedShape,
      status: 202,
      handle: async ({ tenant, body }) => {
        if (body.kind === 'single') return await checkOne(routes, tenant, body)
        const requests = { ...(await recordsOf(routes, tenant)), jobs: routes.jobs, tenant }
        const check =
          body.kind === 'full' ? await requestFullCheck(requests, body) : await requestRecentCheck(requests)
        const location = `/api/v1/projects/${encodeURIComponent(tenant.projectId)}/checks/${check.id}`
        return {
          status: 202,
          body: { check: shownCheck(check), single: null },
          headers: { Location: location },
        }
      },
    }),
    route(`GET ${base}/{checkId}`, {
      summary: 'One check, and how far it has come',
      tag,
      params: checkParams,
      answer: checkShape,
      handle: async ({ tenant, params }) => ({
        body: shownCheck(await requireCheck(storeOf(routes, tenant), params.checkId)),
      }),
    }),
    route(`GET ${base}/{checkId}/progress`, {
      summary: 'A check while it runs, as server-sent events',
      tag,
      description:
        'An event `check` with the check as JSON whenever it has come further, and one `end` when it is finished.',
      params: checkParams,
      produces: 'text/event-stream',
      handle: async ({ tenant, params, signal }) => {
        const project = storeOf(routes, tenant)
        const check = await requireCheck(project, params.checkId)
        return new Response(textStream(progressOf(project, check, routes.timer, signal), signal, 0), {
          headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
        })
      },
    }),
  ]
}

/** A check as an answer holds it. */
export function shownCheck(check: CheckRun) {
  const { configFingerprint: _, ...rest } = check
  const parts = Object.values(check.parts)
  return {
    ...shown(rest),
    complete: check.finishedAt !== null && parts.length > 0 && parts.every(isReadWhole),
  }
}

/** Checks one customer or subject now, and files what is found. */
export async function checkOne(
  routes: ProjectRoutes,
  tenant: ReachedTenant,
  { customer, dryRun }: { readonly customer: string; readonly dryRun: boolean },
) {
  const project = await openServiceProject(routes.projects, tenant, { usedFor: 'single check' })
  try {
    const found = await askSingleCheck(project, customer, { dryRun })
    if (found === 'superseded') throw beingRead()
    if (found.state.pairs.length === 0) throw notFound()
    const check = found.state.checkId === null ? null : await project.project.loadCheck(found.state.checkId)
    return {
      status: 200,
      body: { check: check && shownCheck(check), single: shown(found) },
    } as const
  } finally {
    await project.close()
  }
}

async function requireCheck(project: ProjectStore, checkId: string): Promise<CheckRun> {
  const check = await project.loadCheck(checkId)
  if (!check) throw notFound()
  return check
}

const pollMs = 1_000
/** Proxies close what is silent for a minute. */
const silentPolls = 15

async function* progressOf(
  project: ProjectStore,
  begun: CheckRun,
  timer: Timer,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let check: CheckRun | null = begun
  let told = ''
  for (let silent = 0; check !== null; silent++) {
    const data = JSON.stringify(shownCheck(check))
    if (data !== told) {
      yield `event: check\ndata: ${data}\n\n`
      told = data
      silent = 0
    } else if (silent % silentPolls === 0) yield ': still at work\n\n'
    if (check.finishedAt !== null) {
      yield 'event: end\ndata: {}\n\n'
      return
    }
    await timer.sleep(pollMs, signal)
    check = await project.loadCheck(begun.id)
  }
}

function beingRead(): ApiError {
  return new ApiError({
    code: 'conflict',
    message: 'The same customer is being checked by somebody else at this moment; what that finds is newer.',
    fix: 'Look at its state, or send it again.',
  })
}
