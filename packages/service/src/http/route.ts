import type { z } from '@hono/zod-openapi'
import type { RouteKey } from './policy.ts'
import type { Principal } from './principal.ts'

/** Where a route finds its project or workspace, which is then the one that the principal can reach. */
export interface ReachedTenant {
  readonly workspaceId: string
  /** Of a route whose path names a project. */
  readonly projectId: string
}

type Shape = z.ZodObject
type Read<S> = S extends z.ZodType ? z.output<S> : Record<string, never>

/** What a route needs to know of a request: who asks, about which tenant, and what was sent, validated. */
export interface RouteRequest<Params, Query, Body> {
  readonly principal: Principal
  /** Empty texts where the path names neither a project nor a workspace. */
  readonly tenant: ReachedTenant
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** The request itself, for routes that need its headers or raw bytes. */
  readonly raw: Request
  /** Where the request came from, as the settings for proxies say. */
  readonly address: string
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** An answer with a body, of which what its shape does not name is left out; `Response` is for streams and files. */
export type RouteAnswer<Answer> =
  | {
      readonly status?: 200 | 201 | 202
      readonly body: Answer
      readonly headers?: Readonly<Record<string, string>>
    }
  | { readonly status: 204; readonly headers?: Readonly<Record<string, string>> }
  | Response

export interface RouteOptions<
  Params extends Shape | undefined,
  Query extends Shape | undefined,
  Body extends z.ZodType | undefined,
  Answer extends z.ZodType | undefined,
> {
  /** One line for the reference. */
  readonly summary: string
  /** The part of the reference that it stands in. */
  readonly tag: string
  readonly description?: string
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  /** The shape of a successful answer. Left out: no content, or a stream whose `produces` says what it is. */
  readonly answer?: Answer
  /** The content type of a stream. */
  readonly produces?: string
  /** The status of success. Default 200, or 204 without an answer. */
  readonly status?: 200 | 201 | 202 | 204
  /** Takes its body raw: nothing is read of it before the handler. */
  readonly rawBody?: boolean
  /** Authenticates and limits its callers itself, who are programs: limits and the look at their origin are left out. */
  readonly isUnlimited?: boolean
  /** What is sent or answered holds a secret, or the answer sets a cookie: none of it is kept. */
  readonly isShownOnce?: boolean
  handle(
    request: RouteRequest<Read<Params>, Read<Query>, Read<Body>>,
  ): Promise<RouteAnswer<Answer extends z.ZodType ? z.input<Answer> : never>>
}

/** A route of any shape, for lists of them. */
export interface Route {
  readonly key: RouteKey
  readonly summary: string
  readonly tag: string
  readonly description?: string | undefined
  readonly params?: Shape | undefined
  readonly query?: Shape | undefined
  readonly body?: z.ZodType | undefined
  readonly answer?: z.ZodType | undefined
  readonly produces?: string | undefined
  readonly status?: 200 | 201 | 202 | 204 | undefined
  readonly rawBody?: boolean | undefined
  readonly isUnlimited?: boolean | undefined
  readonly isShownOnce?: boolean | undefined
  handle(request: RouteRequest<unknown, unknown, unknown>): Promise<RouteAnswer<unknown>>
}

/**
 * Declares a route of the API. Its key names a row of the policy table: without one it does not compile. Who may call
 * it, what of a tenant it reaches, the shape of what is sent, limits and idempotency are settled before `handle` runs;
 * errors that it throws with a `code` and a `fix` become problem details.
 *
 * Put the shapes of a resource beside its routes in `routes/<resource>.ts`, export one function
 * `<resource>Routes(dependencies): Route[]`, and list it in `serve/api-routes.ts`.
 *
 * @example
 * route('GET /api/v1/projects/{projectId}/incidents/{incidentId}', {
 *   summary: 'One incident',
 *   tag: 'Incidents',
 *   params: z.object({ projectId: projectIdParam, incidentId: z.string() }),
 *   answer: incidentShape,
 *   handle: async ({ tenant, params }) => ({ body: await incidentOf(tenant, params.incidentId) }),
 * })
 */
export function route<
  Params extends Shape | undefined = undefined,
  Query extends Shape | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
  Answer extends z.ZodType | undefined = undefined,
>(key: RouteKey, options: RouteOptions<Params, Query, Body, Answer>): Route {
  return { key, ...options, handle: options.handle as Route['handle'] }
}

/**
 * One of these routes by its key, for what is made of another route.
 *
 * @throws Error when it is not among them
 */
export function requireRoute(routes: readonly Route[], key: RouteKey): Route {
  const found = routes.find((candidate) => candidate.key === key)
  if (found) return found
  throw new Error(`The route ${key} is built upon and cannot be found.`)
}
