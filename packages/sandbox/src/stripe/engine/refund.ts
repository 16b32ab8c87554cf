import type { RefundOptions } from '../billing-engine.ts'
import { type Charge, makeRefund, type Refund } from '../objects/index.ts'
import { snapshot } from '../snapshot.ts'
import { StripeError } from '../stripe-error.ts'
import { type Billing, differences } from './billing.ts'

/**
 * Gives a charge's money back, in whole or in part: emits `refund.created` and `charge.refunded`. The subscription
 * that was paid for goes on, as in Stripe.
 *
 * @throws StripeError 400 when the charge did not succeed or has less left than asked for.
 */
export function refundCharge(billing: Billing, charge: Charge, options: RefundOptions = {}): Refund {
  const left = charge.amount - charge.amount_refunded
  if (charge.status !== 'succeeded') {
    throw new StripeError(400, `Charge ${charge.id} has no captured amount to refund.`)
  }
  if (left === 0) {
    throw new StripeError(400, `Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    })
  }
  const amount = options.amount ?? left
  if (amount <= 0 || amount > left) {
    throw new StripeError(
      400,
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left}), or not positive.`,
      { param: 'amount' },
    )
  }
  const { state } = billing
  const refund = makeRefund({
    id: state.ids.next('re'),
    created: billing.now({ test_clock: state.customers.get(charge.customer ?? '')?.test_clock ?? null }),
    amount,
    charge: charge.id,
    currency: charge.currency,
    customer: charge.customer,
    metadata: { ...options.metadata },
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: options.reason ?? null,
  })
  state.refunds.insert(refund)
  const before = snapshot(charge)
  charge.amount_refunded += amount
  charge.refunded = charge.amount_refunded === charge.amount
  state.emit('refund.created', refund)
  state.emit('charge.refunded', charge, differences(before, snapshot(charge)) ?? {})
  return refund
}
