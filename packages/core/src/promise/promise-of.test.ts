import { describe, expect, test } from 'vitest'
import type { Catalogue } from '../access/catalogue.ts'
import { exampleCatalogue } from '../access/example-catalogue.ts'
import { everyAccess, latestDate } from '../access/order.ts'
import type { BillingFact, Subscription } from './billing.ts'
import {
  exampleEntitlements,
  exampleInvoice,
  exampleItem,
  examplePrice,
  examplePurchase,
  exampleSubscription,
} from './example-facts.ts'
import type { Policy } from './policy.ts'
import { defaultPolicy } from './policy.ts'
import { promiseOf } from './promise-of.ts'

const now = new Date('2026-09-15T00:00:00Z')
const before = new Date(now.getTime() - 1)
const later = new Date(now.getTime() + 1)
const dayMs = 86_400_000

/** An open invoice whose 14 days of grace end at this moment. */
const graceEndingAt = (end: Date): Subscription['latestInvoice'] => ({
  ...exampleInvoice,
  status: 'open',
  amountPaid: 0,
  paidAt: null,
  finalizedAt: new Date(end.getTime() - 14 * dayMs),
})
const refunded = (refundedAmount: number): Subscription['latestInvoice'] => ({
  ...exampleInvoice,
  reversal: { refundedAmount, dispute: 'none', ids: ['re_1'] },
})
const disputed = (dispute: 'open' | 'lost'): Subscription['latestInvoice'] => ({
  ...exampleInvoice,
  reversal: { refundedAmount: 0, dispute, ids: ['dp_1'] },
})
const paused = (resumesAt: Date | null) => ({ behavior: 'void', resumesAt })
const pastDue = (mode: Policy['pastDue']['mode']): Partial<Policy> => ({ pastDue: { mode, days: 14 } })

type Row = readonly [
  rule: string,
  subscription: Partial<Subscription>,
  owed: 'pro' | 'nothing',
  allowed: 'pro' | 'nothing',
  policy?: Partial<Policy>,
]

const rows: readonly Row[] = [
  ['active owes what its items sell', { status: 'active' }, 'pro', 'pro'],
  ['trialing owes what its items sell', { status: 'trialing', trialEndsAt: later }, 'pro', 'pro'],

  [
    'past due, tolerated: until the days of grace end, access is allowed and not owed',
    { status: 'past_due', latestInvoice: graceEndingAt(later) },
    'nothing',
    'pro',
  ],
  [
    'past due, tolerated: when the days of grace end, nothing is allowed',
    { status: 'past_due', latestInvoice: graceEndingAt(now) },
    'nothing',
    'nothing',
  ],
  [
    'past due, tolerated: after the days of grace, nothing is allowed',
    { status: 'past_due', latestInvoice: graceEndingAt(before) },
    'nothing',
    'nothing',
  ],
  [
    'past due, kept: until the days of grace end, access is owed',
    { status: 'past_due', latestInvoice: graceEndingAt(later) },
    'pro',
    'pro',
    pastDue('keep'),
  ],
  [
    'past due, kept: when the days of grace end, nothing is owed or allowed',
    { status: 'past_due', latestInvoice: graceEndingAt(now) },
    'nothing',
    'nothing',
    pastDue('keep'),
  ],
  [
    'past due, kept: after the days of grace, nothing is owed or allowed',
    { status: 'past_due', latestInvoice: graceEndingAt(before) },
    'nothing',
    'nothing',
    pastDue('keep'),
  ],
  [
    'past due, dropped: nothing is allowed from the first day',
    { status: 'past_due', latestInvoice: graceEndingAt(later) },
    'nothing',
    'nothing',
    pastDue('drop'),
  ],
  [
    'past due without days of grace allows nothing',
    { status: 'past_due', latestInvoice: { ...exampleInvoice, finalizedAt: now } },
    'nothing',
    'nothing',
    { pastDue: { mode: 'keep', days: 0 } },
  ],
  [
    'past due behind a renewal still in draft is tolerated',
    { status: 'past_due', latestInvoice: { ...exampleInvoice, status: 'draft', finalizedAt: null } },
    'nothing',
    'pro',
    pastDue('keep'),
  ],

  ['unpaid allows nothing', { status: 'unpaid', latestInvoice: graceEndingAt(later) }, 'nothing', 'nothing'],
  [
    'unpaid, treated as past due: within the days of grace, access is allowed',
    { status: 'unpaid', latestInvoice: graceEndingAt(later) },
    'nothing',
    'pro',
    { unpaid: 'as-past-due' },
  ],
  [
    'unpaid, treated as past due: when the days of grace end, nothing is allowed',
    { status: 'unpaid', latestInvoice: graceEndingAt(now) },
    'nothing',
    'nothing',
    { unpaid: 'as-past-due' },
  ],

  ['incomplete allows nothing', { status: 'incomplete' }, 'nothing', 'nothing'],
  ['incomplete and expired allows nothing', { status: 'incomplete_expired' }, 'nothing', 'nothing'],
  ['paused allows nothing', { status: 'paused' }, 'nothing', 'nothing'],

  [
    'canceled early: until the paid period ends, access is allowed and not owed',
    { status: 'canceled', endedAt: before, currentPeriodEnd: later },
    'nothing',
    'pro',
  ],
  [
    'canceled early: when the paid period ends, nothing is allowed',
    { status: 'canceled', endedAt: before, currentPeriodEnd: now },
    'nothing',
    'nothing',
  ],
  [
    'canceled early: after the paid period, nothing is allowed',
    { status: 'canceled', endedAt: before, currentPeriodEnd: before },
    'nothing',
    'nothing',
  ],
  [
    'canceled early with the period unpaid allows nothing',
    { status: 'canceled', endedAt: before, currentPeriodEnd: later, latestInvoice: graceEndingAt(later) },
    'nothing',
    'nothing',
  ],
  [
    'canceled early without any invoice allows nothing',
    { status: 'canceled', endedAt: before, currentPeriodEnd: later, latestInvoice: null },
    'nothing',
    'nothing',
  ],
  [
    'canceled early with a refund allows nothing',
    { status: 'canceled', endedAt: before, currentPeriodEnd: later, latestInvoice: refunded(900) },
    'nothing',
    'nothing',
  ],
  [
    'canceled early with a refund that the policy overlooks allows the paid period',
    { status: 'canceled', endedAt: before, currentPeriodEnd: later, latestInvoice: refunded(2000) },
    'nothing',
    'pro',
    { refunded: 'keep' },
  ],
  [
    'canceled early under dispute allows nothing',
    { status: 'canceled', endedAt: before, currentPeriodEnd: later, latestInvoice: disputed('open') },
    'nothing',
    'nothing',
  ],
  [
    'canceled during its trial allows nothing, since no time was paid for',
    { status: 'canceled', endedAt: before, currentPeriodEnd: later, trialEndsAt: later },
    'nothing',
    'nothing',
  ],
  [
    'canceled with an unknown period end allows nothing',
    { status: 'canceled', endedAt: before, currentPeriodEnd: null },
    'nothing',
    'nothing',
  ],

  ['a scheduled cancellation: until it comes, access is owed', { cancelsAt: later }, 'pro', 'pro'],
  [
    'a scheduled cancellation: when it comes, nothing is owed or allowed',
    { cancelsAt: now },
    'nothing',
    'nothing',
  ],
  [
    'a scheduled cancellation: after it came, nothing is owed or allowed',
    { cancelsAt: before },
    'nothing',
    'nothing',
  ],
  [
    'a trial that is scheduled to be canceled is owed until then',
    { status: 'trialing', trialEndsAt: later, cancelsAt: later },
    'pro',
    'pro',
  ],
  [
    'a past due subscription whose cancellation came allows nothing',
    { status: 'past_due', latestInvoice: graceEndingAt(later), cancelsAt: now },
    'nothing',
    'nothing',
  ],

  ['collection paused, kept: access is owed', { pausedCollection: paused(null) }, 'pro', 'pro'],
  [
    'collection paused, tolerated: access is allowed and not owed',
    { pausedCollection: paused(null) },
    'nothing',
    'pro',
    { pausedCollection: 'tolerate' },
  ],
  [
    'collection paused, dropped: nothing is allowed',
    { pausedCollection: paused(null) },
    'nothing',
    'nothing',
    { pausedCollection: 'drop' },
  ],
  [
    'collection paused, dropped: until it resumes, nothing is allowed',
    { pausedCollection: paused(later) },
    'nothing',
    'nothing',
    { pausedCollection: 'drop' },
  ],
  [
    'collection paused, dropped: when it resumes, access is owed again',
    { pausedCollection: paused(now) },
    'pro',
    'pro',
    { pausedCollection: 'drop' },
  ],
  [
    'collection paused, dropped: after it resumed, access is owed',
    { pausedCollection: paused(before) },
    'pro',
    'pro',
    { pausedCollection: 'drop' },
  ],
  [
    'collection paused while past due allows no more than past due does',
    { status: 'past_due', latestInvoice: graceEndingAt(later), pausedCollection: paused(null) },
    'nothing',
    'pro',
  ],

  [
    'refunded in full, to be reviewed: allowed as before and not owed',
    { latestInvoice: refunded(2000) },
    'nothing',
    'pro',
  ],
  [
    'refunded in full, dropped: nothing is allowed',
    { latestInvoice: refunded(2000) },
    'nothing',
    'nothing',
    { refunded: 'drop' },
  ],
  [
    'refunded in full, kept: access is owed',
    { latestInvoice: refunded(2000) },
    'pro',
    'pro',
    { refunded: 'keep' },
  ],
  ['refunded in part: access is owed', { latestInvoice: refunded(1999) }, 'pro', 'pro'],
  [
    'a refund of nothing paid changes nothing',
    {
      latestInvoice: {
        ...exampleInvoice,
        amountPaid: 0,
        reversal: { refundedAmount: 0, dispute: 'none', ids: ['re_1'] },
      },
    },
    'pro',
    'pro',
  ],
  [
    'a dispute open, to be reviewed: allowed as before and not owed',
    { latestInvoice: disputed('open') },
    'nothing',
    'pro',
  ],
  [
    'a dispute lost, to be reviewed: allowed as before and not owed',
    { latestInvoice: disputed('lost') },
    'nothing',
    'pro',
  ],
  [
    'a dispute lost, dropped: nothing is allowed',
    { latestInvoice: disputed('lost') },
    'nothing',
    'nothing',
    { refunded: 'drop' },
  ],
  [
    'a dispute open, kept: access is owed',
    { latestInvoice: disputed('open') },
    'pro',
    'pro',
    { refunded: 'keep' },
  ],

  [
    'an invoice that was not expanded takes nothing from an active subscription',
    { latestInvoice: 'unread' },
    'pro',
    'pro',
  ],
  [
    'an item of quantity zero is allowed and not owed',
    { items: [exampleItem({}, { quantity: 0 })] },
    'nothing',
    'pro',
  ],
]

describe('what a subscription promises', () => {
  for (const [rule, changes, owed, allowed, policy = {}] of rows) {
    test(rule, () => {
      const promised = promise([{ ...exampleSubscription, ...changes }], policy)
      expect(promised.owed).toMatchObject(
        owed === 'pro'
          ? { plan: 'pro', paid: true, entitlements: ['reports'] }
          : { plan: 'free', paid: false, entitlements: [] },
      )
      expect(promised.allowed).toMatchObject(
        allowed === 'pro'
          ? { plan: 'pro', paid: true, entitlements: ['reports'] }
          : { plan: 'free', paid: false, entitlements: [] },
      )
      expect(promised.unknown).toEqual([])
    })
  }

  test.each([
    ['refunded in full', refunded(2000), 'refunded', ['re_1']],
    ['disputed', disputed('open'), 'dispute-open', ['dp_1']],
    ['lost in a dispute', disputed('lost'), 'dispute-lost', ['dp_1']],
  ] as const)('a period %s is to be reviewed by a person', (_case, latestInvoice, found, ids) => {
    const { reviews } = promise([{ ...exampleSubscription, latestInvoice }])
    expect(reviews).toEqual([{ factId: 'sub_1', invoiceId: 'in_1', found, ids }])
  })

  test('nothing is to be reviewed where nothing is allowed anyway, or where the policy has decided', () => {
    const refundedAndEnded = { ...exampleSubscription, latestInvoice: refunded(2000), cancelsAt: now }
    expect(promise([refundedAndEnded]).reviews).toEqual([])
    const refundedOnly = { ...exampleSubscription, latestInvoice: refunded(2000) }
    expect(promise([refundedOnly], { refunded: 'drop' }).reviews).toEqual([])
    expect(promise([refundedOnly], { refunded: 'keep' }).reviews).toEqual([])
  })
})

describe('a customer', () => {
  test('without anything in billing is owed nothing and allowed the free plan', () => {
    expect(promise([])).toEqual({
      owed: { plan: 'free', paid: false, trialEndsAt: null, entitlements: [], seats: null },
      allowed: { plan: 'free', paid: false, trialEndsAt: null, entitlements: [], seats: null },
      unknown: [],
      reviews: [],
    })
  })

  test('without anything in billing may have what comes with the free plan, and is not owed it', () => {
    const [free, ...others] = exampleCatalogue.plans
    const catalogue: Catalogue = {
      ...exampleCatalogue,
      plans: [{ ...free, entitlements: ['export'], seats: 1 }, ...others],
    }
    const promised = promise([], {}, catalogue)
    expect(promised.owed).toMatchObject({ entitlements: [], seats: null })
    expect(promised.allowed).toMatchObject({ plan: 'free', paid: false, entitlements: ['export'], seats: 1 })
    expect(promise([exampleSubscription], {}, catalogue).allowed).toMatchObject({
      entitlements: ['export', 'reports'],
      seats: null,
    })
  })

  test('of several subscriptions has the highest plan and every entitlement, not those of the newest', () => {
    const enterprise = subscriptionTo(exampleItem({ id: 'price_e', productId: 'prod_enterprise' }), 'sub_0')
    const canceled = {
      ...exampleSubscription,
      id: 'sub_9',
      status: 'canceled' as const,
      currentPeriodEnd: before,
    }
    const { owed, allowed } = promise([enterprise, exampleSubscription, canceled])
    expect(owed).toMatchObject({ plan: 'enterprise', paid: true, entitlements: ['reports', 'sso'] })
    expect(allowed).toMatchObject({ plan: 'enterprise', paid: true, entitlements: ['reports', 'sso'] })
  })

  test('has every item of a subscription, not only the first', () => {
    const both = {
      ...exampleSubscription,
      items: [exampleItem(), exampleItem({ id: 'price_e', productId: 'prod_enterprise' })],
    }
    expect(promise([both]).owed.plan).toBe('enterprise')
  })

  test('keeps the plan that a live subscription sells beside one that is past due', () => {
    const late = {
      ...exampleSubscription,
      id: 'sub_2',
      status: 'past_due' as const,
      latestInvoice: graceEndingAt(later),
    }
    const enterpriseLate = { ...late, items: [exampleItem({ productId: 'prod_enterprise', id: 'price_e' })] }
    const promised = promise([exampleSubscription, enterpriseLate])
    expect(promised.owed.plan).toBe('pro')
    expect(promised.allowed.plan).toBe('enterprise')
  })
})

describe('a price', () => {
  test.each([
    ['by its id', { id: 'price_pro' }, 'pro'],
    ['by its lookup key', { id: 'price_2', lookupKey: 'pro_yearly' }, 'pro'],
    ['by its product', { id: 'price_3', productId: 'prod_enterprise' }, 'enterprise'],
  ] as const)('is found in the catalogue %s', (_how, price, plan) => {
    expect(promise([subscriptionTo(exampleItem(price))]).owed.plan).toBe(plan)
  })

  test('that two entries of the catalogue name sells the first of them', () => {
    const price = { id: 'price_pro', productId: 'prod_enterprise' }
    expect(promise([subscriptionTo(exampleItem(price))]).owed.plan).toBe('pro')
  })

  test('of the free plan owes what comes with the free plan, which is nothing paid', () => {
    const [free, ...others] = exampleCatalogue.plans
    const catalogue: Catalogue = {
      ...exampleCatalogue,
      plans: [{ ...free, prices: ['price_free'], entitlements: ['export'] }, ...others],
    }
    const { owed, unknown } = promise([subscriptionTo(exampleItem({ id: 'price_free' }))], {}, catalogue)
    expect(owed).toMatchObject({ plan: 'free', paid: false, entitlements: ['export'] })
    expect(unknown).toEqual([])
  })
})

describe('what is unknown widens', () => {
  const unmapped = exampleItem({ id: 'price_new', productId: 'prod_new' })
  const top = everyAccess(exampleCatalogue)

  test('a price that the catalogue does not have is never free and never paid', () => {
    const { owed, allowed, unknown } = promise([subscriptionTo(unmapped)])
    expect(owed).toMatchObject({ plan: 'free', paid: false, entitlements: [] })
    expect(allowed).toEqual(top)
    expect(unknown).toEqual([
      { reason: 'unmapped-price', priceId: 'price_new', productId: 'prod_new', factId: 'sub_1' },
    ])
  })

  test('a price that the catalogue does not have leaves owed what another item surely sells', () => {
    const { owed, allowed } = promise([{ ...exampleSubscription, items: [unmapped, exampleItem()] }])
    expect(owed).toMatchObject({ plan: 'pro', paid: true })
    expect(allowed).toEqual(top)
  })

  test('a price that the catalogue does not have leaves owed what another subscription surely sells', () => {
    const { owed, allowed } = promise([exampleSubscription, subscriptionTo(unmapped, 'sub_2')])
    expect(owed).toMatchObject({ plan: 'pro', paid: true })
    expect(allowed).toEqual(top)
  })

  test('a price that the catalogue does not have does not matter where nothing is allowed', () => {
    const ended = { ...subscriptionTo(unmapped), status: 'unpaid' as const }
    expect(promise([ended])).toEqual(promise([]))
  })

  test('a status not known owes nothing and may allow everything', () => {
    const { owed, allowed, unknown } = promise([{ ...exampleSubscription, status: { unknown: 'dormant' } }])
    expect(owed.paid).toBe(false)
    expect(allowed).toEqual(top)
    expect(unknown).toEqual([
      { reason: 'unreadable-billing', factId: 'sub_1', found: 'the status "dormant"' },
    ])
  })

  test('a field that could not be read leaves owed what the items sell, and may allow everything', () => {
    const { owed, allowed, unknown } = promise([
      { ...exampleSubscription, problems: ['cancel_at is "soon", not a time'] },
    ])
    expect(owed.plan).toBe('pro')
    expect(allowed).toEqual(top)
    expect(unknown).toMatchObject([
      { reason: 'unreadable-billing', found: 'cancel_at is "soon", not a time' },
    ])
  })

  test('a part of the items leaves owed what was read, and may allow everything', () => {
    const { owed, allowed, unknown } = promise([{ ...exampleSubscription, itemsComplete: false }])
    expect(owed.plan).toBe('pro')
    expect(allowed).toEqual(top)
    expect(unknown).toMatchObject([
      { reason: 'unreadable-billing', found: 'only a part of its items was read' },
    ])
  })

  test.each([
    ['past due', { status: 'past_due' as const }],
    ['canceled early', { status: 'canceled' as const, endedAt: before, currentPeriodEnd: later }],
  ])(
    '%s with an invoice that was not read allows at most what the items sell, and says so',
    (_case, changes) => {
      const promised = promise([{ ...exampleSubscription, ...changes, latestInvoice: 'unread' }])
      expect(promised.owed.paid).toBe(false)
      expect(promised.allowed.plan).toBe('pro')
      expect(promised.unknown).toMatchObject([{ reason: 'unreadable-billing', factId: 'sub_1' }])
    },
  )
})

describe('a trial end', () => {
  const trial = { ...exampleSubscription, id: 'sub_t', status: 'trialing' as const, trialEndsAt: later }

  test('is owed and allowed as billing has it', () => {
    const { owed, allowed } = promise([trial])
    expect([owed.trialEndsAt, allowed.trialEndsAt]).toEqual([later, later])
  })

  test('of two trials is the later one', () => {
    const longer = { ...trial, id: 'sub_u', trialEndsAt: new Date('2026-12-01') }
    expect(promise([longer, trial]).owed.trialEndsAt).toEqual(new Date('2026-12-01'))
  })

  test('is neither owed nor bounded for whoever pays, since it decides nothing then', () => {
    for (const facts of [[exampleSubscription], [exampleSubscription, trial]]) {
      const { owed, allowed } = promise(facts)
      expect([owed.trialEndsAt, allowed.trialEndsAt]).toEqual([null, latestDate])
    }
  })

  test('is neither owed nor bounded beside a paid plan that is tolerated, since the app may treat it as paid', () => {
    const late = { ...exampleSubscription, status: 'past_due' as const, latestInvoice: graceEndingAt(later) }
    const { owed, allowed } = promise([late, trial])
    expect([owed.trialEndsAt, allowed.trialEndsAt]).toEqual([null, latestDate])
    expect(owed.plan).toBe('pro')
  })

  test('stays where only a subscription that promises nothing stands beside the trial', () => {
    const ended = { ...exampleSubscription, status: 'canceled' as const, currentPeriodEnd: before }
    expect(promise([trial, ended]).owed.trialEndsAt).toEqual(later)
  })

  test('of the free plan plays no part, since there is nothing to lose when it ends', () => {
    const [free, ...others] = exampleCatalogue.plans
    const catalogue: Catalogue = {
      ...exampleCatalogue,
      plans: [{ ...free, prices: ['price_free'] }, ...others],
    }
    const freeTrial = { ...trial, items: [exampleItem({ id: 'price_free' })] }
    const { owed, allowed } = promise([freeTrial], {}, catalogue)
    expect([owed.trialEndsAt, allowed.trialEndsAt]).toEqual([null, null])
  })

  test('that billing does not say is not owed', () => {
    const unsaid = { ...trial, trialEndsAt: null, problems: ['is trialing, and trial_end says no time'] }
    const { owed, allowed } = promise([unsaid])
    expect(owed).toMatchObject({ plan: 'pro', trialEndsAt: null })
    expect(allowed.trialEndsAt).toEqual(latestDate)
  })
})

describe('a one-off purchase', () => {
  test('of a price listed as lifetime owes its plan for good', () => {
    const { owed, allowed } = promise([examplePurchase])
    expect(owed).toMatchObject({ plan: 'pro', paid: true, entitlements: ['reports'] })
    expect(allowed).toMatchObject({ plan: 'pro', paid: true, entitlements: ['reports'] })
  })

  test('of any other price promises nothing and is not unknown', () => {
    const credits = {
      ...examplePurchase,
      prices: [{ ...examplePrice, id: 'price_credits', recurring: null }],
    }
    expect(promise([credits])).toEqual(promise([]))
  })

  test('of a price that sells a plan by the month promises nothing', () => {
    expect(promise([{ ...examplePurchase, prices: [examplePrice] }])).toEqual(promise([]))
  })

  test('refunded in full is allowed and not owed, and is to be reviewed', () => {
    const back = {
      ...examplePurchase,
      reversal: { refundedAmount: 9900, dispute: 'none' as const, ids: ['re_2'] },
    }
    const { owed, allowed, reviews } = promise([back])
    expect([owed.plan, allowed.plan]).toEqual(['free', 'pro'])
    expect(reviews).toEqual([{ factId: 'cs_1', invoiceId: null, found: 'refunded', ids: ['re_2'] }])
    expect(promise([back], { refunded: 'drop' }).allowed.plan).toBe('free')
    expect(promise([back], { refunded: 'keep' }).owed.plan).toBe('pro')
  })

  test('refunded in full that promised nothing calls for no review', () => {
    const back = {
      ...examplePurchase,
      prices: [],
      reversal: { refundedAmount: 9900, dispute: 'none' as const, ids: ['re_2'] },
    }
    expect(promise([back]).reviews).toEqual([])
  })

  test('that could not be read may be anything where the catalogue sells for life, and nothing where it does not', () => {
    const unread = { ...examplePurchase, prices: [], problems: ['line_items was not expanded'] }
    expect(promise([unread]).allowed).toEqual(everyAccess(exampleCatalogue))
    const plans = exampleCatalogue.plans.map((plan) => ({ ...plan, lifetime: [] }))
    const [free, ...others] = plans
    if (!free) throw new Error('The example catalogue has plans.')
    expect(promise([unread], {}, { ...exampleCatalogue, plans: [free, ...others] }).unknown).toEqual([])
  })

  test('seen twice, as session and as invoice, brings its seats once', () => {
    const catalogue = withSeats(5)
    const invoice = { ...examplePurchase, id: 'in_2' }
    expect(promise([examplePurchase, invoice], {}, catalogue).owed.seats).toBe(5)
  })
})

describe('entitlements that Stripe says are active', () => {
  test('are owed and allowed beside those of the mapping', () => {
    const active = { ...exampleEntitlements, lookupKeys: ['beta', 'reports'] }
    const { owed, allowed } = promise([exampleSubscription, active])
    expect(owed).toMatchObject({ plan: 'pro', entitlements: ['beta', 'reports'] })
    expect(allowed).toMatchObject({ plan: 'pro', entitlements: ['beta', 'reports'] })
  })

  test('alone leave the plan free', () => {
    expect(promise([exampleEntitlements]).owed).toMatchObject({
      plan: 'free',
      paid: false,
      entitlements: ['reports'],
    })
  })

  test('that were read only in part are owed as far as they were read', () => {
    const part = { ...exampleEntitlements, problems: ['entitlements holds only a part of the list'] }
    const { owed, allowed, unknown } = promise([part])
    expect(owed.entitlements).toEqual(['reports'])
    expect(allowed.entitlements).toBe('every')
    expect(unknown).toMatchObject([{ reason: 'unreadable-billing', factId: 'entitlements:cus_1' }])
  })
})

describe('an add-on', () => {
  const catalogue: Catalogue = {
    ...exampleCatalogue,
    addOns: [
      {
        id: 'more',
        prices: ['price_more'],
        products: [],
        lifetime: ['price_more_forever'],
        entitlements: ['more'],
      },
    ],
  }
  const more = exampleItem({ id: 'price_more', productId: 'prod_more' })

  test('adds its entitlements to the plan', () => {
    const { owed } = promise([{ ...exampleSubscription, items: [exampleItem(), more] }], {}, catalogue)
    expect(owed).toMatchObject({ plan: 'pro', paid: true, entitlements: ['more', 'reports'] })
  })

  test('alone owes its entitlements; the paid flag may be set or not', () => {
    const { owed, allowed } = promise([subscriptionTo(more)], {}, catalogue)
    expect(owed).toMatchObject({ plan: 'free', paid: false, entitlements: ['more'] })
    expect(allowed).toMatchObject({ plan: 'free', paid: true, entitlements: ['more'] })
  })

  test('bought for life is owed for good', () => {
    const forever = {
      ...examplePurchase,
      prices: [{ ...examplePrice, id: 'price_more_forever', recurring: null }],
    }
    expect(promise([forever], {}, catalogue).owed.entitlements).toEqual(['more'])
  })
})

describe('seats', () => {
  const packs: Catalogue = {
    ...withSeats('quantity'),
    seatPacks: [{ id: 'ten', prices: ['price_ten'], products: [], seatsEach: 10 }],
  }
  const metered = { recurring: { interval: 'month' as const, count: 1, metered: true } }
  const proItem = (quantity: number | null) => exampleItem({}, { quantity })
  const packItem = (quantity: number | null) =>
    exampleItem({ id: 'price_ten', productId: 'prod_t' }, { quantity })

  test.each<
    [rule: string, catalogue: Catalogue, facts: readonly BillingFact[], owed: unknown, allowed: unknown]
  >([
    ['play no part where nothing sells any', exampleCatalogue, [exampleSubscription], null, null],
    [
      'of a plan with a fixed number do not depend on the quantity',
      withSeats(5),
      [subscriptionTo(proItem(3))],
      5,
      5,
    ],
    ['of a plan sold by the seat are its quantity', packs, [subscriptionTo(proItem(3))], 3, 3],
    ['sold in packs are quantity times seats', packs, [subscriptionTo(packItem(2))], 20, 20],
    [
      'of plan and packs add up',
      packs,
      [{ ...exampleSubscription, items: [proItem(3), packItem(2)] }],
      23,
      23,
    ],
    [
      'of two subscriptions add up',
      packs,
      [subscriptionTo(proItem(3)), subscriptionTo(proItem(4), 'sub_2')],
      7,
      7,
    ],
    [
      'billed by use are owed none and allowed all',
      packs,
      [subscriptionTo({ ...proItem(null), price: { ...examplePrice, ...metered } })],
      null,
      'unlimited',
    ],
    [
      'that are tolerated are allowed and not owed',
      packs,
      [{ ...subscriptionTo(proItem(3)), latestInvoice: refunded(2000) }],
      null,
      3,
    ],
  ])('%s', (_rule, catalogue, facts, owed, allowed) => {
    const promised = promise(facts, {}, catalogue)
    expect([promised.owed.seats, promised.allowed.seats]).toEqual([owed, allowed])
    expect(promised.unknown).toEqual([])
  })

  test('whose quantity billing does not state are unknown', () => {
    const { owed, allowed, unknown } = promise([subscriptionTo(proItem(null))], {}, packs)
    expect([owed.plan, owed.seats, allowed.seats]).toEqual(['pro', null, 'unlimited'])
    expect(unknown).toMatchObject([{ reason: 'unreadable-billing' }])
  })

  test('of the free plan come on top of packs, and never lessen those of a paid plan', () => {
    const [free, ...others] = packs.plans
    const catalogue: Catalogue = { ...packs, plans: [{ ...free, seats: 2 }, ...others] }
    expect(promise([subscriptionTo(packItem(1))], {}, catalogue).allowed.seats).toBe(12)
    expect(promise([subscriptionTo(proItem(1))], {}, catalogue).allowed.seats).toBe(2)
    expect(promise([subscriptionTo(proItem(3))], {}, catalogue).allowed.seats).toBe(3)
  })
})

function promise(
  facts: readonly BillingFact[],
  policy: Partial<Policy> = {},
  catalogue: Catalogue = exampleCatalogue,
) {
  return promiseOf(facts, { catalogue, policy: { ...defaultPolicy, ...policy }, now })
}

function subscriptionTo(item: Subscription['items'][number], id = 'sub_1'): Subscription {
  return { ...exampleSubscription, id, items: [item] }
}

/** The example catalogue with these seats in its `pro` plan. */
function withSeats(seats: number | 'quantity'): Catalogue {
  const [free, ...others] = exampleCatalogue.plans
  return {
    ...exampleCatalogue,
    plans: [free, ...others.map((plan) => (plan.id === 'pro' ? { ...plan, seats } : plan))],
  }
}
