import { describe, expect, test } from 'vitest'
import type { Component } from '../access/access.ts'
import type { Catalogue } from '../access/catalogue.ts'
import { exampleCatalogue } from '../access/example-catalogue.ts'
import type { Price } from '../price/price.ts'
import type { BillingFact, Subscription } from './billing.ts'
import {
  exampleEntitlements,
  exampleItem,
  examplePrice,
  examplePurchase,
  exampleSubscription,
} from './example-facts.ts'
import { cataloguePrice, monthlyPromised } from './monthly-promise.ts'
import { defaultPolicy } from './policy.ts'

const mapped: readonly Component[] = ['plan']
const rules = {
  catalogue: exampleCatalogue,
  policy: defaultPolicy,
  now: new Date('2026-09-15T00:00:00Z'),
  mapped: [{ source: 'clerk', components: { user: mapped, organization: mapped } }],
}
const yearly = { interval: 'year', count: 1, metered: false } as const
const off = (amount: number) => ({ kind: 'amount', currency: 'usd', amount }) as const
const of = (items: Subscription['items'], changes: Partial<Subscription> = {}): Subscription => ({
  ...exampleSubscription,
  ...changes,
  items,
})
const used = exampleItem(
  { id: 'price_used', recurring: { interval: 'month', count: 1, metered: true } },
  { quantity: null },
)
const usd = (amount: number) => [{ currency: 'usd', amount }]

describe('what is promised comes to, a month', () => {
  test.each<
    [
      rule: string,
      facts: readonly BillingFact[],
      sums: readonly { currency: string; amount: number }[],
      notes: readonly string[],
    ]
  >([
    ['nothing without facts', [], [], []],
    ['the price of a subscription', [exampleSubscription], usd(2000), []],
    [
      'the sum of its items',
      [of([exampleItem(), exampleItem({ id: 'price_7' }, { quantity: 2 })])],
      usd(6000),
      [],
    ],
    [
      'the sum of several subscriptions',
      [exampleSubscription, { ...exampleSubscription, id: 'sub_2' }],
      usd(4000),
      [],
    ],
    [
      'one sum a currency',
      [exampleSubscription, of([exampleItem({ currency: 'eur' })], { id: 'sub_2' })],
      [{ currency: 'eur', amount: 2000 }, ...usd(2000)],
      [],
    ],
    [
      'a twelfth of a yearly price',
      [of([exampleItem({ recurring: yearly, amount: { kind: 'per-unit', unitAmount: '12000' } })])],
      usd(1000),
      [],
    ],
    [
      'less the discounts of an item',
      [of([exampleItem({}, { discounts: [{ kind: 'percent', percent: 50 }] })])],
      usd(1000),
      [],
    ],
    [
      'less a percentage off the subscription',
      [
        of([exampleItem(), exampleItem({ id: 'price_7' })], {
          discounts: [{ kind: 'percent', percent: 25 }],
        }),
      ],
      usd(3000),
      [],
    ],
    [
      'less an amount off the subscription, once and not once an item',
      [of([exampleItem(), exampleItem({ id: 'price_7' })], { discounts: [off(500)] })],
      usd(3500),
      [],
    ],
    [
      'less an amount off a year, spread over its months',
      [
        of([exampleItem({ recurring: yearly, amount: { kind: 'per-unit', unitAmount: '12000' } })], {
          discounts: [off(1200)],
        }),
      ],
      usd(900),
      [],
    ],
    [
      'a percentage off items of different intervals',
      [
        of(
          [
            exampleItem(),
            exampleItem({
              id: 'price_7',
              recurring: yearly,
              amount: { kind: 'per-unit', unitAmount: '12000' },
            }),
          ],
          { discounts: [{ kind: 'percent', percent: 50 }] },
        ),
      ],
      usd(1500),
      [],
    ],
    [
      'no sum for an amount off items of different intervals',
      [of([exampleItem(), exampleItem({ id: 'price_7', recurring: yearly })], { discounts: [off(500)] })],
      [],
      ['sub_1 has an amount off, and items billed by different intervals.'],
    ],
    [
      'no sum under a discount that could not be read',
      [of([exampleItem()], { discounts: [{ kind: 'unknown', id: 'di_1' }] })],
      [],
      ['Discount di_1 could not be read.'],
    ],
    [
      'a note for what is billed by use, beside the rest',
      [of([exampleItem(), used])],
      usd(2000),
      ['Price price_used is billed by usage.'],
    ],
    ['a note for a purchase', [examplePurchase], [], ['cs_1 was paid once.']],
    [
      'nothing for entitlements, which have no price',
      [exampleSubscription, exampleEntitlements],
      usd(2000),
      [],
    ],
    ['nothing for what promises nothing', [{ ...exampleSubscription, status: 'unpaid' }], [], []],
    ['the price of what may be promised, too', [of([exampleItem({ id: 'price_new' })])], usd(2000), []],
  ])('%s', (_rule, facts, sums, notes) => {
    expect(monthlyPromised(facts, rules)).toEqual({ sums, notes })
  })
})

test('tiers that were not read with the subscription are those of the listed price', () => {
  const tiers = [{ upTo: null, unitAmount: '700', flatAmount: null }]
  const listed = { ...examplePrice, amount: { kind: 'tiered', mode: 'volume', tiers } } as const
  const unread = { kind: 'tiered', mode: 'volume', tiers: 'unread' } as const
  const facts = [of([exampleItem({ amount: unread }, { quantity: 3 })])]
  expect(monthlyPromised(facts, { ...rules, prices: [listed] })).toEqual({ sums: usd(2100), notes: [] })
  expect(monthlyPromised(facts, rules)).toEqual({
    sums: [],
    notes: ['The tiers of price price_pro were not read.'],
  })
})

describe('what a plan sells for', () => {
  const price = (id: string, unitAmount: string, changes: Partial<Price> = {}): Price => ({
    ...examplePrice,
    id,
    amount: { kind: 'per-unit', unitAmount },
    ...changes,
  })
  const pro = price('price_pro', '2000')
  const proYearly = price('price_2', '19200', { lookupKey: 'pro_yearly', recurring: yearly })
  const enterprise = price('price_e', '9900', { productId: 'prod_enterprise' })

  test('is the lowest monthly sum of its active prices', () => {
    expect(cataloguePrice({ plan: 'pro' }, [pro, proYearly, enterprise], exampleCatalogue)).toEqual({
      money: { currency: 'usd', amount: 1600 },
      note: null,
    })
    expect(
      cataloguePrice({ plan: 'pro' }, [pro, { ...proYearly, active: false }], exampleCatalogue).money,
    ).toEqual({
      currency: 'usd',
      amount: 2000,
    })
  })

  test('is counted in the currency in which most of its prices are', () => {
    const euros = price('price_pro', '1', { currency: 'eur' })
    expect(cataloguePrice({ plan: 'pro' }, [euros, pro, proYearly], exampleCatalogue).money?.currency).toBe(
      'usd',
    )
  })

  test('is nothing for the free plan', () => {
    expect(cataloguePrice({ plan: 'free' }, [pro], exampleCatalogue)).toEqual({ money: null, note: null })
  })

  test('is not known without an active price of it', () => {
    expect(cataloguePrice({ plan: 'pro' }, [enterprise], exampleCatalogue)).toEqual({
      money: null,
      note: 'No active price of the plan pro is known.',
    })
  })

  test('is not guessed where no price of it is fixed', () => {
    const metered = price('price_pro', '5', { recurring: { interval: 'month', count: 1, metered: true } })
    expect(cataloguePrice({ plan: 'pro' }, [metered], exampleCatalogue)).toEqual({
      money: null,
      note: 'No price of the plan pro has a fixed sum. Price price_pro is billed by usage.',
    })
  })

  test('of a feature is that of the cheapest plan or add-on that brings it', () => {
    const catalogue: Catalogue = {
      ...exampleCatalogue,
      addOns: [{ id: 'sso-only', prices: ['price_sso'], products: [], lifetime: [], entitlements: ['sso'] }],
    }
    const sso = price('price_sso', '700')
    expect(cataloguePrice({ feature: 'sso' }, [enterprise, sso, pro], catalogue).money?.amount).toBe(700)
    expect(cataloguePrice({ feature: 'sso' }, [enterprise, sso, pro], exampleCatalogue).money?.amount).toBe(
      9900,
    )
    expect(cataloguePrice({ feature: 'beta' }, [enterprise], catalogue).note).toBe(
      'No active price of beta is known.',
    )
  })
})
