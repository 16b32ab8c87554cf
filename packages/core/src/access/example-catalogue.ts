import type { Catalogue, Plan } from './catalogue.ts'

const nothing: Omit<Plan, 'id'> = {
  prices: [],
  products: [],
  lifetime: [],
  values: [],
  entitlements: [],
  seats: null,
}

/** Three plans, lowest first, for tests: a shop as most are. */
export const exampleCatalogue: Catalogue = {
  plans: [
    { ...nothing, id: 'free' },
    {
      ...nothing,
      id: 'pro',
      prices: ['price_pro', 'lookup:pro_yearly'],
      lifetime: ['price_pro_forever'],
      values: ['pro', 'Premium'],
      entitlements: ['reports'],
    },
    { ...nothing, id: 'enterprise', products: ['prod_enterprise'], entitlements: ['reports', 'sso'] },
  ],
  addOns: [],
  seatPacks: [],
}

/** The same shop before it sold a second paid plan. */
export const onePaidPlanCatalogue: Catalogue = {
  ...exampleCatalogue,
  plans: [exampleCatalogue.plans[0], { ...nothing, id: 'pro', prices: ['price_pro'] }],
}
