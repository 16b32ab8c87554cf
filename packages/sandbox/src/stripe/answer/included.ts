import type { CheckoutSession } from '../objects/checkout-session.ts'
import type { Coupon } from '../objects/coupon.ts'
import type { Customer } from '../objects/customer.ts'
import type { Invoice } from '../objects/invoice.ts'
import type { Charge } from '../objects/payment.ts'
import type { Price } from '../objects/price.ts'
import type { WireList } from '../objects/wire.ts'
import { EMBEDDED_ROWS } from '../snapshot.ts'
import type { StripeState } from '../state.ts'

/** A field that an object shows only when it is asked for by expand. */
export interface IncludedField {
  /** The kind of its rows, when it is a list whose rows can be expanded further. */
  readonly rows?: string
  readonly value: (state: StripeState, object: never) => unknown
}

/** The fields that are left out unless expanded, by the object they belong to. */
export const INCLUDED: { readonly [object: string]: { readonly [field: string]: IncludedField } } = {
  charge: {
    refunds: {
      rows: 'refund',
      value: (state, charge: Charge) =>
        newestFirst(state.refunds.by('charge', charge.id), `/v1/charges/${charge.id}/refunds`),
    },
  },
  'checkout.session': {
    line_items: {
      rows: 'item',
      value: (state, session: CheckoutSession) => {
        const lines = state.checkouts.get(session.id)?.lines ?? []
        const url = `/v1/checkout/sessions/${session.id}/line_items`
        return {
          object: 'list',
          data: lines.slice(0, EMBEDDED_ROWS),
          has_more: lines.length > EMBEDDED_ROWS,
          url,
        }
      },
    },
  },
  coupon: {
    applies_to: { value: (_state, coupon: Coupon) => coupon.applies_to ?? { products: [] } },
    currency_options: { value: () => ({}) },
  },
  customer: {
    cash_balance: { value: () => null },
    invoice_credit_balance: { value: () => ({}) },
    sources: {
      value: (_state, customer: Customer) => newestFirst([], `/v1/customers/${customer.id}/sources`),
    },
    subscriptions: {
      rows: 'subscription',
      value: (state, customer: Customer) =>
        newestFirst(
          state.subscriptions.by('customer', customer.id).filter((row) => row.status !== 'canceled'),
          `/v1/customers/${customer.id}/subscriptions`,
        ),
    },
    tax: { value: () => ({ automatic_tax: 'unrecognized_location', ip_address: null, location: null }) },
    tax_ids: {
      value: (_state, customer: Customer) => newestFirst([], `/v1/customers/${customer.id}/tax_ids`),
    },
  },
  invoice: {
    confirmation_secret: {
      value: (state, invoice: Invoice) => {
        const intent = state.invoicePayments.by('invoice', invoice.id).at(-1)?.payment.payment_intent
        if (invoice.status !== 'open' || intent === undefined) return null
        const secret = state.paymentIntents.get(intent)?.client_secret ?? null
        return secret === null ? null : { client_secret: secret, type: 'payment_intent' }
      },
    },
    payments: {
      rows: 'invoice_payment',
      value: (state, invoice: Invoice) =>
        newestFirst(
          state.invoicePayments.by('invoice', invoice.id),
          `/v1/invoice_payments?invoice=${invoice.id}`,
        ),
    },
  },
  price: {
    currency_options: {
      value: (state, price: Price) =>
        state.priceCurrencyOptions.get(price.id) ?? {
          [price.currency]: {
            custom_unit_amount: price.custom_unit_amount,
            tax_behavior: price.tax_behavior,
            unit_amount: price.unit_amount,
            unit_amount_decimal: price.unit_amount_decimal,
          },
        },
    },
    tiers: { value: (state, price: Price) => state.priceTiers.get(price.id) },
  },
}

function newestFirst<T>(rows: readonly T[], url: string): WireList<T> {
  const data = rows.slice(-EMBEDDED_ROWS).reverse()
  return { object: 'list', data, has_more: rows.length > EMBEDDED_ROWS, url }
}
