import type { Fields } from '../../json/fields.ts'
import { fieldsOf, foundJson, idOf } from '../../json/fields.ts'
import type { Price } from '../../price/price.ts'
import { priceFrom } from '../../price/read-stripe-price.ts'
import type { Purchase } from '../billing.ts'
import { latestChange } from '../latest-change.ts'
import { readInvoiceSubscriptionId, readPaymentIds } from './read-invoice.ts'

/**
 * Reads a Checkout Session that was completed and paid as a one-off purchase. Expand `line_items` to have its prices
 * read. https://docs.stripe.com/api/checkout/sessions/object
 *
 * A session that started a subscription counts with its one-time prices only, since the subscription says the rest; it
 * is kept even without any, because its `client_reference_id` may be what names the subject.
 *
 * @returns `null` when the session is open, expired, unpaid or only sets up a payment method, and when it belongs to
 *   no customer: a guest cannot be matched.
 *
 * @example
 * const purchase = readStripeCheckoutSession(session, clock.now())
 */
export function readStripeCheckoutSession(json: unknown, readAt: Date): Purchase | null {
  const problems: string[] = []
  const fields = fieldsOf(json, '', problems)
  const id = fields?.id('id')
  const customerId = fields && (fields.id('customer') ?? fields.text('customer_account'))
  if (!fields || !id || !customerId) return null
  const payment = fields.text('payment_status')
  const isPaid = payment === 'paid' || payment === 'no_payment_required'
  if (fields.text('status') !== 'complete' || !isPaid || fields.text('mode') === 'setup') return null
  const prices = readLinePrices(fields, 'line_items', problems, (line, path) =>
    linePrice(line, path, fields, new Map(), problems),
  )
  const isForSubscription = fields.text('mode') === 'subscription'
  const invoice = fields.expanded('invoice')
  const createdAt = fields.time('created')
  const paidAt = invoice?.expanded('status_transitions')?.time('paid_at') ?? createdAt
  return {
    kind: 'purchase',
    id,
    customerId,
    livemode: fields.flag('livemode') ?? false,
    prices: isForSubscription ? prices.filter((price) => price.recurring === null) : prices,
    paidAt: paidAt ?? new Date(0),
    currency: fields.text('currency') ?? '',
    amountPaid: fields.number('amount_total') ?? 0,
    paymentIds: [...new Set([...readPaymentIds(fields), ...(invoice ? readPaymentIds(invoice) : [])])].sort(),
    reversal: null,
    clientReferenceId: fields.text('client_reference_id'),
    changedAt: latestChange([createdAt, paidAt], readAt),
    readAt,
    problems,
  }
}

/**
 * Reads a paid invoice that belongs to no subscription as a one-off purchase. Since API version 2025-03-31 its lines
 * only name their prices (`pricing.price_details.price`); before, they held them.
 *
 * @param prices The prices that billing lists, by id, to fill in what a line only names.
 * @returns `null` when the invoice is unpaid, is a subscription's, or names no customer.
 *
 * @example
 * const purchase = readStripeInvoicePurchase(invoice, clock.now(), prices)
 */
export function readStripeInvoicePurchase(
  json: unknown,
  readAt: Date,
  prices: ReadonlyMap<string, Price> = new Map(),
): Purchase | null {
  const problems: string[] = []
  const fields = fieldsOf(json, '', problems)
  const id = fields?.id('id')
  const customerId = fields && (fields.id('customer') ?? fields.text('customer_account'))
  if (!fields || !id || !customerId) return null
  if (fields.text('status') !== 'paid' || readInvoiceSubscriptionId(fields)) return null
  const transitions = fields.object('status_transitions')
  const createdAt = fields.time('created')
  const paidAt = transitions?.time('paid_at') ?? createdAt
  return {
    kind: 'purchase',
    id,
    customerId,
    livemode: fields.flag('livemode') ?? false,
    prices: readLinePrices(fields, 'lines', problems, (line, path) =>
      linePrice(line, path, fields, prices, problems),
    ),
    paidAt: paidAt ?? new Date(0),
    currency: fields.text('currency') ?? '',
    amountPaid: fields.number('amount_paid') ?? 0,
    paymentIds: readPaymentIds(fields),
    reversal: null,
    clientReferenceId: null,
    changedAt: latestChange([createdAt, paidAt, transitions?.time('finalized_at')], readAt),
    readAt,
    problems,
  }
}

function readLinePrices(
  fields: Fields,
  key: string,
  problems: string[],
  read: (line: Fields, path: string) => Price | null,
): readonly Price[] {
  if (!fields.has(key)) {
    problems.push(`${key} was not expanded, so what was bought is not known`)
    return []
  }
  if (fields.expanded(key)?.flag('has_more') === true) problems.push(`${key} holds only a part of the lines`)
  return fields.objects(key).flatMap((line) => read(line, `${line.path}.price`) ?? [])
}

/** A line without a price is a sum that somebody typed in: it sells nothing of the catalogue. */
function linePrice(
  line: Fields,
  path: string,
  holder: Fields,
  prices: ReadonlyMap<string, Price>,
  problems: string[],
): Price | null {
  const details = line.expanded('pricing')?.expanded('price_details')
  const json = details?.has('price') ? details.raw('price') : line.raw('price')
  const id = idOf(json)
  if (id === null) return null
  const price = prices.get(id) ?? priceFrom(json, path, problems)
  if (price) return price
  problems.push(`${path} is only named (${foundJson(id)}), so its lookup key is not known`)
  return {
    id,
    lookupKey: null,
    productId: details?.id('product') ?? '',
    productName: null,
    currency: holder.text('currency') ?? '',
    active: false,
    recurring: null,
    amount: { kind: 'unknown' },
    nickname: null,
  }
}
