import type { AccessAnswer } from '../access/access-answer.ts'
import type { Gate } from '../gate/gate-answer.ts'
import { refusalResponse } from '../gate/refusal-response.ts'
import type {
  BillingRoutes,
  ClerkBillingRoutes,
  ClerkRouteOptions,
  RouteOptions,
} from '../route/billing-routes.ts'
import { billingRoutes } from '../route/billing-routes.ts'
import type { NodeRequest } from '../route/node-request.ts'
import { fetchRequest } from '../route/node-request.ts'
import { rememberPassed } from '../route/passed.ts'
import type { SessionAuth } from '../subject/actor.ts'
import { refused } from '../webhook/respond.ts'

/** What is asked of Fastify's `FastifyReply`. */
export interface FastifyReply {
  code(status: number): unknown
  header(name: string, value: string): unknown
  send(body: string): unknown
}

/** What is asked of a `FastifyInstance`. */
export interface FastifyScope {
  removeAllContentTypeParsers(): unknown
  addContentTypeParser(
    type: string,
    options: { readonly parseAs: 'buffer' },
    parser: (request: never, body: Uint8Array, done: (error: Error | null, body?: unknown) => void) => void,
  ): unknown
}

/** A handler or a hook of Fastify. */
export type FastifyHandler<Request> = (request: Request, reply: FastifyReply) => Promise<unknown>

interface FastifyGates<Request, Auth> {
  /** Has the bodies of this scope, and of no other, left as they were sent. Webhooks and the probe need it. */
  rawBody(scope: FastifyScope): void
  /** A `preHandler` that lets pass who may. */
  gate(gate: Gate<Auth>): FastifyHandler<Request>
  /** What the gate found, for handlers behind it. */
  accessOf(request: Request): AccessAnswer
}

/** Where the app sells through Stripe. */
export interface FastifyBilling<Request, Auth>
  extends BillingRoutes<FastifyHandler<Request>>,
    FastifyGates<Request, Auth> {}

/** Where it sells through Clerk Billing, whose own components take people to the money. */
export interface FastifyClerkBilling<Request, Auth>
  extends ClerkBillingRoutes<FastifyHandler<Request>>,
    FastifyGates<Request, Auth> {}

/**
 * Billing as handlers and hooks of Fastify, 4 or 5.
 *
 * Fastify parses JSON by itself, and the bytes that a signature covers are gone then: such a webhook is refused. So
 * webhooks and the probe stand in a scope of their own that `rawBody` was called for.
 *
 * @example
 * const wired = fastifyBilling({ billing, auth: (request: FastifyRequest) => getAuth(request), pages })
 * app.register(async (scope) => {
 *   wired.rawBody(scope)
 *   scope.post('/api/webhooks/stripe', wired.webhooks.stripe)
 * })
 * app.get('/api/reports', { preHandler: wired.gate(gates.requireFeature('reports')) }, async () => reports)
 */
export function fastifyBilling<Request extends NodeRequest, Auth extends SessionAuth>(
  options: RouteOptions<Request, Auth>,
): FastifyBilling<Request, Auth>
/** The same for an app that sells through Clerk Billing: without `pages`, and without routes that lead to money. */
export function fastifyBilling<Request extends NodeRequest, Auth extends SessionAuth>(
  options: ClerkRouteOptions<Request, Auth>,
): FastifyClerkBilling<Request, Auth>
export function fastifyBilling<Request extends NodeRequest, Auth extends SessionAuth>(
  options: RouteOptions<Request, Auth> | ClerkRouteOptions<Request, Auth>,
): FastifyBilling<Request, Auth> | FastifyClerkBilling<Request, Auth> {
  const { keep, accessOf } = rememberPassed<Request>()
  const routes = billingRoutes(
    options,
    (route): FastifyHandler<Request> =>
      async (request, reply) => {
        const asked = await fetchRequest(request, null, route.body)
        const answer = asked && route.answer(asked, async () => options.auth(request))
        return send(reply, answer ? await answer : refused('body-unreadable'))
      },
  )
  return {
    ...routes,
    accessOf,
    rawBody(scope) {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
    },
    gate: (gate) => async (request, reply) => {
      const answer = await gate(await options.auth(request))
      if (!answer.open) return send(reply, refusalResponse(answer))
      keep(request, answer.access)
      return undefined
    },
  }
}

/** What Fastify is to wait for: the reply itself, which tells it that it was answered. */
async function send(reply: FastifyReply, answer: Response): Promise<FastifyReply> {
  const body = await answer.text()
  reply.code(answer.status)
  answer.headers.forEach((value, name) => {
    reply.header(name, value)
  })
  reply.send(body)
  return reply
}
