import type { BillingFact, Price, Purchase, Reversal, ReversalReading, Subscription } from '@trueup/core'
import {
  attachReversals,
  mergeReversals,
  readStripeActiveEntitlements,
  readStripeCheckoutSession,
  readStripeDispute,
  readStripeInvoicePurchase,
  readStripeRefund,
  readStripeSubscription,
  sellsForGood,
} from '@trueup/core'
import type Stripe from 'stripe'
import { readSubscriptions } from '../checkout/live-subscription.ts'
import type { Frame } from '../frame.ts'

/** All that Stripe says of a customer now. */
export interface StripeReading {
  readonly facts: readonly BillingFact[]
  /** The subscriptions as Stripe sent them, for what is told of them beside access. */
  readonly subscriptions: readonly Stripe.Subscription[]
  /** The earliest moment at which any of it was read. */
  readonly readAt: Date
}

/** Reads a customer's subscriptions, all of them and all their items, and what was bought for good where that is sold. */
export async function readBilling(frame: Frame, customerId: string): Promise<StripeReading> {
  const readAt = frame.clock.now()
  const subscriptions = await Promise.all(
    (await readSubscriptions(frame, customerId, ['data.latest_invoice.payments'])).map((each) =>
      withAllItems(frame, each),
    ),
  )
  const bought: (Subscription | Purchase)[] = subscriptions.map((each) =>
    readStripeSubscription(each, frame.clock.now()),
  )
  if (sellsForGood(frame.catalogue)) bought.push(...(await readPurchases(frame, customerId)))
  const facts: BillingFact[] = await withReversals(frame, customerId, bought)
  if (frame.options.stripeEntitlements) {
    const listed = await readList(frame, (stripe, page) =>
      stripe.entitlements.activeEntitlements.list({ customer: customerId, ...page }),
    )
    const livemode = frame.options.livemode
    facts.push(readStripeActiveEntitlements(listed, { customerId, livemode, readAt: frame.clock.now() }))
  }
  return { facts, subscriptions, readAt }
}

/** A subscription holds its first items only; the rest stand in a list. */
async function withAllItems(frame: Frame, subscription: Stripe.Subscription): Promise<Stripe.Subscription> {
  if (!subscription.items.has_more) return subscription
  const data = await readList(frame, (stripe, page) =>
    stripe.subscriptionItems.list({ subscription: subscription.id, ...page }),
  )
  return { ...subscription, items: { ...subscription.items, data: [...data], has_more: false } }
}

async function readPurchases(frame: Frame, customerId: string): Promise<readonly Purchase[]> {
  const sessions = await readList(frame, (stripe, page) =>
    stripe.checkout.sessions.list({
      customer: customerId,
      status: 'complete',
      expand: ['data.line_items', 'data.invoice.payments'],
      ...page,
    }),
  )
  const invoices = await readList(frame, (stripe, page) =>
    stripe.invoices.list({ customer: customerId, status: 'paid', expand: ['data.payments'], ...page }),
  )
  const readAt = frame.clock.now()
  const prices = await pricesForLife(frame)
  return [
    ...sessions.flatMap((session) => readStripeCheckoutSession(session, readAt) ?? []),
    ...invoices.flatMap((invoice) => readStripeInvoicePurchase(invoice, readAt, prices) ?? []),
  ]
}

/** The lines of an invoice only name their prices, so that those that count are looked up. */
async function pricesForLife(frame: Frame): Promise<ReadonlyMap<string, Price>> {
  const selectors = [...frame.catalogue.plans, ...frame.catalogue.addOns].flatMap(({ lifetime }) => lifetime)
  const booked = await Promise.all(selectors.map((selector) => frame.prices.find(selector)))
  return new Map(booked.flatMap((each) => (each ? [[each.price.id, each.price] as const] : [])))
}

/** Refunds and disputes of what was paid. The customer's charges say whether there are any, in one call. */
async function withReversals(
  frame: Frame,
  customerId: string,
  facts: readonly (Subscription | Purchase)[],
): Promise<BillingFact[]> {
  const paid = new Set(facts.flatMap(paymentsOf))
  if (paid.size === 0 || frame.policy.refunded === 'keep') return [...facts]
  const charges = await readList(frame, (stripe, page) =>
    stripe.charges.list({ customer: customerId, ...page }),
  )
  const touched = charges.filter(
    ({ id, payment_intent, amount_refunded, disputed }) =>
      (amount_refunded > 0 || disputed) && (paid.has(id) || paid.has(idOf(payment_intent))),
  )
  const readings = await Promise.all(touched.map((charge) => readReversals(frame, charge)))
  const reversals = new Map<string, Reversal>()
  for (const reading of readings.flat()) {
    const known = reversals.get(reading.paymentId)
    reversals.set(reading.paymentId, known ? mergeReversals(known, reading) : reading)
  }
  return facts.map((fact) => attachReversals(fact, reversals))
}

async function readReversals(frame: Frame, charge: Stripe.Charge): Promise<readonly ReversalReading[]> {
  const refunds = await readList(frame, (stripe, page) => stripe.refunds.list({ charge: charge.id, ...page }))
  const disputes = await readList(frame, (stripe, page) =>
    stripe.disputes.list({ charge: charge.id, ...page }),
  )
  return [
    ...refunds.flatMap((refund) => readStripeRefund(refund) ?? []),
    ...disputes.flatMap((dispute) => readStripeDispute(dispute) ?? []),
  ]
}

function paymentsOf(fact: Subscription | Purchase): readonly string[] {
  if (fact.kind === 'purchase') return fact.paymentIds
  return fact.latestInvoice && fact.latestInvoice !== 'unread' ? fact.latestInvoice.paymentIds : []
}

function idOf(reference: string | { readonly id: string } | null): string {
  return typeof reference === 'string' ? reference : (reference?.id ?? '')
}

interface PageParameters {
  readonly limit: number
  readonly starting_after?: string
}

async function readList<T extends { readonly id: string }>(
  frame: Frame,
  list: (stripe: Stripe, page: PageParameters) => Promise<Stripe.ApiList<T>>,
): Promise<readonly T[]> {
  const found: T[] = []
  for (;;) {
    const last = found.at(-1)
    const page = await frame.stripe.call((stripe) =>
      list(stripe, { limit: 100, ...(last ? { starting_after: last.id } : {}) }),
    )
    found.push(...page.data)
    if (!page.has_more || page.data.length === 0) return found
  }
}
