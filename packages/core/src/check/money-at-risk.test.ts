import { describe, expect, test } from 'vitest'
import { readStripePrice } from '../price/read-stripe-price.ts'
import { readStripeSubscription } from '../promise/stripe/read-subscription.ts'
import {
  recordedCoupon,
  recordedDiscount,
  recordedItem,
  recordedItems,
  recordedPrice,
  recordedSubscription,
  type StripeJson,
} from '../promise/stripe/recorded.ts'
import { check } from './check.ts'
import { granted, nothingGranted, now, pair, payer, reading, rules } from './recorded-pairs.ts'
import type { Drift } from './verdict.ts'

/* Worked out by hand, from Stripe's objects to the sum that an incident names; 52 weeks or 365 days are a year. */

const sold = (unit: number | string, changes: StripeJson = {}) =>
  recordedPrice({
    id: 'price_pro',
    currency: 'usd',
    unit_amount: typeof unit === 'number' ? unit : null,
    unit_amount_decimal: String(unit),
    ...changes,
  })
const every = (interval: string, interval_count = 1) => ({
  recurring: { interval, interval_count, usage_type: 'licensed' },
})
const tiered = (tiers_mode: string, tiers: readonly StripeJson[]) =>
  sold(0, { unit_amount: null, unit_amount_decimal: null, billing_scheme: 'tiered', tiers_mode, tiers })
const upTo = (
  up_to: number | 'inf',
  unit_amount: number | null,
  flat_amount: number | null = null,
): StripeJson => ({
  up_to,
  unit_amount,
  unit_amount_decimal: unit_amount === null ? null : String(unit_amount),
  flat_amount,
  flat_amount_decimal: flat_amount === null ? null : String(flat_amount),
})
const seats = [upTo(12, 1200), upTo(50, 1000), upTo('inf', 800)]
const coupon = (changes: StripeJson, discount: StripeJson = {}) =>
  recordedDiscount({
    end: null,
    source: {
      type: 'coupon',
      coupon: recordedCoupon({ amount_off: null, percent_off: null, currency: null, ...changes }),
    },
    ...discount,
  })
const anHour = 3600
const nowSeconds = Math.floor(now.getTime() / 1000)

type Row = readonly [
  rule: string,
  price: StripeJson,
  quantity: number,
  sum: string,
  discounts?: readonly StripeJson[],
]

const rows: readonly Row[] = [
  ['a price by the month is itself', sold(2900), 1, '2900 usd'],
  ['a price by the year is a twelfth', sold(27_000, { currency: 'eur', ...every('year') }), 1, '2250 eur'],
  ['a price by the year that does not divide is rounded once', sold(29_000, every('year')), 1, '2417 usd'],
  ['a price by two years is a twenty-fourth', sold(48_000, every('year', 2)), 1, '2000 usd'],
  ['a price by the week is 52 of them over twelve months', sold(500, every('week')), 1, '2167 usd'],
  ['a price by two weeks is 26 of them', sold(1000, every('week', 2)), 1, '2167 usd'],
  ['a price by the day is 365 of them', sold(100, every('day')), 1, '3042 usd'],
  ['a price by three months is a third', sold(9000, every('month', 3)), 1, '3000 usd'],
  ['yen have no minor unit', sold(4400, { currency: 'jpy' }), 3, '13200 jpy'],
  ['dinars have a thousand', sold(9000, { currency: 'kwd', ...every('year') }), 1, '750 kwd'],
  ['a quantity multiplies', sold(1200), 7, '8400 usd'],
  ['parts of a minor unit are rounded once, at the end', sold('0.4'), 1001, '400 usd'],
  ['half a minor unit goes up', sold('0.5'), 1001, '501 usd'],
  ['graduated tiers cost each seat what its own tier says', tiered('graduated', seats), 30, '32400 usd'],
  ['graduated tiers in their last step', tiered('graduated', seats), 60, '60400 usd'],
  ['volume tiers cost all seats what the last one costs', tiered('volume', seats), 30, '30000 usd'],
  ['volume tiers at the very edge are those below it', tiered('volume', seats), 12, '14400 usd'],
  [
    'a tier’s flat amount comes once',
    tiered('graduated', [upTo(10, null, 5000), upTo('inf', 300)]),
    15,
    '6500 usd',
  ],
  [
    'an incomplete package counts whole where it is rounded up',
    sold(200, { transform_quantity: { divide_by: 1000, round: 'up' } }),
    2500,
    '600 usd',
  ],
  [
    'an incomplete package counts nothing where it is rounded down',
    sold(200, { transform_quantity: { divide_by: 1000, round: 'down' } }),
    2500,
    '400 usd',
  ],
  ['a percentage is taken off', sold(2900), 1, '2175 usd', [coupon({ percent_off: 25 })]],
  ['a percentage may have decimals', sold(2900), 1, '1933 usd', [coupon({ percent_off: 33.333 })]],
  ['an amount is taken off', sold(2900), 1, '2600 usd', [coupon({ amount_off: 300, currency: 'usd' })]],
  [
    'an amount off a year is spread over its months',
    sold(12_000, every('year')),
    1,
    '900 usd',
    [coupon({ amount_off: 1200, currency: 'usd' })],
  ],
  [
    'two discounts are taken off in their order',
    sold(2900),
    1,
    '1820 usd',
    [coupon({ percent_off: 20 }), coupon({ amount_off: 500, currency: 'usd' })],
  ],
  [
    'a discount above the price leaves nothing',
    sold(2900),
    1,
    '0 usd',
    [coupon({ amount_off: 5000, currency: 'usd' })],
  ],
  ['a discount of all leaves nothing', sold(2900), 1, '0 usd', [coupon({ percent_off: 100 })]],
  [
    'a discount that has ended takes nothing off',
    sold(2900),
    1,
    '2900 usd',
    [coupon({ percent_off: 25 }, { end: nowSeconds - anHour })],
  ],
  [
    'a discount that ends later is still taken off',
    sold(2900),
    1,
    '2175 usd',
    [coupon({ percent_off: 25 }, { end: nowSeconds + anHour })],
  ],
  [
    'a discount that works once is taken off until it has been used',
    sold(2900),
    1,
    '1900 usd',
    [coupon({ amount_off: 1000, currency: 'usd', duration: 'once' })],
  ],
]

function missing(price: StripeJson, quantity: number | null, discounts: readonly StripeJson[]) {
  const items = recordedItems([recordedItem({ price, quantity })])
  const fact = readStripeSubscription(recordedSubscription({ items, discounts }), now)
  expect(fact.problems).toEqual([])
  const refused = pair({ payers: [payer([fact])], readings: [reading({ granted: nothingGranted })] })
  const { verdict } = check(refused, rules)
  if (verdict.kind !== 'drifts') throw new Error('Nothing is granted, so there is a drift.')
  expect(verdict.drifts[0].kind).toBe('paid-without-access')
  return moneyOf(verdict.drifts[0])
}

/** The sum, or the note where there is none. */
function moneyOf({ moneyAtRisk, moneyNote }: Drift): string | null {
  return moneyAtRisk ? `${moneyAtRisk.amount} ${moneyAtRisk.currency}` : moneyNote
}

describe('what is paid for and missing comes to, a month', () => {
  for (const [rule, price, quantity, sum, discounts = []] of rows) {
    test(rule, () => expect(missing(price, quantity, discounts)).toBe(sum))
  }

  test('no sum, and a note, where a discount is in another currency', () => {
    expect(missing(sold(2900), 1, [coupon({ amount_off: 1000, currency: 'eur' })])).toBe(
      'A discount in eur stands against a sum in usd.',
    )
  })

  test('no sum, and a note, where use is billed', () => {
    const metered = { ...every('month').recurring, usage_type: 'metered' }
    expect(missing(sold(5, { recurring: metered }), null, [])).toBe('Price price_pro is billed by usage.')
  })
})

describe('what is open and unpaid comes to, a month', () => {
  const open = (plan: string, prices: readonly StripeJson[]) => {
    const { verdict } = check(
      pair({
        payers: [],
        pointed: null,
        readings: [
          reading({
            customerId: { state: 'absent' },
            granted: granted({ plan: { state: 'value', value: plan } }),
          }),
        ],
      }),
      { ...rules, prices: prices.map(readStripePrice) },
    )
    if (verdict.kind !== 'drifts') throw new Error('Nothing is paid, so there is a drift.')
    return moneyOf(verdict.drifts[0])
  }

  test.each<[rule: string, prices: readonly StripeJson[], money: string]>([
    ['the price of its plan', [sold(2900)], '2900 usd'],
    ['not what an archived price was', [sold(2900), sold(1900, { active: false })], '2900 usd'],
    ['the first tier where the price is tiered', [tiered('graduated', seats)], '1200 usd'],
    [
      'a package of one where units are sold in packages',
      [sold(200, { transform_quantity: { divide_by: 1000, round: 'up' } })],
      '200 usd',
    ],
    ['nothing where no price is known', [], 'No active price of the plan pro is known.'],
    [
      'nothing where the payer names the sum',
      [sold(0, { unit_amount: null, unit_amount_decimal: null, custom_unit_amount: { minimum: 100 } })],
      'No price of the plan pro has a fixed sum. Price price_pro names no sum.',
    ],
  ])('%s', (_rule, prices, money) => {
    expect(open('pro', prices)).toBe(money)
  })
})
