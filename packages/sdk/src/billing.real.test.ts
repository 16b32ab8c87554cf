import { afterEach, expect, it } from 'vitest'
import { adminOf, makeOrganization, pay, startTestApp, type TestApp } from './testbed/test-app.ts'

let app: TestApp<never>
afterEach(() => app.close())

it('from nothing to paid: customer, checkout, webhook, access, mirror', async () => {
  app = await startTestApp<never>()
  const subject = await makeOrganization(app)
  await app.drain()
  const start = await app.billing.checkout({
    by: adminOf(subject),
    plan: 'pro',
    interval: 'month',
    successUrl: '/billing/done',
    cancelUrl: '/billing',
  })
  if (start.kind !== 'checkout') throw new Error('A first checkout leads to the checkout.')
  expect(await app.billing.access(subject)).toMatchObject({ plan: 'free', paid: false, reason: 'free' })
  pay(app, start.sessionId)
  await app.drain()
  expect(await app.billing.access(subject)).toMatchObject({
    plan: 'pro',
    paid: true,
    reason: 'trial',
    entitlements: ['export', 'reports'],
  })
  const { publicMetadata, privateMetadata } = await app.clerk.organizations.getOrganization({
    organizationId: subject.id,
  })
  expect(publicMetadata).toMatchObject({ billing: { plan: 'pro', paid: true, reason: 'trial' } })
  const [customer] = app.world.stripe.customers.all()
  expect(app.world.stripe.customers.size).toBe(1)
  expect(customer?.metadata).toEqual({ organization_id: subject.id })
  expect(privateMetadata).toEqual({ stripe_customer_id: customer?.id })
  expect(await app.billing.waiting()).toMatchObject([
    { kind: 'read', key: expect.stringContaining('planned') },
  ])
})
