import type { Address, Born, JsonObject, Metadata } from './wire.ts'

/** The payment that an invoice was, or is to be, settled with. */
export interface InvoicePayment {
  id: string
  object: 'invoice_payment'
  amount_paid: number | null
  amount_requested: number
  created: number
  currency: string
  invoice: string
  is_default: boolean
  livemode: boolean
  payment: { charge?: string; payment_intent?: string; type: 'charge' | 'payment_intent' | 'payment_record' }
  status: 'canceled' | 'open' | 'paid'
  status_transitions: { canceled_at: number | null; paid_at: number | null }
}

/** An attempt to take money. */
export interface Charge {
  id: string
  object: 'charge'
  amount: number
  amount_captured: number
  amount_refunded: number
  application: string | null
  application_fee: string | null
  application_fee_amount: number | null
  balance_transaction: string | null
  billing_details: {
    address: Address | null
    email: string | null
    name: string | null
    phone: string | null
    tax_id: string | null
  }
  calculated_statement_descriptor: string | null
  captured: boolean
  created: number
  currency: string
  customer: string | null
  description: string | null
  disputed: boolean
  failure_balance_transaction: string | null
  failure_code: string | null
  failure_message: string | null
  fraud_details: JsonObject | null
  livemode: boolean
  metadata: Metadata
  on_behalf_of: string | null
  outcome: JsonObject | null
  paid: boolean
  payment_intent: string | null
  payment_method: string | null
  payment_method_details: JsonObject | null
  receipt_email: string | null
  receipt_number: string | null
  receipt_url: string | null
  refunded: boolean
  review: string | null
  shipping: JsonObject | null
  source: JsonObject | null
  source_transfer: string | null
  statement_descriptor: string | null
  statement_descriptor_suffix: string | null
  status: 'failed' | 'pending' | 'succeeded'
  transfer_data: JsonObject | null
  transfer_group: string | null
}

/** The states of a payment intent that billing meets. */
export type PaymentIntentStatus =
  | 'canceled'
  | 'processing'
  | 'requires_action'
  | 'requires_confirmation'
  | 'requires_payment_method'
  | 'succeeded'

/** The intent to take a payment, with the charges made for it behind it. */
export interface PaymentIntent {
  id: string
  object: 'payment_intent'
  amount: number
  amount_capturable: number
  amount_received: number
  canceled_at: number | null
  cancellation_reason: string | null
  capture_method: string
  client_secret: string | null
  confirmation_method: string
  created: number
  currency: string
  customer: string | null
  description: string | null
  last_payment_error: JsonObject | null
  latest_charge: string | null
  livemode: boolean
  metadata: Metadata
  next_action: JsonObject | null
  payment_method: string | null
  payment_method_types: string[]
  receipt_email: string | null
  setup_future_usage: string | null
  status: PaymentIntentStatus
}

/** A card of a customer. What becomes of payments with it is kept by the state, since the wire shape does not say. */
export interface PaymentMethod {
  id: string
  object: 'payment_method'
  allow_redisplay: 'always' | 'limited' | 'unspecified'
  billing_details: Charge['billing_details']
  card: {
    brand: string
    country: string
    exp_month: number
    exp_year: number
    fingerprint: string
    funding: string
    last4: string
  }
  created: number
  customer: string | null
  livemode: boolean
  metadata: Metadata
  type: 'card'
}

/** Money given back. */
export interface Refund {
  id: string
  object: 'refund'
  amount: number
  balance_transaction: string | null
  charge: string | null
  created: number
  currency: string
  customer: string | null
  customer_account: string | null
  destination_details: JsonObject
  metadata: Metadata
  payment_intent: string | null
  payment_method: string | null
  reason: 'duplicate' | 'expired_uncaptured_charge' | 'fraudulent' | 'requested_by_customer' | null
  receipt_number: string | null
  source_transfer_reversal: string | null
  status: 'canceled' | 'failed' | 'pending' | 'requires_action' | 'succeeded'
  transfer_reversal: string | null
}

/** The states of a dispute. */
export type DisputeStatus =
  | 'lost'
  | 'needs_response'
  | 'prevented'
  | 'under_review'
  | 'warning_closed'
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'won'

/** A charge that the cardholder's bank contests. */
export interface Dispute {
  id: string
  object: 'dispute'
  amount: number
  balance_transactions: JsonObject[]
  charge: string
  created: number
  currency: string
  enhanced_eligibility_types: string[]
  evidence: JsonObject
  evidence_details: JsonObject
  intended_submission_method: string | null
  is_charge_refundable: boolean
  livemode: boolean
  metadata: Metadata
  payment_intent: string | null
  payment_method_details: JsonObject
  reason: string
  status: DisputeStatus
}

/** A whole invoice payment, paid at the moment it was made unless said otherwise. */
export function makeInvoicePayment(
  fields: Born & { invoice: string; amount_requested: number } & Partial<InvoicePayment>,
): InvoicePayment {
  const status = fields.status ?? 'paid'
  const payment: InvoicePayment = {
    id: fields.id,
    object: 'invoice_payment',
    amount_paid: status === 'paid' ? fields.amount_requested : null,
    amount_requested: fields.amount_requested,
    created: fields.created,
    currency: 'usd',
    invoice: fields.invoice,
    is_default: true,
    livemode: false,
    payment: { type: 'payment_intent' },
    status,
    status_transitions: { canceled_at: null, paid_at: status === 'paid' ? fields.created : null },
  }
  return Object.assign(payment, fields)
}

const NOBODY = Object.freeze({ address: null, email: null, name: null, phone: null, tax_id: null })

/** A whole charge, succeeded unless `status` says otherwise. */
export function makeCharge(fields: Born & { amount: number } & Partial<Charge>): Charge {
  const status = fields.status ?? 'succeeded'
  const charge: Charge = {
    id: fields.id,
    object: 'charge',
    amount: fields.amount,
    amount_captured: status === 'succeeded' ? fields.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: NOBODY,
    calculated_statement_descriptor: null,
    captured: status === 'succeeded',
    created: fields.created,
    currency: 'usd',
    customer: null,
    description: null,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: {},
    on_behalf_of: null,
    outcome: null,
    paid: status === 'succeeded',
    payment_intent: null,
    payment_method: null,
    payment_method_details: null,
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status,
    transfer_data: null,
    transfer_group: null,
  }
  return Object.assign(charge, fields)
}

/** A whole payment intent, waiting for a payment method unless `status` says otherwise. */
export function makePaymentIntent(fields: Born & { amount: number } & Partial<PaymentIntent>): PaymentIntent {
  const intent: PaymentIntent = {
    id: fields.id,
    object: 'payment_intent',
    amount: fields.amount,
    amount_capturable: 0,
    amount_received: fields.status === 'succeeded' ? fields.amount : 0,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${fields.id}_secret_sandbox`,
    confirmation_method: 'automatic',
    created: fields.created,
    currency: 'usd',
    customer: null,
    description: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: {},
    next_action: null,
    payment_method: null,
    payment_method_types: ['card'],
    receipt_email: null,
    setup_future_usage: null,
    status: 'requires_payment_method',
  }
  return Object.assign(intent, fields)
}

/** A whole payment method: a Visa card ending in 4242. */
export function makePaymentMethod(fields: Born & Partial<PaymentMethod>): PaymentMethod {
  const method: PaymentMethod = {
    id: fields.id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: NOBODY,
    card: {
      brand: 'visa',
      country: 'US',
      exp_month: 12,
      exp_year: 2034,
      fingerprint: 'sandbox4242sandbox',
      funding: 'credit',
      last4: '4242',
    },
    created: fields.created,
    customer: null,
    livemode: false,
    metadata: {},
    type: 'card',
  }
  return Object.assign(method, fields)
}

/** A whole refund, succeeded unless `status` says otherwise. */
export function makeRefund(fields: Born & { amount: number; charge: string } & Partial<Refund>): Refund {
  const refund: Refund = {
    id: fields.id,
    object: 'refund',
    amount: fields.amount,
    balance_transaction: null,
    charge: fields.charge,
    created: fields.created,
    currency: 'usd',
    customer: null,
    customer_account: null,
    destination_details: { card: { type: 'refund' }, type: 'card' },
    metadata: {},
    payment_intent: null,
    payment_method: null,
    reason: null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  }
  return Object.assign(refund, fields)
}

/** A whole dispute that needs a response. */
export function makeDispute(fields: Born & { amount: number; charge: string } & Partial<Dispute>): Dispute {
  const dispute: Dispute = {
    id: fields.id,
    object: 'dispute',
    amount: fields.amount,
    balance_transactions: [],
    charge: fields.charge,
    created: fields.created,
    currency: 'usd',
    enhanced_eligibility_types: [],
    evidence: {},
    evidence_details: {
      due_by: fields.created + 7 * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: null,
    payment_method_details: {
      card: { brand: 'visa', case_type: 'chargeback', network_reason_code: '10.4' },
      type: 'card',
    },
    reason: 'fraudulent',
    status: 'needs_response',
  }
  return Object.assign(dispute, fields)
}
