import type { SubjectId } from '@trueup/core'
import { afterEach, expect, it } from 'vitest'
import { makeOrganization, startTestApp, type TestApp, type TestAppOptions } from '../testbed/test-app.ts'
import { mirroredAccess } from './mirror-access.ts'

let app: TestApp<never>
afterEach(() => app?.close())

async function subscribed(given: TestAppOptions<never> = {}): Promise<SubjectId> {
  app = await startTestApp<never>({ webhooks: false, ...given })
  const subject = await makeOrganization(app)
  const customer = await app.billing.customer(subject)
  const method = await app.stripe.paymentMethods.attach('pm_card_visa', { customer })
  await app.stripe.subscriptions.create({
    customer,
    items: [{ price: 'price_1TeamMonthly', quantity: 2 }],
    default_payment_method: method.id,
  })
  return subject
}
const organization = ({ id }: SubjectId) => app.clerk.organizations.getOrganization({ organizationId: id })
const writes = () =>
  app.faults.clerk.requests
    .last()
    .filter(({ method, path }) => method === 'PATCH' && path.endsWith('/metadata')).length

it("only our own keys are written, and the app's stay", async () => {
  const subject = await subscribed()
  await app.clerk.organizations.updateOrganizationMetadata(subject.id, {
    publicMetadata: { theme: 'dark' },
    privateMetadata: { note: 'vip' },
  })
  await app.billing.resync(subject)
  const { publicMetadata, privateMetadata } = await organization(subject)
  expect(publicMetadata).toEqual({
    theme: 'dark',
    billing: {
      plan: 'team',
      paid: true,
      reason: 'paid',
      entitlements: ['export', 'reports', 'sso'],
      seats: 2,
    },
  })
  expect(privateMetadata).toEqual({ note: 'vip', stripe_customer_id: expect.stringMatching(/^cus_/) })
})

it('Clerk is told of a change once, and not of what it knows', async () => {
  const subject = await subscribed()
  await app.billing.resync(subject)
  await app.billing.resync(subject)
  await app.billing.resync(subject)
  expect(writes()).toBe(1)
  const [subscription] = app.world.stripe.subscriptions.all()
  await app.stripe.subscriptions.cancel(subscription?.id ?? '')
  await app.billing.resync(subject)
  expect(writes()).toBe(2)
  expect((await organization(subject)).publicMetadata).toMatchObject({
    billing: { plan: 'free', reason: 'inactive' },
  })
})

it('the keys are chosen, or nothing is mirrored', async () => {
  const subject = await subscribed({ options: { mirror: { key: 'plan_facts', customerKey: 'customer' } } })
  await app.billing.resync(subject)
  expect(await organization(subject)).toMatchObject({
    publicMetadata: { plan_facts: { plan: 'team' } },
    privateMetadata: { customer: expect.stringMatching(/^cus_/) },
  })
  const other = await makeOrganization(app, 'Other')
  await app.another({ mirror: false }).resync(other)
  expect((await organization(other)).publicMetadata).toEqual({})
})

it('a failure of Clerk is made good, and access does not wait for it', async () => {
  const subject = await subscribed()
  app.faults.clerk.add({ kind: 'rate-limited', retryAfterSeconds: 30, method: 'PATCH', limit: 1 })
  expect(await app.billing.resync(subject)).toMatchObject({ plan: 'team' })
  expect((await organization(subject)).publicMetadata).toEqual({})
  app.clock.advance(29_000)
  await app.billing.work()
  expect((await organization(subject)).publicMetadata).toEqual({})
  app.clock.advance(2_000)
  await app.billing.work()
  expect((await organization(subject)).publicMetadata).toMatchObject({ billing: { plan: 'team' } })
})

it('of one subject Clerk is told at most eight times in ten seconds, and then of the last', async () => {
  const subject = await subscribed()
  const [subscription] = app.world.stripe.subscriptions.all()
  const item = subscription?.items.data[0]
  for (let seats = 3; seats < 20; seats += 1) {
    Object.assign(item ?? {}, { quantity: seats })
    await app.billing.resync(subject)
  }
  expect(writes()).toBe(8)
  app.clock.advance(10_001)
  await app.billing.work()
  expect((await organization(subject)).publicMetadata).toMatchObject({ billing: { seats: 19 } })
  expect(writes()).toBe(9)
})

it('features that take too much room for a session token are left out', () => {
  const entitlements = Array.from({ length: 100 }, (_, n) => `a-feature-with-a-long-name-${n}`)
  const access = { plan: 'pro', paid: true, trialEndsAt: null, entitlements, seats: null }
  expect(mirroredAccess(access, 'paid').entitlements).toEqual([])
  expect(mirroredAccess({ ...access, entitlements: ['reports'] }, 'paid').entitlements).toEqual(['reports'])
})

it('where Clerk has no room left the work is kept, and says so', async () => {
  const subject = await subscribed()
  await app.clerk.organizations.updateOrganizationMetadata(subject.id, {
    publicMetadata: { filler: 'x'.repeat(8_100) },
  })
  await app.billing.resync(subject)
  expect((await app.billing.waiting()).find(({ kind }) => kind === 'mirror')).toMatchObject({
    lastError: expect.stringContaining('metadata-full'),
  })
})
