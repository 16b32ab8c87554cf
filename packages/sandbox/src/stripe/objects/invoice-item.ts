import type { Born, Metadata } from './wire.ts'

/** Something to be put on a customer's next invoice. Times are Unix seconds, amounts minor units. */
export interface InvoiceItem {
  id: string
  object: 'invoiceitem'
  amount: number
  currency: string
  customer: string
  customer_account: string | null
  date: number
  description: string | null
  discountable: boolean
  discounts: string[]
  invoice: string | null
  livemode: boolean
  metadata: Metadata
  net_amount: number
  parent: null
  period: { end: number; start: number }
  pricing: {
    price_details?: { price: string; product: string }
    type: 'price_details'
    unit_amount_decimal: string | null
  } | null
  proration: boolean
  quantity: number
  quantity_decimal: string
  tax_rates: never[]
  test_clock: string | null
}

/** A whole invoice item, waiting for an invoice. `created` is its `date`. */
export function makeInvoiceItem(
  fields: Born & { customer: string; amount: number } & Partial<InvoiceItem>,
): InvoiceItem {
  const { created, ...rest } = fields
  const quantity = fields.quantity ?? 1
  const item: InvoiceItem = {
    id: fields.id,
    object: 'invoiceitem',
    amount: fields.amount,
    currency: 'usd',
    customer: fields.customer,
    customer_account: null,
    date: created,
    description: null,
    discountable: true,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    net_amount: fields.amount,
    parent: null,
    period: { end: created, start: created },
    pricing: null,
    proration: false,
    quantity,
    quantity_decimal: String(quantity),
    tax_rates: [],
    test_clock: null,
  }
  return Object.assign(item, rest)
}
