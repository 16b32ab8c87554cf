import type { Clock, Price, PriceSelector } from '@trueup/core'
import { readStripePrice } from '@trueup/core'
import type Stripe from 'stripe'
import { BillingError } from '../billing-error.ts'
import type { Vendor } from '../vendor/vendor.ts'
import { answerOf } from '../vendor/vendor.ts'

/** A price as Stripe has it, with its sums in other currencies where it has some. */
export interface BookedPrice {
  readonly price: Price
  /** Whole minor units by currency, where the sum is one number. */
  readonly amounts: Readonly<Record<string, number>>
}

/** The prices that the catalogue names, as Stripe has them. Kept for five minutes. */
export interface PriceBook {
  /** @throws BillingError `price-mismatch` when Stripe does not have the price, or no longer sells it */
  sold(selector: PriceSelector): Promise<BookedPrice>
  /** The price also where it is no longer sold; `null`: Stripe does not have it. */
  find(selector: PriceSelector): Promise<BookedPrice | null>
}

const keptMs = 300_000
const lookupPrefix = 'lookup:'

export function createPriceBook(stripe: Vendor<Stripe>, clock: Clock): PriceBook {
  const kept = new Map<PriceSelector, { readonly booked: BookedPrice; readonly until: number }>()
  const find = async (selector: PriceSelector) => {
    const now = clock.now().getTime()
    const known = kept.get(selector)
    if (known && known.until > now) return known.booked
    const found = await findPrice(stripe, selector)
    if (!found) return null
    const booked = { price: readStripePrice(found), amounts: amountsOf(found) }
    kept.set(selector, { booked, until: now + keptMs })
    return booked
  }
  return {
    find,
    async sold(selector) {
      const booked = await find(selector)
      if (booked?.price.active) return booked
      throw new BillingError({
        code: 'price-mismatch',
        message: `The catalogue sells ${selector}, and Stripe ${booked ? 'has archived it' : 'has no such price'}.`,
        fix: 'Correct the catalogue, or make the price active in Stripe. Mind that test and live mode have prices of their own.',
      })
    },
  }
}

async function findPrice(stripe: Vendor<Stripe>, selector: PriceSelector): Promise<Stripe.Price | null> {
  if (selector.startsWith(lookupPrefix)) {
    const key = selector.slice(lookupPrefix.length)
    const { data } = await stripe.call((client) =>
      client.prices.list({ lookup_keys: [key], limit: 1, expand: ['data.currency_options'] }),
    )
    return data[0] ?? null
  }
  try {
    return await stripe.call((client) => client.prices.retrieve(selector, { expand: ['currency_options'] }))
  } catch (error) {
    if (answerOf(error).code === 'resource_missing') return null
    throw error
  }
}

function amountsOf(price: Stripe.Price): Readonly<Record<string, number>> {
  const others = Object.entries(price.currency_options ?? {}).flatMap(([currency, { unit_amount }]) =>
    unit_amount === null ? [] : [[currency, unit_amount] as const],
  )
  const own = price.unit_amount === null ? [] : [[price.currency, price.unit_amount] as const]
  return Object.fromEntries([...others, ...own])
}
