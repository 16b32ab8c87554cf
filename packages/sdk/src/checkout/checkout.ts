import type { SubjectId } from '@trueup/core'
import { readStripeSubscription, soldBy, subjectKey } from '@trueup/core'
import type Stripe from 'stripe'
import { readBilling } from '../access/read-billing.ts'
import { BillingError } from '../billing-error.ts'
import type { Choice, ChosenPrice } from '../catalogue/choose-price.ts'
import { choosePrice } from '../catalogue/choose-price.ts'
import { ensureCustomer } from '../customer/ensure-customer.ts'
import { forgetCustomer, isMissingCustomer } from '../customer/missing-customer.ts'
import { subjectMetadata } from '../customer/subject-metadata.ts'
import type { Frame } from '../frame.ts'
import type { Actor } from '../subject/actor.ts'
import { managedSubject } from '../subject/subject-of.ts'
import { expireCheckout, openCheckouts } from './expire-checkout.ts'
import { isLive, ownsForLife, readSubscriptions } from './live-subscription.ts'
import { makePortalUrl } from './portal.ts'
import { allowedRedirect, withSessionId } from './redirect.ts'

/** What is bought, by whom, and where the browser goes afterwards. */
export interface CheckoutRequest extends Choice {
  readonly by: Actor
  /** How many seats, where the plan is sold by the seat. Default 1. */
  readonly seats?: number
  /** A path of the app, or an address within `origins`. The session's id is added as `session_id`. */
  readonly successUrl: string
  readonly cancelUrl: string
}

/** Where the browser is to be sent. */
export type CheckoutStart =
  | { readonly kind: 'checkout'; readonly url: string; readonly sessionId: string }
  /** There is a live subscription already; it is changed in the portal. */
  | {
      readonly kind: 'portal'
      readonly url: string
      readonly reason: 'already-subscribed' | 'already-bought'
    }

/**
 * Starts a checkout of a plan, or leads to the portal where a subscription is live already.
 *
 * Of two checkouts that are open at once one could be paid after the other, so that only the newest stays open: the
 * others are expired, and only then is its address given out.
 *
 * @throws BillingError `signed-out`, `not-allowed`, `not-for-sale`, `price-mismatch`, `redirect-not-allowed`,
 *   `subject-not-found`, `subject-deleted`, or what the vendor said
 */
export async function startCheckout(frame: Frame, request: CheckoutRequest): Promise<CheckoutStart> {
  const subject = await managedSubject(frame, request.by)
  const chosen = await choosePrice(frame, request)
  const seats = seatsOf(request, chosen)
  const { origins } = frame.options
  const urls = {
    success: withSessionId(request.successUrl, origins),
    cancel: allowedRedirect(request.cancelUrl, origins),
  }
  const sale: Sale = { subject, chosen, seats, urls }
  const customerId = await ensureCustomer(frame, subject)
  try {
    return await sell(frame, customerId, sale)
  } catch (error) {
    if (!isMissingCustomer(error)) throw error
    await forgetCustomer(frame, subject, customerId)
    return sell(frame, await ensureCustomer(frame, subject), sale)
  }
}

interface Sale {
  readonly subject: SubjectId
  readonly chosen: ChosenPrice
  readonly seats: number
  readonly urls: { readonly success: string; readonly cancel: string }
}

async function sell(frame: Frame, customerId: string, sale: Sale): Promise<CheckoutStart> {
  const { subject, chosen, urls } = sale
  const portal = async (reason: 'already-subscribed' | 'already-bought'): Promise<CheckoutStart> => ({
    kind: 'portal',
    url: await makePortalUrl(frame, { customerId, returnUrl: urls.cancel }),
    reason,
  })
  const before = await standingOf(frame, customerId, chosen)
  if (before.taken) return portal(before.taken)
  const trial = await mayTry(frame, subject, before.subscriptions)
  const parameters = sessionParameters(frame, { ...sale, customerId, trial })
  const session = await frame.stripe.call((stripe) => stripe.checkout.sessions.create(parameters))
  const open = await onlyOpen(frame, customerId, session)
  const after = await standingOf(frame, customerId, chosen)
  if (open === null || after.taken) {
    await expireCheckout(frame, session.id)
    return portal(after.taken ?? 'already-subscribed')
  }
  return open
}

function seatsOf({ seats = 1 }: CheckoutRequest, { plan }: ChosenPrice): number {
  if (plan.seats !== 'quantity' && seats !== 1) {
    throw notForSale(`The plan ${plan.id} is not sold by the seat, and ${seats} were asked for.`)
  }
  if (Number.isSafeInteger(seats) && seats >= 1 && seats <= 999_999) return seats
  throw notForSale(`${seats} is no number of seats.`)
}

interface StandingOfCustomer {
  readonly subscriptions: readonly Stripe.Subscription[]
  readonly taken: 'already-subscribed' | 'already-bought' | null
}

/** Whether something is there that a second purchase would double. What the catalogue does not know counts as a plan. */
async function standingOf(
  frame: Frame,
  customerId: string,
  chosen: ChosenPrice,
): Promise<StandingOfCustomer> {
  const subscriptions = await readSubscriptions(frame, customerId)
  const now = frame.clock.now()
  const sellsPlan = subscriptions.filter(isLive).some((subscription) =>
    readStripeSubscription(subscription, now).items.some(({ price }) => {
      const sold = soldBy(price, frame.catalogue)
      return sold === null || sold.kind === 'plan'
    }),
  )
  if (sellsPlan) return { subscriptions, taken: 'already-subscribed' }
  if (chosen.interval !== 'once') return { subscriptions, taken: null }
  const { facts } = await readBilling(frame, customerId)
  const taken = ownsForLife(facts, chosen.plan.id, frame.catalogue) ? 'already-bought' : null
  return { subscriptions, taken }
}

/** One trial a subject, by what Stripe says and by what was seen of a customer that is gone. */
async function mayTry(
  frame: Frame,
  subject: SubjectId,
  subscriptions: readonly Stripe.Subscription[],
): Promise<boolean> {
  if (subscriptions.some(({ trial_end }) => trial_end !== null)) return false
  return (await frame.store.subject(subject))?.trialUsed !== true
}

function sessionParameters(
  frame: Frame,
  of: Sale & { readonly customerId: string; readonly trial: boolean },
): Stripe.Checkout.SessionCreateParams {
  const options = frame.options.checkout ?? {}
  const { chosen } = of
  const metadata = subjectMetadata(of.subject)
  const isManaged = options.managedPayments === true
  const expires = frame.clock.now().getTime() / 1000 + (options.expiresMinutes ?? 60) * 60
  const trialDays = of.trial ? chosen.plan.trialDays : undefined
  const base: Stripe.Checkout.SessionCreateParams = {
    customer: of.customerId,
    client_reference_id: subjectKey(of.subject),
    metadata: { ...metadata, plan: chosen.plan.id },
    line_items: [{ price: chosen.priceId, quantity: of.seats }],
    success_url: of.urls.success,
    cancel_url: of.urls.cancel,
    expires_at: Math.floor(expires),
    ...(chosen.currency === null ? {} : { currency: chosen.currency }),
    ...(options.promotionCodes ? { allow_promotion_codes: true } : {}),
    ...(options.managedPayments === undefined ? {} : { managed_payments: { enabled: isManaged } }),
    // The merchant of record sees to tax, and refuses to be told how.
    ...(isManaged ? {} : taxParameters(options)),
  }
  if (chosen.interval === 'once') {
    return { ...base, mode: 'payment', invoice_creation: { enabled: true } }
  }
  const withoutCard = options.trialWithoutCard ?? 'create_invoice'
  return {
    ...base,
    mode: 'subscription',
    subscription_data: {
      metadata,
      ...(trialDays === undefined
        ? {}
        : {
            trial_period_days: trialDays,
            trial_settings: { end_behavior: { missing_payment_method: withoutCard } },
          }),
    },
    ...(trialDays !== undefined && withoutCard !== 'create_invoice'
      ? { payment_method_collection: 'if_required' as const }
      : {}),
  }
}

function taxParameters(options: {
  readonly automaticTax?: boolean
  readonly taxIds?: boolean
}): Partial<Stripe.Checkout.SessionCreateParams> {
  const { automaticTax = false, taxIds = false } = options
  if (!automaticTax && !taxIds) return {}
  return {
    ...(automaticTax ? { automatic_tax: { enabled: true } } : {}),
    ...(taxIds ? { tax_id_collection: { enabled: true } } : {}),
    // Stripe writes what the buyer types to the customer only where it is told to.
    customer_update: { address: 'auto', name: 'auto' },
  }
}

/**
 * Expires every open session of the customer but the newest. Two that start at once see both sessions here and agree
 * on which one stays. `null`: one of the others was paid in the meantime.
 */
async function onlyOpen(
  frame: Frame,
  customerId: string,
  own: Stripe.Checkout.Session,
): Promise<Extract<CheckoutStart, { kind: 'checkout' }> | null> {
  const data = await openCheckouts(frame, customerId)
  const open = data.some(({ id }) => id === own.id) ? data : [own, ...data]
  const [newest = own, ...others] = open.toSorted(newestFirst)
  for (const { id } of others) if (!(await expireCheckout(frame, id))) return null
  return newest.url ? { kind: 'checkout', url: newest.url, sessionId: newest.id } : null
}

function newestFirst(a: Stripe.Checkout.Session, b: Stripe.Checkout.Session): number {
  return b.created - a.created || (a.id < b.id ? 1 : -1)
}

function notForSale(message: string): BillingError {
  return new BillingError({
    code: 'not-for-sale',
    message,
    fix: 'Offer what billing.offers() lists, and send its plan, interval and currency.',
  })
}
