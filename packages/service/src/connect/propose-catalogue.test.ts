import type { Price } from '@trueup/core'
import { describe, expect, test } from 'vitest'
import { proposeCatalogue } from './propose-catalogue.ts'

function price(id: string, change: Partial<Price> & { readonly sum?: string } = {}): Price {
  const { sum = '1000', ...rest } = change
  return {
    id,
    lookupKey: null,
    productId: `prod_${id}`,
    productName: null,
    currency: 'usd',
    active: true,
    recurring: { interval: 'month', count: 1, metered: false },
    amount: { kind: 'per-unit', unitAmount: sum },
    nickname: null,
    ...rest,
  }
}

const plansOf = (prices: readonly Price[], values: readonly string[] = []) =>
  proposeCatalogue(prices, values).catalogue.plans

describe('a proposed catalogue', () => {
  test('has a plan for each product, the cheapest first, after the free plan', () => {
    const plans = plansOf([
      price('b', { productName: 'Enterprise', sum: '9900' }),
      price('a', { productName: 'Pro', sum: '2000' }),
    ])
    expect(plans.map(({ id, products }) => [id, products])).toEqual([
      ['free', undefined],
      ['pro', ['prod_a']],
      ['enterprise', ['prod_b']],
    ])
  })

  test('takes a yearly price of the same product into one plan', () => {
    const yearly = price('y', {
      productId: 'prod_a',
      productName: 'Pro',
      recurring: { interval: 'year', count: 1, metered: false },
    })
    expect(plansOf([price('a', { productName: 'Pro' }), yearly])).toHaveLength(2)
  })

  test('gives each plan the value that the app writes for it', () => {
    const plans = plansOf([price('a', { productName: 'Acme Pro' })], ['pro', 'free'])
    expect(plans[1]).toEqual({ id: 'acme-pro', products: ['prod_a'], values: ['pro'] })
  })

  test('names a value that fits no plan instead of guessing', () => {
    const { catalogue, notes } = proposeCatalogue([price('a', { productName: 'Pro' })], ['gold'])
    expect(catalogue.plans.flatMap(({ values = [] }) => values)).toEqual([])
    expect(notes.join()).toContain('"gold"')
  })

  test('leaves out what is paid once or no longer sold, and says so', () => {
    const { catalogue, notes } = proposeCatalogue(
      [
        price('once', { recurring: null, productName: 'Book' }),
        price('old', { active: false, productName: 'Old' }),
      ],
      [],
    )
    expect(catalogue.plans.map(({ id }) => id)).toEqual(['free'])
    expect(notes.join()).toContain('Book (prod_once)')
  })

  test('takes what is billed by use for an add-on, so that its payers are not left undecided', () => {
    const metered = { interval: 'month', count: 1, metered: true } as const
    const { catalogue, notes } = proposeCatalogue(
      [price('used', { recurring: metered, productName: 'API calls' })],
      [],
    )
    expect(catalogue.plans.map(({ id }) => id)).toEqual(['free'])
    expect(catalogue.addOns).toEqual([{ id: 'api-calls', products: ['prod_used'], entitlements: [] }])
    expect(notes.join()).toContain('billed by use')
  })

  test('sells a plan for good at the prices of its product that are paid once', () => {
    const once = price('once', { productId: 'prod_a', recurring: null })
    expect(plansOf([price('a', { productName: 'Pro' }), once])[1]?.lifetime).toEqual(['once'])
  })

  test('keeps ids apart where two products have one name', () => {
    const plans = plansOf([
      price('a', { productName: 'Pro' }),
      price('b', { productName: 'Pro', sum: '2000' }),
    ])
    expect(plans.map(({ id }) => id)).toEqual(['free', 'pro', 'pro-2'])
  })
})
