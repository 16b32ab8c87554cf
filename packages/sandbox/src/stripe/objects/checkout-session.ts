import type { Discount } from './coupon.ts'
import type { Price } from './price.ts'
import type { Born, JsonObject, Metadata } from './wire.ts'

/** One thing bought in a checkout. */
export interface CheckoutLineItem {
  id: string
  object: 'item'
  adjustable_quantity: JsonObject | null
  amount_discount: number
  amount_subtotal: number
  amount_tax: number
  amount_total: number
  currency: string
  description: string | null
  discounts?: { amount: number; discount: Discount }[]
  metadata: Metadata
  price: Price | null
  quantity: number | null
}

/** A checkout, as Stripe sends it unexpanded. Its line items and what becomes the subscription are kept by the state. */
export interface CheckoutSession {
  id: string
  object: 'checkout.session'
  adaptive_pricing: { enabled: boolean } | null
  after_expiration: JsonObject | null
  allow_promotion_codes: boolean | null
  allowed_payment_method_types: string[] | null
  amount_subtotal: number | null
  amount_total: number | null
  automatic_tax: JsonObject
  billing_address_collection: 'auto' | 'required' | null
  cancel_url: string | null
  client_reference_id: string | null
  client_secret: string | null
  collected_information: JsonObject | null
  consent: JsonObject | null
  consent_collection: JsonObject | null
  created: number
  currency: string | null
  currency_conversion: JsonObject | null
  custom_fields: JsonObject[]
  custom_text: JsonObject
  customer: string | null
  customer_account: string | null
  customer_creation: 'always' | 'if_required' | null
  customer_details: JsonObject | null
  customer_email: string | null
  discounts: { coupon: string | null; promotion_code: string | null }[] | null
  expires_at: number
  integration_identifier: string | null
  invoice: string | null
  invoice_creation: JsonObject | null
  livemode: boolean
  locale: string | null
  managed_payments: { enabled: boolean } | null
  metadata: Metadata
  mode: 'payment' | 'setup' | 'subscription'
  origin_context: string | null
  payment_intent: string | null
  payment_link: string | null
  payment_method_collection: 'always' | 'if_required' | null
  payment_method_configuration_details: JsonObject | null
  payment_method_options: JsonObject | null
  payment_method_types: string[]
  payment_status: 'no_payment_required' | 'paid' | 'unpaid'
  permissions: JsonObject | null
  phone_number_collection: { enabled: boolean }
  recovered_from: string | null
  redirect_on_completion?: string
  return_url?: string
  saved_payment_method_options: JsonObject | null
  setup_intent: string | null
  shipping_address_collection: JsonObject | null
  shipping_cost: JsonObject | null
  shipping_options: JsonObject[]
  status: 'complete' | 'expired' | 'open'
  submit_type: string | null
  subscription: string | null
  success_url: string | null
  tax_id_collection: { enabled: boolean; required: 'if_supported' | 'never' }
  total_details: JsonObject | null
  ui_mode: 'elements' | 'embedded_page' | 'form' | 'hosted_page'
  url: string | null
  wallet_options: JsonObject | null
}

const ONE_DAY = 86_400

/** A whole checkout session: open, in subscription mode, 24 hours to pay. */
export function makeCheckoutSession(fields: Born & Partial<CheckoutSession>): CheckoutSession {
  const session: CheckoutSession = {
    id: fields.id,
    object: 'checkout.session',
    adaptive_pricing: null,
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: null,
    amount_total: null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: null,
    client_reference_id: null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: fields.created,
    currency: null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: null,
    customer_account: null,
    customer_creation: null,
    customer_details: null,
    customer_email: null,
    discounts: [],
    expires_at: fields.created + ONE_DAY,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: null,
    managed_payments: null,
    metadata: {},
    mode: 'subscription',
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'always',
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card'],
    payment_status: 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: null,
    tax_id_collection: { enabled: false, required: 'never' },
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: null,
    wallet_options: null,
  }
  return Object.assign(session, fields)
}
