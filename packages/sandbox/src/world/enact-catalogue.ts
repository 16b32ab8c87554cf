import { makeCoupon } from '../stripe/objects/coupon.ts'
import { makePrice, type Plan, type Price, planOf } from '../stripe/objects/price.ts'
import { makeProduct } from '../stripe/objects/product.ts'
import type { StripeState } from '../stripe/state.ts'
import { coupons, type PriceName, prices, products, soldPrice } from './catalogue.ts'

/** The world's prices as Stripe objects, made once and shared by all that is sold at them. */
export type WirePrices = ReadonlyMap<PriceName, { readonly price: Price; readonly plan: Plan }>

const fourYears = 4 * 365 * 86_400

/** Puts products, prices and coupons into Stripe. They are older than every customer. */
export function enactCatalogue(stripe: StripeState, now: number): WirePrices {
  const created = now - fourYears
  const { livemode } = stripe
  for (const { id, name } of products) stripe.products.insert(makeProduct({ id, created, name, livemode }))
  for (const coupon of coupons) {
    const { duration, ...rest } = coupon
    stripe.coupons.insert(makeCoupon({ created, livemode, duration, ...rest }))
  }
  const made = new Map<PriceName, { price: Price; plan: Plan }>()
  for (const name of Object.keys(prices) as PriceName[]) {
    const price = enactPrice(stripe, name, created)
    made.set(name, { price, plan: planOf(price) })
  }
  return made
}

function enactPrice(stripe: StripeState, name: PriceName, created: number): Price {
  const sold = soldPrice(name)
  const { id, product, nickname, amount, currency, every, tiers } = sold
  if (tiers) {
    stripe.priceTiers.set(
      id,
      tiers.map(({ upTo, amount: unit }) => ({
        flat_amount: null,
        flat_amount_decimal: null,
        unit_amount: unit,
        unit_amount_decimal: String(unit),
        up_to: upTo,
      })),
    )
  }
  return stripe.prices.insert(
    makePrice({
      id,
      created,
      product,
      nickname,
      currency,
      livemode: stripe.livemode,
      active: sold.archived !== true,
      lookup_key: sold.lookupKey ?? null,
      unit_amount: amount,
      unit_amount_decimal: sold.amountDecimal ?? (amount === null ? null : String(amount)),
      billing_scheme: tiers ? 'tiered' : 'per_unit',
      tiers_mode: tiers ? 'graduated' : null,
      recurring:
        every === null
          ? null
          : {
              interval: every,
              interval_count: 1,
              meter: null,
              trial_period_days: null,
              usage_type: sold.metered ? 'metered' : 'licensed',
            },
    }),
  )
}

/** What one line costs a period, in minor units. Use is billed afterwards, so a metered line costs nothing yet. */
export function lineAmount(name: PriceName, quantity: number): number {
  const { amount, tiers, metered } = soldPrice(name)
  if (metered) return 0
  if (!tiers) return (amount ?? 0) * quantity
  let sum = 0
  let counted = 0
  for (const tier of tiers) {
    const units = Math.min(quantity, tier.upTo ?? quantity) - counted
    if (units <= 0) break
    sum += units * tier.amount
    counted += units
  }
  return sum
}
