import type { SubjectId } from '@trueup/core'
import { afterEach, expect, it } from 'vitest'
import { adminOf, makeOrganization, pay, startTestApp, type TestApp } from '../testbed/test-app.ts'

let app: TestApp<never>
let subject: SubjectId
afterEach(() => app.close())

const dayMs = 86_400_000

async function pass(days: number): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    app.clock.advance(dayMs)
    app.engine.catchUp()
    await app.drain()
  }
}

/** Bought by the SDK's checkout, whose card Stripe gives to the subscription. */
async function subscribed(options: { readonly webhooks?: false } = {}): Promise<string> {
  app = await startTestApp<never>(options)
  subject = await makeOrganization(app)
  const begun = await app.billing.checkout({
    by: adminOf(subject),
    plan: 'team',
    interval: 'month',
    successUrl: '/done',
    cancelUrl: '/',
  })
  if (begun.kind !== 'checkout') throw new Error('A first checkout leads to the checkout.')
  pay(app, begun.sessionId)
  const [subscription] = app.world.stripe.subscriptions.all()
  expect(subscription?.default_payment_method).toMatch(/^pm_/)
  return subscription?.default_payment_method ?? ''
}

it('a card that is changed in the portal pays what was due, and the app is told', async () => {
  const card = await subscribed()
  await app.drain()
  app.world.stripe.paymentOutcomes.set(card, 'insufficient_funds')
  await pass(32)
  expect(await app.billing.access(subject)).toMatchObject({ plan: 'team', reason: 'grace' })

  const { url } = await app.billing.portal({
    by: adminOf(subject),
    returnUrl: '/billing',
    flow: 'payment-method',
  })
  const body = new URLSearchParams({ card: '4242 4242 4242 4242' })
  const changed = await fetch(`${url}/card`, { method: 'POST', body, redirect: 'manual' })
  expect(changed.headers.get('location')).toBe('https://app.example/billing')
  // Stripe tries again by itself, some days after the first attempt.
  await pass(4)
  expect(await app.billing.access(subject)).toMatchObject({ plan: 'team', reason: 'paid' })
  expect(await app.billing.waiting()).toMatchObject([{ kind: 'read' }])
})

it('the card of a checkout pays on where nobody changes it', async () => {
  const card = await subscribed()
  await app.drain()
  const customer = app.world.stripe.customers.all().find(({ metadata }) => metadata.organization_id)
  expect(customer?.invoice_settings.default_payment_method).toBe(card)
  expect(app.world.stripe.subscriptions.all()).toMatchObject([{ default_payment_method: null }])
  await pass(35)
  expect(app.world.stripe.invoices.all().map(({ status }) => status)).toEqual(['paid', 'paid'])
})

it('a process that dies between the two writes leaves a card that pays, and the next one ends it', async () => {
  const card = await subscribed({ webhooks: false })
  const dying = app.another({
    stripe: app.stripeOver(async (url, request) => {
      if (request?.method === 'POST' && String(url).includes('/v1/subscriptions/')) throw new Error('killed')
      return fetch(url, request)
    }),
  })
  await dying.resync(subject)
  await dying.work()
  const [customer] = app.world.stripe.customers.all()
  expect(customer?.invoice_settings.default_payment_method).toBe(card)
  expect(app.world.stripe.subscriptions.all()).toMatchObject([{ default_payment_method: card }])
  app.clock.advance(60_000)
  await app.billing.work()
  expect(app.world.stripe.subscriptions.all()).toMatchObject([{ default_payment_method: null }])
})
