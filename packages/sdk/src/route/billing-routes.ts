import type { Billing } from '../billing.ts'
import type { ClerkBilling } from '../clerk-billing/clerk-billing.ts'
import type { SessionAuth } from '../subject/actor.ts'
import type { AskedRefusal } from './asked.ts'
import { askedChoice, askedFlow, askedJson, askedSeats, optionalText } from './asked.ts'
import { errorResponse, jsonResponse } from './error-response.ts'

/** What the routes of every framework are made of. */
export interface RouteOptions<Context, Auth extends SessionAuth> {
  readonly billing: Pick<
    Billing,
    'access' | 'checkout' | 'confirm' | 'offers' | 'portal' | 'probe' | 'subjectOf' | 'webhooks'
  >
  /** What Clerk's own SDK says of the session: `(context) => getAuth(context)`. */
  readonly auth: (context: Context) => Auth | Promise<Auth>
  /** Where browsers come back to, as paths of the app. Requests may name others within `origins`. */
  readonly pages: {
    /** After a checkout that was paid; it reads `session_id` and asks the route `confirm`. */
    readonly paid: string
    /** After a checkout that was left, and after the portal. */
    readonly billing: string
  }
}

/** The same for an app that sells through Clerk Billing, where Clerk's own components take people to the money. */
export interface ClerkRouteOptions<Context, Auth extends SessionAuth> {
  readonly billing: Pick<ClerkBilling, 'access' | 'offers' | 'probe' | 'subjectOf' | 'webhooks'>
  /** What Clerk's own SDK says of the session: `(context) => getAuth(context)`. */
  readonly auth: (context: Context) => Auth | Promise<Auth>
  /** Not in this mode: nothing leads out of the app. */
  readonly pages?: never
}

/** Answers one request. `by` is only asked where a session counts. */
export interface Route {
  /** `raw`: the signature covers the bytes, so that nothing may have parsed them. */
  readonly body: 'raw' | 'json' | 'none'
  answer(request: Request, by: () => Promise<SessionAuth>): Promise<Response>
}

/** The same for each framework, where the app sells through Clerk Billing. */
export interface ClerkBillingRoutes<Handler> {
  /** Takes webhooks, with the body as it was sent. */
  readonly webhooks: {
    /** `POST`, from Clerk. */
    readonly clerk: Handler
  }
  /** `POST`, signed: what the gate says of a subject. */
  readonly probe: Handler
  /** `GET` -> what the session's organization or user may use, and why. */
  readonly access: Handler
  /** `GET` -> `{ offers }`: what is sold, with prices, for a pricing table. */
  readonly offers: Handler
}

/** The same for each framework, where it sells through Stripe. */
export interface BillingRoutes<Handler> extends ClerkBillingRoutes<Handler> {
  readonly webhooks: ClerkBillingRoutes<Handler>['webhooks'] & {
    /** `POST`, from Stripe. */
    readonly stripe: Handler
  }
  /** `POST { plan, interval, currency?, seats?, successUrl?, cancelUrl? }` -> `{ kind, url, ... }`, where to send the browser. */
  readonly checkout: Handler
  /** `POST { sessionId }` -> `{ state, access }`, for the page after the checkout. */
  readonly confirm: Handler
  /** `POST { flow?, returnUrl? }` -> `{ url }`. */
  readonly portal: Handler
}

type Sold = Pick<RouteOptions<never, SessionAuth>, 'billing' | 'pages'>
type SoldByClerk = Pick<ClerkRouteOptions<never, SessionAuth>, 'billing' | 'pages'>

/** Makes the routes of billing, each turned into a handler of a framework: those that there are for who it sells through. */
export function billingRoutes<Handler>(
  options: Sold | SoldByClerk,
  as: (route: Route) => Handler,
): BillingRoutes<Handler> | ClerkBillingRoutes<Handler> {
  const shared = sharedRoutes(options.billing, as)
  return options.pages === undefined ? shared : { ...shared, ...stripeRoutes(options, shared, as) }
}

function sharedRoutes<Handler>(
  billing: SoldByClerk['billing'] | Sold['billing'],
  as: (route: Route) => Handler,
): ClerkBillingRoutes<Handler> {
  const raw = (answer: (request: Request) => Promise<Response>) => as({ body: 'raw', answer })
  const read = (answer: (by: SessionAuth) => Promise<Response>) =>
    as({ body: 'none', answer: (_, by) => by().then(answer).catch(errorResponse) })
  return {
    webhooks: { clerk: raw((request) => billing.webhooks.clerk(request)) },
    probe: raw((request) => billing.probe(request).catch(errorResponse)),
    access: read(async (by) => {
      const subject = billing.subjectOf(by)
      return subject
        ? jsonResponse(200, await billing.access(subject))
        : jsonResponse(401, { error: 'signed-out' })
    }),
    offers: as({
      body: 'none',
      answer: () =>
        billing
          .offers()
          .then((offers) => jsonResponse(200, { offers }))
          .catch(errorResponse),
    }),
  }
}

function stripeRoutes<Handler>(
  { billing, pages }: Sold,
  { webhooks }: ClerkBillingRoutes<Handler>,
  as: (route: Route) => Handler,
): Pick<BillingRoutes<Handler>, 'webhooks' | 'checkout' | 'confirm' | 'portal'> {
  const asked = (answer: (json: unknown, by: SessionAuth) => Promise<object | AskedRefusal>) =>
    as({ body: 'json', answer: (request, by) => answered(request, by, answer) })
  return {
    webhooks: {
      ...webhooks,
      stripe: as({ body: 'raw', answer: (request) => billing.webhooks.stripe(request) }),
    },
    checkout: asked(async (json, by) => {
      const choice = askedChoice(json)
      const seats = askedSeats(json)
      const successUrl = optionalText(json, 'successUrl')
      const cancelUrl = optionalText(json, 'cancelUrl')
      if (!choice || seats === null || successUrl === null || cancelUrl === null) return 'body-invalid'
      return billing.checkout({
        by,
        ...choice,
        ...(seats === undefined ? {} : { seats }),
        successUrl: successUrl ?? pages.paid,
        cancelUrl: cancelUrl ?? pages.billing,
      })
    }),
    confirm: asked(async (json, by) => {
      const sessionId = optionalText(json, 'sessionId')
      return sessionId ? billing.confirm({ by, sessionId }) : 'body-invalid'
    }),
    portal: asked(async (json, by) => {
      const flow = askedFlow(json)
      const returnUrl = optionalText(json, 'returnUrl')
      if (flow === null || returnUrl === null) return 'body-invalid'
      return billing.portal({
        by,
        returnUrl: returnUrl ?? pages.billing,
        ...(flow === undefined ? {} : { flow }),
      })
    }),
  }
}

const statusOf: Readonly<Record<AskedRefusal, number>> = {
  'json-required': 415,
  'body-unreadable': 400,
  'body-invalid': 400,
}

async function answered(
  request: Request,
  by: () => Promise<SessionAuth>,
  answer: (json: unknown, by: SessionAuth) => Promise<object | AskedRefusal>,
): Promise<Response> {
  const asked = await askedJson(request)
  if ('refusal' in asked) return jsonResponse(statusOf[asked.refusal], { error: asked.refusal })
  const auth = await by()
  try {
    const said = await answer(asked.json, auth)
    return typeof said === 'string' ? jsonResponse(statusOf[said], { error: said }) : jsonResponse(200, said)
  } catch (error) {
    return errorResponse(error)
  }
}
