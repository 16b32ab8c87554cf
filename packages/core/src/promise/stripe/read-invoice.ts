import type { Fields } from '../../json/fields.ts'
import { fieldsOf } from '../../json/fields.ts'
import type { Invoice } from '../billing.ts'

/**
 * Reads an invoice as Stripe sends it. The payments that paid it stand under `payments` since API version 2025-03-31
 * (only when expanded) and under `payment_intent` and `charge` before.
 *
 * @returns `null` when `json` is no object with an id, such as an invoice that was not expanded.
 *
 * @example
 * const invoice = readStripeInvoice(subscription.latest_invoice)
 */
export function readStripeInvoice(json: unknown): Invoice | null {
  const fields = fieldsOf(json, 'invoice', [])
  const id = fields?.id('id')
  if (!fields || !id) return null
  const transitions = fields.object('status_transitions')
  return {
    id,
    status: fields.text('status'),
    currency: fields.text('currency') ?? '',
    amountPaid: fields.number('amount_paid') ?? 0,
    finalizedAt: transitions?.time('finalized_at') ?? null,
    paidAt: transitions?.time('paid_at') ?? null,
    paymentIds: readPaymentIds(fields),
    reversal: null,
  }
}

/** The payment intents and charges of an invoice, sorted; those of attempts that were given up included. */
export function readPaymentIds(invoice: Fields): readonly string[] {
  const ids = new Set<string>()
  const collect = (fields: Fields) => {
    for (const key of ['payment_intent', 'charge']) {
      const id = fields.id(key)
      if (id) ids.add(id)
    }
    // An expanded payment intent names its charge, by which refunds made on the charge are found too.
    const charge = fields.expanded('payment_intent')?.id('latest_charge')
    if (charge) ids.add(charge)
  }
  collect(invoice)
  for (const entry of invoice.objects('payments')) {
    const payment = entry.object('payment')
    if (payment) collect(payment)
  }
  return [...ids].sort()
}

/** The subscription that an invoice is for: under `parent` since API version 2025-03-31, at the top before. */
export function readInvoiceSubscriptionId(invoice: Fields): string | null {
  return (
    invoice.object('parent')?.object('subscription_details')?.id('subscription') ?? invoice.id('subscription')
  )
}
