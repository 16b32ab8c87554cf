import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { afterEach, expect, test } from 'vitest'
import { ManualClock, systemClock } from '../../server/clock.ts'
import { Deliverer } from '../../server/deliver.ts'
import { seededRng } from '../../server/rng.ts'
import { Engine } from '../engine/engine.ts'
import {
  makeCustomer,
  makeEventDestination,
  makePrice,
  makeSubscription,
  makeSubscriptionItem,
  makeTestClock,
  makeWebhookEndpoint,
  type WebhookEndpoint,
} from '../objects/index.ts'
import { StripeState } from '../state.ts'
import { stripeRetriesMs, Webhooks } from './webhooks.ts'

interface Received {
  readonly body: string
  readonly signature: string
}

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const stripe = new Stripe('sk_test_x', { telemetry: false })

/** A receiver that answers with the statuses given, one a request, then with 200. */
async function receiver(statuses: number[] = []) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    received.push({ body: await textOf(request), signature: String(request.headers['stripe-signature']) })
    response.writeHead(statuses.shift() ?? 200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

function sandbox() {
  const state = new StripeState({ clock: systemClock, rng: seededRng('webhooks') })
  const deliverer = new Deliverer({ retriesMs: stripeRetriesMs })
  closing.push(() => deliverer.close())
  const webhooks = new Webhooks({ state, deliverer })
  const endpoint = (url: string, fields: Partial<WebhookEndpoint> = {}) =>
    state.webhookEndpoints.insert(
      makeWebhookEndpoint({
        id: state.ids.next('we'),
        created: state.now(),
        secret: 'whsec_first',
        url,
        ...fields,
      }),
    )
  const happen = (type = 'customer.created') =>
    state.emit(
      type,
      makeCustomer({ id: state.ids.next('cus'), created: state.now(), email: 'ada@example.com' }),
    )
  return { deliverer, endpoint, happen, state, webhooks }
}

function startSubscription(state: StripeState) {
  const clock = state.testClocks.insert(
    makeTestClock({ id: state.ids.next('clock'), created: 0, frozen_time: 1_767_225_600 }),
  )
  const customer = state.customers.insert(
    makeCustomer({
      id: state.ids.next('cus'),
      created: 0,
      default_source: 'pm_card_visa',
      test_clock: clock.id,
    }),
  )
  const price = state.prices.insert(makePrice({ id: 'price_1', created: 0, product: 'prod_1' }))
  const id = state.ids.next('sub')
  const items = [makeSubscriptionItem({ id: 'si_1', created: 0, price, subscription: id })]
  const engine = new Engine(state)
  const subscription = engine.startSubscription(
    makeSubscription({ id, created: 0, customer: customer.id, items }),
    {
      addInvoiceItems: [],
      paymentBehavior: 'allow_incomplete',
      prorationBehavior: 'create_prorations',
      trialFromPlan: false,
    },
  )
  return { clock, engine, subscription }
}

test("the official SDK accepts a signed event, and refuses one of another endpoint's secret", async () => {
  const { deliverer, endpoint, happen } = sandbox()
  const { received, url } = await receiver()
  endpoint(url)
  const event = happen()
  await deliverer.drain()
  const [one] = received
  const read = stripe.webhooks.constructEvent(one?.body ?? '', one?.signature ?? '', 'whsec_first')
  expect(read).toMatchObject({ id: event.id, pending_webhooks: 1, type: 'customer.created' })
  expect(() => stripe.webhooks.constructEvent(one?.body ?? '', one?.signature ?? '', 'whsec_other')).toThrow()
})

test('after a secret is rolled both sign, until the old one runs out', async () => {
  const { deliverer, endpoint, happen, webhooks } = sandbox()
  const { received, url } = await receiver()
  const secret = webhooks.rollSecret(endpoint(url).id, 3600)
  happen()
  await deliverer.drain()
  const { body = '', signature = '' } = received[0] ?? {}
  expect(signature.match(/v1=/g)).toHaveLength(2)
  for (const each of ['whsec_first', secret]) {
    expect(stripe.webhooks.constructEvent(body, signature, each).type).toBe('customer.created')
  }
})

test('a secret rolled without a time to live no longer signs', async () => {
  const { deliverer, endpoint, happen, webhooks } = sandbox()
  const { received, url } = await receiver()
  webhooks.rollSecret(endpoint(url).id, 0)
  happen()
  await deliverer.drain()
  expect(received[0]?.signature.match(/v1=/g)).toHaveLength(1)
})

test('an endpoint gets the types that it asked for, and nothing while it is disabled', async () => {
  const { deliverer, endpoint, happen } = sandbox()
  const { received, url } = await receiver()
  const chosen = endpoint(url, { enabled_events: ['customer.updated'] })
  expect(happen('customer.created').pending_webhooks).toBe(0)
  expect(happen('customer.updated').pending_webhooks).toBe(1)
  await deliverer.drain()
  chosen.status = 'disabled'
  happen('customer.updated')
  await deliverer.drain()
  expect(received.map(({ body }) => JSON.parse(body).type)).toEqual(['customer.updated'])
})

test('what has not arrived is counted, also after the last retry', async () => {
  const { deliverer, endpoint, happen, state } = sandbox()
  const down = await receiver([500, 500, 500, 500])
  const up = await receiver([500])
  endpoint(down.url)
  endpoint(up.url)
  const event = happen()
  expect(event.pending_webhooks).toBe(2)
  await deliverer.drain()
  expect(event.pending_webhooks).toBe(1)
  expect(state.undelivered.has(event.id)).toBe(true)
  expect([down.received.length, up.received.length]).toEqual([4, 2])
})

test('a doubled delivery is one event, counted once', async () => {
  const { deliverer, endpoint, happen, state } = sandbox()
  const { received, url } = await receiver()
  endpoint(url)
  deliverer.faults.add({ kind: 'doubled' })
  const event = happen()
  await deliverer.drain()
  expect(received.map(({ body }) => JSON.parse(body).id)).toEqual([event.id, event.id])
  expect(event.pending_webhooks).toBe(0)
  expect(state.undelivered.size).toBe(0)
})

test('a twin is a second event of the same change with an id of its own', async () => {
  const { deliverer, endpoint, happen, state, webhooks } = sandbox()
  const { received, url } = await receiver()
  endpoint(url)
  webhooks.twins.add({ at: [2], event: 'customer.*' })
  happen()
  happen()
  await deliverer.drain()
  const bodies = received.map(({ body }) => JSON.parse(body))
  expect(bodies).toHaveLength(3)
  expect(new Set(bodies.map(({ id }) => id)).size).toBe(3)
  expect(bodies[1].data).toEqual(bodies[2].data)
  expect(state.events.size).toBe(3)
})

test('thin events go to event destinations, and the official SDK parses their notification', async () => {
  const { deliverer, happen, state } = sandbox()
  const { received, url } = await receiver()
  state.eventDestinations.insert(
    makeEventDestination({ id: 'ed_1', created: state.now(), secret: 'whsec_thin', url }),
  )
  const event = happen()
  await deliverer.drain()
  const { body = '', signature = '' } = received[0] ?? {}
  const notification = stripe.parseEventNotification(body, signature, 'whsec_thin')
  expect(notification).toMatchObject({ type: 'v1.customer.created' })
  expect(JSON.parse(body)).toMatchObject({ object: 'v2.core.event', snapshot_event: event.id })
  expect(() => stripe.webhooks.constructEvent(body, signature, 'whsec_thin')).toThrow()
})

test('an endpoint pinned before 2025-03-31 sees the period on the subscription, a newer one on its items', async () => {
  const { deliverer, endpoint, state } = sandbox()
  const [old, current] = [await receiver(), await receiver()]
  const enabled_events = ['customer.subscription.updated', 'invoice.created']
  endpoint(old.url, { api_version: '2024-06-20', enabled_events })
  endpoint(current.url, { enabled_events })
  const { clock, engine, subscription } = startSubscription(state)
  const [item] = subscription.items.data
  const before = item?.current_period_end ?? 0
  engine.advanceClock(clock, before + 10)
  await deliverer.drain()
  const find = (received: readonly Received[], type: string) =>
    received.map(({ body }) => JSON.parse(body)).findLast((event) => event.type === type)
  const [pinned, newest] = [old.received, current.received].map((each) =>
    find(each, 'customer.subscription.updated'),
  )
  expect(pinned.api_version).toBe('2024-06-20')
  expect(pinned.data.object.current_period_end).toBe(item?.current_period_end)
  expect(pinned.data.object.items.data[0]).not.toHaveProperty('current_period_end')
  expect(pinned.data.previous_attributes.current_period_end).toBe(before)
  expect(newest.data.object).not.toHaveProperty('current_period_end')
  expect(newest.data.object.items.data[0].current_period_end).toBe(item?.current_period_end)
  expect(find(old.received, 'invoice.created').data.object.subscription).toBe(subscription.id)
  expect(find(current.received, 'invoice.created').data.object).not.toHaveProperty('subscription')
})

test('an event that is sent again has the same id', async () => {
  const { deliverer, endpoint, happen, webhooks } = sandbox()
  const { received, url } = await receiver()
  endpoint(url)
  const event = happen()
  webhooks.resend(event)
  await deliverer.drain()
  expect(received.map(({ body }) => JSON.parse(body).id)).toEqual([event.id, event.id])
})

test('an endpoint disabled between attempts gets no further ones', async () => {
  const { received, url } = await receiver([500])
  const state = new StripeState({ clock: systemClock, rng: seededRng('off') })
  const clock = new ManualClock(new Date(0))
  const deliverer = new Deliverer({
    clock,
    retriesMs: stripeRetriesMs,
    timer: { sleep: () => new Promise(() => {}) },
  })
  new Webhooks({ state, deliverer })
  const endpoint = state.webhookEndpoints.insert(
    makeWebhookEndpoint({ id: 'we_1', created: 0, secret: 'whsec_first', url }),
  )
  const event = state.emit('customer.created', makeCustomer({ id: 'cus_1', created: 0 }))
  await expect.poll(() => deliverer.deliveries()[0]?.attempts.length).toBe(1)
  endpoint.status = 'disabled'
  await deliverer.drain()
  expect(received).toHaveLength(1)
  expect(deliverer.deliveries()[0]?.state).toBe('given-up')
  expect(event.pending_webhooks).toBe(1)
})
