import type { CheckoutLineItem, CheckoutSession } from '../objects/checkout-session.ts'
import type { Coupon } from '../objects/coupon.ts'
import type { Call } from '../request/call.ts'
import { mergeMetadata } from '../request/metadata.ts'
import type { Parameters } from '../request/parameters.ts'
import { badRequest, missingParameter } from '../stripe-error.ts'
import { priceIn } from './price-in.ts'

/**
 * The line items that a request asks for.
 *
 * @param old the lines of the session that is updated: a line asked for by id stays, with what is given changed.
 */
export function checkoutLines(
  call: Call,
  asked: readonly Parameters[],
  mode: CheckoutSession['mode'],
  old: readonly CheckoutLineItem[] = [],
): CheckoutLineItem[] {
  const lines = asked.map((one) => lineOf(call, one, old))
  const recurring = lines.some((line) => line.price?.type === 'recurring')
  if (mode === 'payment' && recurring) {
    throw badRequest(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      'line_items',
    )
  }
  if (mode === 'subscription' && !recurring) {
    throw badRequest(
      'You must provide at least one recurring price in `subscription` mode when using prices.',
      'line_items',
    )
  }
  if (new Set(lines.map((line) => line.currency)).size > 1) {
    throw badRequest('All line items must have the same currency.', 'line_items')
  }
  return lines
}

function lineOf(call: Call, asked: Parameters, old: readonly CheckoutLineItem[]): CheckoutLineItem {
  const kept = old.find((line) => line.id === asked.text('id'))
  const price = priceIn(call, asked, null) ?? kept?.price ?? null
  if (price === null) throw missingParameter(asked.path('price'))
  const metered = price.recurring?.usage_type === 'metered'
  const quantity = metered ? null : (asked.number('quantity') ?? kept?.quantity ?? null)
  if (!metered && quantity === null) throw missingParameter(asked.path('quantity'))
  const amount = metered ? 0 : (price.unit_amount ?? 0) * (quantity ?? 0)
  return {
    id: kept?.id ?? call.state.ids.next('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: call.state.products.get(price.product)?.name ?? null,
    metadata: mergeMetadata(kept?.metadata ?? {}, asked),
    price,
    quantity,
  }
}

/** The lines with a coupon taken off: percentages of each, a fixed amount spread from the first line on. */
export function discounted(lines: readonly CheckoutLineItem[], coupon: Coupon | null): CheckoutLineItem[] {
  let fixed = coupon?.amount_off ?? 0
  return lines.map((line) => {
    const percent = Math.round((line.amount_subtotal * (coupon?.percent_off ?? 0)) / 100)
    const off = Math.min(line.amount_subtotal, percent + fixed)
    fixed -= Math.min(fixed, off - percent)
    return { ...line, amount_discount: off, amount_total: line.amount_subtotal - off }
  })
}

/**
 * The session's amounts for its lines.
 *
 * @param trial whether the recurring lines begin with a trial, and so cost nothing now.
 */
export function totalsOf(
  lines: readonly CheckoutLineItem[],
  trial = false,
): Pick<CheckoutSession, 'amount_subtotal' | 'amount_total' | 'currency' | 'total_details'> {
  const due = lines.filter((line) => !trial || line.price?.type !== 'recurring')
  const sum = (amount: (line: CheckoutLineItem) => number) =>
    due.reduce((total, line) => total + amount(line), 0)
  return {
    amount_subtotal: sum((line) => line.amount_subtotal),
    amount_total: sum((line) => line.amount_total),
    currency: lines[0]?.currency ?? null,
    total_details: {
      amount_discount: sum((line) => line.amount_discount),
      amount_shipping: 0,
      amount_tax: 0,
    },
  }
}
