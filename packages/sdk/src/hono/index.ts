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
import { rememberPassed } from '../route/passed.ts'
import type { SessionAuth } from '../subject/actor.ts'

/** What is asked of Hono's `Context`. */
export interface HonoContext {
  readonly req: { readonly raw: Request }
}

interface HonoGates<Context, Auth> {
  /** Middleware that lets pass who may. */
  gate(gate: Gate<Auth>): (context: Context, next: () => Promise<void>) => Promise<Response | undefined>
  /** What the gate found, for handlers behind it. */
  accessOf(context: Context): AccessAnswer
}

/** Where the app sells through Stripe. */
export interface HonoBilling<Context, Auth>
  extends BillingRoutes<(context: Context) => Promise<Response>>,
    HonoGates<Context, Auth> {}

/** Where it sells through Clerk Billing, whose own components take people to the money. */
export interface HonoClerkBilling<Context, Auth>
  extends ClerkBillingRoutes<(context: Context) => Promise<Response>>,
    HonoGates<Context, Auth> {}

/**
 * Billing as handlers and middleware of Hono.
 *
 * @example
 * const wired = honoBilling({ billing, auth: (c: Context) => getAuth(c), pages: { paid: '/paid', billing: '/billing' } })
 * app.post('/api/webhooks/stripe', wired.webhooks.stripe)
 * app.get('/api/reports', wired.gate(gates.requireFeature('reports')), (c) => c.json(reports))
 */
export function honoBilling<Context extends HonoContext, Auth extends SessionAuth>(
  options: RouteOptions<Context, Auth>,
): HonoBilling<Context, Auth>
/** The same for an app that sells through Clerk Billing: without `pages`, and without routes that lead to money. */
export function honoBilling<Context extends HonoContext, Auth extends SessionAuth>(
  options: ClerkRouteOptions<Context, Auth>,
): HonoClerkBilling<Context, Auth>
export function honoBilling<Context extends HonoContext, Auth extends SessionAuth>(
  options: RouteOptions<Context, Auth> | ClerkRouteOptions<Context, Auth>,
): HonoBilling<Context, Auth> | HonoClerkBilling<Context, Auth> {
  const { keep, accessOf } = rememberPassed<Context>()
  const routes = billingRoutes(
    options,
    (route) => (context: Context) => route.answer(context.req.raw, async () => options.auth(context)),
  )
  return {
    ...routes,
    accessOf,
    gate: (gate) => async (context, next) => {
      const answer = await gate(await options.auth(context))
      if (!answer.open) return refusalResponse(answer)
      keep(context, answer.access)
      await next()
      return undefined
    },
  }
}
