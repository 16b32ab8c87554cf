import {
  type Customer,
  type Invoice,
  type InvoicePayment,
  makeCharge,
  makeInvoicePayment,
  makePaymentIntent,
  type PaymentIntent,
  type Subscription,
} from '../objects/index.ts'
import type { PaymentOutcome } from '../payment-outcome.ts'
import { StripeError } from '../stripe-error.ts'
import type { Billing } from './billing.ts'

/** Why a payment did not go through: no card to charge, the bank's no, or a customer who has to confirm first. */
export type Refusal = 'no_payment_method' | Exclude<PaymentOutcome, 'succeeds'>

const words: { readonly [R in Refusal]: { code: string; decline: string | null; message: string } } = {
  no_payment_method: {
    code: 'invoice_payment_intent_requires_action',
    decline: null,
    message:
      'There is no default payment method set on this customer or invoice. Set one, or pass `payment_method`.',
  },
  requires_action: {
    code: 'invoice_payment_intent_requires_action',
    decline: null,
    message: 'This payment requires additional user action before it can be completed successfully.',
  },
  generic_decline: {
    code: 'card_declined',
    decline: 'generic_decline',
    message: 'Your card was declined.',
  },
  insufficient_funds: {
    code: 'card_declined',
    decline: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  },
  expired_card: { code: 'expired_card', decline: 'expired_card', message: 'Your card has expired.' },
  lost_card: { code: 'card_declined', decline: 'lost_card', message: 'Your card was declined.' },
  processing_error: {
    code: 'processing_error',
    decline: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  },
}

/** The 402 that Stripe answers for a refused payment. */
export function refused(refusal: Refusal): StripeError {
  const { code, decline, message } = words[refusal]
  if (refusal === 'no_payment_method') return new StripeError(400, message)
  return new StripeError(402, message, {
    type: refusal === 'requires_action' ? 'invalid_request_error' : 'card_error',
    code,
    ...(decline === null ? {} : { decline_code: decline }),
  })
}

/** The method that pays by default: the subscription's, else the customer's. */
export function defaultPaymentMethod(
  customer: Customer,
  subscription: Pick<Subscription, 'default_payment_method' | 'default_source'> | null,
): string | null {
  return (
    subscription?.default_payment_method ??
    subscription?.default_source ??
    customer.invoice_settings.default_payment_method ??
    customer.default_source
  )
}

/** What would become of a payment with this method; null when it succeeds. */
export function refusalOf(billing: Billing, paymentMethod: string | null): Refusal | null {
  if (paymentMethod === null) return 'no_payment_method'
  const outcome = billing.state.outcomeOf(paymentMethod)
  return outcome === 'succeeds' ? null : outcome
}

/** The payment intent and the open payment that a finalized invoice waits for; both are made when missing. */
export function paymentOf(
  billing: Billing,
  invoice: Invoice,
): { payment: InvoicePayment; intent: PaymentIntent } {
  const { state } = billing
  for (const payment of state.invoicePayments.by('invoice', invoice.id)) {
    const intent = state.paymentIntents.get(payment.payment.payment_intent ?? '')
    if (intent !== undefined && payment.status === 'open') return { payment, intent }
  }
  const created = billing.now(invoice)
  const intent = makePaymentIntent({
    id: state.ids.next('pi'),
    created,
    amount: invoice.amount_remaining,
    currency: invoice.currency,
    customer: invoice.customer,
    description: invoice.parent === null ? null : 'Subscription payment',
    livemode: state.livemode,
  })
  state.paymentIntents.insert(intent)
  const payment = makeInvoicePayment({
    id: state.ids.next('inpay'),
    created,
    amount_requested: invoice.amount_remaining,
    currency: invoice.currency,
    invoice: invoice.id,
    livemode: state.livemode,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'open',
  })
  state.invoicePayments.insert(payment)
  state.emit('payment_intent.created', intent)
  return { payment, intent }
}

/**
 * Tries to take an intent's amount with a payment method: makes the charge (none where there is no card, or where the
 * customer has to confirm first), moves the intent and emits their events. Gives why it was refused, or null.
 */
export function takePayment(
  billing: Billing,
  intent: PaymentIntent,
  paymentMethod: string | null,
  created: number,
  verdict: Refusal | null = refusalOf(billing, paymentMethod),
): Refusal | null {
  const { state } = billing
  if (verdict === 'no_payment_method' || paymentMethod === null) return 'no_payment_method'
  if (verdict === 'requires_action') {
    intent.status = 'requires_action'
    intent.payment_method = paymentMethod
    intent.next_action = { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect' } }
    state.emit('payment_intent.requires_action', intent)
    return verdict
  }
  const failure = verdict === null ? null : words[verdict]
  const customer = intent.customer === null ? undefined : state.customers.get(intent.customer)
  const charge = makeCharge({
    id: state.ids.next('ch'),
    created,
    amount: intent.amount,
    billing_details: {
      address: customer?.address ?? null,
      email: customer?.email ?? null,
      name: customer?.name ?? null,
      phone: customer?.phone ?? null,
      tax_id: null,
    },
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    livemode: state.livemode,
    metadata: { ...intent.metadata },
    outcome: {
      advice_code: failure === null ? null : 'try_again_later',
      network_advice_code: null,
      network_decline_code: null,
      network_status: failure === null ? 'approved_by_network' : 'declined_by_network',
      reason: failure?.decline ?? null,
      risk_level: 'normal',
      seller_message: failure?.message ?? 'Payment complete.',
      type: failure === null ? 'authorized' : 'issuer_declined',
    },
    payment_intent: intent.id,
    payment_method: paymentMethod,
    status: failure === null ? 'succeeded' : 'failed',
  })
  state.charges.insert(charge)
  intent.latest_charge = charge.id
  intent.next_action = null
  if (failure === null) {
    intent.status = 'succeeded'
    intent.payment_method = paymentMethod
    intent.amount_received = intent.amount
    intent.last_payment_error = null
    state.emit('charge.succeeded', charge)
    state.emit('payment_intent.succeeded', intent)
    return null
  }
  intent.status = 'requires_payment_method'
  intent.payment_method = null
  intent.last_payment_error = {
    charge: charge.id,
    code: failure.code,
    decline_code: failure.decline,
    message: failure.message,
    type: 'card_error',
  }
  state.emit('charge.failed', charge)
  state.emit('payment_intent.payment_failed', intent)
  return verdict
}
