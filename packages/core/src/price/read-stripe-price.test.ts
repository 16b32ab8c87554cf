import { describe, expect, test } from 'vitest'
import { recordedPlan, recordedPrice } from '../promise/stripe/recorded.ts'
import { readStripePrice } from './read-stripe-price.ts'

const recurring = { interval: 'month', interval_count: 1, usage_type: 'licensed' }
const tier = (upTo: number | 'inf' | null, unit: string | null, flat: string | null) => ({
  up_to: upTo,
  unit_amount: null,
  unit_amount_decimal: unit,
  flat_amount: null,
  flat_amount_decimal: flat,
})
/** As the SDK hands out decimals: an object that says itself by `toString`. */
const sdkDecimal = (text: string) => ({ toString: () => text })

describe('the sum of a price', () => {
  test.each([
    ['per unit', {}, { kind: 'per-unit', unitAmount: '2000' }],
    [
      'per unit without the decimal field',
      { unit_amount_decimal: undefined },
      { kind: 'per-unit', unitAmount: '2000' },
    ],
    [
      'in parts of a cent',
      { unit_amount: null, unit_amount_decimal: '0.05' },
      { kind: 'per-unit', unitAmount: '0.05' },
    ],
    [
      'as the SDK decodes it',
      { unit_amount: null, unit_amount_decimal: sdkDecimal('0.05') },
      { kind: 'per-unit', unitAmount: '0.05' },
    ],
    ['of nothing', { unit_amount: 0, unit_amount_decimal: '0' }, { kind: 'per-unit', unitAmount: '0' }],
    [
      'a package',
      { transform_quantity: { divide_by: 10, round: 'up' } },
      { kind: 'package', unitAmount: '2000', divideBy: 10, round: 'up' },
    ],
    [
      'a package of a rounding not known',
      { transform_quantity: { divide_by: 10, round: 'half' } },
      { kind: 'unknown' },
    ],
    [
      'named by the payer',
      { unit_amount: null, unit_amount_decimal: null, custom_unit_amount: { minimum: 100 } },
      { kind: 'unknown' },
    ],
    [
      'graduated',
      {
        billing_scheme: 'tiered',
        tiers_mode: 'graduated',
        tiers: [tier(10, '500', null), tier(null, '400', '100')],
      },
      {
        kind: 'tiered',
        mode: 'graduated',
        tiers: [
          { upTo: 10, unitAmount: '500', flatAmount: null },
          { upTo: null, unitAmount: '400', flatAmount: '100' },
        ],
      },
    ],
    [
      'by volume',
      { billing_scheme: 'tiered', tiers_mode: 'volume', tiers: [tier('inf', null, '900')] },
      { kind: 'tiered', mode: 'volume', tiers: [{ upTo: null, unitAmount: null, flatAmount: '900' }] },
    ],
    [
      'tiered and not expanded',
      { billing_scheme: 'tiered', tiers_mode: 'volume' },
      { kind: 'tiered', mode: 'volume', tiers: 'unread' },
    ],
    ['tiered in a mode not known', { billing_scheme: 'tiered', tiers_mode: 'steps' }, { kind: 'unknown' }],
  ])('%s is read', (_shape, changes, amount) => {
    expect(readStripePrice(recordedPrice(changes)).amount).toEqual(amount)
  })
})

describe('how often a price is paid', () => {
  test.each([
    ['by the month', recurring, { interval: 'month', count: 1, metered: false }],
    ['by the quarter', { ...recurring, interval_count: 3 }, { interval: 'month', count: 3, metered: false }],
    ['by the week', { ...recurring, interval: 'week' }, { interval: 'week', count: 1, metered: false }],
    ['by the day', { ...recurring, interval: 'day' }, { interval: 'day', count: 1, metered: false }],
    ['by the year', { ...recurring, interval: 'year' }, { interval: 'year', count: 1, metered: false }],
    [
      'by use',
      { ...recurring, usage_type: 'metered', meter: 'mtr_1' },
      { interval: 'month', count: 1, metered: true },
    ],
    ['once', null, null],
  ])('%s is read', (_how, value, expected) => {
    expect(readStripePrice(recordedPrice({ recurring: value })).recurring).toEqual(expected)
  })
})

test('a price keeps its lookup key, its state and its product, expanded or not', () => {
  const price = recordedPrice({ lookup_key: 'pro', active: false, product: { id: 'prod_9', name: 'Pro' } })
  expect(readStripePrice(price)).toMatchObject({ lookupKey: 'pro', active: false, productId: 'prod_9' })
})

test('a legacy plan is read as the price that it is', () => {
  const plan = recordedPlan({ interval: 'year', transform_usage: { divide_by: 5, round: 'down' } })
  expect(readStripePrice(plan)).toMatchObject({
    id: 'plan_pro',
    productId: 'prod_pro',
    recurring: { interval: 'year', count: 1, metered: false },
    amount: { kind: 'package', unitAmount: '2000', divideBy: 5, round: 'down' },
  })
})

test('what is no price is refused in words', () => {
  expect(() => readStripePrice('price_pro')).toThrow(
    'A price needs to be an object with an id; found "price_pro".',
  )
})
