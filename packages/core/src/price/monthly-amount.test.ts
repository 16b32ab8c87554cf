import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Discount } from './discount.ts'
import { monthlyAmount } from './monthly-amount.ts'
import type { Price, PriceAmount, PriceTier } from './price.ts'

const monthly = { interval: 'month', count: 1, metered: false } as const
const price = (amount: PriceAmount, recurring: Price['recurring'] = monthly): Price => ({
  id: 'price_1',
  lookupKey: null,
  productId: 'prod_1',
  productName: null,
  currency: 'usd',
  active: true,
  recurring,
  amount,
  nickname: null,
})
const each = (unitAmount: string, recurring: Price['recurring'] = monthly) =>
  price({ kind: 'per-unit', unitAmount }, recurring)
const every = (interval: 'day' | 'week' | 'month' | 'year', count = 1) => ({
  interval,
  count,
  metered: false,
})
const tier = (upTo: number | null, unitAmount: string | null, flatAmount: string | null): PriceTier => ({
  upTo,
  unitAmount,
  flatAmount,
})
const tiers = [tier(5, '1000', '500'), tier(10, '800', '300'), tier(null, '600', null)]
const graduated = price({ kind: 'tiered', mode: 'graduated', tiers })
const volume = price({ kind: 'tiered', mode: 'volume', tiers })
const packs = (round: 'up' | 'down') => price({ kind: 'package', unitAmount: '1000', divideBy: 10, round })
const percent = (off: number): Discount => ({ kind: 'percent', percent: off })
const off = (amount: number, currency = 'usd'): Discount => ({ kind: 'amount', currency, amount })

describe('a fixed sum a month', () => {
  test.each<[rule: string, price: Price, quantity: number, discounts: readonly Discount[], amount: number]>([
    ['a monthly price counts as it is', each('2000'), 1, [], 2000],
    ['a quantity multiplies', each('2000'), 3, [], 6000],
    ['a quantity of zero costs nothing', each('2000'), 0, [], 0],
    ['a price of nothing costs nothing', each('0'), 5, [], 0],
    ['a year is twelve months', each('12000', every('year')), 1, [], 1000],
    ['two years are twenty-four', each('24000', every('year', 2)), 1, [], 1000],
    ['a quarter is three', each('3000', every('month', 3)), 1, [], 1000],
    ['a week is 52 twelfths of a year', each('1200', every('week')), 1, [], 5200],
    ['two weeks are half as much', each('1200', every('week', 2)), 1, [], 2600],
    ['a day is 365 twelfths of a year', each('12', every('day')), 1, [], 365],
    ['a third of a cent is rounded once, at the end', each('1000', every('month', 3)), 2, [], 667],
    ['a half is rounded up', each('0.5'), 1, [], 1],
    ['less than a half is rounded down', each('0.4999'), 1, [], 0],
    ['parts of a cent add up before they are rounded', each('0.05'), 30, [], 2],
    ['twelve decimals stay exact', each('0.000000000001'), 1_000_000_000_000, [], 1],
    ['yen are counted as they are', each('980'), 1, [], 980],

    ['a package begun counts, where rounded up', packs('up'), 11, [], 2000],
    ['a package full counts once, where rounded up', packs('up'), 10, [], 1000],
    ['a package begun does not count, where rounded down', packs('down'), 19, [], 1000],
    ['no package is bought of zero', packs('up'), 0, [], 0],

    ['graduated: units of the first tier, and its flat amount', graduated, 5, [], 5 * 1000 + 500],
    [
      'graduated: each unit by its own tier, and each flat amount reached',
      graduated,
      6,
      [],
      5 * 1000 + 500 + 800 + 300,
    ],
    ['graduated: on to the tier without end', graduated, 12, [], 5 * 1000 + 500 + 5 * 800 + 300 + 2 * 600],
    ['graduated: zero costs the first flat amount', graduated, 0, [], 500],
    ['volume: all units by the tier of the whole', volume, 5, [], 5 * 1000 + 500],
    ['volume: the next tier prices all units', volume, 6, [], 6 * 800 + 300],
    ['volume: the tier without end', volume, 12, [], 12 * 600],
    ['volume: zero costs the first flat amount', volume, 0, [], 500],

    ['percent off', each('2000'), 1, [percent(25)], 1500],
    ['parts of a percent off', each('10000'), 1, [percent(25.5)], 7450],
    ['all off', each('2000'), 1, [percent(100)], 0],
    ['an amount off, once a period and not once a unit', each('2000'), 3, [off(500)], 5500],
    ['an amount off a year is spread over its months', each('12000', every('year')), 1, [off(1200)], 900],
    ['never below zero', each('2000'), 1, [off(5000)], 0],
    ['several, one after the other', each('2000'), 1, [percent(50), off(300)], 700],
    ['nothing is given back by the next discount', each('2000'), 1, [off(5000), percent(50)], 0],
  ])('%s', (_rule, of, quantity, discounts, amount) => {
    expect(monthlyAmount(of, quantity, discounts)).toEqual({ kind: 'fixed', currency: 'usd', amount })
  })
})

describe('no fixed sum', () => {
  test.each<[Price, number | null, readonly Discount[], string, string]>([
    [each('2', { ...monthly, metered: true }), null, [], 'metered', 'Price price_1 is billed by usage.'],
    [each('2000', null), 1, [], 'one-time', 'Price price_1 is paid once.'],
    [price({ kind: 'unknown' }), 1, [], 'custom-amount', 'Price price_1 names no sum.'],
    [
      price({ kind: 'tiered', mode: 'volume', tiers: 'unread' }),
      1,
      [],
      'tiers-unread',
      'The tiers of price price_1 were not read.',
    ],
    [
      price({ kind: 'tiered', mode: 'volume', tiers: [tier(5, '1', null)] }),
      6,
      [],
      'tiers-unread',
      'The tiers of price price_1 end below a quantity of 6.',
    ],
    [
      price({ kind: 'tiered', mode: 'graduated', tiers: [tier(5, '1', null)] }),
      6,
      [],
      'tiers-unread',
      'The tiers of price price_1 end below a quantity of 6.',
    ],
    [each('2000'), null, [], 'quantity-unread', 'How many of price price_1 are bought is not stated.'],
    [
      each('2000'),
      1,
      [{ kind: 'unknown', id: 'di_1' }],
      'discount-unread',
      'Discount di_1 could not be read.',
    ],
    [each('2000'), 1, [off(1, 'eur')], 'discount-unread', 'A discount in eur stands against a sum in usd.'],
  ])('%# is named by its reason and not guessed', (of, quantity, discounts, reason, note) => {
    expect(monthlyAmount(of, quantity, discounts)).toEqual({ kind: 'not-fixed', reason, note })
  })
})

describe('for any price', () => {
  const quantities = fc.nat(100_000)
  const decimal = fc
    .tuple(fc.nat(1_000_000), fc.nat(999_999))
    .map(([a, b]) => `${a}.${String(b).padStart(6, '0')}`)
  const recurring = fc.record({
    interval: fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'year' as const),
    count: fc.integer({ min: 1, max: 12 }),
    metered: fc.constant(false),
  })
  const amounts: fc.Arbitrary<PriceAmount> = fc.oneof(
    fc.record({ kind: fc.constant('per-unit' as const), unitAmount: decimal }),
    fc.record({
      kind: fc.constant('package' as const),
      unitAmount: decimal,
      divideBy: fc.integer({ min: 1, max: 1000 }),
      round: fc.constantFrom('up' as const, 'down' as const),
    }),
    fc.record({
      kind: fc.constant('tiered' as const),
      mode: fc.constant('graduated' as const),
      tiers: fc
        .tuple(fc.integer({ min: 1, max: 100 }), decimal, decimal, decimal)
        .map(([upTo, a, b, flat]) => [tier(upTo, a, flat), tier(null, b, flat)]),
    }),
  )
  const prices = fc.tuple(amounts, recurring).map(([amount, by]) => price(amount, by))
  const sumOf = (of: Price, quantity: number, discounts: readonly Discount[] = []) => {
    const monthlySum = monthlyAmount(of, quantity, discounts)
    if (monthlySum.kind !== 'fixed') throw new Error(monthlySum.note)
    return monthlySum.amount
  }

  test('more of it never costs less', () => {
    fc.assert(
      fc.property(prices, quantities, quantities, (of, a, b) => {
        expect(sumOf(of, Math.min(a, b))).toBeLessThanOrEqual(sumOf(of, Math.max(a, b)))
      }),
    )
  })

  test('a discount never makes it dearer, nor brings it below zero', () => {
    const discounts = fc.array(
      fc.oneof(
        fc.integer({ min: 0, max: 10_000 }).map((part) => percent(part / 100)),
        fc.nat(10_000_000).map((amount) => off(amount)),
      ),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(prices, quantities, discounts, (of, quantity, some) => {
        const discounted = sumOf(of, quantity, some)
        expect(discounted).toBeGreaterThanOrEqual(0)
        expect(discounted).toBeLessThanOrEqual(sumOf(of, quantity))
      }),
    )
  })

  test('twelve times a sum by the year comes to that sum by the month', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), quantities, (cents, quantity) => {
        expect(sumOf(each(String(cents * 12), every('year')), quantity)).toBe(
          sumOf(each(String(cents)), quantity),
        )
      }),
    )
  })
})
