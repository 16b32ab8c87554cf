import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { generateWorld, type WorldOptions } from './generate-world.ts'
import { driftKinds, type Label } from './label.ts'
import { makeWorld } from './make-world.ts'
import { holdLimit } from './truth.ts'
import type { World } from './world.ts'

const now = new Date('2026-11-21T12:00:00Z')
const make = (options: Partial<WorldOptions> = {}) => generateWorld({ customers: 2000, now, ...options })

function hash({ stripe, clerk, config, labels }: World): string {
  const tables = [
    stripe.customers,
    stripe.prices,
    stripe.subscriptions,
    stripe.invoices,
    stripe.invoicePayments,
    stripe.paymentIntents,
    stripe.charges,
    stripe.refunds,
    stripe.disputes,
    stripe.checkoutSessions,
    stripe.schedules,
    stripe.discounts,
    clerk.users,
    clerk.organizations,
    clerk.memberships,
  ]
  const text = JSON.stringify([tables.map((table) => table.all()), config, labels])
  return createHash('sha256').update(text).digest('hex')
}

const several = Array.from({ length: 6 }, (_, seed) => make({ seed, lean: seed > 1 }))
const identity = (label: Label) => `${label.kind}|${label.on}|${label.component}`

describe('a world', () => {
  it('is the same for the same seed, byte by byte, and another for another', () => {
    const first = hash(make({ seed: 'a', customers: 500 }))
    expect(hash(make({ seed: 'a', customers: 500 }))).toBe(first)
    expect(hash(make({ seed: 'b', customers: 500 }))).not.toBe(first)
  })

  it.each([0, 1, 2, 10, 37, 300, 900])('has exactly the %i customers asked for', (customers) => {
    for (const drift of [0, 0.04, 0.5]) {
      const { stripe, labels } = make({ customers, drift, seed: `${customers}` })
      expect(stripe.customers.size).toBe(customers)
      expect(labels.customers).toBe(customers)
    }
  })

  it('plants every kind of drift, whatever the seed', () => {
    for (const { labels } of several) {
      const found = new Set(labels.drifts.map(({ kind }) => kind))
      expect(driftKinds.filter((kind) => !found.has(kind))).toEqual([])
    }
  })

  it('of the demo has every kind of drift, and never so many that repairs are held', async () => {
    for (let seed = 0; seed < 100; seed++) {
      const { labels } = await makeWorld('demo', { now, seed }, {})
      const found = new Set(labels.drifts.map(({ kind }) => kind))
      expect(driftKinds.filter((kind) => !found.has(kind))).toEqual([])
      // Where nobody waits for what settles, that drifts too.
      const { drifting, matched } = labels.counts
      expect(drifting + labels.settling.length).toBeLessThanOrEqual(holdLimit(matched))
    }
  })

  it('plants as many drifts as the share says, each kind by its weight', () => {
    for (const { labels } of several) {
      const { byKind } = labels.counts
      const planted = labels.drifts.filter(({ kind }) => kind !== 'mass-drift').length
      // Unmapped prices and unknown plan words are one label for several stories; some stories have a second label.
      expect(planted).toBeGreaterThan(70)
      expect(planted).toBeLessThan(95)
      expect(byKind['paid-without-access']).toBeGreaterThan(byKind['customer-shared'] ?? 0)
    }
  })

  it('plants only the kinds that are asked for', () => {
    const { labels } = make({ drift: { 'seats-over': 0.01 } })
    expect(labels.counts.byKind).toEqual({ 'seats-over': 20 })
  })

  it('agrees in everything when no drift is wanted', () => {
    const { labels } = make({ drift: 0 })
    expect([labels.drifts, labels.cannotTell, labels.settling]).toEqual([[], [], []])
  })

  it('has the share of organizations that is asked for', () => {
    for (const organizationsShare of [0, 0.3, 0.8]) {
      const { clerk } = make({ organizationsShare, drift: 0, customers: 800 })
      expect(clerk.organizations.size / 800).toBeCloseTo(organizationsShare, 1)
    }
  })

  it('keeps every component and direction far below the share at which a check stops believing', () => {
    for (const { labels } of several) {
      const tally = new Map<string, number>()
      for (const { kind, component } of labels.drifts) {
        const key = `${kind}|${component}`
        tally.set(key, (tally.get(key) ?? 0) + 1)
      }
      expect(Math.max(...tally.values())).toBeLessThan(labels.counts.matched * 0.1)
    }
  })

  it('says that repairs should wait when too many subjects drift at once, and not before', () => {
    for (const drift of [0.01, 0.05]) {
      const { labels } = make({ drift, customers: 700, lean: true })
      const { drifting, matched } = labels.counts
      const isHeld = labels.drifts.some(({ kind, on }) => kind === 'mass-drift' && on === 'hold')
      expect(isHeld).toBe(drifting > holdLimit(matched))
      expect(isHeld).toBe(drift === 0.05)
    }
  })
})

describe('the labels of a world', () => {
  it('name each drift once', () => {
    for (const { labels } of several) {
      expect(new Set(labels.drifts.map(identity)).size).toBe(labels.drifts.length)
    }
  })

  it('are about subjects and customers that exist, or say that they do not', () => {
    const mayBeGone = new Set(['payer-deleted-subject', 'customer-not-found', 'mode-mismatch'])
    for (const { stripe, clerk, labels } of several) {
      for (const { kind, subject, customer } of labels.drifts) {
        const exists =
          subject === null ||
          (subject.type === 'user' ? clerk.users : clerk.organizations).get(subject.id) !== undefined
        expect(exists || kind === 'payer-deleted-subject').toBe(true)
        const isPaidFor = customer === null || stripe.customers.has(customer)
        expect(isPaidFor || mayBeGone.has(kind) || stripe.deleted.has(customer)).toBe(true)
      }
    }
  })

  it('never say of one subject both that it drifts in the plan and that it has no access at all', () => {
    const swallowed = new Set(['plan', 'seats', 'trialEndsAt'])
    for (const { labels } of several) {
      const byPaid = new Set(
        labels.drifts.filter(({ component }) => component === 'paid').map(({ on }) => on),
      )
      expect(labels.drifts.filter(({ on, component }) => swallowed.has(component) && byPaid.has(on))).toEqual(
        [],
      )
    }
  })

  it('tell of a field that browsers can write only where the app has one', () => {
    const { config, labels, clerk } = make({ premiumInUnsafe: true, customers: 50, drift: 0 })
    expect(labels.counts.byKind).toEqual({ 'grant-client-writable': 1 })
    expect(labels.drifts[0]?.on).toBe('user:unsafe_metadata.is_premium')
    expect(config.access).toMatchObject([{ clerk: { users: { premium: 'unsafe_metadata.is_premium' } } }])
    expect(clerk.users.all().some(({ public_metadata }) => 'is_premium' in public_metadata)).toBe(false)
    expect(clerk.users.all().some(({ unsafe_metadata }) => 'is_premium' in unsafe_metadata)).toBe(true)
  })
})

describe('the objects of a world', () => {
  it('point to customers that exist, unless a label says otherwise', () => {
    for (const { stripe, clerk, labels } of several) {
      const explained = new Set(
        labels.drifts
          .filter(({ kind }) => kind === 'customer-not-found' || kind === 'mode-mismatch')
          .map(({ on }) => on),
      )
      for (const { id, public_metadata } of clerk.users.all()) {
        const pointer = public_metadata.stripe_customer_id
        if (typeof pointer === 'string' && !stripe.customers.has(pointer))
          expect(explained).toContain(`user:${id}`)
      }
      for (const { id, private_metadata } of clerk.organizations.all()) {
        const pointer = private_metadata.stripe_customer_id
        if (typeof pointer === 'string' && !stripe.customers.has(pointer)) {
          expect(explained).toContain(`organization:${id}`)
        }
      }
    }
  })

  it('name subjects that exist, unless a label says that they were deleted', () => {
    for (const { stripe, clerk, labels } of several) {
      const deleted = new Set(
        labels.drifts.filter(({ kind }) => kind === 'payer-deleted-subject').map(({ on }) => on),
      )
      for (const { id, metadata } of stripe.customers.all()) {
        const { user_id, organization_id } = metadata
        if (user_id !== undefined && clerk.users.get(user_id) === undefined) expect(deleted).toContain(id)
        if (organization_id !== undefined && clerk.organizations.get(organization_id) === undefined) {
          expect(deleted).toContain(id)
        }
      }
    }
  })

  it('hang together: subscriptions, invoices, payments, refunds and memberships name things that are there', () => {
    const { stripe, clerk } = make({ seed: 5 })
    for (const subscription of stripe.subscriptions.all()) {
      expect(stripe.customers.has(subscription.customer)).toBe(true)
      expect(subscription.latest_invoice === null || stripe.invoices.has(subscription.latest_invoice)).toBe(
        true,
      )
      expect(subscription.discounts.every((id) => stripe.discounts.has(id))).toBe(true)
      expect(subscription.schedule === null || stripe.schedules.has(subscription.schedule)).toBe(true)
    }
    for (const { invoice, payment } of stripe.invoicePayments.all()) {
      expect(stripe.invoices.has(invoice)).toBe(true)
      expect(stripe.paymentIntents.has(payment.payment_intent ?? '')).toBe(true)
    }
    for (const { charge } of [...stripe.refunds.all(), ...stripe.disputes.all()]) {
      expect(stripe.charges.has(charge ?? '')).toBe(true)
    }
    for (const { payment_intent } of stripe.checkoutSessions.all()) {
      expect(stripe.paymentIntents.has(payment_intent ?? '')).toBe(true)
    }
    for (const { organization_id, user_id } of clerk.memberships.all()) {
      expect(
        clerk.organizations.get(organization_id) !== undefined && clerk.users.get(user_id) !== undefined,
      ).toBe(true)
    }
  })

  it('changed at least half an hour ago, except where something is still settling', () => {
    const recent = now.getTime() - 30 * 60_000
    for (const { stripe, clerk, labels } of several) {
      const settling = new Set(labels.settling.map(({ subject }) => subject.id))
      const customers = new Set(labels.settling.map(({ customer }) => customer))
      expect(labels.settling.length).toBeGreaterThan(0)
      for (const { id, updated_at } of [...clerk.users.all(), ...clerk.organizations.all()]) {
        if (updated_at > recent) expect(settling).toContain(id)
      }
      for (const subscription of stripe.subscriptions.all()) {
        const moments = [
          subscription.created,
          subscription.canceled_at,
          subscription.ended_at,
          subscription.trial_end,
          ...subscription.items.data.flatMap((item) => [item.current_period_start, item.current_period_end]),
        ]
        const isRecent = moments.some(
          (at) => at !== null && at * 1000 > recent && at * 1000 <= now.getTime() + 3_600_000,
        )
        if (isRecent) expect(customers).toContain(subscription.customer)
      }
      for (const { customer, created, status_transitions } of stripe.invoices.all()) {
        const isRecent = [created, status_transitions.paid_at, status_transitions.finalized_at].some(
          (at) => at !== null && at * 1000 > recent,
        )
        if (isRecent) expect(customers).toContain(customer)
      }
    }
  })

  it.each([
    '2026-11-21T12:00:00Z',
    '2026-03-01T00:00:00Z',
    '2026-03-30T23:59:59Z',
    '2026-12-31T23:00:00Z',
    '2028-02-29T06:00:00Z',
  ])('are in the middle of the period that they are billed for, whatever the month (%s)', (moment) => {
    const { stripe, labels } = make({ now: new Date(moment), customers: 700, lean: true })
    const seconds = Date.parse(moment) / 1000
    const live = stripe.subscriptions
      .all()
      .filter(({ status }) => ['active', 'trialing', 'past_due'].includes(status))
    expect(live.length).toBeGreaterThan(350)
    for (const { items, created, customer } of live) {
      for (const { current_period_start, current_period_end } of items.data) {
        expect(created).toBeLessThanOrEqual(current_period_start)
        expect(current_period_start).toBeLessThan(seconds)
        expect(current_period_end).toBeGreaterThan(seconds + 3600)
      }
      expect(stripe.customers.get(customer)?.created).toBeLessThanOrEqual(created)
    }
    expect(labels.now).toBe(new Date(moment).toISOString())
  })

  it('show every state of a subscription, and the ways to leave', () => {
    const { stripe } = make({ seed: 11 })
    const all = stripe.subscriptions.all()
    expect([...new Set(all.map(({ status }) => status))].sort()).toEqual([
      'active',
      'canceled',
      'incomplete',
      'incomplete_expired',
      'past_due',
      'paused',
      'trialing',
      'unpaid',
    ])
    expect(
      all.some(({ cancel_at_period_end, cancel_at }) => cancel_at_period_end && cancel_at !== null),
    ).toBe(true)
    expect(
      all.some(({ cancel_at_period_end, cancel_at }) => !cancel_at_period_end && cancel_at !== null),
    ).toBe(true)
    expect(all.some(({ pause_collection }) => pause_collection !== null)).toBe(true)
    expect(all.some(({ schedule }) => schedule !== null)).toBe(true)
    expect(all.some(({ items }) => items.data.length > 1)).toBe(true)
    expect(new Set(all.map(({ currency }) => currency))).toEqual(new Set(['usd', 'eur', 'jpy', 'kwd']))
  })

  it('write the same thing in many ways', () => {
    const { clerk } = make({ seed: 11 })
    const metadata = clerk.users.all().map((user) => user.public_metadata)
    const kinds = (key: string) => new Set(metadata.map((each) => typeof each[key]))
    expect(kinds('is_premium')).toEqual(new Set(['boolean', 'number', 'string', 'undefined']))
    expect(kinds('trial_ends_at')).toEqual(new Set(['number', 'string', 'undefined']))
    expect(metadata.some(({ entitlements }) => Array.isArray(entitlements))).toBe(true)
    expect(new Set(metadata.map(({ plan }) => plan)).size).toBeGreaterThan(8)
  })

  it('say the same to a check with and without the payments that nothing came back of', () => {
    const full = make({ seed: 4, lean: false })
    const lean = make({ seed: 4, lean: true })
    expect(lean.stripe.charges.size).toBeLessThan(full.stripe.charges.size / 10)
    expect(lean.stripe.refunds.size).toBe(full.stripe.refunds.size)
    expect(lean.labels.counts).toEqual(full.labels.counts)
  })
})

describe('what cannot be a world', () => {
  it.each([
    [{ customers: -1 }, 'customers is -1'],
    [{ customers: 1.5 }, 'customers is 1.5'],
    [{ drift: 2 }, 'drift is 2'],
    [{ drift: { 'seats-over': -1 } }, 'drift of seats-over is -1'],
    [{ organizationsShare: 30 }, 'organizationsShare is 30'],
  ])('%j is refused: %s', (options, message) => {
    expect(() => make(options)).toThrow(message)
  })
})
