import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { afterEach, describe, expect, test } from 'vitest'
import { startSandbox } from '../../sandbox.ts'
import { systemClock } from '../../server/clock.ts'
import { Deliverer } from '../../server/deliver.ts'
import { listen } from '../../server/listen.ts'
import { seededRng } from '../../server/rng.ts'
import { createStripeApp } from '../app.ts'
import { StripeKeys } from '../request/keys.ts'
import { StripeState } from '../state.ts'
import { stripeRetriesMs, Webhooks } from '../webhook/webhooks.ts'
import type { BillingSettings } from './billing.ts'
import { Engine } from './engine.ts'
import { at, dateOf } from './story.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A sandbox over HTTP with the official SDK, a customer on a test clock and a monthly price of 10.00. */
async function account(start: string, settings: Partial<BillingSettings> = {}) {
  const state = new StripeState({ clock: systemClock, rng: seededRng('engine') })
  const keys = new StripeKeys()
  keys.add('sk_test_engine')
  const deliverer = new Deliverer({ retriesMs: stripeRetriesMs })
  new Webhooks({ state, deliverer })
  const server = await listen(createStripeApp({ state, keys, engine: new Engine(state, settings) }))
  closing.push(
    () => server.close(),
    () => deliverer.close(),
  )
  const stripe = new Stripe('sk_test_engine', {
    host: '127.0.0.1',
    maxNetworkRetries: 0,
    port: Number(new URL(server.url).port),
    protocol: 'http',
    telemetry: false,
  })
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: at(start) })
  const customer = await stripe.customers.create({ email: 'ada@example.com', test_clock: clock.id })
  const price = await stripe.prices.create({
    currency: 'usd',
    product_data: { name: 'Pro' },
    recurring: { interval: 'month' },
    unit_amount: 1000,
  })
  const payWith = async (card: string) => {
    const method = await stripe.paymentMethods.attach(card, { customer: customer.id })
    await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } })
  }
  const advanceTo = async (date: string) => {
    const advanced = await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: at(date) })
    expect(advanced.status).toBe('advancing')
    await expect
      .poll(async () => (await stripe.testHelpers.testClocks.retrieve(clock.id)).status)
      .toBe('ready')
  }
  return { advanceTo, clock, customer, deliverer, payWith, price, stripe }
}

/** A receiver of webhooks that keeps bodies and signatures. */
async function receiver() {
  const received: { body: string; signature: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    received.push({ body, signature: String(request.headers['stripe-signature']) })
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

describe('a test clock that is advanced', () => {
  test('ends a trial, bills it, renews, fails, retries and recovers', async () => {
    const { advanceTo, customer, payWith, price, stripe } = await account('2026-01-01')
    await payWith('pm_card_visa')
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      trial_period_days: 14,
    })
    const now = () => stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] })
    expect((await now()).status).toBe('trialing')
    await advanceTo('2026-01-16')
    expect(await now()).toMatchObject({
      latest_invoice: { amount_paid: 1000, status: 'paid' },
      status: 'active',
    })
    await payWith('pm_card_chargeCustomerFail')
    await advanceTo('2026-02-16')
    expect(await now()).toMatchObject({
      latest_invoice: { attempt_count: 1, next_payment_attempt: at('2026-02-18T01:00:00Z'), status: 'open' },
      status: 'past_due',
    })
    await payWith('pm_card_visa')
    await advanceTo('2026-02-19')
    expect(await now()).toMatchObject({
      latest_invoice: { attempt_count: 2, status: 'paid' },
      status: 'active',
    })
  })

  test('gives up after the last retry as the account is set', async () => {
    const { advanceTo, customer, payWith, price, stripe } = await account('2026-01-31')
    await payWith('pm_card_visa')
    const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
    await payWith('pm_card_chargeCustomerFail')
    await advanceTo('2026-03-20')
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      cancellation_details: { reason: 'payment_failed' },
      ended_at: at('2026-03-15T01:00:00Z'),
      status: 'canceled',
    })
    const events = await stripe.events.list({ limit: 1, type: 'customer.subscription.deleted' })
    expect(events.data[0]?.data.object).toMatchObject({ id, status: 'canceled' })
  })

  test('renews on the last day of a short month', async () => {
    const { advanceTo, customer, payWith, price, stripe } = await account('2026-01-31')
    await payWith('pm_card_visa')
    const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
    await advanceTo('2026-03-01')
    const { items } = await stripe.subscriptions.retrieve(id)
    expect(
      [items.data[0]?.current_period_start, items.data[0]?.current_period_end].map((each) =>
        dateOf(each ?? 0),
      ),
    ).toEqual(['2026-02-28', '2026-03-31'])
  })

  test('carries out a scheduled cancellation', async () => {
    const { advanceTo, customer, payWith, price, stripe } = await account('2026-01-01')
    await payWith('pm_card_visa')
    const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
    await stripe.subscriptions.update(id, { cancel_at_period_end: true })
    await advanceTo('2026-02-02')
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      canceled_at: at('2026-01-01'),
      ended_at: at('2026-02-01'),
      status: 'canceled',
    })
  })

  test('is refused beyond two intervals of the shortest subscription', async () => {
    const { clock, customer, payWith, price, stripe } = await account('2026-01-01')
    await payWith('pm_card_visa')
    await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
    await expect(
      stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: at('2026-03-02') }),
    ).rejects.toMatchObject({ rawType: 'invalid_request_error', statusCode: 400 })
  })
})

test('a declined first payment leaves an incomplete subscription that the SDK can pay', async () => {
  const { customer, payWith, price, stripe } = await account('2026-01-01')
  await payWith('pm_card_chargeCustomerFail')
  const created = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
  expect(created.status).toBe('incomplete')
  const invoice = String(created.latest_invoice)
  await expect(stripe.invoices.pay(invoice)).rejects.toMatchObject({ code: 'card_declined', statusCode: 402 })
  await payWith('pm_card_visa')
  expect((await stripe.invoices.pay(invoice)).status).toBe('paid')
  expect((await stripe.subscriptions.retrieve(created.id)).status).toBe('active')
})

test('error_if_incomplete is a card error, and nothing is kept', async () => {
  const { customer, payWith, price, stripe } = await account('2026-01-01')
  await payWith('pm_card_chargeCustomerFail')
  await expect(
    stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      payment_behavior: 'error_if_incomplete',
    }),
  ).rejects.toBeInstanceOf(Stripe.errors.StripeCardError)
  expect((await stripe.subscriptions.list({ customer: customer.id, status: 'all' })).data).toEqual([])
})

test('an upgrade billed at once is prorated, and the period stays', async () => {
  const { advanceTo, customer, payWith, price, stripe } = await account('2026-04-01')
  await payWith('pm_card_visa')
  const created = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
  await advanceTo('2026-04-16')
  const updated = await stripe.subscriptions.update(created.id, {
    expand: ['latest_invoice'],
    items: [{ id: created.items.data[0]?.id ?? '', quantity: 3 }],
    proration_behavior: 'always_invoice',
  })
  expect(updated.latest_invoice).toMatchObject({ amount_paid: 1000, billing_reason: 'subscription_update' })
  expect(updated.items.data[0]?.current_period_end).toBe(at('2026-05-01'))
})

test('a schedule made from a subscription raises its price at the next phase', async () => {
  const { advanceTo, customer, payWith, price, stripe } = await account('2026-01-01')
  await payWith('pm_card_visa')
  const dearer = await stripe.prices.create({
    currency: 'usd',
    product: String(price.product),
    recurring: { interval: 'month' },
    unit_amount: 2500,
  })
  const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: id })
  const [phase] = schedule.phases
  await stripe.subscriptionSchedules.update(schedule.id, {
    phases: [
      {
        end_date: phase?.end_date ?? 0,
        items: [{ price: price.id, quantity: 1 }],
        start_date: phase?.start_date ?? 0,
      },
      { duration: { interval: 'month', interval_count: 1 }, items: [{ price: dearer.id, quantity: 1 }] },
    ],
  })
  await advanceTo('2026-02-02')
  expect(await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] })).toMatchObject({
    items: { data: [{ price: { id: dearer.id } }] },
    latest_invoice: { amount_paid: 2500 },
  })
  await advanceTo('2026-03-02')
  expect((await stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe('released')
})

test('a feature is granted with the subscription and taken back with it', async () => {
  const { customer, payWith, price, stripe } = await account('2026-01-01')
  await payWith('pm_card_visa')
  const feature = await stripe.entitlements.features.create({ lookup_key: 'reports', name: 'Reports' })
  await stripe.products.createFeature(String(price.product), { entitlement_feature: feature.id })
  const granted = async () =>
    (await stripe.entitlements.activeEntitlements.list({ customer: customer.id })).data.map(
      (each) => each.lookup_key,
    )
  const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
  expect(await granted()).toEqual(['reports'])
  await stripe.subscriptions.cancel(id)
  expect(await granted()).toEqual([])
  const told = await stripe.events.list({ type: 'entitlements.active_entitlement_summary.updated' })
  expect(told.data).toHaveLength(2)
})

test('a life over HTTP is told by webhooks that constructEvent accepts, in the order it happened', async () => {
  const { advanceTo, customer, deliverer, payWith, price, stripe } = await account('2026-01-01')
  const { received, url } = await receiver()
  const endpoint = await stripe.webhookEndpoints.create({
    enabled_events: ['customer.subscription.created', 'customer.subscription.updated', 'invoice.paid'],
    url,
  })
  await payWith('pm_card_visa')
  const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
  await advanceTo('2026-02-02')
  await deliverer.drain()
  const events = received.map(({ body, signature }) =>
    stripe.webhooks.constructEvent(body, signature, endpoint.secret ?? ''),
  )
  expect(events.map(({ type }) => type)).toEqual([
    'customer.subscription.created',
    'invoice.paid',
    'customer.subscription.updated',
    'invoice.paid',
  ])
  expect(events[0]?.data.object).toMatchObject({ id })
  expect((await stripe.events.list({ delivery_success: false })).data).toEqual([])
})

test('a thin event leads to the object as it is now', async () => {
  const { customer, deliverer, payWith, price, stripe } = await account('2026-01-01')
  const { received, url } = await receiver()
  const destination = await stripe.v2.core.eventDestinations.create({
    enabled_events: ['v1.customer.subscription.created'],
    event_payload: 'thin',
    include: ['webhook_endpoint.signing_secret'],
    name: 'App',
    type: 'webhook_endpoint',
    webhook_endpoint: { url },
  })
  await payWith('pm_card_visa')
  const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
  await deliverer.drain()
  const [one] = received
  const notification = stripe.parseEventNotification(
    one?.body ?? '',
    one?.signature ?? '',
    destination.webhook_endpoint?.signing_secret ?? '',
  )
  expect(notification.type).toBe('v1.customer.subscription.created')
  const related = await (
    notification as unknown as { fetchRelatedObject(): Promise<unknown> }
  ).fetchRelatedObject()
  expect(related).toMatchObject({ id, status: 'active' })
})

test('a running sandbox steers its billing under /_sandbox/stripe, and still answers like Stripe elsewhere', async () => {
  const sandbox = await startSandbox({ world: 'empty' })
  closing.push(() => sandbox.close())
  const set = await fetch(`${sandbox.stripe.url}/_sandbox/stripe/settings`, {
    body: JSON.stringify({ whenRetriesFail: 'unpaid' }),
    method: 'POST',
  })
  expect(await set.json()).toMatchObject({ retryDays: [3, 5, 7], whenRetriesFail: 'unpaid' })
  const unknown = await fetch(`${sandbox.stripe.url}/v1/nothing`)
  expect(unknown.status).toBe(404)
  expect(await unknown.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
})
