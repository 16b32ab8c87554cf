import { expect, test } from 'vitest'
import { makePrice, type Price } from '../objects/index.ts'
import { amountOf, type PriceTier } from './amount.ts'

const tiers: readonly PriceTier[] = [
  { flat_amount: 1000, unit_amount: 0, up_to: 5 },
  { flat_amount: null, unit_amount: 100, up_to: 10 },
  { flat_amount: null, unit_amount: 50, up_to: null },
]

test.each<[string, Partial<Price>, number, number]>([
  ['a unit price is multiplied', { unit_amount: 250 }, 4, 1000],
  ['a quantity of nothing costs nothing', { unit_amount: 250 }, 0, 0],
  ['fractions of a cent are rounded at the end', { unit_amount: null, unit_amount_decimal: '0.35' }, 10, 4],
  [
    'packages are rounded up',
    { transform_quantity: { divide_by: 10, round: 'up' }, unit_amount: 500 },
    11,
    1000,
  ],
  [
    'packages are rounded down',
    { transform_quantity: { divide_by: 10, round: 'down' }, unit_amount: 500 },
    19,
    500,
  ],
  ['graduated tiers each bill their part', { billing_scheme: 'tiered', tiers_mode: 'graduated' }, 12, 1600],
  [
    'the first flat fee is due for nothing too',
    { billing_scheme: 'tiered', tiers_mode: 'graduated' },
    0,
    1000,
  ],
  ['volume tiers bill all at one rate', { billing_scheme: 'tiered', tiers_mode: 'volume' }, 12, 600],
])('%s', (_rule, fields, quantity, amount) => {
  expect(
    amountOf(makePrice({ created: 0, id: 'price_1', product: 'prod_1', ...fields }), quantity, tiers),
  ).toBe(amount)
})
