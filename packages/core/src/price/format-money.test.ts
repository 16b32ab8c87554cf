import { expect, test } from 'vitest'
import { formatMoney } from './format-money.ts'
import { sumByCurrency } from './money.ts'

test.each([
  ['usd', 125_000, '$1,250.00'],
  ['eur', 999, '€9.99'],
  ['usd', 0, '$0.00'],
  ['usd', -500, '-$5.00'],
  ['jpy', 1250, '¥1,250'],
  ['krw', 9900, '₩9,900'],
  ['kwd', 1250, 'KWD 1.250'],
  ['bhd', 5, 'BHD 0.005'],
  ['isk', 125_000, 'ISK 1,250.00'],
  ['ugx', 500_000, 'UGX 5,000.00'],
  ['mga', 5000, 'MGA 5,000'],
  ['', 500, '500 minor units of no currency'],
  ['credits', 500, '500 minor units of credits'],
])('%s of %i minor units is written with the decimals of its currency', (currency, amount, written) => {
  expect(formatMoney({ currency, amount })).toBe(written)
})

test('sums of different currencies are never added up', () => {
  const moneys = [
    { currency: 'usd', amount: 500 },
    { currency: 'eur', amount: 1 },
    { currency: 'usd', amount: 20 },
  ]
  expect(sumByCurrency(moneys)).toEqual([
    { currency: 'eur', amount: 1 },
    { currency: 'usd', amount: 520 },
  ])
  expect(sumByCurrency([])).toEqual([])
})
