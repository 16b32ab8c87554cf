import { defaultPolicy, latestDate, promiseOf } from '@trueup/core'
import { describe, expect, test } from 'vitest'
import { accessShape } from './access.ts'
import { shown } from './shown.ts'

const catalogue = {
  plans: [
    { id: 'free', prices: [], products: [], lifetime: [], values: [], entitlements: [], seats: null },
    { id: 'pro', prices: ['price_1'], products: [], lifetime: [], values: [], entitlements: [], seats: null },
  ],
  addOns: [],
  seatPacks: [],
} as const

describe('an answer', () => {
  const cases = [
    ['a date', new Date('2026-06-01T12:00:00Z'), '2026-06-01T12:00:00.000Z'],
    ['a trial without an end', latestDate, 'unlimited'],
    ['a trial without an end that was kept as a text', '+275760-09-13T00:00:00.000Z', 'unlimited'],
    ['no trial', null, null],
    ['a text', 'unlimited', 'unlimited'],
  ] as const
  for (const [what, held, said] of cases) {
    test(`says ${what} as ${JSON.stringify(said)}`, () => {
      expect(shown({ trialEndsAt: held })).toEqual({ trialEndsAt: said })
      expect(shown([{ allowed: { trialEndsAt: held } }])).toEqual([{ allowed: { trialEndsAt: said } }])
    })
  }

  test('shows everything that may be allowed without a day in the year 275760', () => {
    const unreadable = {
      kind: 'entitlements',
      id: 'ent_1',
      customerId: 'cus_1',
      livemode: false,
      lookupKeys: [],
      changedAt: new Date(0),
      readAt: new Date(0),
      problems: ['a shape that nobody knows'],
    } as const
    const { allowed } = promiseOf([unreadable], { catalogue, policy: defaultPolicy, now: new Date(0) })
    expect(allowed.trialEndsAt).toEqual(latestDate)
    expect(accessShape.parse(shown(allowed))).toMatchObject({ trialEndsAt: 'unlimited', seats: 'unlimited' })
  })
})
