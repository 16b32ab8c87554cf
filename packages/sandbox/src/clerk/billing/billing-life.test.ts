import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../server/clock.ts'
import { makeFeature, makeMoney, makePlan } from '../objects/index.ts'
import { createOrganization } from '../organizations/create-organization.ts'
import { checkEvent } from '../spec/clerk-spec.ts'
import { ClerkState } from '../state.ts'
import { createUser } from '../users/create-user.ts'
import { cancelItem } from './cancel-item.ts'
import { useBillingCard } from './cards.ts'
import { catchUpBilling } from './catch-up.ts'
import { checkOut } from './check-out.ts'

const dayMs = 86_400_000
const start = new Date('2026-06-01T12:00:00Z')
const good = '4242 4242 4242 4242'
const bad = '4000 0000 0000 0341'

function business() {
  const state = new ClerkState({ seed: 'lives', clock: new ManualClock(start) })
  const told: { type: string; data: object }[] = []
  state.onEvent(({ type, data }) => told.push({ type, data }))
  const plan = (slug: string, fee: number, fields: Partial<Parameters<typeof makePlan>[0]> = {}) => {
    const made = makePlan({ id: `cplan_${slug}`, slug, name: slug, fee: makeMoney(fee), ...fields })
    state.billing.plans.set(made.id, made)
    return made
  }
  const plans = {
    free: plan('free', 0, { is_default: true }),
    pro: plan('pro', 2000, {
      annual_fee: makeMoney(19_200),
      features: [makeFeature({ id: 'feat_1', slug: 'reports' })],
    }),
    business: plan('business', 5000),
    trial: plan('trial', 1000, { free_trial_enabled: true, free_trial_days: 14 }),
  }
  const { id } = createUser(state, { emails: ['ada@example.com'] })
  useBillingCard(state, id, good)
  told.length = 0
  const items = () =>
    (state.billing.subscriptions.get(id)?.subscription_items ?? []).map(
      ({ plan: { slug }, status, is_free_trial }) => `${slug} ${is_free_trial ? 'trial ' : ''}${status}`,
    )
  const paid = () =>
    [...state.billing.statements.values()]
      .flatMap((statement) => state.billing.payments(statement))
      .map(({ status, amount, charge_type }) => `${charge_type} ${status} ${amount.amount}`)
  const types = () => told.splice(0).map(({ type }) => type)
  const pass = (days: number) => {
    state.advance(days * dayMs)
    catchUpBilling(state)
  }
  return { id, items, paid, pass, plans, state, told, types }
}

describe('a plan of Clerk Billing', () => {
  test('is paid for at checkout, and tells who has what', () => {
    const { id, items, paid, plans, state, types } = business()
    checkOut(state, id, { plan: plans.pro })
    expect(items()).toEqual(['pro active'])
    expect(paid()).toEqual(['checkout paid 2000'])
    expect(types()).toEqual([
      'paymentAttempt.created',
      'paymentAttempt.updated',
      'subscription.created',
      'subscriptionItem.active',
    ])
  })

  test.each([
    ['4000 0000 0000 0002', 'generic_decline'],
    ['4000 0000 0000 9995', 'insufficient_funds'],
    ['4000 0025 0000 3155', '3-D Secure'],
  ])('is not had where the card %s is refused, and the attempt stands on the statement', (card, said) => {
    const { id, items, paid, plans, state, types } = business()
    useBillingCard(state, id, card)
    expect(() => checkOut(state, id, { plan: plans.pro })).toThrow(said)
    expect(items()).toEqual([])
    expect(paid()).toEqual(['checkout failed 2000'])
    expect(types()).toEqual(['paymentAttempt.created', 'paymentAttempt.updated'])
  })

  test('is not sold twice, nor to who has no card, nor to another kind of payer', () => {
    const { id, plans, state } = business()
    checkOut(state, id, { plan: plans.pro })
    expect(() => checkOut(state, id, { plan: plans.pro })).toThrow('already')
    const other = createUser(state, { emails: ['bob@example.com'] })
    expect(() => checkOut(state, other.id, { plan: plans.pro })).toThrow('card')
    const organization = createOrganization(state, { name: 'Acme', created_by: other.id })
    expect(() => checkOut(state, organization.id, { plan: plans.pro })).toThrow('for users')
    expect(() => checkOut(state, id, { plan: plans.free })).toThrow('not sold')
  })

  test('renews when its period ends, by the calendar', () => {
    const { id, items, paid, pass, plans, state, types } = business()
    checkOut(state, id, { plan: plans.pro })
    types()
    pass(29)
    expect(paid()).toHaveLength(1)
    pass(1)
    expect(items()).toEqual(['pro active'])
    expect(paid()).toEqual(['checkout paid 2000', 'recurring paid 2000'])
    expect(types()).toEqual([
      'paymentAttempt.created',
      'paymentAttempt.updated',
      'subscriptionItem.updated',
      'subscription.updated',
    ])
    const [item] = state.billing.items()
    expect(new Date(item?.period_end ?? 0).toISOString()).toBe('2026-08-01T12:00:00.000Z')
    expect(item?.lifetime_paid.amount).toBe(4000)
  })

  test('that cannot be charged is past due, and active again once a later try succeeds', () => {
    const { id, items, paid, pass, plans, state, types } = business()
    checkOut(state, id, { plan: plans.pro })
    useBillingCard(state, id, bad)
    types()
    pass(30)
    expect(items()).toEqual(['pro past_due'])
    expect(types().slice(-2)).toEqual(['subscriptionItem.pastDue', 'subscription.pastDue'])
    useBillingCard(state, id, good)
    pass(3)
    expect(items()).toEqual(['pro active'])
    expect(types().slice(-2)).toEqual(['subscriptionItem.active', 'subscription.active'])
    expect(paid().slice(1)).toEqual(['recurring failed 2000', 'recurring paid 2000'])
  })

  test('that is never paid ends after the last try, and its payer has the default plan', () => {
    const { id, items, paid, pass, plans, state } = business()
    checkOut(state, id, { plan: plans.pro })
    useBillingCard(state, id, bad)
    pass(60)
    expect(items()).toEqual(['pro ended', 'free active'])
    expect(paid().filter((attempt) => attempt.includes('failed'))).toHaveLength(4)
  })

  test('that is canceled runs to the end of its period', () => {
    const { id, items, pass, plans, state, types } = business()
    const [item] = checkOut(state, id, { plan: plans.pro }).subscription_items
    cancelItem(state, item?.id ?? '', false)
    expect(items()).toEqual(['pro canceled'])
    pass(29)
    expect(items()).toEqual(['pro canceled'])
    types()
    pass(1)
    expect(items()).toEqual(['pro ended', 'free active'])
    expect(types()).toContain('subscriptionItem.ended')
  })

  test('that is canceled goes on when it is bought again, and nothing is charged for that', () => {
    const { id, items, paid, pass, plans, state } = business()
    const [item] = checkOut(state, id, { plan: plans.pro }).subscription_items
    cancelItem(state, item?.id ?? '', false)
    checkOut(state, id, { plan: plans.pro })
    expect(items()).toEqual(['pro active'])
    expect(paid()).toHaveLength(1)
    pass(31)
    expect(paid()).toHaveLength(2)
  })

  test('ends at once where the app says so', () => {
    const { id, items, plans, state } = business()
    const [item] = checkOut(state, id, { plan: plans.pro }).subscription_items
    cancelItem(state, item?.id ?? '', true)
    expect(items()).toEqual(['pro ended', 'free active'])
  })

  test('is upgraded at once, less what is left of the old one', () => {
    const { id, items, paid, pass, plans, state } = business()
    checkOut(state, id, { plan: plans.pro })
    pass(15)
    checkOut(state, id, { plan: plans.business })
    expect(items()).toEqual(['pro ended', 'business active'])
    expect(paid()).toEqual(['checkout paid 2000', 'checkout paid 4000'])
  })

  test('is downgraded when the period that is paid for ends', () => {
    const { id, items, paid, pass, plans, state, types } = business()
    checkOut(state, id, { plan: plans.business })
    types()
    checkOut(state, id, { plan: plans.pro })
    expect(items()).toEqual(['business canceled', 'pro upcoming'])
    expect(types()).toContain('subscriptionItem.upcoming')
    pass(30)
    expect(items()).toEqual(['business ended', 'pro active'])
    expect(paid()).toEqual(['checkout paid 5000', 'recurring paid 2000'])
  })

  test('that was to come is abandoned where another is bought first', () => {
    const { id, items, plans, state } = business()
    checkOut(state, id, { plan: plans.business })
    checkOut(state, id, { plan: plans.pro })
    checkOut(state, id, { plan: plans.business })
    expect(items()).toEqual(['business active', 'pro abandoned'])
  })

  test('is free while it is tried, once a payer, and told of three days before', () => {
    const { id, items, paid, pass, plans, state, types } = business()
    checkOut(state, id, { plan: plans.trial })
    expect(items()).toEqual(['trial trial active'])
    expect(paid()).toEqual([])
    types()
    pass(11)
    expect(types()).toEqual(['subscriptionItem.freeTrialEnding'])
    pass(3)
    expect(items()).toEqual(['trial active'])
    expect(paid()).toEqual(['recurring paid 1000'])
    const [item] = state.billing.items()
    cancelItem(state, item?.id ?? '', true)
    checkOut(state, id, { plan: plans.trial })
    expect(items().at(-1)).toBe('trial active')
  })

  test('whose trial cannot be charged for at its end is past due', () => {
    const { id, items, pass, plans, state } = business()
    useBillingCard(state, id, bad)
    checkOut(state, id, { plan: plans.trial })
    pass(14)
    expect(items()).toEqual(['trial past_due'])
  })

  test('tells everything in the shapes that Clerk describes', () => {
    const { id, pass, plans, state, told } = business()
    checkOut(state, id, { plan: plans.trial })
    pass(20)
    checkOut(state, id, { plan: plans.business })
    checkOut(state, id, { plan: plans.pro, period: 'month' })
    useBillingCard(state, id, bad)
    pass(90)
    const types = new Set<string>()
    for (const { type, data } of told) {
      const event = {
        object: 'event',
        type,
        timestamp: 1,
        instance_id: state.instanceId,
        event_attributes: { http_request: { client_ip: '', user_agent: '' } },
        data,
      }
      expect([type, checkEvent(event)]).toEqual([type, []])
      types.add(type)
    }
    expect([...types].toSorted()).toEqual([
      'paymentAttempt.created',
      'paymentAttempt.updated',
      'subscription.active',
      'subscription.created',
      'subscription.pastDue',
      'subscription.updated',
      'subscriptionItem.active',
      'subscriptionItem.canceled',
      'subscriptionItem.ended',
      'subscriptionItem.freeTrialEnding',
      'subscriptionItem.pastDue',
      'subscriptionItem.upcoming',
      'subscriptionItem.updated',
    ])
  })
})
