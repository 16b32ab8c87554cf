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
import type { SessionAuth } from '../subject/actor.ts'
import type { GuardedPath } from './guard-paths.ts'
import { guardPaths } from './guard-paths.ts'

export type { GuardedPath } from './guard-paths.ts'

/** To be exported from `route.ts` as `GET` or `POST`. */
export type NextHandler = (request: Request) => Promise<Response>

interface NextGates<Auth> {
  /** A route handler that runs for who may, with what the gate found. */
  gated<Context>(
    gate: Gate<Auth>,
    handler: (request: Request, context: Context, access: AccessAnswer) => Response | Promise<Response>,
  ): (request: Request, context: Context) => Promise<Response>
  /**
   * Paths that are closed before they are rendered, for `middleware.ts` or `proxy.ts`; `undefined`: the request goes on.
   * It is for redirects: what a route gives away is gated by the route as well.
   *
   * @example
   * const guard = wired.guard([{ path: '/reports', gate: gates.requirePlan('pro'), redirectTo: '/pricing' }])
   * export default clerkMiddleware(async (auth, request) => guard(request, await auth()))
   */
  guard(paths: readonly GuardedPath<Auth>[]): (request: Request, auth: Auth) => Promise<Response | undefined>
}

/** Where the app sells through Stripe. */
export interface NextBilling<Auth> extends BillingRoutes<NextHandler>, NextGates<Auth> {}

/** Where it sells through Clerk Billing, whose own components take people to the money. */
export interface NextClerkBilling<Auth> extends ClerkBillingRoutes<NextHandler>, NextGates<Auth> {}

/**
 * Billing as route handlers of Next.js.
 *
 * @example
 * // lib/billing.ts
 * export const wired = nextBilling({ billing, auth: () => auth(), pages: { paid: '/paid', billing: '/billing' } })
 * // app/api/webhooks/stripe/route.ts
 * export const POST = wired.webhooks.stripe
 */
export function nextBilling<Auth extends SessionAuth>(options: RouteOptions<Request, Auth>): NextBilling<Auth>
/** The same for an app that sells through Clerk Billing: without `pages`, and without routes that lead to money. */
export function nextBilling<Auth extends SessionAuth>(
  options: ClerkRouteOptions<Request, Auth>,
): NextClerkBilling<Auth>
export function nextBilling<Auth extends SessionAuth>(
  options: RouteOptions<Request, Auth> | ClerkRouteOptions<Request, Auth>,
): NextBilling<Auth> | NextClerkBilling<Auth> {
  const routes = billingRoutes(
    options,
    (route): NextHandler =>
      (request) =>
        route.answer(request, async () => options.auth(request)),
  )
  return {
    ...routes,
    gated: (gate, handler) => async (request, context) => {
      const answer = await gate(await options.auth(request))
      return answer.open ? handler(request, context, answer.access) : refusalResponse(answer)
    },
    guard: guardPaths,
  }
}
