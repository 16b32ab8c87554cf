import type { Fields } from '../json/fields.ts'
import { fieldsOf, foundJson } from '../json/fields.ts'
import type { Price, PriceAmount, PriceTier } from './price.ts'

/**
 * Reads a price as Stripe sends it, or a legacy plan, in any shape that Stripe allows.
 * https://docs.stripe.com/api/prices/object
 *
 * What a price does not say is said to be unknown: tiers are `unread` unless they were expanded
 * (`expand[]=data.tiers`), and a sum that the payer names is of the kind `unknown`.
 *
 * @throws TypeError when `json` is no object with an id, which no answer of Stripe's can be.
 *
 * @example
 * readStripePrice(await stripe.prices.retrieve('price_1')).amount // { kind: 'per-unit', unitAmount: '2000' }
 */
export function readStripePrice(json: unknown): Price {
  const price = priceFrom(json, 'price', [])
  if (!price) throw new TypeError(`A price needs to be an object with an id; found ${foundJson(json)}.`)
  return price
}

/**
 * As {@link readStripePrice}, for a price inside another object: `null` when there is no price to be read, and what
 * could not be read of it is added to `problems`.
 */
export function priceFrom(json: unknown, path: string, problems: string[]): Price | null {
  const fields = fieldsOf(json, path, problems)
  const id = fields?.id('id')
  if (!fields || !id) return null
  return {
    id,
    lookupKey: fields.text('lookup_key'),
    productId: fields.id('product') ?? '',
    // An id unless it was expanded; a deleted product has no name left.
    productName: fields.expanded('product')?.text('name') ?? null,
    currency: fields.text('currency') ?? '',
    active: fields.flag('active') ?? false,
    recurring: readRecurring(fields),
    amount: readAmount(fields),
    nickname: fields.text('nickname'),
  }
}

/** A legacy plan holds the interval itself and is always recurring; a price has it under `recurring`. */
function readRecurring(fields: Fields): Price['recurring'] {
  const recurring = fields.text('object') === 'plan' ? fields : fields.object('recurring')
  if (!recurring) return null
  const interval = recurring.text('interval')
  if (interval !== 'day' && interval !== 'week' && interval !== 'month' && interval !== 'year') {
    fields.problem(`recurs by ${foundJson(interval)}, not by day, week, month or year`)
    return null
  }
  const count = recurring.number('interval_count') ?? 1
  if (!isWholeNumber(count)) {
    fields.problem(`recurs every ${count} ${interval}s, which is no whole number of them`)
    return null
  }
  const usage = recurring.text('usage_type')
  return { interval, count, metered: usage === 'metered' }
}

function readAmount(fields: Fields): PriceAmount {
  if (fields.text('billing_scheme') === 'tiered') return readTiered(fields)
  const unitAmount = amountOf(fields, 'unit_amount') ?? amountOf(fields, 'amount')
  if (unitAmount === null) return { kind: 'unknown' }
  const transform = fields.object('transform_quantity') ?? fields.object('transform_usage')
  if (!transform) return { kind: 'per-unit', unitAmount }
  const divideBy = transform.number('divide_by')
  const round = transform.text('round')
  if (divideBy === null || !isWholeNumber(divideBy) || (round !== 'up' && round !== 'down'))
    return { kind: 'unknown' }
  return { kind: 'package', unitAmount, divideBy, round }
}

/** 1 or more, and exact. */
function isWholeNumber(count: number): boolean {
  return Number.isSafeInteger(count) && count >= 1
}

function readTiered(fields: Fields): PriceAmount {
  const mode = fields.text('tiers_mode')
  if (mode !== 'graduated' && mode !== 'volume') return { kind: 'unknown' }
  const tiers = fields.objects('tiers').map(
    (tier): PriceTier => ({
      upTo: tier.raw('up_to') === 'inf' ? null : tier.number('up_to'),
      unitAmount: amountOf(tier, 'unit_amount'),
      flatAmount: amountOf(tier, 'flat_amount'),
    }),
  )
  return { kind: 'tiered', mode, tiers: tiers.length > 0 ? tiers : 'unread' }
}

/** The decimal field is the exact one; the whole number beside it is absent for parts of a minor unit. */
function amountOf(fields: Fields, key: string): string | null {
  return fields.decimal(`${key}_decimal`) ?? fields.decimal(key)
}
