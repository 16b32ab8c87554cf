import { describe, expect, it } from 'vitest'
import { diffConfigs } from './config-diff.ts'

const plans = (...list: readonly { readonly id: string; readonly prices?: readonly string[] }[]) => ({
  catalogue: { plans: list.map((plan) => ({ ...plan })) },
})

describe('two configurations differ', () => {
  it('nowhere, where they say the same', () => {
    expect(diffConfigs({ a: [1, { b: null }], c: {} }, { c: {}, a: [1, { b: null }] })).toEqual([])
  })

  it('at the place of a value', () => {
    expect(
      diffConfigs({ policy: { refunded: 'keep' } }, { policy: { refunded: 'drop', unpaid: 'nothing' } }),
    ).toEqual([
      { path: 'policy.refunded', before: 'keep', after: 'drop' },
      { path: 'policy.unpaid', before: undefined, after: 'nothing' },
    ])
  })

  it('in one plan, wherever it stands', () => {
    const before = plans({ id: 'free' }, { id: 'pro', prices: ['price_1'] })
    const after = plans({ id: 'free' }, { id: 'basic' }, { id: 'pro', prices: ['price_1', 'price_2'] })
    expect(diffConfigs(before, after)).toEqual([
      { path: 'catalogue.plans[basic]', before: undefined, after: { id: 'basic' } },
      { path: 'catalogue.plans[pro].prices', before: ['price_1'], after: ['price_1', 'price_2'] },
    ])
  })

  it('in the rank of plans', () => {
    expect(diffConfigs(plans({ id: 'pro' }, { id: 'free' }), plans({ id: 'free' }, { id: 'pro' }))).toEqual([
      { path: 'catalogue.plans', before: ['pro', 'free'], after: ['free', 'pro'] },
    ])
  })

  it('in a plan that was taken out', () => {
    expect(diffConfigs(plans({ id: 'free' }, { id: 'pro' }), plans({ id: 'free' }))).toEqual([
      { path: 'catalogue.plans[pro]', before: { id: 'pro' }, after: undefined },
    ])
  })

  it('in a list of plain values as a whole', () => {
    expect(diffConfigs({ match: ['customer.id'] }, { match: ['customer.email'] })).toEqual([
      { path: 'match', before: ['customer.id'], after: ['customer.email'] },
    ])
  })

  it('in what an access source maps', () => {
    const access = (plan: string) => ({ access: [{ clerk: { users: { plan } } }] })
    expect(diffConfigs(access('public_metadata.plan'), access('public_metadata.tier'))).toEqual([
      { path: 'access[0].clerk.users.plan', before: 'public_metadata.plan', after: 'public_metadata.tier' },
    ])
  })
})
