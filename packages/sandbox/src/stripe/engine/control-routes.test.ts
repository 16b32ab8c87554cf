import { expect, test } from 'vitest'
import { Deliverer } from '../../server/deliver.ts'
import { makePaymentMethod, makeWebhookEndpoint } from '../objects/index.ts'
import { Webhooks } from '../webhook/webhooks.ts'
import { billingControlRoutes } from './control-routes.ts'
import { Story } from './story.ts'

function controls() {
  const story = new Story('2026-01-01')
  const webhooks = new Webhooks({ state: story.state, deliverer: new Deliverer() })
  const app = billingControlRoutes({ state: story.state, engine: story.engine, webhooks })
  const post = async (path: string, body: unknown = {}) => {
    const response = await app.request(path, { body: JSON.stringify(body), method: 'POST' })
    return { body: (await response.json()) as Record<string, unknown>, status: response.status }
  }
  return { app, post, story }
}

test('settings decide what happens after the last retry', async () => {
  const { post, story } = controls()
  expect(await post('/settings', { retryDays: [1], whenRetriesFail: 'unpaid' })).toMatchObject({
    body: { draftSeconds: 3600, retryDays: [1], whenRetriesFail: 'unpaid' },
    status: 200,
  })
  const subscription = story.subscribe()
  story.payWith('pm_card_chargeCustomerFail')
  story.advanceTo('2026-02-03')
  expect(subscription.status).toBe('unpaid')
})

test('a card can be made to fail and to work again', async () => {
  const { post, story } = controls()
  const method = story.state.paymentMethods.insert(makePaymentMethod({ id: 'pm_1', created: 0 }))
  story.payWith(method.id)
  const subscription = story.subscribe()
  await post('/payment_methods/pm_1/outcome', { outcome: 'insufficient_funds' })
  story.advanceTo('2026-02-02')
  expect(subscription.status).toBe('past_due')
  await post('/payment_methods/pm_1/outcome', { outcome: 'succeeds' })
  story.advanceTo('2026-02-05')
  expect(subscription.status).toBe('active')
})

test('a charge is disputed and the dispute closed', async () => {
  const { post, story } = controls()
  story.subscribe()
  const charge = story.state.charges.all()[0]?.id
  const { body } = await post(`/charges/${charge}/dispute`, { reason: 'product_not_received' })
  expect(body).toMatchObject({ charge, reason: 'product_not_received', status: 'needs_response' })
  expect((await post(`/disputes/${body.id}/close`, { outcome: 'won' })).body).toMatchObject({ status: 'won' })
  expect(await post(`/disputes/${body.id}/close`, { outcome: 'won' })).toMatchObject({
    body: { error: { code: 'invalid-input' } },
    status: 400,
  })
})

test('a delayed checkout is settled', async () => {
  const { post, story } = controls()
  const session = story.checkout([story.price(1000)], {}, { delayed: true, email: 'ada@example.com' })
  const { body } = await post(`/checkout_sessions/${session.id}/settle`, { arrived: true })
  expect(body).toMatchObject({ payment_status: 'paid' })
})

test('rolling a secret answers the new one', async () => {
  const { post, story } = controls()
  const endpoint = story.state.webhookEndpoints.insert(
    makeWebhookEndpoint({ id: 'we_1', created: 0, secret: 'whsec_first', url: 'http://127.0.0.1:9' }),
  )
  const { body } = await post('/webhook_endpoints/we_1/roll_secret', { old_secret_seconds: 60 })
  expect(body.secret).toBe(endpoint.secret)
  expect(body.secret).not.toBe('whsec_first')
})

test.each([
  ['an unknown object', '/charges/ch_none/dispute', {}, 404, 'unknown-id'],
  ['an unknown endpoint', '/webhook_endpoints/we_none/roll_secret', {}, 404, 'unknown-id'],
  ['a mistyped field', '/settings', { retrydays: [1] }, 400, 'invalid-input'],
  [
    'a value that is not one of the choices',
    '/settings',
    { whenRetriesFail: 'delete' },
    400,
    'invalid-input',
  ],
  ['a missing value', '/payment_methods/pm_1/outcome', {}, 400, 'invalid-input'],
])('%s is refused in words', async (_what, path, input, status, code) => {
  const { post } = controls()
  expect(await post(path, input)).toMatchObject({ body: { error: { code } }, status })
})
