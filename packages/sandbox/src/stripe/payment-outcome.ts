/** What becomes of a payment. The declines are Stripe's decline codes. */
export type PaymentOutcome =
  | 'succeeds'
  | 'requires_action'
  | 'generic_decline'
  | 'insufficient_funds'
  | 'expired_card'
  | 'lost_card'
  | 'processing_error'

// Stripe's test payment methods and tokens, docs.stripe.com/testing.
const TEST_CARDS: { readonly [name: string]: PaymentOutcome } = {
  pm_card_visa_chargeDeclined: 'generic_decline',
  pm_card_chargeDeclined: 'generic_decline',
  pm_card_chargeCustomerFail: 'generic_decline',
  pm_card_visa_chargeDeclinedInsufficientFunds: 'insufficient_funds',
  pm_card_chargeDeclinedInsufficientFunds: 'insufficient_funds',
  pm_card_visa_chargeDeclinedLostCard: 'lost_card',
  pm_card_chargeDeclinedExpiredCard: 'expired_card',
  pm_card_chargeDeclinedProcessingError: 'processing_error',
  pm_card_authenticationRequired: 'requires_action',
  pm_card_authenticationRequiredOnSetup: 'requires_action',
  pm_card_threeDSecure2Required: 'requires_action',
  tok_chargeDeclined: 'generic_decline',
  tok_chargeCustomerFail: 'generic_decline',
  tok_visa_chargeDeclinedInsufficientFunds: 'insufficient_funds',
}

const TEST_NUMBERS: { readonly [number: string]: PaymentOutcome } = {
  '4242424242424242': 'succeeds',
  '4000056655665556': 'succeeds',
  '5555555555554444': 'succeeds',
  '378282246310005': 'succeeds',
  '4000000000000002': 'generic_decline',
  '4000000000000341': 'generic_decline',
  '4000000000009995': 'insufficient_funds',
  '4000000000000069': 'expired_card',
  '4000000000009987': 'lost_card',
  '4000000000000119': 'processing_error',
  '4000002500003155': 'requires_action',
  '4000002760003184': 'requires_action',
  '4000000000003220': 'requires_action',
  '4000008400001629': 'requires_action',
  '4000008260003178': 'requires_action',
}

/** Cards that the bank refuses although their holder has confirmed the payment. */
const REFUSED_AFTER_CONFIRMING: { readonly [number: string]: PaymentOutcome } = {
  '4000008400001629': 'generic_decline',
  '4000008260003178': 'insufficient_funds',
}

/** The outcome that the name of a test payment method or token stands for; any other name succeeds. */
export function testCardOutcome(name: string): PaymentOutcome {
  return TEST_CARDS[name] ?? 'succeeds'
}

/** The outcome that a test card number stands for; null when it is not one of Stripe's test numbers. */
export function testNumberOutcome(number: string): PaymentOutcome | null {
  return TEST_NUMBERS[number.replaceAll(/[\s-]/g, '')] ?? null
}

/** What becomes of a payment with a test card number once its holder has confirmed it with the bank. */
export function confirmedOutcome(number: string): PaymentOutcome | null {
  const outcome = testNumberOutcome(number)
  if (outcome !== 'requires_action') return outcome
  return REFUSED_AFTER_CONFIRMING[number.replaceAll(/[\s-]/g, '')] ?? 'succeeds'
}

/** Whether a name is one of Stripe's shared test payment methods (`pm_card_...`) or tokens (`tok_...`). */
export function isTestCard(name: string): boolean {
  return name.startsWith('pm_card_') || name.startsWith('tok_')
}
