import { describe, expect, test } from 'vitest'
import type { Catalogue } from '../access/catalogue.ts'
import { exampleCatalogue } from '../access/example-catalogue.ts'
import { latestDate } from '../access/order.ts'
import { exampleItem, exampleSubscription } from './example-facts.ts'
import { defaultPolicy } from './policy.ts'
import { promiseOf } from './promise-of.ts'
import type { Exception } from './promised.ts'
import { withExceptions } from './with-exceptions.ts'

const now = new Date('2026-09-15T00:00:00Z')
const rules = { catalogue: exampleCatalogue, policy: defaultPolicy, now }
const comp: Exception = {
  subject: 'user_1',
  allowed: { plan: 'pro' },
  reason: 'partner',
  author: 'ada',
  until: new Date(now.getTime() + 1),
}
const unpaid = promiseOf([], rules)
const widen = (
  exceptions: readonly Exception[],
  promised = unpaid,
  catalogue: Catalogue = exampleCatalogue,
) => withExceptions(promised, exceptions, now, catalogue)

describe('an exception', () => {
  test('allows its plan with all that comes with it, and owes nothing', () => {
    const { owed, allowed } = widen([comp])
    expect(owed).toEqual(unpaid.owed)
    expect(allowed).toEqual({
      plan: 'pro',
      paid: true,
      trialEndsAt: latestDate,
      entitlements: ['reports'],
      seats: 'unlimited',
    })
  })

  test.each([
    ['before it runs out widens', new Date(now.getTime() + 1), 'pro'],
    ['when it runs out does nothing', now, 'free'],
    ['after it has run out does nothing', new Date(now.getTime() - 1), 'free'],
    ['without an end widens', null, 'pro'],
  ])('%s', (_rule, until, plan) => {
    expect(widen([{ ...comp, until }]).allowed.plan).toBe(plan)
  })

  test('never lessens what is paid for', () => {
    const enterprise = promiseOf(
      [{ ...exampleSubscription, items: [exampleItem({ id: 'price_e', productId: 'prod_enterprise' })] }],
      rules,
    )
    const { owed, allowed } = widen([comp], enterprise)
    expect(owed).toEqual(enterprise.owed)
    expect(allowed).toMatchObject({ plan: 'enterprise', entitlements: ['reports', 'sso'] })
  })

  test('of single entitlements or seats allows just those', () => {
    const { allowed } = widen([
      { ...comp, allowed: { entitlements: ['beta'] } },
      { ...comp, allowed: { seats: 3 } },
    ])
    expect(allowed).toMatchObject({ plan: 'free', paid: false, entitlements: ['beta'], seats: 3 })
  })

  test('of a plan with a fixed number of seats allows that number, or the one it names', () => {
    const [free, ...others] = exampleCatalogue.plans
    const catalogue: Catalogue = {
      ...exampleCatalogue,
      plans: [free, ...others.map((plan) => ({ ...plan, seats: 5 }))],
    }
    expect(widen([comp], unpaid, catalogue).allowed.seats).toBe(5)
    expect(widen([{ ...comp, allowed: { plan: 'pro', seats: 9 } }], unpaid, catalogue).allowed.seats).toBe(9)
  })

  test('of a plan and more entitlements allows both', () => {
    const { allowed } = widen([{ ...comp, allowed: { plan: 'pro', entitlements: ['beta'] } }])
    expect(allowed.entitlements).toEqual(['beta', 'reports'])
  })
})
