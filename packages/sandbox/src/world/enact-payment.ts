import { day } from '../stripe/engine/calendar.ts'
import { makeCharge, makeDispute, makePaymentIntent, makeRefund } from '../stripe/objects/payment.ts'
import type { StripeState } from '../stripe/state.ts'
import type { Reversal } from './life.ts'
import type { WorldIds } from './world-ids.ts'

/** Money that came in. */
export interface Paid {
  readonly intentId: string
  readonly chargeId: string
  readonly customerId: string
  readonly amount: number
  readonly currency: string
  /** In seconds. */
  readonly at: number
  readonly paymentMethod: string | null
  readonly reversal?: Reversal
}

/** Puts a payment into Stripe, and what became of it: money given back, or a dispute. */
export function enactPayment(stripe: StripeState, paid: Paid, now: number, ids: WorldIds): void {
  const { amount, currency, customerId, at, reversal } = paid
  const shared = {
    created: at,
    currency,
    livemode: stripe.livemode,
    customer: customerId,
    payment_method: paid.paymentMethod,
  }
  const refundedAmount =
    reversal === 'refunded' ? amount : reversal === 'partly-refunded' ? Math.floor(amount / 5) : 0
  const disputed = reversal?.startsWith('dispute-') ?? false
  stripe.paymentIntents.insert(
    makePaymentIntent({
      id: paid.intentId,
      amount,
      status: 'succeeded',
      latest_charge: paid.chargeId,
      ...shared,
    }),
  )
  stripe.charges.insert(
    makeCharge({
      id: paid.chargeId,
      amount,
      payment_intent: paid.intentId,
      amount_refunded: refundedAmount,
      refunded: reversal === 'refunded',
      disputed,
      ...shared,
    }),
  )
  // A day or so after the payment, and never within the last hour.
  const later = Math.min(at + 2 * day, Math.max(at, now - 3600))
  const money = { charge: paid.chargeId, payment_intent: paid.intentId, currency, created: later }
  if (refundedAmount > 0) {
    stripe.refunds.insert(
      makeRefund({
        id: ids.stripe('re'),
        amount: refundedAmount,
        customer: customerId,
        reason: 'requested_by_customer',
        ...money,
      }),
    )
  }
  if (disputed) {
    const status =
      reversal === 'dispute-won' ? 'won' : reversal === 'dispute-lost' ? 'lost' : 'needs_response'
    stripe.disputes.insert(
      makeDispute({ id: ids.stripe('du'), amount, livemode: stripe.livemode, status, ...money }),
    )
  }
}
