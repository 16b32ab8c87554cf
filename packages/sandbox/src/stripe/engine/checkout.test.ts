import { expect, test } from 'vitest'
import { at, Story } from './story.ts'

test('a checkout makes the customer, the card, the subscription with its metadata, and completes', () => {
  const story = new Story('2026-01-01')
  const session = story.checkout([story.price(1000)], {
    client_reference_id: 'org_1',
    metadata: { from: 'pricing' },
  })
  expect(session).toMatchObject({
    client_reference_id: 'org_1',
    payment_status: 'paid',
    status: 'complete',
    url: null,
  })
  const customer = story.state.customers.get(session.customer ?? '')
  expect(customer?.email).toBe('ada@example.com')
  const subscription = story.state.subscriptions.get(session.subscription ?? '')
  expect(subscription).toMatchObject({ metadata: { org: 'org_1' }, status: 'active' })
  expect(story.state.paymentMethods.get(subscription?.default_payment_method ?? '')?.customer).toBe(
    customer?.id,
  )
  expect(story.state.invoices.get(session.invoice ?? '')).toMatchObject({ amount_paid: 1000, status: 'paid' })
  const told = story.told()
  expect(told[0]).toBe('customer.created')
  expect(told.at(-1)).toBe('checkout.session.completed')
})

test('a checkout with a trial needs no payment now', () => {
  const story = new Story('2026-01-01')
  const session = story.checkout([story.price(1000)], {}, { email: 'ada@example.com' }, 14)
  expect(session.payment_status).toBe('no_payment_required')
  expect(story.state.subscriptions.get(session.subscription ?? '')).toMatchObject({
    status: 'trialing',
    trial_end: at('2026-01-15'),
  })
})

test('a card that attaches fine and fails later pays the checkout and fails the renewal', () => {
  const story = new Story('2026-01-01')
  const session = story.checkout(
    [story.price(1000)],
    { customer: story.customer.id },
    { paymentMethod: 'pm_card_chargeCustomerFail' },
  )
  const subscription = story.state.subscriptions.get(session.subscription ?? '')
  expect(subscription?.status).toBe('active')
  story.advanceTo('2026-02-02')
  expect(subscription?.status).toBe('past_due')
})

test('a one-off payment has an intent and a charge, and no subscription', () => {
  const story = new Story('2026-01-01')
  const price = story.price(4900, 'month', { recurring: null, type: 'one_time' })
  const session = story.checkout([price], { mode: 'payment' })
  expect(session).toMatchObject({ invoice: null, payment_status: 'paid', subscription: null })
  const intent = story.state.paymentIntents.get(session.payment_intent ?? '')
  expect(intent).toMatchObject({ amount_received: 4900, status: 'succeeded' })
  expect(story.state.charges.by('payment_intent', intent?.id ?? '')).toHaveLength(1)
})

test.each([
  [true, 'paid', 'active', 'checkout.session.async_payment_succeeded'],
  [false, 'unpaid', 'past_due', 'checkout.session.async_payment_failed'],
] as const)('a delayed method that arrives: %s, ends %s', (arrived, payment_status, status, event) => {
  const story = new Story('2026-01-01')
  const session = story.checkout([story.price(1000)], {}, { delayed: true, email: 'ada@example.com' })
  const subscription = story.state.subscriptions.get(session.subscription ?? '')
  expect([session.payment_status, subscription?.status]).toEqual(['unpaid', 'active'])
  story.engine.settleCheckout(session, arrived)
  expect([session.payment_status, subscription?.status]).toEqual([payment_status, status])
  expect(story.told('checkout.')).toEqual(['checkout.session.completed', event])
})

test('a session completes once', () => {
  const story = new Story('2026-01-01')
  const session = story.checkout([story.price(1000)])
  expect(() => story.engine.completeCheckout(session, {})).toThrow(expect.objectContaining({ status: 400 }))
  expect(story.state.subscriptions.size).toBe(1)
})
