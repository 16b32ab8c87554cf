import { expect, test } from 'vitest'
import { makeSchedulePhase, type Price, type SchedulePhase } from '../objects/index.ts'
import { at, Story } from './story.ts'

const phase = (start: string, end: string, price: Price, fields: Partial<SchedulePhase> = {}) =>
  makeSchedulePhase({
    start_date: at(start),
    end_date: at(end),
    items: [
      {
        billing_thresholds: null,
        discounts: [],
        metadata: {},
        plan: price.id,
        price: price.id,
        quantity: 1,
        tax_rates: [],
      },
    ],
    ...fields,
  })

function subscriptionOf(story: Story) {
  const [subscription] = story.state.subscriptions.all()
  if (subscription === undefined) throw new Error('There is no subscription.')
  return subscription
}

test('a schedule for later waits, then makes its subscription', () => {
  const story = new Story('2026-01-01')
  const schedule = story.schedule([phase('2026-01-10', '2026-02-10', story.price(1000))])
  expect(schedule).toMatchObject({ current_phase: null, status: 'not_started', subscription: null })
  story.advanceTo('2026-01-11')
  expect(schedule).toMatchObject({ status: 'active', subscription: subscriptionOf(story).id })
  expect(subscriptionOf(story)).toMatchObject({ schedule: schedule.id, status: 'active' })
})

test('phases follow one another, the next period costs what its phase says, and release lets it go on', () => {
  const story = new Story('2026-01-01')
  const [low, high] = [story.price(1000), story.price(2500)]
  const schedule = story.schedule([
    phase('2026-01-01', '2026-02-01', low),
    phase('2026-02-01', '2026-03-01', high),
  ])
  const subscription = subscriptionOf(story)
  const item = subscription.items.data[0]?.id
  story.advanceTo('2026-02-02')
  expect(schedule.current_phase).toEqual({ end_date: at('2026-03-01'), start_date: at('2026-02-01') })
  expect(subscription.items.data).toMatchObject([{ id: item, price: { id: high.id } }])
  expect(story.latestInvoice(subscription).total).toBe(2500)
  story.advanceTo('2026-03-02')
  expect(schedule).toMatchObject({
    released_at: at('2026-03-01'),
    released_subscription: subscription.id,
    status: 'released',
    subscription: null,
  })
  expect(subscription).toMatchObject({ schedule: null, status: 'active' })
  expect(story.told('subscription_schedule.').filter((type) => !type.endsWith('updated'))).toEqual([
    'subscription_schedule.created',
    'subscription_schedule.released',
  ])
})

test('end_behavior cancel shows the planned end and ends with the last phase', () => {
  const story = new Story('2026-01-01')
  const schedule = story.schedule([phase('2026-01-01', '2026-02-01', story.price(1000))], {
    end_behavior: 'cancel',
  })
  expect(subscriptionOf(story).cancel_at).toBe(at('2026-02-01'))
  story.advanceTo('2026-02-02')
  expect(schedule).toMatchObject({ completed_at: at('2026-02-01'), status: 'completed' })
  expect(subscriptionOf(story)).toMatchObject({ ended_at: at('2026-02-01'), status: 'canceled' })
  expect(story.invoices(subscriptionOf(story))).toHaveLength(1)
})

test('end_behavior renew repeats the last phase', () => {
  const story = new Story('2026-01-01')
  const schedule = story.schedule([phase('2026-01-01', '2026-02-01', story.price(1000))], {
    end_behavior: 'renew',
  })
  story.advanceTo('2026-02-02')
  expect(schedule).toMatchObject({ status: 'active', current_phase: { start_date: at('2026-02-01') } })
})

test('canceling a schedule cancels its subscription; releasing it does not', () => {
  const story = new Story('2026-01-01')
  const canceled = story.schedule([phase('2026-01-01', '2026-02-01', story.price(1000))])
  const led = story.state.subscriptions.get(canceled.subscription ?? '')
  story.engine.cancelSchedule(canceled, { invoiceNow: false, prorate: false })
  expect([canceled.status, led?.status]).toEqual(['canceled', 'canceled'])
  const released = story.schedule([phase('2026-01-01', '2026-02-01', story.price(1000))])
  const free = story.state.subscriptions.get(released.subscription ?? '')
  story.engine.releaseSchedule(released, { preserveCancelDate: false })
  expect([released.status, free?.status, free?.schedule]).toEqual(['released', 'active', null])
})

test('a subscription canceled by hand takes its schedule along', () => {
  const story = new Story('2026-01-01')
  const schedule = story.schedule([phase('2026-01-01', '2026-02-01', story.price(1000))])
  story.engine.cancelSubscription(subscriptionOf(story), { invoiceNow: false, prorate: false })
  expect(schedule).toMatchObject({ canceled_at: at('2026-01-01'), status: 'canceled' })
})

test('a change of the running phase reaches the subscription, one of a later phase waits', () => {
  const story = new Story('2026-01-01')
  const [low, high] = [story.price(1000), story.price(2500)]
  const first = phase('2026-01-01', '2026-02-01', low)
  const schedule = story.schedule([first])
  const later = [first, phase('2026-02-01', '2026-03-01', high)]
  story.engine.updateSchedule(schedule, { phases: later, prorationBehavior: 'none' })
  expect(subscriptionOf(story).items.data[0]?.price.id).toBe(low.id)
  story.engine.updateSchedule(schedule, {
    phases: [phase('2026-01-01', '2026-02-01', high)],
    prorationBehavior: 'none',
  })
  expect(subscriptionOf(story).items.data[0]?.price.id).toBe(high.id)
})

test('a schedule may take over a subscription that runs', () => {
  const story = new Story('2026-01-01')
  const [low, high] = [story.price(1000), story.price(2500)]
  const subscription = story.subscribe({ prices: [low] })
  const schedule = story.schedule(
    [phase('2026-01-01', '2026-02-01', low), phase('2026-02-01', '2026-03-01', high)],
    { subscription: subscription.id },
  )
  expect([schedule.status, subscription.schedule]).toEqual(['active', schedule.id])
  story.advanceTo('2026-02-02')
  expect(story.latestInvoice(subscription).total).toBe(2500)
})
