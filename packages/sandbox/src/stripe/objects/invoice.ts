import { type Address, type Born, type JsonObject, type Metadata, type WireList, wireList } from './wire.ts'

/** The states of an invoice. */
export type InvoiceStatus = 'draft' | 'open' | 'paid' | 'uncollectible' | 'void'

/** Why an invoice was made. */
export type BillingReason =
  | 'automatic_pending_invoice_item_invoice'
  | 'manual'
  | 'quote_accept'
  | 'subscription'
  | 'subscription_create'
  | 'subscription_cycle'
  | 'subscription_threshold'
  | 'subscription_update'
  | 'upcoming'

/** One line of an invoice. Amounts are in minor units; the period in Unix seconds. */
export interface InvoiceLineItem {
  id: string
  object: 'line_item'
  amount: number
  currency: string
  description: string | null
  discount_amounts: { amount: number; discount: string }[] | null
  discountable: boolean
  discounts: string[]
  invoice: string | null
  livemode: boolean
  metadata: Metadata
  parent: {
    invoice_item_details: JsonObject | null
    subscription_item_details: {
      invoice_item: string | null
      proration: boolean
      proration_details: JsonObject | null
      subscription: string | null
      subscription_item: string
    } | null
    type: 'invoice_item_details' | 'subscription_item_details'
  } | null
  period: { end: number; start: number }
  pretax_credit_amounts: JsonObject[] | null
  pricing: {
    price_details?: { price: string; product: string }
    type: 'price_details'
    unit_amount_decimal: string | null
  } | null
  quantity: number | null
  quantity_decimal: string | null
  subscription: string | null
  subtotal: number
  taxes: JsonObject[] | null
}

/** An invoice, as Stripe sends it unexpanded. All its lines are in `lines.data`; answers show the first ten. */
export interface Invoice {
  id: string
  object: 'invoice'
  account_country: string | null
  account_name: string | null
  account_tax_ids: string[] | null
  amount_due: number
  amount_overpaid: number
  amount_paid: number
  amount_remaining: number
  amount_shipping: number
  application: string | null
  attempt_count: number
  attempted: boolean
  auto_advance: boolean
  automatic_tax: JsonObject
  automatically_finalizes_at: number | null
  billing_reason: BillingReason | null
  collection_method: 'charge_automatically' | 'send_invoice'
  created: number
  currency: string
  custom_fields: JsonObject[] | null
  customer: string | null
  customer_account: string | null
  customer_address: Address | null
  customer_email: string | null
  customer_name: string | null
  customer_phone: string | null
  customer_shipping: JsonObject | null
  customer_tax_exempt: 'exempt' | 'none' | 'reverse' | null
  customer_tax_ids: JsonObject[]
  default_payment_method: string | null
  default_source: string | null
  default_tax_rates: JsonObject[]
  description: string | null
  discounts: string[]
  due_date: number | null
  effective_at: number | null
  ending_balance: number | null
  footer: string | null
  from_invoice: JsonObject | null
  hosted_invoice_url: string | null
  invoice_pdf: string | null
  issuer: JsonObject
  last_finalization_error: JsonObject | null
  latest_revision: string | null
  lines: WireList<InvoiceLineItem>
  livemode: boolean
  metadata: Metadata
  next_payment_attempt: number | null
  number: string | null
  on_behalf_of: string | null
  parent: {
    quote_details: JsonObject | null
    subscription_details: { metadata: Metadata | null; subscription: string } | null
    type: 'quote_details' | 'subscription_details'
  } | null
  payment_settings: JsonObject
  period_end: number
  period_start: number
  post_payment_credit_notes_amount: number
  pre_payment_credit_notes_amount: number
  receipt_number: string | null
  rendering: JsonObject | null
  shipping_cost: JsonObject | null
  shipping_details: JsonObject | null
  starting_balance: number
  statement_descriptor: string | null
  status: InvoiceStatus
  status_details?: JsonObject
  status_transitions: {
    finalized_at: number | null
    marked_uncollectible_at: number | null
    paid_at: number | null
    voided_at: number | null
  }
  subtotal: number
  subtotal_excluding_tax: number | null
  test_clock: string | null
  total: number
  total_discount_amounts: { amount: number; discount: string }[]
  total_excluding_tax: number | null
  total_pretax_credit_amounts: JsonObject[]
  total_taxes: JsonObject[]
  webhooks_delivered_at: number | null
}

// Shared and frozen, as for subscriptions: replace, never mutate.
const AUTOMATIC_TAX = Object.freeze({
  disabled_reason: null,
  enabled: false,
  liability: null,
  provider: null,
  status: null,
}) as JsonObject
const ISSUER = Object.freeze({ type: 'self' }) as JsonObject
const PAYMENT_SETTINGS = Object.freeze({
  default_mandate: null,
  payment_method_options: null,
  payment_method_types: null,
}) as JsonObject

/**
 * A whole invoice: a draft in usd with no lines unless given. Amounts that are not given follow from the lines:
 * `subtotal` and `total` are their sum, `amount_due` the total, `amount_remaining` what is not yet paid of it.
 *
 * @example makeInvoice({ id: 'in_1', created: t, customer: 'cus_1', subscription: 'sub_1', lines: [line], status: 'paid' })
 */
export function makeInvoice(
  fields: Born &
    Partial<Omit<Invoice, 'lines'>> & {
      lines?: InvoiceLineItem[] | WireList<InvoiceLineItem>
      /** Sets `parent.subscription_details.subscription`. */
      subscription?: string
    },
): Invoice {
  const { lines: given, subscription, ...rest } = fields
  const lines = Array.isArray(given)
    ? wireList(linesUrl(fields.id), given)
    : (given ?? wireList<InvoiceLineItem>(linesUrl(fields.id), []))
  const subtotal = fields.subtotal ?? lines.data.reduce((sum, line) => sum + line.subtotal, 0)
  const total =
    fields.total ??
    (lines.data.length > 0 ? lines.data.reduce((sum, line) => sum + line.amount, 0) : subtotal)
  const due = fields.amount_due ?? Math.max(0, total)
  const paid = fields.amount_paid ?? (fields.status === 'paid' ? due : 0)
  const invoice: Invoice = {
    id: fields.id,
    object: 'invoice',
    account_country: 'US',
    account_name: null,
    account_tax_ids: null,
    amount_due: due,
    amount_overpaid: 0,
    amount_paid: paid,
    amount_remaining: due - paid,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    automatic_tax: AUTOMATIC_TAX,
    automatically_finalizes_at: null,
    billing_reason: 'manual',
    collection_method: 'charge_automatically',
    created: fields.created,
    currency: lines.data[0]?.currency ?? 'usd',
    custom_fields: null,
    customer: null,
    customer_account: null,
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
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: ISSUER,
    last_finalization_error: null,
    latest_revision: null,
    lines,
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent:
      subscription === undefined
        ? null
        : {
            quote_details: null,
            subscription_details: { metadata: {}, subscription },
            type: 'subscription_details',
          },
    payment_settings: PAYMENT_SETTINGS,
    period_end: fields.created,
    period_start: fields.created,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: {
      finalized_at: null,
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
    },
    subtotal,
    subtotal_excluding_tax: subtotal,
    test_clock: null,
    total,
    total_discount_amounts: [],
    total_excluding_tax: total,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
  }
  return Object.assign(invoice, rest)
}

/**
 * A whole invoice line. Give `price`, `product` and `subscription_item` in `pricing` and `parent` as a renewal would.
 */
export function makeInvoiceLineItem(
  fields: { id: string; amount: number; currency: string } & Partial<InvoiceLineItem>,
): InvoiceLineItem {
  const quantity = fields.quantity === undefined ? 1 : fields.quantity
  const line: InvoiceLineItem = {
    id: fields.id,
    object: 'line_item',
    amount: fields.amount,
    currency: fields.currency,
    description: null,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    parent: null,
    period: { end: 0, start: 0 },
    pretax_credit_amounts: [],
    pricing: null,
    quantity,
    quantity_decimal: quantity === null ? null : String(quantity),
    subscription: null,
    subtotal: fields.amount,
    taxes: [],
  }
  return Object.assign(line, fields)
}

/** The url of an invoice's embedded list of lines. */
export function linesUrl(invoice: string): string {
  return `/v1/invoices/${invoice}/lines`
}

/** The subscription that an invoice bills, if it bills one. */
export function subscriptionOf(invoice: Invoice): string | null {
  return invoice.parent?.subscription_details?.subscription ?? null
}
