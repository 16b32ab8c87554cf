import { describe, expect, test } from 'vitest'
import { readClerkPlanPrices } from '../../price/read-clerk-plan.ts'
import { readClerkPayer } from './read-payer.ts'
import { readClerkPlanItem } from './read-plan-item.ts'

const readAt = new Date('2026-09-15T00:00:00Z')
const ms = (text: string) => Date.parse(text)
const rules = { readAt, livemode: true, features: true, payer: null }

const money = (amount: number) => ({
  amount,
  amount_formatted: (amount / 100).toFixed(2),
  currency: 'USD',
  currency_symbol: '$',
})
const plan = {
  object: 'commerce_plan',
  id: 'cplan_pro',
  name: 'Pro',
  fee: money(2000),
  annual_monthly_fee: money(1600),
  annual_fee: money(19_200),
  description: null,
  is_default: false,
  is_recurring: true,
  slug: 'pro',
  features: [
    {
      object: 'feature',
      id: 'feat_1',
      name: 'Reports',
      description: null,
      slug: 'reports',
      avatar_url: null,
    },
  ],
}
const payer = {
  object: 'commerce_payer',
  id: 'cpayer_1',
  instance_id: 'ins_1',
  user_id: 'user_1',
  first_name: 'Ada',
  last_name: 'Park',
  email: 'ada@example.com',
  organization_id: null,
  organization_name: null,
  created_at: ms('2026-01-01T00:00:00Z'),
}
/** As the Backend API describes it in its version 2026-05-12. */
const item = {
  object: 'commerce_subscription_item',
  id: 'csubitem_1',
  instance_id: 'ins_1',
  status: 'active',
  plan_id: 'cplan_pro',
  plan,
  plan_period: 'month',
  payer_id: 'cpayer_1',
  payer,
  is_free_trial: false,
  period_start: ms('2026-09-01T00:00:00Z'),
  period_end: ms('2026-10-01T00:00:00Z'),
  canceled_at: null,
  past_due_at: null,
  ended_at: null,
  created_at: ms('2026-03-01T00:00:00Z'),
  updated_at: ms('2026-09-01T00:00:05Z'),
  next_payment: { amount: money(2000), date: ms('2026-10-01T00:00:00Z') },
  lifetime_paid: money(12_000),
  seats: null,
}

describe('an item of a subscription in Clerk Billing', () => {
  test('is read whole', () => {
    expect(readClerkPlanItem(item, rules)).toEqual({
      kind: 'plan-item',
      id: 'csubitem_1',
      customerId: 'user_1',
      livemode: true,
      status: 'active',
      price: {
        id: 'cplan_pro',
        lookupKey: 'pro',
        productId: 'cplan_pro',
        productName: 'Pro',
        currency: 'usd',
        active: true,
        recurring: { interval: 'month', count: 1, metered: false },
        amount: { kind: 'per-unit', unitAmount: '2000' },
        nickname: null,
      },
      isDefaultPlan: false,
      isFreeTrial: false,
      features: ['reports'],
      seats: null,
      createdAt: new Date('2026-03-01T00:00:00Z'),
      periodStart: new Date('2026-09-01T00:00:00Z'),
      periodEnd: new Date('2026-10-01T00:00:00Z'),
      canceledAt: null,
      pastDueAt: null,
      endedAt: null,
      lifetimePaid: 12_000,
      changedAt: new Date('2026-09-01T00:00:05Z'),
      readAt,
      problems: [],
    })
  })

  test('brings no features where the catalogue alone says what a plan brings', () => {
    expect(readClerkPlanItem(item, { ...rules, features: false }).features).toEqual([])
  })

  test('belongs to the organization where the payer is one, and to whoever was asked for where it does not say', () => {
    const organization = { ...payer, user_id: null, organization_id: 'org_1' }
    expect(readClerkPlanItem({ ...item, payer: organization }, rules).customerId).toBe('org_1')
    const { payer: _, ...silent } = item
    expect(readClerkPlanItem(silent, { ...rules, payer: 'org_2' }).customerId).toBe('org_2')
    expect(readClerkPlanItem(silent, rules)).toMatchObject({
      customerId: 'cpayer_1',
      problems: ['names neither a user nor an organization as its payer'],
    })
  })

  test.each([
    ['the sum of a period with its seats and discounts', { totals: { grand_total: money(4500) } }, '4500'],
    ['the fee that is charged next', {}, '2000'],
  ])('costs %s', (_, next, unitAmount) => {
    const priced = { ...item, next_payment: { ...item.next_payment, ...next } }
    expect(readClerkPlanItem(priced, rules).price.amount).toEqual({ kind: 'per-unit', unitAmount })
  })

  test.each([
    ['month', '2000', 'month'],
    ['annual', '19200', 'year'],
  ] as const)(
    'that is not renewed costs what its plan costs by the %s',
    (plan_period, unitAmount, interval) => {
      const { price } = readClerkPlanItem({ ...item, plan_period, next_payment: null }, rules)
      expect(price).toMatchObject({ amount: { unitAmount }, recurring: { interval } })
    },
  )

  test.each([
    [{ quantity: 12 }, 12],
    [{ quantity: null }, 'unlimited'],
    [null, null],
  ] as const)('with the seats %o has %s', (seats, read) => {
    expect(readClerkPlanItem({ ...item, seats }, rules).seats).toBe(read)
  })

  test('keeps what it does not understand, and guesses nothing', () => {
    const odd = {
      ...item,
      status: 'dormant',
      plan: null,
      plan_id: null,
      plan_period: 'week',
      seats: { quantity: -1 },
      period_end: 1e20,
    }
    expect(readClerkPlanItem(odd, rules)).toMatchObject({
      status: { unknown: 'dormant' },
      seats: null,
      price: { amount: { kind: 'per-unit', unitAmount: '2000' }, productName: null },
      problems: [
        'period_end is 100000000000000000000, not a time',
        'names no plan',
        'is charged by "week", neither month nor annual',
        'seats states a quantity of -1, which is no count',
      ],
    })
  })

  test('of a plan that is gone is known by the id of the plan alone', () => {
    const { price } = readClerkPlanItem({ ...item, plan: null, next_payment: null }, rules)
    expect(price).toMatchObject({ id: 'cplan_pro', productId: 'cplan_pro', amount: { kind: 'unknown' } })
  })

  test('on trial without an end says so', () => {
    const { problems } = readClerkPlanItem({ ...item, is_free_trial: true, period_end: null }, rules)
    expect(problems).toEqual(['is a free trial, and period_end says no time'])
  })

  test('changed last at the latest of its moments that has come', () => {
    const changed = {
      ...item,
      updated_at: ms('2026-09-02T00:00:00Z'),
      canceled_at: ms('2026-09-14T00:00:00Z'),
    }
    expect(readClerkPlanItem(changed, rules).changedAt).toEqual(new Date('2026-09-14T00:00:00Z'))
  })

  test.each([null, 'csubitem_1', [], {}])('%j is no item', (json) => {
    expect(() => readClerkPlanItem(json, rules)).toThrow(TypeError)
  })
})

describe('a payer of Clerk Billing', () => {
  test('is the user whom it stands for', () => {
    expect(readClerkPayer(payer, true)).toEqual({
      id: 'user_1',
      email: 'ada@example.com',
      name: 'Ada Park',
      metadata: { user_id: 'user_1' },
      livemode: true,
      createdAt: new Date('2026-01-01T00:00:00Z'),
    })
  })

  test('is the organization whom it stands for, also as a webhook writes it', () => {
    const organization = { ...payer, user_id: '', organization_id: 'org_1', organization_name: 'Acme' }
    expect(readClerkPayer(organization, false)).toMatchObject({
      id: 'org_1',
      name: 'Acme',
      metadata: { organization_id: 'org_1' },
    })
  })

  test('that names nobody is none', () => {
    expect(readClerkPayer({ ...payer, user_id: null }, true)).toBeNull()
    expect(readClerkPayer(null, true)).toBeNull()
  })
})

describe('a plan of Clerk Billing', () => {
  test('sells by the month and by the year, under one product and one slug', () => {
    expect(readClerkPlanPrices(plan)).toMatchObject([
      { id: 'cplan_pro', lookupKey: 'pro', productId: 'cplan_pro', amount: { unitAmount: '2000' } },
      { id: 'cplan_pro:annual', lookupKey: 'pro', productId: 'cplan_pro', amount: { unitAmount: '19200' } },
    ])
  })

  test('that is billed by the month alone has one price', () => {
    expect(readClerkPlanPrices({ ...plan, annual_fee: null, annual_monthly_fee: null })).toHaveLength(1)
  })

  test('whose yearly fee is given by the month costs twelve of them', () => {
    const [, yearly] = readClerkPlanPrices({ ...plan, annual_fee: null })
    expect(yearly?.amount).toEqual({ kind: 'per-unit', unitAmount: '19200' })
  })

  test('without a fee is sold for nothing', () => {
    const free = { ...plan, fee: null, annual_fee: null, annual_monthly_fee: null }
    expect(readClerkPlanPrices(free)).toMatchObject([{ amount: { kind: 'per-unit', unitAmount: '0' } }])
  })
})
