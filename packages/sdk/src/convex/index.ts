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

/** What is asked of the context of a Convex HTTP action. */
export interface ConvexContext {
  readonly auth: { getUserIdentity(): Promise<Readonly<Record<string, unknown>> | null> }
}

/** To be wrapped in `httpAction`. */
export type ConvexHandler<Context> = (context: Context, request: Request) => Promise<Response>

interface ConvexGates<Context, Auth> {
  /** A handler that runs for who may, with what the gate found. */
  gated(
    gate: Gate<Auth>,
    handler: (context: Context, request: Request, access: AccessAnswer) => Promise<Response>,
  ): ConvexHandler<Context>
}

/** Where the app sells through Stripe. */
export interface ConvexBilling<Context, Auth>
  extends BillingRoutes<ConvexHandler<Context>>,
    ConvexGates<Context, Auth> {}

/** Where it sells through Clerk Billing, whose own components take people to the money. */
export interface ConvexClerkBilling<Context, Auth>
  extends ClerkBillingRoutes<ConvexHandler<Context>>,
    ConvexGates<Context, Auth> {}

/**
 * Billing as HTTP actions of Convex. The store has to be one that Convex's runtime can reach, by `fetch`.
 *
 * @example
 * const wired = convexBilling({ billing, auth: identityAuth, pages: { paid: '/paid', billing: '/billing' } })
 * http.route({ path: '/webhooks/stripe', method: 'POST', handler: httpAction(wired.webhooks.stripe) })
 */
export function convexBilling<Context extends ConvexContext, Auth extends SessionAuth>(
  options: RouteOptions<Context, Auth>,
): ConvexBilling<Context, Auth>
/** The same for an app that sells through Clerk Billing: without `pages`, and without routes that lead to money. */
export function convexBilling<Context extends ConvexContext, Auth extends SessionAuth>(
  options: ClerkRouteOptions<Context, Auth>,
): ConvexClerkBilling<Context, Auth>
export function convexBilling<Context extends ConvexContext, Auth extends SessionAuth>(
  options: RouteOptions<Context, Auth> | ClerkRouteOptions<Context, Auth>,
): ConvexBilling<Context, Auth> | ConvexClerkBilling<Context, Auth> {
  const routes = billingRoutes(
    options,
    (route): ConvexHandler<Context> =>
      (context, request) =>
        route.answer(request, async () => options.auth(context)),
  )
  return {
    ...routes,
    gated: (gate, handler) => async (context, request) => {
      const answer = await gate(await options.auth(context))
      return answer.open ? handler(context, request, answer.access) : refusalResponse(answer)
    },
  }
}

/**
 * The session as Convex knows it. The user is the identity's subject; the organization comes from claims that the JWT
 * template named `convex` has to hold: `"org_id": "{{org.id}}", "org_role": "org:{{org.role}}"`, the role with or
 * without its prefix.
 */
export async function identityAuth(context: ConvexContext): Promise<SessionAuth> {
  const identity = await context.auth.getUserIdentity()
  if (!identity) return { userId: null }
  const text = (key: string) => {
    const found = identity[key]
    return typeof found === 'string' && found !== '' ? found : null
  }
  const role = text('org_role')
  return {
    userId: text('subject'),
    orgId: text('org_id'),
    orgRole: role && (role.startsWith('org:') ? role : `org:${role}`),
  }
}
