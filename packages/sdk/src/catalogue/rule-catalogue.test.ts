import { expect, it } from 'vitest'
import type { CatalogueForSale } from './plan-for-sale.ts'
import { ruleCatalogue } from './rule-catalogue.ts'

it('a plan is opened by what is sold today, by earlier prices and by products, and for good by its price once', () => {
  const catalogue = ruleCatalogue({
    plans: [
      { id: 'free', features: ['export'] },
      {
        id: 'pro',
        features: ['reports'],
        seats: 'quantity',
        prices: { month: ['price_usd', 'price_eur'], year: 'lookup:pro_yearly', once: 'price_once' },
        earlierPrices: ['price_2019'],
        products: ['prod_old'],
      },
    ],
    addOns: [{ id: 'sso', features: ['sso'], prices: ['price_sso'], lifetime: ['price_sso_once'] }],
    seatPacks: [{ id: 'five', seatsEach: 5, prices: ['price_five'] }],
  })
  expect(catalogue.plans[1]).toEqual({
    id: 'pro',
    prices: ['price_usd', 'price_eur', 'lookup:pro_yearly', 'price_2019'],
    products: ['prod_old'],
    lifetime: ['price_once'],
    values: [],
    entitlements: ['reports'],
    seats: 'quantity',
  })
  expect(catalogue.addOns[0]).toMatchObject({
    id: 'sso',
    entitlements: ['sso'],
    lifetime: ['price_sso_once'],
  })
  expect(catalogue.seatPacks[0]).toMatchObject({ id: 'five', seatsEach: 5, prices: ['price_five'] })
})

it.each<[string, CatalogueForSale]>([
  ['a first plan that costs something', { plans: [{ id: 'pro', prices: { month: 'price_1' } }] }],
  ['a first plan with a product', { plans: [{ id: 'pro', products: ['prod_1'] }] }],
  ['two plans of one id', { plans: [{ id: 'a' }, { id: 'a' }] }],
  ['a plan and an add-on of one id', { plans: [{ id: 'a' }], addOns: [{ id: 'a', features: [] }] }],
  [
    'a price that opens two plans',
    {
      plans: [
        { id: 'free' },
        { id: 'a', prices: { month: 'price_1' } },
        { id: 'b', earlierPrices: ['price_1'] },
      ],
    },
  ],
  ['a trial of half a day', { plans: [{ id: 'free' }, { id: 'a', trialDays: 0.5 }] }],
  ['a trial of no days', { plans: [{ id: 'free' }, { id: 'a', trialDays: 0 }] }],
])('%s is refused', (_, forSale) => {
  expect(() => ruleCatalogue(forSale)).toThrow(expect.objectContaining({ code: 'options-invalid' }))
})
