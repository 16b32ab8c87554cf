import type { Discount } from './discount.ts'
import type { Fraction } from './fraction.ts'
import {
  add,
  compare,
  floor,
  fraction,
  fractionOfDecimal,
  multiply,
  roundHalfUp,
  subtract,
  zero,
} from './fraction.ts'
import type { Price, PriceTier } from './price.ts'

/** Why a price comes to no fixed sum a month. */
export type NotFixedReason =
  /** Usage is billed afterwards. */
  | 'metered'
  /** The tiers were not expanded, or do not reach as far as the quantity. */
  | 'tiers-unread'
  /** The payer names the sum, or the price holds none. */
  | 'custom-amount'
  | 'one-time'
  | 'discount-unread'
  | 'quantity-unread'

/** What a price comes to in a month, or why that cannot be said. `amount` is in minor units. */
export type MonthlyAmount =
  | { readonly kind: 'fixed'; readonly currency: string; readonly amount: number }
  | NotFixed

export interface NotFixed {
  readonly kind: 'not-fixed'
  readonly reason: NotFixedReason
  /** A sentence for people, naming the price. */
  readonly note: string
}

/** As {@link MonthlyAmount}, before it is rounded. */
export type ExactMonthlyAmount =
  | { readonly kind: 'fixed'; readonly currency: string; readonly amount: Fraction }
  | NotFixed

/**
 * What a quantity of a price comes to in a month, after discounts: a year is twelve months, and 52 weeks or 365 days
 * are a year. Exact until the end, where a half minor unit is rounded up once. Never below zero.
 *
 * @param quantity `null` where billing states none, as for metered prices.
 * @param discounts Applied in this order. Amounts are taken off each billing period, so a yearly discount is spread
 *   over twelve months.
 *
 * @example
 * monthlyAmount(yearlyPriceOf12000, 3, [{ kind: 'percent', percent: 25 }])
 * // { kind: 'fixed', currency: 'usd', amount: 2250 }
 */
export function monthlyAmount(
  price: Price,
  quantity: number | null,
  discounts: readonly Discount[],
): MonthlyAmount {
  return roundedAmount(exactMonthlyAmount(price, quantity, discounts))
}

/** As {@link monthlyAmount}, unrounded, for sums of several prices. */
export function exactMonthlyAmount(
  price: Price,
  quantity: number | null,
  discounts: readonly Discount[],
): ExactMonthlyAmount {
  const { recurring, currency } = price
  if (!recurring) return notFixed('one-time', `Price ${price.id} is paid once.`)
  if (recurring.metered) return notFixed('metered', `Price ${price.id} is billed by usage.`)
  if (quantity === null)
    return notFixed('quantity-unread', `How many of price ${price.id} are bought is not stated.`)
  const sum = sumOf(price, quantity)
  if ('reason' in sum) return sum
  const discounted = afterDiscounts(sum, discounts, currency)
  if ('reason' in discounted) return discounted
  return { kind: 'fixed', currency, amount: multiply(discounted, monthsShare(recurring)) }
}

/** Rounds to whole minor units; a half goes up. */
export function roundedAmount(exact: ExactMonthlyAmount): MonthlyAmount {
  if (exact.kind === 'not-fixed') return exact
  return { kind: 'fixed', currency: exact.currency, amount: Number(roundHalfUp(exact.amount)) }
}

/** Takes discounts off a sum of one billing period, in their order; it ends at zero. */
export function afterDiscounts(
  sum: Fraction,
  discounts: readonly Discount[],
  currency: string,
): Fraction | NotFixed {
  let left = sum
  for (const discount of discounts) {
    switch (discount.kind) {
      case 'percent':
        left = multiply(
          left,
          subtract(fraction(1), multiply(fractionOfDecimal(discount.percent), fraction(1, 100))),
        )
        break
      case 'amount':
        if (discount.currency !== currency) {
          return notFixed(
            'discount-unread',
            `A discount in ${discount.currency} stands against a sum in ${currency}.`,
          )
        }
        left = subtract(left, fractionOfDecimal(discount.amount))
        break
      case 'unknown':
        return notFixed('discount-unread', `Discount ${discount.id} could not be read.`)
    }
    if (compare(left, zero) < 0) left = zero
  }
  return left
}

/** How many of each interval fall on a month. */
const inAMonth: Readonly<Record<NonNullable<Price['recurring']>['interval'], Fraction>> = {
  day: fraction(365, 12),
  week: fraction(52, 12),
  month: fraction(1),
  year: fraction(1, 12),
}

/** The part of one billing period's sum that falls on a month. */
export function monthsShare({ interval, count }: NonNullable<Price['recurring']>): Fraction {
  return multiply(inAMonth[interval], fraction(1, count))
}

/** What the quantity costs in one billing period. */
function sumOf(price: Price, quantity: number): Fraction | NotFixed {
  const { amount } = price
  const bought = fractionOfDecimal(quantity)
  switch (amount.kind) {
    case 'per-unit':
      return multiply(bought, fractionOfDecimal(amount.unitAmount))
    case 'package': {
      const packages = multiply(bought, fraction(1, amount.divideBy))
      const whole = floor(packages)
      const isBroken = compare(packages, fraction(whole)) > 0
      const counted = amount.round === 'up' && isBroken ? whole + 1n : whole
      return multiply(fraction(counted), fractionOfDecimal(amount.unitAmount))
    }
    case 'tiered': {
      if (amount.tiers === 'unread')
        return notFixed('tiers-unread', `The tiers of price ${price.id} were not read.`)
      const sum =
        amount.mode === 'graduated' ? graduatedSum(amount.tiers, quantity) : volumeSum(amount.tiers, quantity)
      return (
        sum ?? notFixed('tiers-unread', `The tiers of price ${price.id} end below a quantity of ${quantity}.`)
      )
    }
    case 'unknown':
      return notFixed('custom-amount', `Price ${price.id} names no sum.`)
  }
}

/**
 * Each unit costs what its own tier says, and each tier that is reached adds its flat amount. The first tier counts
 * as reached at a quantity of zero. https://docs.stripe.com/products-prices/pricing-models#tiered-pricing
 */
function graduatedSum(tiers: readonly PriceTier[], quantity: number): Fraction | null {
  let sum = zero
  let below = 0
  for (const tier of tiers) {
    const within = Math.min(quantity, tier.upTo ?? quantity) - below
    sum = add(sum, tierSum(tier, within))
    if (tier.upTo === null || quantity <= tier.upTo) return sum
    below = tier.upTo
  }
  return null
}

/** All units cost what the tier of the whole quantity says. */
function volumeSum(tiers: readonly PriceTier[], quantity: number): Fraction | null {
  const tier = tiers.find(({ upTo }) => upTo === null || quantity <= upTo)
  return tier ? tierSum(tier, quantity) : null
}

function tierSum(tier: PriceTier, quantity: number): Fraction {
  const units = multiply(fractionOfDecimal(tier.unitAmount ?? '0'), fractionOfDecimal(quantity))
  return add(units, fractionOfDecimal(tier.flatAmount ?? '0'))
}

function notFixed(reason: NotFixedReason, note: string): NotFixed {
  return { kind: 'not-fixed', reason, note }
}
