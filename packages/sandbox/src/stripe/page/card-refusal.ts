import type { PaymentOutcome } from '../payment-outcome.ts'

const refusals: { readonly [outcome in Exclude<PaymentOutcome, 'succeeds'>]: string } = {
  requires_action:
    'We are unable to authenticate your payment method. Please choose another one and try again.',
  generic_decline: 'Your card was declined.',
  insufficient_funds: 'Your card has insufficient funds.',
  expired_card: 'Your card has expired.',
  lost_card: 'Your card was declined.',
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
}

/** What the pages say to somebody whose card did not go through. */
export function cardRefusal(outcome: Exclude<PaymentOutcome, 'succeeds'>): string {
  return refusals[outcome]
}

export const noTestCard = 'Only Stripe’s test card numbers work here, such as 4242 4242 4242 4242.'
