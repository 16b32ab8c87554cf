import { type PaymentOutcome, testNumberOutcome } from '../../stripe/payment-outcome.ts'
import { paramInvalid } from '../http/param-error.ts'
import type { ClerkState } from '../state.ts'

/** A payer's card. Of the number only the last four digits are kept, and what becomes of payments with it. */
export interface BillingCard {
  readonly id: string
  readonly last4: string
  readonly outcome: PaymentOutcome
}

/**
 * Makes a test card the one that a payer is charged with.
 *
 * @throws ClerkRefusal 422 for what is not one of Stripe's test card numbers, which Clerk Billing takes too.
 */
export function useBillingCard(state: ClerkState, payerId: string, number: string): BillingCard {
  const outcome = testNumberOutcome(number)
  if (outcome === null) {
    throw paramInvalid('card', 'Only Stripe’s test card numbers work here, such as 4242 4242 4242 4242.')
  }
  const card = { id: state.ids.next('cpm'), last4: number.trim().slice(-4), outcome }
  state.billing.cards.set(payerId, card)
  return card
}
