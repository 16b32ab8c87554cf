import { describe, expect, test } from 'vitest'
import type { Catalogue } from '../../access/catalogue.ts'
import { exampleCatalogue } from '../../access/example-catalogue.ts'
import { monthlyPromised } from '../monthly-promise.ts'
import { factKeys } from '../observe-fact.ts'
import type { Policy } from '../policy.ts'
import { defaultPolicy } from '../policy.ts'
import { promiseOf } from '../promise-of.ts'
import { examplePlanItem } from './example-plan-item.ts'
import type { PlanItem } from './plan-item.ts'
import { planItemStatuses } from './plan-item.ts'

const now = new Date('2026-09-15T00:00:00Z')
const before = new Date(now.getTime() - 1)
const later = new Date(now.getTime() + 1)
const dayMs = 86_400_000

const [free, pro, enterprise] = exampleCatalogue.plans
if (!pro || !enterprise) throw new Error('The example shop sells two plans.')
/** The example shop as Clerk Billing sells it: plans by slug and by id, one of them by seats. */
const catalogue: Catalogue = {
  ...exampleCatalogue,
  plans: [
    free,
    { ...pro, prices: ['lookup:pro'] },
    { ...enterprise, products: ['cplan_enterprise'], seats: 'quantity' },
  ],
}

/** Past due since so long that the 14 days of grace end at this moment. */
const graceEndingAt = (end: Date) => ({ pastDueAt: new Date(end.getTime() - 14 * dayMs) })
const pastDue = (mode: Policy['pastDue']['mode'], days = 14): Partial<Policy> => ({ pastDue: { mode, days } })

type Row = readonly [
  rule: string,
  item: Partial<PlanItem>,
  owed: 'pro' | 'nothing',
  allowed: 'pro' | 'nothing',
  policy?: Partial<Policy>,
]

const rows: readonly Row[] = [
  ['active owes the plan', { status: 'active' }, 'pro', 'pro'],
  [
    'active owes the plan although its period seems over',
    { status: 'active', periodEnd: before },
    'pro',
    'pro',
  ],
  ['active owes a plan without periods', { status: 'active', periodEnd: null }, 'pro', 'pro'],
  [
    'a plan that costs nothing is owed like any other that the catalogue sells',
    { price: { ...examplePlanItem.price, amount: { kind: 'per-unit', unitAmount: '0' } } },
    'pro',
    'pro',
  ],
  ['a free trial owes the plan', { status: 'active', isFreeTrial: true, periodEnd: later }, 'pro', 'pro'],

  ['canceled owes the plan until its period ends', { status: 'canceled', periodEnd: later }, 'pro', 'pro'],
  [
    'canceled promises nothing when its period ends',
    { status: 'canceled', periodEnd: now },
    'nothing',
    'nothing',
  ],
  [
    'canceled promises nothing after its period',
    { status: 'canceled', periodEnd: before },
    'nothing',
    'nothing',
  ],
  [
    'a free trial that was canceled owes the plan until the trial ends',
    { status: 'canceled', isFreeTrial: true, periodEnd: later },
    'pro',
    'pro',
  ],

  [
    'past due, tolerated: until the days of grace end, the plan is allowed and not owed',
    { status: 'past_due', ...graceEndingAt(later) },
    'nothing',
    'pro',
  ],
  [
    'past due, tolerated: when the days of grace end, nothing is allowed',
    { status: 'past_due', ...graceEndingAt(now) },
    'nothing',
    'nothing',
  ],
  [
    'past due, kept: until the days of grace end, the plan is owed',
    { status: 'past_due', ...graceEndingAt(later) },
    'pro',
    'pro',
    pastDue('keep'),
  ],
  [
    'past due, kept: when the days of grace end, nothing is owed or allowed',
    { status: 'past_due', ...graceEndingAt(now) },
    'nothing',
    'nothing',
    pastDue('keep'),
  ],
  [
    'past due, dropped: nothing is allowed from the first day',
    { status: 'past_due', pastDueAt: now },
    'nothing',
    'nothing',
    pastDue('drop'),
  ],
  [
    'past due without days of grace allows nothing',
    { status: 'past_due', pastDueAt: now },
    'nothing',
    'nothing',
    pastDue('keep', 0),
  ],

  [
    'upcoming promises nothing before it begins',
    { status: 'upcoming', periodStart: later },
    'nothing',
    'nothing',
  ],
  [
    'upcoming is allowed from the moment it begins, should Clerk be late to say so',
    { status: 'upcoming', periodStart: now },
    'nothing',
    'pro',
  ],
  [
    'upcoming without a beginning promises nothing',
    { status: 'upcoming', periodStart: null },
    'nothing',
    'nothing',
  ],

  [
    'ended at the end of its period promises nothing',
    { status: 'ended', periodEnd: now },
    'nothing',
    'nothing',
  ],
  [
    'ended early allows the time that was paid for',
    { status: 'ended', endedAt: before, periodEnd: later },
    'nothing',
    'pro',
  ],
  [
    'ended early, never paid: nothing',
    { status: 'ended', periodEnd: later, lifetimePaid: 0 },
    'nothing',
    'nothing',
  ],
  [
    'ended for want of payment: nothing',
    { status: 'ended', periodEnd: later, pastDueAt: before },
    'nothing',
    'nothing',
  ],
  [
    'a free trial that was ended early: nothing',
    { status: 'ended', isFreeTrial: true, periodEnd: later },
    'nothing',
    'nothing',
  ],
  ['ended without a period: nothing', { status: 'ended', periodEnd: null }, 'nothing', 'nothing'],
  ['expired is as ended', { status: 'expired', periodEnd: later }, 'nothing', 'pro'],
  [
    'expired at the end of its period promises nothing',
    { status: 'expired', periodEnd: now },
    'nothing',
    'nothing',
  ],

  ['incomplete promises nothing', { status: 'incomplete' }, 'nothing', 'nothing'],
  ['abandoned promises nothing', { status: 'abandoned' }, 'nothing', 'nothing'],

  [
    'the default plan promises nothing',
    { isDefaultPlan: true, price: { ...examplePlanItem.price, id: 'cplan_free', lookupKey: 'free_user' } },
    'nothing',
    'nothing',
  ],
  [
    'the default plan is owed where the catalogue says that it is a paid one',
    { isDefaultPlan: true },
    'pro',
    'pro',
  ],
]

const promised = (item: Partial<PlanItem>, policy: Partial<Policy> = {}) =>
  promiseOf([{ ...examplePlanItem, ...item }], { catalogue, policy: { ...defaultPolicy, ...policy }, now })

describe('an item of Clerk Billing', () => {
  test.each(rows.map((row) => ({ rule: row[0], row })))('$rule', ({ row }) => {
    const [, item, owed, allowed, policy] = row
    const found = promised(item, policy)
    expect(found.unknown).toEqual([])
    expect([found.owed.plan, found.allowed.plan]).toEqual(
      [owed, allowed].map((bound) => (bound === 'pro' ? 'pro' : 'free')),
    )
    expect([found.owed.paid, found.allowed.paid]).toEqual([owed === 'pro', allowed === 'pro'])
    expect(found.owed.entitlements).toEqual(owed === 'pro' ? ['reports'] : [])
  })

  test('every status has a rule of its own', () => {
    const named = rows.map(([, { status = 'active' }]) => status)
    expect(planItemStatuses.filter((status) => !named.includes(status))).toEqual([])
  })

  const unreadable: readonly (readonly [string, Partial<PlanItem>, string])[] = [
    ['a status that nobody has met', { status: { unknown: 'dormant' } }, 'the status "dormant"'],
    [
      'canceled without the end of its period',
      { status: 'canceled', periodEnd: null },
      'when its period ends',
    ],
    ['past due since nobody knows when', { status: 'past_due', pastDueAt: null }, 'since when is not said'],
    ['what could not be read', { problems: ['names no plan'] }, 'names no plan'],
  ]
  test.each(unreadable)('%s is never surely free and never surely paid', (_, item, found) => {
    const { unknown, owed, allowed } = promised(item)
    expect(unknown).toEqual([
      { reason: 'unreadable-billing', factId: 'csubitem_1', found: expect.stringContaining(found) },
    ])
    expect(allowed.paid).toBe(true)
    expect('problems' in item || !owed.paid).toBe(true)
  })

  test('a plan that the catalogue does not have is unmapped, whatever it costs', () => {
    const price = { ...examplePlanItem.price, id: 'cplan_new', productId: 'cplan_new', lookupKey: 'new' }
    for (const unitAmount of ['0', '2000']) {
      expect(promised({ price: { ...price, amount: { kind: 'per-unit', unitAmount } } }).unknown).toEqual([
        { reason: 'unmapped-price', priceId: 'cplan_new', productId: 'cplan_new', factId: 'csubitem_1' },
      ])
    }
  })

  test('a trial ends with its period', () => {
    expect(promised({ isFreeTrial: true }).owed.trialEndsAt).toEqual(examplePlanItem.periodEnd)
    expect(promised({}).owed.trialEndsAt).toBeNull()
  })

  test('features of the plan are owed beside those of the catalogue', () => {
    expect(promised({ features: ['sso', 'reports'] }).owed.entitlements).toEqual(['reports', 'sso'])
  })

  test.each([
    [5, 5],
    ['unlimited', 'unlimited'],
  ] as const)('a plan sold by seats owes the %s that are paid for', (seats, owed) => {
    const price = { ...examplePlanItem.price, productId: 'cplan_enterprise', lookupKey: null }
    expect(promised({ price, seats }).owed.seats).toBe(owed)
  })

  test('a plan sold by seats of which none are stated is not guessed', () => {
    const price = { ...examplePlanItem.price, productId: 'cplan_enterprise', lookupKey: null }
    expect(promised({ price, seats: null }).unknown).toHaveLength(1)
  })

  test('an upgrade owes the new plan alone; the old one, ended early, takes nothing from it', () => {
    const price = { ...examplePlanItem.price, id: 'cplan_enterprise', productId: 'cplan_enterprise' }
    const items: readonly PlanItem[] = [
      { ...examplePlanItem, status: 'ended', endedAt: before },
      { ...examplePlanItem, id: 'csubitem_2', price: { ...price, lookupKey: null }, seats: 3 },
    ]
    const rules = { catalogue, policy: defaultPolicy, now, mapped: [] }
    const { owed, allowed } = promiseOf(items, rules)
    expect([owed.plan, allowed.plan]).toEqual(['enterprise', 'enterprise'])
    expect(monthlyPromised(items, rules).sums).toEqual([{ currency: 'usd', amount: 2000 }])
  })

  test('a downgrade keeps the old plan until the new one begins', () => {
    const price = { ...examplePlanItem.price, id: 'cplan_enterprise', productId: 'cplan_enterprise' }
    const items: readonly PlanItem[] = [
      { ...examplePlanItem, status: 'canceled', price: { ...price, lookupKey: null }, seats: 3 },
      { ...examplePlanItem, id: 'csubitem_2', status: 'upcoming', periodStart: examplePlanItem.periodEnd },
    ]
    const { owed, allowed } = promiseOf(items, { catalogue, policy: defaultPolicy, now })
    expect([owed.plan, allowed.plan]).toEqual(['enterprise', 'enterprise'])
  })

  test('what a yearly plan comes to a month is a twelfth', () => {
    const price = {
      ...examplePlanItem.price,
      recurring: { interval: 'year', count: 1, metered: false },
    } as const
    const yearly = {
      ...examplePlanItem,
      price: { ...price, amount: { kind: 'per-unit', unitAmount: '24000' } },
    } as const
    const rules = { catalogue, policy: defaultPolicy, now, mapped: [] }
    expect(monthlyPromised([yearly], rules).sums).toEqual([{ currency: 'usd', amount: 2000 }])
  })

  test('an item of the default plan says that nobody pays', () => {
    const price = { ...examplePlanItem.price, lookupKey: 'free_user' }
    const rules = { catalogue, policy: defaultPolicy, now, mapped: [] }
    const { keys, entitling } = factKeys({ ...examplePlanItem, isDefaultPlan: true, price }, rules)
    expect({ keys, entitling }).toEqual({ keys: { user: '', organization: '' }, entitling: false })
  })
})
