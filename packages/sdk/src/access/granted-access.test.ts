import type { BillingFact, Policy, Subscription } from '@trueup/core'
import { components, defaultPolicy, isAtMost, promiseOf } from '@trueup/core'
import { expect, it } from 'vitest'
import {
  exampleInvoice,
  exampleItem,
  examplePurchase,
  exampleSubscription,
} from '../../../core/src/promise/example-facts.ts'
import { ruleCatalogue } from '../catalogue/rule-catalogue.ts'
import { changesAt } from './changes-at.ts'
import { endsAt } from './ends-at.ts'
import { grantedAccess } from './granted-access.ts'

const catalogue = ruleCatalogue({
  plans: [
    { id: 'free', features: ['export'], seats: 2 },
    {
      id: 'pro',
      features: ['reports'],
      seats: 5,
      prices: { month: 'price_pro', once: 'price_pro_forever' },
    },
    { id: 'team', features: ['sso'], seats: 'quantity', prices: { month: 'price_team' } },
  ],
  addOns: [{ id: 'audit', features: ['audit'], prices: ['price_audit'] }],
})
const now = new Date('2026-09-15T00:00:00Z')
const day = (days: number) => new Date(now.getTime() + days * 86_400_000)
const rules = (policy: Partial<Policy> = {}) => ({ catalogue, policy: { ...defaultPolicy, ...policy }, now })

const sub = (changes: Partial<Subscription> = {}): Subscription => ({ ...exampleSubscription, ...changes })
const team = (quantity: number, changes: Partial<Subscription> = {}) =>
  sub({ id: 'sub_team', items: [exampleItem({ id: 'price_team' }, { quantity })], ...changes })
const openSince = (days: number) => ({ ...exampleInvoice, status: 'open', finalizedAt: day(-days) })
const unmapped = sub({ id: 'sub_new', items: [exampleItem({ id: 'price_new', productId: 'prod_new' })] })

it.each<[string, readonly BillingFact[], string, string, Partial<Policy>?]>([
  ['nothing was ever bought', [], 'free', 'free'],
  ['active', [sub()], 'pro', 'paid'],
  ['trialing', [sub({ status: 'trialing', trialEndsAt: day(5) })], 'pro', 'trial'],
  [
    'past due, in the days of grace',
    [sub({ status: 'past_due', latestInvoice: openSince(3) })],
    'pro',
    'grace',
  ],
  ['past due, beyond them', [sub({ status: 'past_due', latestInvoice: openSince(15) })], 'free', 'inactive'],
  [
    'past due, where grace is not given',
    [sub({ status: 'past_due', latestInvoice: openSince(3) })],
    'free',
    'inactive',
    { pastDue: { mode: 'drop', days: 14 } },
  ],
  ['unpaid', [sub({ status: 'unpaid', latestInvoice: openSince(3) })], 'free', 'inactive'],
  ['incomplete', [sub({ status: 'incomplete' })], 'free', 'inactive'],
  ['incomplete and expired', [sub({ status: 'incomplete_expired' })], 'free', 'inactive'],
  ['paused', [sub({ status: 'paused' })], 'free', 'inactive'],
  ['canceled', [sub({ status: 'canceled', endedAt: day(-1) })], 'free', 'inactive'],
  ['collection paused', [sub({ pausedCollection: { behavior: 'void', resumesAt: null } })], 'pro', 'paid'],
  ['canceled by cancel_at, later', [sub({ cancelsAt: day(3) })], 'pro', 'paid'],
  ['canceled by cancel_at, which has come', [sub({ cancelsAt: day(-3) })], 'free', 'inactive'],
  ['one canceled and one live', [sub({ status: 'canceled' }), team(3)], 'team', 'paid'],
  ['a price that the catalogue does not have', [unmapped], 'free', 'unknown'],
  ['such a price beside one that it has', [unmapped, sub({ id: 'sub_2' })], 'pro', 'unknown'],
  ['a status that is not known', [sub({ status: { unknown: 'frozen' } })], 'free', 'unknown'],
  ['bought for good', [examplePurchase], 'pro', 'paid'],
  ['an add-on alone', [sub({ items: [exampleItem({ id: 'price_audit' })] })], 'free', 'paid'],
  [
    'a refund that is looked at',
    [
      sub({
        latestInvoice: {
          ...exampleInvoice,
          reversal: { refundedAmount: 2000, dispute: 'none', ids: ['re_1'] },
        },
      }),
    ],
    'pro',
    'grace',
  ],
])('%s: %#', (_, facts, plan, reason, policy = {}) => {
  const { access, reason: said } = grantedAccess(facts, rules(policy))
  expect([access.plan, said]).toEqual([plan, reason])
  expect(access.paid).toBe(plan !== 'free')
  const { owed, allowed } = promiseOf(facts, rules(policy))
  for (const component of components) {
    const tolerance = { trialToleranceHours: 0 }
    expect(isAtMost(component, access, allowed, catalogue, tolerance), `${component} is allowed`).toBe(true)
    expect(isAtMost(component, owed, access, catalogue, tolerance), `${component} is enough`).toBe(true)
  }
})

it('all subscriptions and all their items count: the highest plan, every feature, all seats', () => {
  const two = sub({ items: [exampleItem(), exampleItem({ id: 'price_audit' })] })
  const { access } = grantedAccess([two, team(3), team(4, { id: 'sub_team_2' })], rules())
  expect(access).toMatchObject({
    plan: 'team',
    entitlements: ['audit', 'export', 'reports', 'sso'],
    seats: 12,
    trialEndsAt: null,
  })
})

it('a trial beside a paid subscription is none', () => {
  const trial = team(1, { status: 'trialing', trialEndsAt: day(5) })
  expect(grantedAccess([trial], rules()).access.trialEndsAt).toEqual(day(5))
  expect(grantedAccess([trial, sub()], rules()).access.trialEndsAt).toBeNull()
})

it.each<[string, readonly BillingFact[], Date | null]>([
  ['nothing ahead', [sub()], null],
  ['a cancellation ahead', [sub({ cancelsAt: day(3) })], day(3)],
  ['days of grace that end', [sub({ status: 'past_due', latestInvoice: openSince(4) })], day(10)],
  ['nothing bought', [], null],
])('access changes by itself: %s', (_, facts, moment) => {
  expect(changesAt(facts, rules())).toEqual(moment)
})

it.each<[string, readonly BillingFact[], Date | null]>([
  ['nothing bought', [], null],
  ['nothing ahead', [sub()], null],
  ['a cancellation ahead', [sub({ cancelsAt: day(3) })], day(3)],
  [
    'a trial that was canceled',
    [sub({ status: 'trialing', trialEndsAt: day(5), cancelsAt: day(5) })],
    day(5),
  ],
  ['a trial that becomes a plan', [sub({ status: 'trialing', trialEndsAt: day(5) })], null],
  ['days of grace', [sub({ status: 'past_due', latestInvoice: openSince(4) })], day(10)],
  [
    'days of grace beyond a cancellation',
    [sub({ status: 'past_due', latestInvoice: openSince(4), cancelsAt: day(2) })],
    day(2),
  ],
  ['grace that is over', [sub({ status: 'past_due', latestInvoice: openSince(15) })], null],
  ['the higher of two plans', [team(3, { cancelsAt: day(3) }), sub()], day(3)],
  ['the lower of two plans', [team(3), sub({ cancelsAt: day(3) })], null],
  ['the same plan bought for good', [sub({ cancelsAt: day(3) }), examplePurchase], null],
  ['an add-on alone', [sub({ items: [exampleItem({ id: 'price_audit' })], cancelsAt: day(3) })], null],
])('the plan ends by itself: %s', (_, facts, moment) => {
  expect(endsAt(facts, rules())).toEqual(moment)
})
