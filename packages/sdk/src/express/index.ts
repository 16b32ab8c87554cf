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
import type { NodeRequest, NodeStream } from '../route/node-request.ts'
import { fetchRequest } from '../route/node-request.ts'
import { rememberPassed } from '../route/passed.ts'
import type { SessionAuth } from '../subject/actor.ts'
import { refused } from '../webhook/respond.ts'

/** What is asked of Express's `Request`. */
export interface ExpressRequest extends NodeRequest, NodeStream {}

/** What is asked of Express's `Response`. */
export interface ExpressResponse {
  statusCode: number
  setHeader(name: string, value: string): unknown
  end(body: string): unknown
}

/** A handler or a middleware of Express. */
export type ExpressHandler<Request> = (
  request: Request,
  response: ExpressResponse,
  next: (error?: unknown) => void,
) => Promise<void>

interface ExpressGates<Request, Auth> {
  /** Middleware that lets pass who may. */
  gate(gate: Gate<Auth>): ExpressHandler<Request>
  /** What the gate found, for handlers behind it. */
  accessOf(request: Request): AccessAnswer
}

/** Where the app sells through Stripe. */
export interface ExpressBilling<Request, Auth>
  extends BillingRoutes<ExpressHandler<Request>>,
    ExpressGates<Request, Auth> {}

/** Where it sells through Clerk Billing, whose own components take people to the money. */
export interface ExpressClerkBilling<Request, Auth>
  extends ClerkBillingRoutes<ExpressHandler<Request>>,
    ExpressGates<Request, Auth> {}

/**
 * Billing as handlers and middleware of Express, 4 or 5.
 *
 * Webhooks and the probe stand before `express.json()`, or have `express.raw` with a `type` of everything to themselves: a body
 * that was parsed is refused, since its signature can no longer be checked.
 *
 * @example
 * const wired = expressBilling({ billing, auth: (req: Request) => getAuth(req), pages: { paid: '/paid', billing: '/billing' } })
 * app.post('/api/webhooks/stripe', wired.webhooks.stripe)
 * app.use(express.json())
 * app.get('/api/reports', wired.gate(gates.requireFeature('reports')), (req, res) => res.json(reports))
 */
export function expressBilling<Request extends ExpressRequest, Auth extends SessionAuth>(
  options: RouteOptions<Request, Auth>,
): ExpressBilling<Request, Auth>
/** The same for an app that sells through Clerk Billing: without `pages`, and without routes that lead to money. */
export function expressBilling<Request extends ExpressRequest, Auth extends SessionAuth>(
  options: ClerkRouteOptions<Request, Auth>,
): ExpressClerkBilling<Request, Auth>
export function expressBilling<Request extends ExpressRequest, Auth extends SessionAuth>(
  options: RouteOptions<Request, Auth> | ClerkRouteOptions<Request, Auth>,
): ExpressBilling<Request, Auth> | ExpressClerkBilling<Request, Auth> {
  const { keep, accessOf } = rememberPassed<Request>()
  const routes = billingRoutes(
    options,
    (route): ExpressHandler<Request> =>
      async (request, response, next) => {
        try {
          const asked = await fetchRequest(request, request, route.body)
          const answer = asked && route.answer(asked, async () => options.auth(request))
          await send(response, answer ? await answer : refused('body-unreadable'))
        } catch (error) {
          // Express 4 does not look after promises.
          next(error)
        }
      },
  )
  return {
    ...routes,
    accessOf,
    gate: (gate) => async (request, response, next) => {
      try {
        const answer = await gate(await options.auth(request))
        if (!answer.open) return await send(response, refusalResponse(answer))
        keep(request, answer.access)
      } catch (error) {
        return next(error)
      }
      next()
    },
  }
}

async function send(response: ExpressResponse, answer: Response): Promise<void> {
  response.statusCode = answer.status
  answer.headers.forEach((value, name) => {
    response.setHeader(name, value)
  })
  response.end(await answer.text())
}
