import type { RelativeCancelAt, StartOptions } from '../billing-engine.ts'
import type { InvoiceLineItem, Subscription } from '../objects/index.ts'
import { badRequest } from '../stripe-error.ts'
import type { Billing } from './billing.ts'
import { addIntervals, day, type Period } from './calendar.ts'
import { discountEnd } from './discount.ts'
import { draftInvoice, type InvoiceDraft, previewInvoice } from './draft-invoice.ts'
import { finalizeInvoice } from './finalize-invoice.ts'
import { itemLine, oneOffLine, priceOf } from './line.ts'
import { attemptPayment } from './pay-invoice.ts'
import { cycleOf, intervalOf, itemPeriod, periodOf, setPeriods } from './period.ts'
import { chargeLines } from './proration.ts'
import { defaultPaymentMethod, paymentOf, type Refusal, refusalOf, refused } from './take-payment.ts'
import { tellShortTrial } from './trial-notice.ts'

/** How the first payment of a checkout went on its page. */
export type CheckoutPayment = 'paid' | 'processing'

/**
 * Starts a subscription that is not in the state yet: periods, status, first invoice and its payment.
 *
 * @throws StripeError 402 where `error_if_incomplete` meets a refusal; 400 for a moment that cannot be.
 */
export function startSubscription(
  billing: Billing,
  subscription: Subscription,
  options: StartOptions,
  checkout: CheckoutPayment | null = options.fromCheckout === true ? 'paid' : null,
): Subscription {
  const customer = billing.customer(subscription.customer)
  subscription.test_clock = customer.test_clock
  const now = billing.now(customer)
  subscription.start_date = options.backdateStartDate ?? now
  layPeriods(subscription, options, now)
  endDiscounts(billing, subscription)
  if (options.cancelAt !== undefined) planCancel(subscription, options.cancelAt, now)
  if (subscription.cancel_at_period_end) planCancelWithPeriod(subscription, now)

  const trial = subscription.trial_end !== null
  const draft: InvoiceDraft = {
    customer,
    subscription,
    lines: firstLines(billing, subscription, options, now),
    reason: 'subscription_create',
    period: trial ? periodOf(subscription) : { start: now, end: now },
    autoAdvance: true,
  }
  const due = previewInvoice(billing, draft, 'in_preview').amount_due
  const sends = subscription.collection_method === 'send_invoice'
  const refusal: Refusal | null =
    due === 0 || sends || checkout !== null
      ? null
      : refusalOf(billing, defaultPaymentMethod(customer, subscription))
  if (refusal !== null && options.paymentBehavior === 'error_if_incomplete') throw refused(refusal)
  const waits = due > 0 && !sends && checkout === null && options.paymentBehavior === 'default_incomplete'
  subscription.status = refusal !== null || waits ? 'incomplete' : trial ? 'trialing' : 'active'

  billing.state.subscriptions.insert(subscription)
  const invoice = draftInvoice(billing, draft)
  subscription.latest_invoice = invoice.id
  billing.state.emit('customer.subscription.created', subscription)
  tellShortTrial(billing, subscription)
  if (sends && due > 0) return subscription
  // Collection of a first invoice is the buyer's affair: it is not retried.
  finalizeInvoice(billing, invoice, { autoAdvance: false })
  if (due === 0) return subscription
  if (checkout === 'processing') paymentOf(billing, invoice).intent.status = 'processing'
  else if (!waits) {
    const verdict = checkout === 'paid' ? { verdict: null } : {}
    attemptPayment(billing, invoice, { automatic: false, ...verdict })
  }
  return subscription
}

function layPeriods(subscription: Subscription, options: StartOptions, now: number): void {
  const items = subscription.items.data
  const trialEnd = trialEndOf(subscription, options, now)
  if (trialEnd !== null) {
    subscription.trial_start = now
    subscription.trial_end = trialEnd
    subscription.billing_cycle_anchor = trialEnd
    for (const item of items) {
      item.current_period_start = now
      item.current_period_end = trialEnd
    }
    return
  }
  const anchor = options.billingCycleAnchor ?? options.backdateStartDate ?? now
  for (const item of items) {
    if (anchor > addIntervals(now, intervalOf(item), 1)) {
      throw badRequest(
        `billing_cycle_anchor cannot be later than next natural billing date (${addIntervals(now, intervalOf(item), 1)}) for plan`,
        'billing_cycle_anchor',
      )
    }
  }
  subscription.billing_cycle_anchor = anchor
  setPeriods(subscription, items, now)
  if (options.backdateStartDate === undefined || options.billingCycleAnchor !== undefined) return
  for (const item of items) item.current_period_start = cycleOf(subscription, item, now).start
}

function trialEndOf(subscription: Subscription, options: StartOptions, now: number): number | null {
  if (options.trialEnd === 'now') return null
  if (options.trialEnd !== undefined) {
    if (options.trialEnd <= now) {
      throw badRequest('Invalid timestamp: must be an integer Unix timestamp in the future.', 'trial_end')
    }
    return options.trialEnd
  }
  if (options.trialPeriodDays !== undefined) {
    return options.trialPeriodDays > 0 ? now + options.trialPeriodDays * day : null
  }
  if (!options.trialFromPlan) return null
  const days = subscription.items.data.map((item) => item.price.recurring?.trial_period_days ?? 0)
  const longest = Math.max(0, ...days)
  return longest > 0 ? now + longest * day : null
}

function firstLines(
  billing: Billing,
  subscription: Subscription,
  options: StartOptions,
  now: number,
): InvoiceLineItem[] {
  const items = subscription.items.data
  const extra = options.addInvoiceItems.map(({ price, quantity }) =>
    oneOffLine(billing, priceOf(billing, price), quantity, now, subscription.id),
  )
  if (subscription.trial_end !== null) {
    return [...items.map((item) => itemLine(billing, subscription, item, itemPeriod(item), true)), ...extra]
  }
  const lines = items.flatMap((item): InvoiceLineItem[] => {
    const cycle = cycleOf(subscription, item, now)
    // A first period that is shorter than the cycle is charged in part, or given away.
    if (item.current_period_start > cycle.start) {
      return options.prorationBehavior === 'none' ? [] : chargeLines(billing, subscription, [item], now)
    }
    const elapsed =
      options.prorationBehavior === 'none' ? [] : cyclesBefore(subscription, item.current_period_start, item)
    return [...elapsed, itemPeriod(item)].map((period) => itemLine(billing, subscription, item, period))
  })
  return [...lines, ...extra]
}

/** The whole periods between a backdated start and the current one. */
function cyclesBefore(
  subscription: Subscription,
  until: number,
  item: Subscription['items']['data'][number],
): Period[] {
  const periods: Period[] = []
  let start = subscription.start_date
  while (start < until) {
    const { end } = cycleOf(subscription, item, start)
    periods.push({ start, end })
    start = end
  }
  return periods
}

/** A coupon for some months ends so many months after it began. */
function endDiscounts(billing: Billing, subscription: Subscription): void {
  const ids = [...subscription.discounts, ...subscription.items.data.flatMap((item) => item.discounts)]
  for (const id of ids) {
    const discount = billing.state.discounts.get(id)
    const coupon = billing.state.coupons.get(discount?.source.coupon ?? '')
    if (discount === undefined || coupon === undefined || discount.end !== null) continue
    discount.end = discountEnd(coupon, discount.start)
  }
}

/** Plans the end of a subscription for a moment given or worked out from its items' periods. */
export function planCancel(subscription: Subscription, at: number | RelativeCancelAt, now: number): void {
  const ends = subscription.items.data.map((item) => item.current_period_end)
  const moment = typeof at === 'number' ? at : at === 'min_period_end' ? Math.min(...ends) : Math.max(...ends)
  if (moment <= now) {
    throw badRequest('Invalid timestamp: must be an integer Unix timestamp in the future.', 'cancel_at')
  }
  subscription.cancel_at = moment
  subscription.canceled_at = now
}

/** Plans the end for the end of the period: flexible billing keeps the flag alone, classic also says the moment. */
export function planCancelWithPeriod(subscription: Subscription, now: number): void {
  subscription.cancel_at_period_end = true
  subscription.cancel_at = subscription.billing_mode.type === 'classic' ? periodOf(subscription).end : null
  subscription.canceled_at ??= now
}
