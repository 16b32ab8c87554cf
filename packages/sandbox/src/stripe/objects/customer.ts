import type { Discount } from './coupon.ts'
import type { Address, Born, JsonObject, Metadata } from './wire.ts'

/** A payer, as Stripe sends it unexpanded. */
export interface Customer {
  id: string
  object: 'customer'
  address: Address | null
  balance: number
  created: number
  currency: string | null
  customer_account: string | null
  default_source: string | null
  delinquent: boolean
  description: string | null
  discount: Discount | null
  email: string | null
  invoice_prefix: string
  invoice_settings: {
    custom_fields: JsonObject[] | null
    default_payment_method: string | null
    footer: string | null
    rendering_options: { amount_tax_display: string | null; template: string | null } | null
  }
  livemode: boolean
  metadata: Metadata
  name: string | null
  next_invoice_sequence: number
  phone: string | null
  preferred_locales: string[]
  shipping: JsonObject | null
  tax_exempt: 'exempt' | 'none' | 'reverse'
  test_clock: string | null
}

/**
 * A whole customer; name the fields that matter.
 *
 * @example makeCustomer({ id: 'cus_1', created: 1_760_000_000, email: 'ada@example.com' })
 */
export function makeCustomer(fields: Born & Partial<Customer>): Customer {
  const customer: Customer = {
    id: fields.id,
    object: 'customer',
    address: null,
    balance: 0,
    created: fields.created,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: fields.id.slice(-8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  }
  return Object.assign(customer, fields)
}
