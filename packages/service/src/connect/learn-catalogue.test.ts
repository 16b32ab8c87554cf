import { describe, expect, test } from 'vitest'
import type { GrantedRaw, PayingAccount } from './learn-catalogue.ts'
import { learnCatalogue } from './learn-catalogue.ts'

const granted = (change: Partial<GrantedRaw> = {}): GrantedRaw => ({
  plan: null,
  features: [],
  seats: null,
  ...change,
})

/** An account that pays for these products: a quantity each. */
function pays(products: Readonly<Record<string, number>>, change: Partial<GrantedRaw> = {}): PayingAccount {
  const bought = Object.entries(products).map(
    ([product, quantity]) => [product, { quantity, monthly: quantity * 1000 }] as const,
  )
  return { products: new Map(bought), granted: granted(change) }
}

const times = <Item>(count: number, item: Item): readonly Item[] => Array.from({ length: count }, () => item)

describe('learning from paying accounts', () => {
  test('a word belongs to the product whose accounts mostly have it, the most frequent first', () => {
    const { values } = learnCatalogue(
      [
        ...times(5, pays({ pro: 1 }, { plan: 'Pro' })),
        ...times(3, pays({ pro: 1 }, { plan: 'premium' })),
        ...times(4, pays({ team: 1 }, { plan: 'business' })),
      ],
      [],
    )
    expect(values.get('pro')).toEqual(['pro', 'premium'])
    expect(values.get('team')).toEqual(['business'])
  })

  test('a word that is seen once beside frequent ones is taken for a slip', () => {
    const { values } = learnCatalogue(
      [...times(5, pays({ pro: 1 }, { plan: 'pro' })), pays({ pro: 1 }, { plan: 'vip' })],
      [],
    )
    expect(values.get('pro')).toEqual(['pro'])
  })

  test('a word of accounts that never paid means the free plan, even where some who pay have it', () => {
    const { values, freeValues } = learnCatalogue(
      [...times(5, pays({ pro: 1 }, { plan: 'pro' })), ...times(2, pays({ pro: 1 }, { plan: 'free' }))],
      times(9, granted({ plan: 'Free' })),
    )
    expect(freeValues).toEqual(['free'])
    expect(values.get('pro')).toEqual(['pro'])
  })

  test('the features of a product are those that most of its accounts have', () => {
    const { features } = learnCatalogue(
      [
        ...times(8, pays({ pro: 1 }, { features: ['reports'] })),
        pays({ pro: 1 }, { features: [] }),
        pays({ pro: 1 }, { features: ['reports', 'sso'] }),
      ],
      [],
    )
    expect(features.get('pro')).toEqual(['reports'])
  })

  test('a product that is bought beside others is an add-on, with what its buyers have more', () => {
    const { addOns, features } = learnCatalogue(
      [
        ...times(6, pays({ pro: 1 }, { features: ['reports'] })),
        ...times(3, pays({ pro: 1, extra: 1 }, { features: ['extra-reports', 'reports'] })),
      ],
      [],
    )
    expect([...addOns]).toEqual(['extra'])
    expect(features.get('extra')).toEqual(['extra-reports'])
  })

  test('two products that are always bought together leave it open which is the add-on', () => {
    expect(learnCatalogue(times(4, pays({ a: 1, b: 1 })), []).addOns.size).toBe(0)
  })

  test('seats follow the quantity where most accounts have as many as they pay for', () => {
    const { seats } = learnCatalogue(
      [
        pays({ team: 3 }, { seats: 3 }),
        pays({ team: 12 }, { seats: 12 }),
        pays({ team: 7 }, { seats: 7 }),
        pays({ team: 9 }, { seats: 4 }),
      ],
      [],
    )
    expect(seats.get('team')).toBe('quantity')
  })

  test('seats are fixed where most accounts have the same, and the free plan has others', () => {
    const accounts = [
      ...times(3, pays({ big: 1 }, { seats: 250 })),
      ...times(3, pays({ pro: 1 }, { seats: 5 })),
    ]
    const { seats } = learnCatalogue(accounts, times(4, granted({ seats: 5 })))
    expect(seats).toEqual(new Map([['big', 250]]))
  })

  test('a seat pack is known by the seats that its buyers have beyond their plan', () => {
    const { addOns, seatsEach } = learnCatalogue(
      [
        ...times(4, pays({ team: 10 }, { seats: 10 })),
        pays({ team: 10, pack: 2 }, { seats: 20 }),
        pays({ team: 8, pack: 1 }, { seats: 13 }),
      ],
      [],
    )
    expect([...addOns]).toEqual(['pack'])
    expect(seatsEach.get('pack')).toBe(5)
  })

  test('nobody who pays teaches nothing', () => {
    expect(learnCatalogue([], [])).toMatchObject({ accounts: 0, values: new Map(), features: new Map() })
  })
})
