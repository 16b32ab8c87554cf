import { type Charge, makeRefund, type Refund } from './objects/payment.ts'
import type { Metadata } from './objects/wire.ts'
import type { StripeState } from './state.ts'
import { badRequest, StripeError } from './stripe-error.ts'

export interface RefundOptions {
  /** Minor units. Default: all that is left. */
  readonly amount?: number
  readonly reason?: Refund['reason']
  readonly metadata?: Metadata
}

/**
 * Gives back money of a charge: makes the refund, marks the charge, and emits `refund.created` and
 * `charge.refunded`.
 *
 * @throws StripeError 400 when the charge did not succeed, is disputed, or has less left than asked for.
 */
export function refundCharge(state: StripeState, charge: Charge, options: RefundOptions = {}): Refund {
  const left = charge.amount_captured - charge.amount_refunded
  const amount = options.amount ?? left
  if (charge.status !== 'succeeded') {
    throw badRequest(`The charge ${charge.id} did not succeed, so it cannot be refunded.`, 'charge')
  }
  if (charge.disputed) {
    throw new StripeError(400, `Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    })
  }
  if (left === 0) {
    throw new StripeError(400, `Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    })
  }
  if (amount < 1)
    throw new StripeError(400, 'Invalid positive integer', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    })
  if (amount > left) {
    throw badRequest(
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
      'amount',
    )
  }
  const testClock = charge.customer === null ? null : state.customers.get(charge.customer)?.test_clock
  const refund = makeRefund({
    id: state.ids.next('re'),
    created: state.now(testClock),
    amount,
    charge: charge.id,
    currency: charge.currency,
    metadata: options.metadata ?? {},
    payment_intent: charge.payment_intent,
    reason: options.reason ?? null,
  })
  state.refunds.insert(refund)
  const before = { amount_refunded: charge.amount_refunded, refunded: charge.refunded }
  const refunded = charge.amount_refunded + amount
  state.charges.update(charge, { amount_refunded: refunded, refunded: refunded === charge.amount })
  state.emit('refund.created', refund)
  state.emit('charge.refunded', charge, before)
  return refund
}
