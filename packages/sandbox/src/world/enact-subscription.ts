import { addIntervals, day, hour } from '../stripe/engine/calendar.ts'
import { makeDiscount } from '../stripe/objects/coupon.ts'
import { type Invoice, makeInvoice, makeInvoiceLineItem } from '../stripe/objects/invoice.ts'
import { makeInvoicePayment } from '../stripe/objects/payment.ts'
import { makeSchedule, makeSchedulePhase } from '../stripe/objects/schedule.ts'
import {
  makeSubscription,
  makeSubscriptionItem,
  type Subscription,
  type SubscriptionItem,
} from '../stripe/objects/subscription.ts'
import { coupons, intervalOf, soldPrice } from './catalogue.ts'
import type { Enactment } from './enact.ts'
import { lineAmount } from './enact-catalogue.ts'
import { enactPayment } from './enact-payment.ts'
import type { CustomerLife, SubscriptionLife } from './life.ts'

// One object for all, as everywhere in the state: replaced by those who change it, never changed.
const classic = Object.freeze({ flexible: null, type: 'classic' as const })
const asked = Object.freeze({
  comment: null,
  feedback: null,
  feedback_option: null,
  reason: 'cancellation_requested' as const,
})
const noCard = Object.freeze({
  end_behavior: Object.freeze({ billing_cycle_anchor: null, missing_payment_method: 'pause' as const }),
})

/** Turns a subscription's life into whole Stripe objects: itself, its latest invoice, discount, schedule and payment. */
export function enactSubscription(
  enactment: Enactment,
  customer: CustomerLife,
  life: SubscriptionLife,
  paymentMethod: string | null,
): void {
  const { stripe, ids } = enactment
  const { livemode } = stripe
  const invoiceId = life.invoice === null ? null : ids.stripe('in')
  const scheduleId = life.later === undefined ? null : ids.stripe('sub_sched')
  const discounts = life.coupon === undefined ? [] : [enactDiscount(enactment, customer, life)]
  const items = itemsOf(enactment, life)
  const isPaused = life.status === 'paused'
  stripe.subscriptions.insert(
    makeSubscription({
      id: life.id,
      created: life.startedAt,
      customer: customer.id,
      livemode,
      status: life.status,
      items,
      billing_cycle_anchor: life.trial?.end ?? life.startedAt,
      default_payment_method: paymentMethod,
      latest_invoice: invoiceId,
      discounts,
      schedule: scheduleId,
      metadata: { ...life.metadata },
      ...(life.billing === 'classic' ? { billing_mode: classic } : {}),
      ...(life.trial ? { trial_start: life.trial.start, trial_end: life.trial.end } : {}),
      ...(isPaused ? { trial_settings: noCard, status_details: pausedSince(life.periodEnd) } : {}),
      ...(life.invoice?.sentByMail ? { collection_method: 'send_invoice' as const, days_until_due: 30 } : {}),
      ...(life.pausedCollection
        ? { pause_collection: { behavior: 'void' as const, resumes_at: life.pausedCollection.resumesAt } }
        : {}),
      ...(life.endedAt === undefined
        ? {}
        : { ended_at: life.endedAt, canceled_at: life.endedAt, cancellation_details: asked }),
      ...(life.cancels
        ? {
            cancel_at: life.cancels.at,
            cancel_at_period_end: life.cancels.by === 'flag',
            canceled_at: life.cancels.askedAt,
            cancellation_details: asked,
          }
        : {}),
    }),
  )
  if (invoiceId !== null) enactInvoice(enactment, customer, life, items, invoiceId, paymentMethod)
  if (scheduleId !== null) enactSchedule(enactment, customer, life, scheduleId)
}

function pausedSince(at: number): NonNullable<Subscription['status_details']> {
  return {
    paused: {
      subscription: { type: 'trial_end_without_payment_method' },
      transitioned_at: at,
      type: 'subscription',
    },
  }
}

function itemsOf({ prices, ids }: Enactment, life: SubscriptionLife): SubscriptionItem[] {
  return life.lines.map(({ price: name, quantity }) => {
    const wire = prices.get(name)
    if (!wire) throw new Error(`The world has no price ${name}; it has ${[...prices.keys()].join(', ')}.`)
    return makeSubscriptionItem({
      id: ids.stripe('si'),
      created: life.startedAt,
      subscription: life.id,
      price: wire.price,
      plan: wire.plan,
      current_period_start: life.periodStart,
      current_period_end: life.periodEnd,
      ...(soldPrice(name).metered ? {} : { quantity: quantity ?? 1 }),
    })
  })
}

function enactDiscount({ stripe, ids }: Enactment, customer: CustomerLife, life: SubscriptionLife): string {
  const coupon = coupons.find(({ id }) => id === life.coupon)
  const months = coupon && 'duration_in_months' in coupon ? coupon.duration_in_months : null
  const once = coupon?.duration === 'once' ? life.periodEnd : null
  const { id } = stripe.discounts.insert(
    makeDiscount({
      id: ids.stripe('di'),
      coupon: life.coupon ?? '',
      customer: customer.id,
      subscription: life.id,
      start: life.startedAt,
      end:
        months === null
          ? once
          : addIntervals(life.startedAt, { interval: 'month', interval_count: months }, 1),
    }),
  )
  return id
}

function enactInvoice(
  enactment: Enactment,
  customer: CustomerLife,
  life: SubscriptionLife,
  items: readonly SubscriptionItem[],
  id: string,
  paymentMethod: string | null,
): void {
  const { stripe, ids, now } = enactment
  const { livemode } = stripe
  const status = life.invoice?.status ?? 'paid'
  const created = life.invoice?.at ?? life.periodStart
  const isTrial = life.trial !== undefined && life.trial.end >= life.periodEnd
  const { currency } = soldPrice(life.lines[0].price)
  const lines = life.lines.map(({ price: name, quantity }, index) => {
    const { id: price, product, metered, amountDecimal, amount } = soldPrice(name)
    return makeInvoiceLineItem({
      id: ids.stripe('il'),
      amount: isTrial ? 0 : lineAmount(name, quantity ?? 1),
      currency,
      quantity: metered ? 0 : (quantity ?? 1),
      invoice: id,
      livemode,
      subscription: life.id,
      period: { start: life.periodStart, end: life.periodEnd },
      parent: {
        invoice_item_details: null,
        subscription_item_details: {
          invoice_item: null,
          proration: false,
          proration_details: null,
          subscription: life.id,
          subscription_item: items[index]?.id ?? '',
        },
        type: 'subscription_item_details',
      },
      pricing: {
        price_details: { price, product },
        type: 'price_details',
        unit_amount_decimal: amountDecimal ?? (amount === null ? null : String(amount)),
      },
    })
  })
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0)
  const total = subtotal - discountOn(life, subtotal)
  // Stripe finalizes an hour after making; what was made minutes ago is finalized at once, as a first invoice is.
  const finalizedAt = status === 'draft' ? null : created + 2 * hour > now ? created : created + hour
  const isFirst = life.startedAt === life.periodStart
  stripe.invoices.insert(
    makeInvoice({
      id,
      created,
      customer: customer.id,
      customer_email: customer.email,
      customer_name: customer.name,
      subscription: life.id,
      livemode,
      currency,
      lines,
      subtotal,
      total,
      amount_due: total,
      status,
      attempted: status !== 'draft' && !life.invoice?.sentByMail,
      attempt_count: status === 'paid' ? 1 : status === 'open' && !life.invoice?.sentByMail ? 3 : 0,
      billing_reason: isFirst ? 'subscription_create' : 'subscription_cycle',
      period_start: isFirst ? created : created - (life.periodEnd - life.periodStart),
      period_end: created,
      effective_at: finalizedAt,
      ...(life.invoice?.sentByMail
        ? { collection_method: 'send_invoice' as const, due_date: created + 30 * day }
        : {}),
      status_transitions: transitions(status, created, finalizedAt),
    }),
  )
  if (status !== 'paid' || total === 0) return
  // Large worlds keep the payment only where it matters: where money went back.
  if (enactment.isLean && life.reversal === undefined) return
  const intentId = ids.stripe('pi')
  enactPayment(
    stripe,
    {
      intentId,
      chargeId: ids.stripe('ch'),
      customerId: customer.id,
      amount: total,
      currency,
      at: finalizedAt ?? created,
      paymentMethod,
      ...(life.reversal === undefined ? {} : { reversal: life.reversal }),
    },
    now,
    ids,
  )
  stripe.invoicePayments.insert(
    makeInvoicePayment({
      id: ids.stripe('inpay'),
      created: finalizedAt ?? created,
      invoice: id,
      amount_requested: total,
      currency,
      livemode,
      payment: { payment_intent: intentId, type: 'payment_intent' },
    }),
  )
}

function transitions(
  status: Invoice['status'],
  created: number,
  finalizedAt: number | null,
): Invoice['status_transitions'] {
  return {
    finalized_at: finalizedAt,
    marked_uncollectible_at: status === 'uncollectible' ? created + 23 * hour : null,
    paid_at: status === 'paid' ? finalizedAt : null,
    voided_at: status === 'void' ? created + 23 * hour : null,
  }
}

function discountOn(life: SubscriptionLife, subtotal: number): number {
  const coupon = coupons.find(({ id }) => id === life.coupon)
  if (!coupon) return 0
  if ('percent_off' in coupon) return Math.round((subtotal * coupon.percent_off) / 100)
  return life.startedAt === life.periodStart ? Math.min(subtotal, coupon.amount_off) : 0
}

function enactSchedule(
  { stripe }: Enactment,
  customer: CustomerLife,
  life: SubscriptionLife,
  id: string,
): void {
  const later = life.later ?? life.lines[0].price
  const phaseItem = (price: string, quantity: number) => ({
    billing_thresholds: null,
    discounts: [],
    metadata: {},
    plan: price,
    price,
    quantity,
    tax_rates: [],
  })
  const current = life.lines.map((line) => phaseItem(soldPrice(line.price).id, line.quantity ?? 1))
  const { currency } = soldPrice(life.lines[0].price)
  stripe.schedules.insert(
    makeSchedule({
      id,
      created: life.startedAt,
      customer: customer.id,
      livemode: stripe.livemode,
      status: 'active',
      subscription: life.id,
      current_phase: { start_date: life.periodStart, end_date: life.periodEnd },
      phases: [
        makeSchedulePhase({
          start_date: life.periodStart,
          end_date: life.periodEnd,
          currency,
          items: current,
        }),
        makeSchedulePhase({
          start_date: life.periodEnd,
          end_date: addIntervals(life.periodEnd, intervalOf(later), 1),
          currency,
          items: [phaseItem(soldPrice(later).id, 1)],
        }),
      ],
    }),
  )
}
