import { describe, expect, test } from 'vitest'
import type { Component } from '../access/access.ts'
import type { Catalogue } from '../access/catalogue.ts'
import { exampleCatalogue } from '../access/example-catalogue.ts'
import type { BillingFact } from './billing.ts'
import {
  exampleEntitlements,
  exampleInvoice,
  exampleItem,
  examplePurchase,
  exampleSubscription,
} from './example-facts.ts'
import { factKeys, freeKey } from './observe-fact.ts'
import { defaultPolicy } from './policy.ts'

const now = new Date('2026-09-15T00:00:00Z')
const trialEndsAt = new Date('2026-09-20T00:00:00Z')
const past = new Date('2026-09-01T00:00:00Z')
const all: readonly Component[] = ['paid', 'plan', 'trialEndsAt', 'entitlements']
const rules = {
  catalogue: exampleCatalogue,
  policy: defaultPolicy,
  now,
  mapped: [{ source: 'clerk', components: { user: all, organization: ['plan'] as readonly Component[] } }],
}
const pastDue: BillingFact = {
  ...exampleSubscription,
  status: 'past_due',
  latestInvoice: { ...exampleInvoice, status: 'open', finalizedAt: new Date('2026-09-10') },
}
const proKey = 'entitlements=["reports"];paid=true;plan=pro;trialEndsAt=none'

describe('the key of a fact', () => {
  test.each<
    [rule: string, fact: BillingFact, user: string | null, organization: string | null, entitling: boolean]
  >([
    [
      'says exactly what an active subscription promises, for what each type of subject maps',
      exampleSubscription,
      proKey,
      'plan=pro',
      true,
    ],
    [
      'says a trial with its end',
      { ...exampleSubscription, status: 'trialing', trialEndsAt },
      'entitlements=["reports"];paid=true;plan=pro;trialEndsAt=2026-09-20T00:00:00.000Z',
      'plan=pro',
      true,
    ],
    ['says what was bought for life', examplePurchase, proKey, 'plan=pro', true],
    [
      'is empty for a subscription that has ended',
      { ...exampleSubscription, status: 'canceled', currentPeriodEnd: past },
      '',
      '',
      false,
    ],
    ['is empty for a purchase of something else', { ...examplePurchase, prices: [] }, '', '', false],
    ['is none where access may be had or not', pastDue, null, null, true],
    [
      'is none for a price not known',
      { ...exampleSubscription, items: [exampleItem({ id: 'price_new' })] },
      null,
      null,
      true,
    ],
    [
      'is none for a status not known',
      { ...exampleSubscription, status: { unknown: 'dormant' } },
      null,
      null,
      true,
    ],
    [
      'is none for what a person is to review',
      {
        ...exampleSubscription,
        latestInvoice: {
          ...exampleInvoice,
          reversal: { refundedAmount: 2000, dispute: 'none', ids: ['re_1'] },
        },
      },
      null,
      null,
      true,
    ],
    [
      'is empty where entitlements are not mapped and nothing else is promised',
      exampleEntitlements,
      'entitlements=["reports"];paid=false;plan=free;trialEndsAt=none',
      '',
      true,
    ],
  ])('%s', (_rule, fact, user, organization, entitling) => {
    expect(factKeys(fact, rules)).toEqual({ keys: { user, organization }, entitling })
  })

  test('says no seats where nothing is paid: a limit left standing for whoever has nothing opens nothing', () => {
    const mapped = [{ source: 'clerk', components: { organization: ['plan', 'seats'] as const } }]
    expect(factKeys(exampleSubscription, { ...rules, mapped }).keys.organization).toBe('plan=pro;seats=none')
    expect(freeKey({ ...rules, mapped }, 'organization')).toBe('plan=free;seats=unpaid')
  })

  test('is not empty for a free plan that is sold with seats: beside a paid plan they add up', () => {
    const [free, ...others] = exampleCatalogue.plans
    const components: readonly Component[] = ['plan', 'seats']
    const withSeats = {
      ...rules,
      catalogue: {
        ...exampleCatalogue,
        plans: [{ ...free, prices: ['price_free'], seats: 1 }, ...others] as const,
      },
      mapped: [{ source: 'clerk', components: { user: components, organization: components } }],
    }
    const fact = { ...exampleSubscription, items: [exampleItem({ id: 'price_free' })] }
    expect(factKeys(fact, withSeats).keys.user).toBe('plan=free;seats=unpaid')
    expect(factKeys(fact, withSeats).keys.user).toBe(freeKey(withSeats, 'user'))
    const nothing = { ...fact, status: 'canceled' as const, currentPeriodEnd: past }
    expect(factKeys(nothing, withSeats).keys.user).toBe('')
  })

  test('entitlements that come with the free plan entitle to nothing', () => {
    const [free, ...others] = exampleCatalogue.plans
    const catalogue: Catalogue = {
      ...exampleCatalogue,
      plans: [{ ...free, entitlements: ['reports'] }, ...others],
    }
    expect(factKeys(exampleEntitlements, { ...rules, catalogue }).entitling).toBe(false)
  })
})

test('the key of a subject that nobody pays for is the free plan with what comes with it', () => {
  const [free, ...others] = exampleCatalogue.plans
  const catalogue: Catalogue = {
    ...exampleCatalogue,
    plans: [{ ...free, entitlements: ['export'] }, ...others],
  }
  expect(freeKey({ ...rules, catalogue }, 'user')).toBe(
    'entitlements=["export"];paid=false;plan=free;trialEndsAt=none',
  )
  expect(freeKey(rules, 'organization')).toBe('plan=free')
})
