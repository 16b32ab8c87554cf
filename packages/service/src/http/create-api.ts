import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { isAtLeast } from '../team/role.ts'
import { ApiError, notFound } from './api-error.ts'
import type { IdempotentAnswers } from './idempotent-answers.ts'
import { describeRoutes } from './openapi.ts'
import type { PolicyRow } from './policy.ts'
import { policyRows } from './policy.ts'
import type { Principal } from './principal.ts'
import { problemOf, retryAfter } from './problem.ts'
import type { RateLimits } from './rate-limits.ts'
import { readRequest } from './read-request.ts'
import type { ReachedTenant, Route, RouteAnswer } from './route.ts'

/** A request and how it ended, for the log and the metrics. */
export interface Answered {
  readonly requestId: string
  readonly method: string
  /** The route as the reference has it, never the address itself. */
  readonly route: string
  readonly status: number
  readonly milliseconds: number
  readonly principal: Principal['kind']
  /** What went wrong on our side, with its texts, for the log alone. */
  readonly error: unknown
}

export interface ApiOptions {
  readonly routes: readonly Route[]
  /** Who asks, by the session cookie or the bearer key. Throws where a key or session was given that is no good. */
  readonly resolvePrincipal: (request: Request, address: string) => Promise<Principal>
  /** The workspace of a project; `null`: there is no such project. */
  readonly workspaceOf: (projectId: string) => Promise<string | null>
  readonly limits: RateLimits
  readonly idempotentAnswers: IdempotentAnswers
  /** Origins whose pages may act for whoever is signed in: the service's own, and those that the operator named. */
  readonly origins: readonly string[]
  /** The address that a request came from, as far as proxies are trusted. */
  readonly addressOf: (context: Context) => string
  readonly requestId: () => string
  /** Milliseconds that only go forward. */
  readonly elapsed: () => number
  readonly onAnswered: (answered: Answered) => void
  /** Told when something of a project was changed, so that whoever follows it can look. It must not throw. */
  readonly onChanged: (tenant: ReachedTenant) => void
  readonly version: string
}

const largestBody = 1024 * 1024
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * The HTTP API from its routes. What every request goes through stands here and in no route: who asks, whether the
 * policy table allows it, whether the project is in reach, limits, what was sent, idempotency, and errors as problem
 * details. It answers every address, so that what stands beside it is mounted before it.
 *
 * @throws Error when a row of the policy table has no route, or two, or a route no row
 */
export function createApi(options: ApiOptions): OpenAPIHono {
  assertEveryRowHasItsRoute(options.routes)
  const app = new OpenAPIHono()
  app.use('*', secureHeaders())
  const limitBody = bodyLimit({ maxSize: largestBody, onError: () => raise(bodyTooLarge()) })
  for (const route of options.routes) {
    const [method = 'GET', path = '/'] = route.key.split(' ')
    const address = addressOfRoute(path)
    app.on(method, address, limitBody)
    app.on(method, address, (context) => answer(context, route, options))
  }
  const document = describeRoutes(options.routes, options.version)
  app.get('/api/openapi.json', (context) => context.json(document))
  for (const [address, methods] of methodsOfAddresses(options.routes)) {
    app.all(address, (context) => failed(context, methodUnknown(methods), options, { Allow: methods }))
  }
  // A handler for what is not found would be lost where this is mounted.
  app.all('*', (context) => failed(context, notFound(), options))
  app.onError((error, context) => failed(context, error, options))
  return app
}

function addressOfRoute(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

/** The methods of each address, as `Allow` lists them. */
function methodsOfAddresses(routes: readonly Route[]): ReadonlyMap<string, string> {
  const methods = new Map<string, string>([['/api/openapi.json', 'GET, HEAD']])
  for (const { key } of routes) {
    const [method = '', path = ''] = key.split(' ')
    const address = addressOfRoute(path)
    const before = methods.get(address)
    methods.set(address, [before, method === 'GET' ? 'GET, HEAD' : method].filter(Boolean).join(', '))
  }
  return methods
}

function methodUnknown(methods: string): ApiError {
  return new ApiError({
    code: 'method-unknown',
    message: 'This address does not take this method.',
    fix: `It takes ${methods}.`,
  })
}

async function answer(context: Context, route: Route, options: ApiOptions): Promise<Response> {
  const begun = options.elapsed()
  const address = options.addressOf(context)
  const requestId = options.requestId()
  let principal: Principal = { kind: 'nobody' }
  let error: unknown = null
  let response: Response
  let limitHeaders: Readonly<Record<string, string>> = {}
  try {
    const row: PolicyRow = policyRows[route.key]
    if (!route.isUnlimited) await options.limits.beforeSignIn(address)
    principal = row.role === 'nobody' ? principal : await options.resolvePrincipal(context.req.raw, address)
    if (!route.isUnlimited) limitHeaders = await options.limits.take(principal, address)
    if (!route.isUnlimited) assertSameSite(context.req.raw, principal, options.origins)
    const tenant = await reach(context, row, principal, options)
    const request = { ...(await readRequest(context, route)), principal, tenant, address }
    const run = async () => written(await route.handle(request), route)
    response = await options.idempotentAnswers.once(
      context.req.raw,
      route.key,
      request,
      run,
      route.isShownOnce,
    )
    if (response.ok && tenant.projectId !== '' && !safeMethods.has(context.req.method))
      options.onChanged(tenant)
  } catch (thrown) {
    const { response: problem, isOurs } = problemResponse(thrown, requestId)
    response = problem
    error = isOurs ? thrown : null
  }
  // Nobody reads it: what makes it would be left at work.
  if (context.req.method === 'HEAD') await response.body?.cancel()
  const headers = new Headers(response.headers)
  headers.set('X-Request-Id', requestId)
  for (const [name, value] of Object.entries(limitHeaders)) headers.set(name, value)
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
  options.onAnswered({
    requestId,
    method: context.req.method,
    route: route.key,
    status: response.status,
    milliseconds: options.elapsed() - begun,
    principal: principal.kind,
    error,
  })
  const body = context.req.method === 'HEAD' ? null : response.body
  return new Response(body, { status: response.status, headers })
}

/**
 * Lets through whom the row of the route allows, and gives the tenant that the path names. What is out of reach is
 * answered like what is not there, before anything else is said.
 */
async function reach(
  context: Context,
  row: PolicyRow,
  principal: Principal,
  { workspaceOf }: ApiOptions,
): Promise<ReachedTenant> {
  const projectId = context.req.param('projectId') ?? ''
  const named = context.req.param('workspaceId') ?? ''
  const lookUp = async () => {
    if (!isId(projectId) || !isId(named)) return null
    return projectId ? await workspaceOf(projectId) : named
  }
  if (row.role === 'nobody') {
    const workspaceId = await lookUp()
    if (workspaceId === null) throw notFound()
    return { workspaceId, projectId }
  }
  if (principal.kind === 'nobody') {
    throw new ApiError({
      code: 'signed-out',
      message: 'This needs a session or an API key, and the request has neither.',
      fix: 'Sign in, or send `Authorization: Bearer tu_…` with a key of the workspace.',
    })
  }
  const workspaceId = await lookUp()
  if (workspaceId === null) throw notFound()
  if (principal.kind === 'key') {
    const isElsewhere =
      (workspaceId !== '' && workspaceId !== principal.workspaceId) ||
      (principal.projectId !== null &&
        (projectId === '' ? workspaceId !== '' : projectId !== principal.projectId))
    if (isElsewhere) throw notFound()
    assertKeyMay(row, principal.scope)
    return {
      workspaceId: workspaceId || principal.workspaceId,
      projectId: projectId || (principal.projectId ?? ''),
    }
  }
  if (workspaceId !== '') {
    const role = principal.roles.get(workspaceId)
    if (!role) throw notFound()
    if (row.role !== 'anybody' && !isAtLeast(role, row.role)) {
      throw new ApiError({
        code: 'role-too-low',
        message: `This needs the role ${row.role}; yours is ${role}.`,
        fix: 'Ask an admin or the owner of the workspace.',
      })
    }
  } else if (row.role !== 'anybody') {
    throw notFound()
  }
  if (row.fresh && !principal.sessionFresh) {
    throw new ApiError({
      code: 'confirmation-needed',
      message: 'This needs you to show once more that it is you.',
      fix: 'Confirm your password (POST /api/v1/session/confirm), then send it again.',
    })
  }
  return { workspaceId, projectId }
}

/** Whether an id could be one of ours: what is not is looked up nowhere. Empty where the path names none. */
function isId(text: string): boolean {
  return /^[\w-]{0,200}$/.test(text)
}

function assertKeyMay(row: PolicyRow, scope: 'read' | 'read+repair'): void {
  if (row.key === 'never') {
    throw new ApiError({
      code: 'people-only',
      message: 'No API key may do this, whatever its scope.',
      fix: 'Sign in and do it as a person.',
    })
  }
  if (row.key === 'read+repair' && scope === 'read') {
    throw new ApiError({
      code: 'key-too-narrow',
      message: 'This needs a key with the scope read+repair; this one may only read.',
      fix: 'Make a key with that scope, or do it as a person.',
    })
  }
}

/** A session rides on a cookie, which a browser sends for pages of others too: they may read nothing and change nothing. */
function assertSameSite(request: Request, principal: Principal, origins: readonly string[]): void {
  if (principal.kind === 'key' || safeMethods.has(request.method)) return
  const site = request.headers.get('sec-fetch-site')
  const origin = request.headers.get('origin')
  if (origin !== null ? origins.includes(origin) : site === null || site === 'same-origin' || site === 'none')
    return
  throw new ApiError({
    code: 'other-site',
    message: 'The request came from a page of another site.',
    fix: 'Use the address of the service itself; an operator allows others in TRUEUP_ALLOWED_ORIGINS.',
  })
}

function written(answer: RouteAnswer<unknown>, route: Route): Response {
  if (answer instanceof Response) return answer
  const headers = answer.headers ?? {}
  if (!('body' in answer)) return new Response(null, { status: 204, headers })
  const body = asDocumented(answer.body, route)
  return Response.json(body, { status: answer.status ?? route.status ?? 200, headers })
}

/** What the reference says of an answer and no more, so that nothing is let out that nobody meant to show. */
function asDocumented(body: unknown, { key, answer }: Route): unknown {
  if (!answer) return body
  const documented = answer.safeParse(body)
  if (documented.success) return documented.data
  const where = documented.error.issues.map(({ path, code }) => `${path.join('.')} (${code})`).join(', ')
  throw new Error(`The answer of ${key} is not what the reference says: ${where}.`)
}

function problemResponse(
  error: unknown,
  requestId: string,
): { readonly response: Response; readonly isOurs: boolean } {
  const { problem, isOurs } = problemOf(error, requestId)
  const seconds = retryAfter(error)
  const headers = {
    'Content-Type': 'application/problem+json',
    ...(seconds === null ? {} : { 'Retry-After': String(seconds) }),
    ...(problem.status === 401 ? { 'WWW-Authenticate': 'Bearer realm="trueup"' } : {}),
  }
  return { response: new Response(JSON.stringify(problem), { status: problem.status, headers }), isOurs }
}

/** The answer to a request that reached no route. */
function failed(
  context: Context,
  error: unknown,
  options: ApiOptions,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const requestId = options.requestId()
  const { response, isOurs } = problemResponse(error, requestId)
  options.onAnswered({
    requestId,
    method: context.req.method,
    route: 'none',
    status: response.status,
    milliseconds: 0,
    principal: 'nobody',
    error: isOurs ? error : null,
  })
  const all = { ...headers, 'X-Request-Id': requestId, 'Cache-Control': 'no-store' }
  for (const [name, value] of Object.entries(all)) response.headers.set(name, value)
  return response
}

function bodyTooLarge(): ApiError {
  return new ApiError({
    code: 'body-too-large',
    message: `The body is larger than ${largestBody} bytes.`,
    fix: 'Send less at once.',
  })
}

function raise(error: Error): never {
  throw error
}

function assertEveryRowHasItsRoute(routes: readonly Route[]): void {
  const made: readonly string[] = routes.map(({ key }) => key)
  const rows = Object.keys(policyRows)
  const wrong = [
    ['Rows of the policy table without a route', rows.filter((key) => !made.includes(key))],
    ['Routes without a row of it', made.filter((key) => !rows.includes(key))],
    ['Rows with two routes', made.filter((key, place) => made.indexOf(key) !== place)],
  ] as const
  const found = wrong.filter(([, keys]) => keys.length > 0)
  if (found.length > 0) throw new Error(found.map(([what, keys]) => `${what}: ${keys.join(', ')}.`).join(' '))
}
