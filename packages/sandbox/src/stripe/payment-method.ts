import type { Customer } from './objects/customer.ts'
import { makePaymentMethod, type PaymentMethod } from './objects/payment.ts'
import { isTestCard, type PaymentOutcome } from './payment-outcome.ts'
import { asParameter, missing } from './request/find.ts'
import type { StripeState } from './state.ts'
import { badRequest } from './stripe-error.ts'

/** A new card; what becomes of payments with it is the given outcome. */
export function addCard(
  state: StripeState,
  outcome: PaymentOutcome,
  customer: Customer | null = null,
  last4 = '4242',
): PaymentMethod {
  const made = makePaymentMethod({
    id: state.ids.next('pm'),
    created: state.now(customer?.test_clock),
    customer: customer?.id ?? null,
    livemode: state.livemode,
  })
  if (last4 !== made.card.last4) made.card = { ...made.card, last4 }
  if (outcome !== 'succeeds') state.paymentOutcomes.set(made.id, outcome)
  return state.paymentMethods.insert(made)
}

/**
 * The id of the card that a request names for a customer. One of Stripe's shared test cards (`pm_card_...`, `tok_...`)
 * becomes a card of the customer's own, as attaching it does; a card of nobody is attached.
 *
 * @throws StripeError 400 when the card is not known or another customer's.
 */
export function useCard(state: StripeState, customer: Customer, name: string, param: string): string {
  if (isTestCard(name)) return attach(state, addCard(state, state.outcomeOf(name)), customer).id
  const method = state.paymentMethods.get(name)
  if (method === undefined) throw missing(state, 'PaymentMethod', name, asParameter(param))
  if (method.customer === customer.id) return method.id
  if (method.customer !== null) {
    throw badRequest(
      `The payment method ${name} is attached to another customer. You must detach it from that customer first.`,
      param,
    )
  }
  return attach(state, method, customer).id
}

/** Attaches a card to a customer. */
export function attach(state: StripeState, method: PaymentMethod, customer: Customer): PaymentMethod {
  state.paymentMethods.update(method, { customer: customer.id })
  state.emit('payment_method.attached', method)
  return method
}
