import { BillingError } from '../billing-error.ts'
import type { Frame } from '../frame.ts'
import type { Interval, PlanForSale } from './plan-for-sale.ts'
import type { BookedPrice } from './price-book.ts'
import { pricesFor } from './rule-catalogue.ts'

/** What a person chose. Ids of prices are never taken from outside. */
export interface Choice {
  readonly plan: string
  readonly interval: Interval
  /** ISO 4217 in small letters. Default: the currency of the plan's first price for the interval. */
  readonly currency?: string
}

export interface ChosenPrice {
  readonly plan: PlanForSale
  readonly interval: Interval
  readonly priceId: string
  /** The currency to be named to Stripe, where it is another than the price's own. */
  readonly currency: string | null
}

/**
 * The price that sells what was chosen, from the catalogue alone.
 *
 * @throws BillingError `not-for-sale`, `price-mismatch`
 */
export async function choosePrice(
  frame: Frame,
  { plan: id, interval, currency }: Choice,
): Promise<ChosenPrice> {
  const plan = frame.forSale.plans.find((each) => each.id === id)
  if (!plan) {
    const sold = frame.forSale.plans.map((each) => each.id).join(', ')
    throw notForSale(`There is no plan ${JSON.stringify(id)}; the catalogue has ${sold}.`)
  }
  const selectors = pricesFor(plan, interval)
  if (selectors.length === 0) throw notForSale(`The plan ${id} is not sold by ${JSON.stringify(interval)}.`)
  const booked = await Promise.all(selectors.map((selector) => frame.prices.sold(selector)))
  for (const each of booked) refuseOtherInterval(each, interval)
  const chosen = currency === undefined ? booked[0] : priceIn(booked, currency.toLowerCase())
  if (!chosen)
    throw notForSale(`The plan ${id} is not sold by the ${interval} in ${JSON.stringify(currency)}.`)
  const asked = currency?.toLowerCase() ?? chosen.price.currency
  return {
    plan,
    interval,
    priceId: chosen.price.id,
    currency: asked === chosen.price.currency ? null : asked,
  }
}

function priceIn(booked: readonly BookedPrice[], currency: string): BookedPrice | undefined {
  return (
    booked.find(({ price }) => price.currency === currency) ??
    booked.find(({ amounts }) => Object.hasOwn(amounts, currency))
  )
}

function refuseOtherInterval({ price }: BookedPrice, interval: Interval): void {
  const has = price.recurring?.interval ?? 'once'
  if (has === interval && (price.recurring?.count ?? 1) === 1) return
  throw new BillingError({
    code: 'price-mismatch',
    message: `The catalogue sells ${price.id} by ${interval}, and in Stripe it is paid by ${has}${price.recurring && price.recurring.count > 1 ? ` (every ${price.recurring.count})` : ''}.`,
    fix: 'Put the price under the interval by which it is paid.',
  })
}

function notForSale(message: string): BillingError {
  return new BillingError({
    code: 'not-for-sale',
    message,
    fix: 'Offer what billing.offers() lists, and send its plan, interval and currency.',
  })
}
