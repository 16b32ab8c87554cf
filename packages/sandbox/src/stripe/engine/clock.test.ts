import { expect, test } from 'vitest'
import { ManualClock } from '../../server/clock.ts'
import { seededRng } from '../../server/rng.ts'
import {
  makeCustomer,
  makePrice,
  makeSchedule,
  makeSchedulePhase,
  makeSubscription,
  makeSubscriptionItem,
} from '../objects/index.ts'
import { StripeState } from '../state.ts'
import { Engine } from './engine.ts'
import { at, Story } from './story.ts'

test('a clock that is advanced answers advancing, is ready afterwards, and tells both', () => {
  const story = new Story('2026-01-01')
  const answer = story.engine.advanceClock(story.clock, at('2026-01-02'))
  expect(answer).toMatchObject({
    status: 'advancing',
    status_details: { advancing: { target_frozen_time: at('2026-01-02') } },
  })
  expect(story.clock).toMatchObject({ frozen_time: at('2026-01-02'), status: 'ready', status_details: {} })
  expect(story.told()).toEqual(['test_helpers.test_clock.advancing', 'test_helpers.test_clock.ready'])
})

test.each([
  ['back', '2025-12-31'],
  ['nowhere', '2026-01-01'],
  ['further than two intervals of the shortest subscription', '2026-03-01T00:00:01Z'],
])('a clock does not go %s', (_where, to) => {
  const story = new Story('2026-01-01')
  story.subscribe()
  story.told()
  expect(() => story.engine.advanceClock(story.clock, at(to))).toThrow(
    expect.objectContaining({ status: 400, fields: expect.objectContaining({ param: 'frozen_time' }) }),
  )
  expect(story.clock.frozen_time).toBe(at('2026-01-01'))
  expect(story.told()).toEqual([])
})

test('two intervals are allowed, and everything between happens in order at its own time', () => {
  const story = new Story('2026-01-01')
  const subscription = story.subscribe()
  story.engine.advanceClock(story.clock, at('2026-03-01'))
  expect(story.invoices(subscription).map(({ created }) => created)).toEqual([
    at('2026-01-01'),
    at('2026-02-01'),
    at('2026-03-01'),
  ])
  expect(story.invoices(subscription)[1]?.status_transitions.paid_at).toBe(at('2026-02-01T01:00:00Z'))
})

test('the result does not depend on the size of the steps', () => {
  const run = (step: number) => {
    const story = new Story('2026-01-31')
    const subscription = story.subscribe({ trialPeriodDays: 10 })
    story.payWith('pm_card_chargeCustomerFail')
    story.advanceTo('2026-02-20', step)
    story.payWith('pm_card_visa')
    story.advanceTo('2026-05-20', step)
    const { status, billing_cycle_anchor, ended_at } = subscription
    const invoices = story.invoices(subscription)
    return {
      status,
      billing_cycle_anchor,
      ended_at,
      invoices: invoices.map(({ created, status, attempt_count, total }) => [
        created,
        status,
        attempt_count,
        total,
      ]),
      events: story.told('customer.subscription.'),
    }
  }
  expect(run(1)).toEqual(run(28))
})

test('a clock moves only its own customers', () => {
  const story = new Story('2026-01-01')
  const other = story.checkout([story.price(1000)])
  story.subscribe()
  story.advanceTo('2026-02-02')
  const subscription = story.state.subscriptions.get(other.subscription ?? '')
  expect(subscription?.test_clock).toBeNull()
  expect(story.state.invoices.by('subscription', subscription?.id ?? '')).toHaveLength(1)
})

test('deleting a clock deletes its customers and their subscriptions', () => {
  const story = new Story('2026-01-01')
  story.subscribe()
  story.engine.deleteClock(story.clock)
  expect([story.state.customers.size, story.state.subscriptions.size, story.state.testClocks.size]).toEqual([
    0, 0, 0,
  ])
  expect(story.told('test_helpers')).toEqual(['test_helpers.test_clock.deleted'])
})

test('customers without a clock live by the sandbox, when it is told to catch up', () => {
  const clock = new ManualClock(new Date('2026-01-01T00:00:00Z'))
  const state = new StripeState({ clock, rng: seededRng('catch-up') })
  const engine = new Engine(state)
  const customer = state.customers.insert(
    makeCustomer({ id: 'cus_1', created: state.now(), default_source: 'pm_card_visa' }),
  )
  const price = state.prices.insert(makePrice({ id: 'price_1', created: 0, product: 'prod_1' }))
  const items = [makeSubscriptionItem({ id: 'si_1', created: state.now(), price, subscription: 'sub_1' })]
  engine.startSubscription(
    makeSubscription({ id: 'sub_1', created: state.now(), customer: customer.id, items }),
    {
      addInvoiceItems: [],
      paymentBehavior: 'allow_incomplete',
      prorationBehavior: 'create_prorations',
      trialFromPlan: false,
    },
  )
  clock.set(new Date('2026-03-05T00:00:00Z'))
  expect(state.invoices.size).toBe(1)
  engine.catchUp()
  expect(state.invoices.all().map(({ created, status }) => [created, status])).toEqual([
    [at('2026-01-01'), 'paid'],
    [at('2026-02-01'), 'paid'],
    [at('2026-03-01'), 'paid'],
  ])
  expect(state.now()).toBe(at('2026-03-05'))
})

test('a clock that meets what cannot be done says so, and is not left advancing', () => {
  const story = new Story('2026-01-01')
  const price = { billing_thresholds: null, discounts: [], metadata: {}, tax_rates: [], quantity: 1 }
  const items = [{ ...price, plan: 'price_gone', price: 'price_gone' }]
  story.schedule([makeSchedulePhase({ start_date: at('2026-01-10'), end_date: at('2026-02-10'), items })])
  expect(() => story.engine.advanceClock(story.clock, at('2026-01-11'))).toThrow('No such price')
  expect(story.clock.status).toBe('internal_failure')
  expect(story.told('test_helpers')).toEqual([
    'test_helpers.test_clock.advancing',
    'test_helpers.test_clock.internal_failure',
  ])
})

test('what was loaded without items, or without its subscription, does not hold time up', () => {
  const story = new Story('2026-01-01')
  const born = { created: at('2026-01-01'), customer: story.customer.id, test_clock: story.clock.id }
  story.state.subscriptions.insert(makeSubscription({ ...born, id: 'sub_bare' }))
  const schedule = story.state.schedules.insert(
    makeSchedule({
      ...born,
      current_phase: { end_date: at('2026-01-05'), start_date: at('2026-01-01') },
      id: 'sub_sched_bare',
      status: 'active',
      subscription: 'sub_gone',
    }),
  )
  story.engine.advanceClock(story.clock, at('2026-01-20'))
  expect(story.clock.status).toBe('ready')
  expect(schedule.status).toBe('canceled')
})
