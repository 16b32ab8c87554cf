import type Stripe from 'stripe'
import { BillingError } from '../billing-error.ts'
import type { Choice } from '../catalogue/choose-price.ts'
import { choosePrice } from '../catalogue/choose-price.ts'
import { stripeCustomerOf } from '../customer/stripe-customer-of.ts'
import type { Frame } from '../frame.ts'
import type { Actor } from '../subject/actor.ts'
import { managedSubject } from '../subject/subject-of.ts'
import { isLive, readSubscriptions } from './live-subscription.ts'
import { allowedRedirect } from './redirect.ts'

/** What the portal opens with; without one, its front page. */
export type PortalFlow =
  | 'payment-method'
  | 'cancel'
  | 'update'
  /** A change to another plan, to be confirmed. */
  | ({ readonly confirm: true } & Choice)

export interface PortalRequest {
  readonly by: Actor
  /** A path of the app, or an address within `origins`. */
  readonly returnUrl: string
  readonly flow?: PortalFlow
}

/**
 * Opens the billing portal for the actor's own organization or user. The address works for a short time: make it when
 * it is asked for.
 *
 * @throws BillingError `signed-out`, `not-allowed`, `redirect-not-allowed`, `nothing-to-manage`, or what the vendor said
 */
export async function openPortal(frame: Frame, request: PortalRequest): Promise<{ readonly url: string }> {
  const subject = await managedSubject(frame, request.by)
  const returnUrl = allowedRedirect(request.returnUrl, frame.options.origins)
  const customerId = stripeCustomerOf(await frame.store.subject(subject))
  if (!customerId) throw nothing(`${subject.id} never bought anything.`)
  const { flow } = request
  if (flow === undefined) return { url: await makePortalUrl(frame, { customerId, returnUrl }) }
  return {
    url: await makePortalUrl(frame, {
      customerId,
      returnUrl,
      flow: await flowData(frame, customerId, flow, returnUrl),
    }),
  }
}

/** The address of the portal for a customer. */
export async function makePortalUrl(
  frame: Frame,
  of: {
    readonly customerId: string
    readonly returnUrl: string
    readonly flow?: Stripe.BillingPortal.SessionCreateParams.FlowData
  },
): Promise<string> {
  const { url } = await frame.stripe.call((stripe) =>
    stripe.billingPortal.sessions.create({
      customer: of.customerId,
      return_url: allowedRedirect(of.returnUrl, frame.options.origins),
      ...(of.flow ? { flow_data: of.flow } : {}),
    }),
  )
  return url
}

async function flowData(
  frame: Frame,
  customerId: string,
  flow: PortalFlow,
  returnUrl: string,
): Promise<Stripe.BillingPortal.SessionCreateParams.FlowData> {
  const after_completion = { type: 'redirect' as const, redirect: { return_url: returnUrl } }
  if (flow === 'payment-method') return { type: 'payment_method_update', after_completion }
  const live = (await readSubscriptions(frame, customerId)).find(isLive)
  if (!live) throw nothing('There is no live subscription.')
  const subscription = live.id
  if (flow === 'cancel') {
    return { type: 'subscription_cancel', subscription_cancel: { subscription }, after_completion }
  }
  if (flow === 'update') {
    return { type: 'subscription_update', subscription_update: { subscription }, after_completion }
  }
  const { priceId } = await choosePrice(frame, flow)
  const [item] = live.items.data
  if (!item) throw nothing('The subscription has no item that could be changed.')
  return {
    type: 'subscription_update_confirm',
    subscription_update_confirm: {
      subscription,
      items: [{ id: item.id, price: priceId, quantity: item.quantity ?? 1 }],
    },
    after_completion,
  }
}

function nothing(message: string): BillingError {
  return new BillingError({
    code: 'nothing-to-manage',
    message,
    fix: 'Start a checkout first.',
  })
}
