import { isJsonObject } from '../../json/fields.ts'

/**
 * Objects as Stripe's API sends them (version 2026-07-29), for tests: Stripe's own published samples, corrected to what
 * one account holds, since the samples fill every optional field at once. A test names only the field it is about.
 * Source: github.com/stripe/openapi, MIT.
 */
export type StripeJson = Readonly<Record<string, unknown>>

const seconds = (iso: string) => Date.parse(iso) / 1000

/** A price of 20 dollars a month. */
export function recordedPrice(changes: StripeJson = {}): StripeJson {
  return {
    active: true,
    billing_scheme: 'per_unit',
    created: seconds('2026-03-01'),
    currency: 'usd',
    custom_unit_amount: null,
    id: 'price_pro',
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    object: 'price',
    product: 'prod_pro',
    recurring: {
      interval: 'month',
      interval_count: 1,
      meter: null,
      usage_type: 'licensed',
      trial_period_days: null,
    },
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: 'recurring',
    unit_amount: 2000,
    unit_amount_decimal: '2000',
    ...changes,
  }
}

/** The plan that stood in place of a price before 2020. */
export function recordedPlan(changes: StripeJson = {}): StripeJson {
  return {
    active: true,
    amount: 2000,
    amount_decimal: '2000',
    billing_scheme: 'per_unit',
    created: seconds('2020-02-01'),
    currency: 'usd',
    id: 'plan_pro',
    interval: 'month',
    interval_count: 1,
    livemode: false,
    metadata: {},
    meter: null,
    nickname: null,
    object: 'plan',
    product: 'prod_pro',
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
    ...changes,
  }
}

/** One item of a subscription, with the billing period where it stands since API version 2025-03-31. */
export function recordedItem(changes: StripeJson = {}): StripeJson {
  return {
    created: seconds('2026-03-01'),
    discounts: [],
    id: 'si_1',
    metadata: {},
    object: 'subscription_item',
    quantity: 1,
    subscription: 'sub_1',
    tax_rates: [],
    current_period_end: seconds('2026-10-01'),
    current_period_start: seconds('2026-09-01'),
    billing_thresholds: null,
    price: recordedPrice(),
    ...changes,
  }
}

/** A paid invoice of a subscription, with its payments expanded. */
export function recordedInvoice(changes: StripeJson = {}): StripeJson {
  return {
    account_country: 'US',
    account_name: null,
    account_tax_ids: null,
    amount_due: 2000,
    amount_paid: 2000,
    amount_remaining: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 1,
    attempted: true,
    auto_advance: false,
    automatic_tax: {
      enabled: false,
      liability: { type: 'account' },
      status: null,
      disabled_reason: null,
      provider: null,
    },
    billing_reason: 'subscription_cycle',
    collection_method: 'charge_automatically',
    created: seconds('2026-09-01'),
    currency: 'usd',
    custom_fields: null,
    customer: 'cus_1',
    customer_address: null,
    customer_email: null,
    customer_name: null,
    customer_phone: null,
    customer_shipping: null,
    customer_tax_exempt: 'none',
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: seconds('2026-09-01'),
    ending_balance: null,
    footer: null,
    from_invoice: { action: 'action', invoice: 'invoice' },
    hosted_invoice_url: null,
    id: 'in_1',
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: {
      object: 'list',
      data: [
        {
          amount: 2000,
          currency: 'usd',
          description: 'My First Invoice Item (created for API docs)',
          discount_amounts: [],
          discountable: true,
          discounts: [],
          id: 'il_1Pgc6sB7WZ01zgkWFnxLrLCq',
          invoice: 'in_1',
          livemode: false,
          metadata: {},
          object: 'line_item',
          period: { end: 1721954054, start: 1721954054 },
          quantity: 1,
          pretax_credit_amounts: null,
          taxes: null,
          parent: null,
          pricing: {
            price_details: { price: 'price_pro', product: 'prod_pro' },
            type: 'price_details',
            unit_amount_decimal: '2000',
          },
          subtotal: 2000,
          quantity_decimal: null,
        },
      ],
      has_more: false,
      url: '/v1/invoices/in_1/lines',
    },
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    object: 'invoice',
    on_behalf_of: null,
    payment_settings: { payment_method_options: null, payment_method_types: null },
    period_end: seconds('2026-09-01'),
    period_start: seconds('2026-08-01'),
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: {
      amount_tax_display: null,
      pdf: { page_size: null },
      template: null,
      template_version: null,
    },
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: 'paid',
    status_transitions: {
      finalized_at: seconds('2026-09-01T01:00:00Z'),
      marked_uncollectible_at: null,
      paid_at: seconds('2026-09-01T01:01:00Z'),
      voided_at: null,
    },
    subtotal: 2000,
    subtotal_excluding_tax: 2000,
    test_clock: null,
    total: 2000,
    total_discount_amounts: [],
    total_excluding_tax: 2000,
    webhooks_delivered_at: seconds('2026-09-01'),
    automatically_finalizes_at: null,
    total_pretax_credit_amounts: null,
    total_taxes: null,
    amount_overpaid: 0,
    parent: {
      quote_details: null,
      subscription_details: { metadata: {}, subscription: 'sub_1' },
      type: 'subscription_details',
    },
    customer_account: null,
    payments: {
      object: 'list',
      data: [
        {
          amount_paid: 2000,
          amount_requested: 2000,
          created: seconds('2026-09-01T01:00:00Z'),
          currency: 'usd',
          id: 'inpay_1',
          invoice: 'in_1',
          is_default: true,
          livemode: false,
          object: 'invoice_payment',
          payment: { type: 'payment_intent', payment_intent: 'pi_1' },
          status: 'paid',
          status_transitions: { canceled_at: null, paid_at: seconds('2026-09-01T01:01:00Z') },
        },
      ],
      has_more: false,
      url: '/v1/invoice_payments',
    },
    ...changes,
  }
}

/** An active subscription to one price, in the middle of its period, with its latest invoice expanded. */
export function recordedSubscription(changes: StripeJson = {}): StripeJson {
  return {
    application: null,
    application_fee_percent: null,
    automatic_tax: { enabled: false, liability: { type: 'account' }, disabled_reason: null },
    billing_cycle_anchor: seconds('2026-03-01'),
    billing_cycle_anchor_config: null,
    cancel_at: null,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, reason: null },
    collection_method: 'charge_automatically',
    created: seconds('2026-03-01'),
    currency: 'usd',
    customer: 'cus_1',
    days_until_due: null,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    ended_at: null,
    id: 'sub_1',
    invoice_settings: {
      account_tax_ids: null,
      issuer: { type: 'self' },
      custom_fields: null,
      description: null,
      footer: null,
    },
    livemode: false,
    metadata: {},
    next_pending_invoice_item_invoice: null,
    object: 'subscription',
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: null,
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: seconds('2026-03-01'),
    status: 'active',
    test_clock: null,
    transfer_data: null,
    trial_end: null,
    trial_settings: { end_behavior: { missing_payment_method: 'create_invoice' } },
    trial_start: null,
    cancel_at_period_end: false,
    billing_thresholds: null,
    billing_mode: { type: 'classic' },
    customer_account: null,
    managed_payments: null,
    billing_schedules: [],
    items: recordedItems([recordedItem()]),
    latest_invoice: recordedInvoice(),
    ...changes,
  }
}

/** A customer. */
export function recordedCustomer(changes: StripeJson = {}): StripeJson {
  return {
    address: null,
    balance: 0,
    created: seconds('2026-03-01'),
    currency: 'usd',
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: 'ada@example.com',
    id: 'cus_1',
    invoice_prefix: '7FE1103',
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: { amount_tax_display: null, template: null },
    },
    livemode: false,
    metadata: { user_id: 'user_1' },
    name: 'Ada',
    next_invoice_sequence: 1,
    object: 'customer',
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
    ...changes,
  }
}

/** A completed and paid Checkout Session without a subscription, with its line items expanded. */
export function recordedSession(changes: StripeJson = {}): StripeJson {
  return {
    after_expiration: null,
    allow_promotion_codes: null,
    amount_subtotal: 9900,
    amount_total: 9900,
    automatic_tax: { enabled: false, liability: { type: 'account' }, status: null, provider: null },
    billing_address_collection: null,
    cancel_url: 'https://example.com/cancel',
    client_reference_id: 'user_1',
    client_secret: null,
    consent: null,
    consent_collection: null,
    created: seconds('2026-09-01'),
    currency: 'usd',
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: 'cus_1',
    customer_creation: null,
    customer_details: {
      address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
      email: 'example@example.com',
      name: null,
      phone: null,
      tax_exempt: 'none',
      tax_ids: null,
      business_name: null,
      individual_name: null,
    },
    customer_email: null,
    expires_at: seconds('2026-09-02'),
    id: 'cs_1',
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: null,
    metadata: {},
    mode: 'payment',
    object: 'checkout.session',
    payment_intent: 'pi_2',
    payment_link: null,
    payment_method_collection: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card'],
    payment_status: 'paid',
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'complete',
    submit_type: null,
    subscription: null,
    success_url: 'https://example.com/success',
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: null,
    url: null,
    adaptive_pricing: null,
    discounts: null,
    collected_information: null,
    permissions: null,
    wallet_options: null,
    origin_context: null,
    currency_conversion: null,
    customer_account: null,
    integration_identifier: null,
    managed_payments: null,
    line_items: recordedLineItems([
      recordedPrice({
        id: 'price_pro_forever',
        type: 'one_time',
        recurring: null,
        unit_amount: 9900,
        unit_amount_decimal: '9900',
      }),
    ]),
    ...changes,
  }
}

/** A full refund of the payment of the recorded invoice. */
export function recordedRefund(changes: StripeJson = {}): StripeJson {
  return {
    amount: 2000,
    balance_transaction: null,
    charge: 'ch_1',
    created: seconds('2026-09-02'),
    currency: 'usd',
    destination_details: { card: { type: 'reversal' }, type: 'card' },
    id: 're_1',
    metadata: {},
    object: 'refund',
    payment_intent: 'pi_1',
    reason: null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
    customer: null,
    customer_account: null,
    payment_method: null,
    ...changes,
  }
}

/** A dispute over the payment of the recorded invoice. */
export function recordedDispute(changes: StripeJson = {}): StripeJson {
  return {
    amount: 2000,
    balance_transactions: [],
    charge: 'ch_1',
    created: seconds('2026-09-02'),
    currency: 'usd',
    id: 'dp_1',
    is_charge_refundable: true,
    livemode: false,
    metadata: {},
    object: 'dispute',
    payment_intent: 'pi_1',
    payment_method_details: {
      card: { brand: 'visa', case_type: 'inquiry', network_reason_code: '10.4', network: 'visa' },
      type: 'card',
    },
    reason: 'fraudulent',
    status: 'needs_response',
    ...changes,
  }
}

/** A discount with its coupon, where it stands since API version 2025-09-30. */
export function recordedDiscount(changes: StripeJson = {}): StripeJson {
  return {
    checkout_session: null,
    customer: 'cus_1',
    end: null,
    id: 'di_1',
    invoice: null,
    invoice_item: null,
    object: 'discount',
    promotion_code: null,
    start: seconds('2026-03-01'),
    subscription: null,
    subscription_item: null,
    customer_account: null,
    source: { coupon: recordedCoupon(), type: 'coupon' },
    ...changes,
  }
}

/** A coupon of 25.5 percent. */
export function recordedCoupon(changes: StripeJson = {}): StripeJson {
  return {
    amount_off: null,
    created: seconds('2026-03-01'),
    currency: null,
    duration: 'forever',
    duration_in_months: null,
    id: 'Z4OV52SU',
    livemode: false,
    max_redemptions: null,
    metadata: {},
    name: '25.5% off',
    object: 'coupon',
    percent_off: 25.5,
    redeem_by: null,
    times_redeemed: 0,
    valid: true,
    ...changes,
  }
}

/** An active entitlement. */
export function recordedEntitlement(changes: StripeJson = {}): StripeJson {
  return {
    feature: 'feat_test_61QGU1MWyFMSP9YBZ41ClCIKljWvsTgu',
    id: 'ent_test_61QG5x2cU1GluFTYs41JqiESbLiX8C8O',
    livemode: false,
    lookup_key: 'reports',
    object: 'entitlements.active_entitlement',
    ...changes,
  }
}

/** A list object with all of its items on this page. */
export function recordedItems(data: readonly StripeJson[], hasMore = false): StripeJson {
  return { object: 'list', data, has_more: hasMore, url: '/v1/subscription_items?subscription=sub_1' }
}

/** The line items of a Checkout Session, one a price. */
export function recordedLineItems(prices: readonly StripeJson[]): StripeJson {
  return {
    object: 'list',
    data: prices.map((price, index) => ({
      id: `li_${index}`,
      object: 'item',
      amount_total: 9900,
      currency: 'usd',
      price,
      quantity: 1,
    })),
    has_more: false,
    url: '/v1/checkout/sessions/cs_1/line_items',
  }
}

/**
 * The same subscription as API versions before 2025-03-31 sent it: the period on the subscription itself, and the
 * payment at the top of the invoice.
 */
export function asBefore2025(subscription: StripeJson): StripeJson {
  const items =
    isJsonObject(subscription.items) && Array.isArray(subscription.items.data) ? subscription.items.data : []
  const [first] = items.filter(isJsonObject)
  const invoice = isJsonObject(subscription.latest_invoice) ? subscription.latest_invoice : {}
  return {
    ...without(subscription, ['billing_mode', 'billing_schedules']),
    current_period_start: first?.current_period_start,
    current_period_end: first?.current_period_end,
    items: recordedItems(
      items.filter(isJsonObject).map((item) => without(item, ['current_period_start', 'current_period_end'])),
    ),
    latest_invoice: {
      ...without(invoice, ['parent', 'payments']),
      subscription: subscription.id,
      payment_intent: 'pi_1',
      charge: 'ch_1',
    },
  }
}

/** The object without these fields. */
export function without(json: StripeJson, keys: readonly string[]): StripeJson {
  return Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)))
}
