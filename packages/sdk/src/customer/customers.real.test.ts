import type { SubjectId } from '@trueup/core'
import { afterEach, expect, it } from 'vitest'
import type { Problem } from '../options.ts'
import {
  adminOf,
  makeOrganization,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from '../testbed/test-app.ts'

let app: TestApp<never>
afterEach(() => app.close())
const urls = { successUrl: '/done', cancelUrl: '/billing' }

async function start(given: TestAppOptions<never> = {}): Promise<SubjectId> {
  app = await startTestApp<never>({ webhooks: false, ...given })
  return makeOrganization(app)
}
const customers = () => app.world.stripe.customers.all()
const hourMs = 3_600_000

it('a customer names its subject, has its name, and is made by Clerk’s webhook', async () => {
  app = await startTestApp<never>()
  const subject = await makeOrganization(app, 'Acme')
  await app.drain()
  expect(customers()).toMatchObject([{ name: 'Acme', metadata: { organization_id: subject.id } }])
})

it('on demand no customer is made before the first checkout', async () => {
  app = await startTestApp<never>({ options: { customers: 'on-demand' } })
  const subject = await makeOrganization(app)
  await app.drain()
  expect(customers()).toEqual([])
  await app.billing.checkout({ by: adminOf(subject), plan: 'pro', interval: 'month', ...urls })
  expect(customers()).toHaveLength(1)
})

it('a user is a customer with name and email', async () => {
  app = await startTestApp<never>({ webhooks: false, options: { subject: 'user' } })
  const { id } = await app.clerk.users.createUser({
    emailAddress: ['ada@example.com'],
    firstName: 'Ada',
    lastName: 'Park',
    skipPasswordRequirement: true,
  })
  await app.billing.customer({ type: 'user', id })
  expect(customers()).toMatchObject([
    { name: 'Ada Park', email: 'ada@example.com', metadata: { user_id: id } },
  ])
})

it.each([
  ['that did nothing', false],
  ['that made the customer all the same', true],
])('a failure %s ends with one customer', async (_, applied) => {
  const subject = await start()
  app.faults.stripe.add({
    kind: 'server-error',
    status: 500,
    method: 'POST',
    route: '/v1/customers',
    limit: 4,
    applied,
  })
  await app.billing.customer(subject).catch(() => null)
  const id = await app.billing.customer(subject)
  expect(customers().map((customer) => customer.id)).toEqual([id])
})

it('a failure that Stripe repeats for its key is not the last word', async () => {
  const subject = await start()
  const tried: string[] = []
  const billing = app.another({
    // Stripe keeps the failure with the key: whoever sends the same key again is given the same failure.
    stripe: app.stripeOver(async (...request) => {
      const [url, init] = request
      const key = new Headers(init?.headers).get('idempotency-key') ?? ''
      if (init?.method !== 'POST' || !String(url).endsWith('/v1/customers')) return fetch(...request)
      tried.push(key)
      if (!key.endsWith('-1')) return fetch(...request)
      const body = JSON.stringify({ error: { type: 'api_error', message: 'An error occurred.' } })
      return new Response(body, { status: 500, headers: { 'content-type': 'application/json' } })
    }),
  })
  await billing.customer(subject)
  expect(customers()).toHaveLength(1)
  expect(new Set(tried).size).toBe(2)
})

it('a customer whose making was never answered is found a day later, when its key is forgotten', async () => {
  const subject = await start()
  app.faults.stripe.add({ kind: 'reset', applied: true, method: 'POST', route: '/v1/customers', limit: 3 })
  await expect(app.billing.customer(subject)).rejects.toMatchObject({
    code: 'vendor-failed',
    retryable: true,
  })
  expect(customers()).toHaveLength(1)
  app.clock.advance(25 * hourMs)
  expect(await app.billing.customer(subject)).toBe(customers()[0]?.id)
  expect(customers()).toHaveLength(1)
})

it('a subject that Clerk does not have is given no customer', async () => {
  await start()
  const nobody: SubjectId = { type: 'organization', id: 'org_nobody' }
  await expect(app.billing.customer(nobody)).rejects.toMatchObject({ code: 'subject-not-found' })
  expect(customers()).toEqual([])
})

it('an organization that is renamed renames its customer', async () => {
  app = await startTestApp<never>()
  const subject = await makeOrganization(app, 'Acme')
  await app.drain()
  await app.clerk.organizations.updateOrganization(subject.id, { name: 'Acme & Sons' })
  await app.drain()
  expect(customers()).toMatchObject([{ name: 'Acme & Sons' }])
})

async function subscribed(given: TestAppOptions<never>): Promise<SubjectId> {
  app = await startTestApp<never>(given)
  const subject = await makeOrganization(app)
  const customer = await app.billing.customer(subject)
  const method = await app.stripe.paymentMethods.attach('pm_card_visa', { customer })
  await app.stripe.subscriptions.create({
    customer,
    items: [{ price: 'price_1ProMonthly' }],
    default_payment_method: method.id,
  })
  await app.drain()
  expect(await app.billing.access(subject)).toMatchObject({ plan: 'pro' })
  return subject
}

it.each([
  ['report', 'active', ['deleted-and-billed']],
  ['block', 'active', ['deleted-and-billed']],
  ['cancel', 'canceled', []],
] as const)(
  'a subject that is deleted and pays: %s leaves its subscription %s',
  async (whenDeleted, status, told) => {
    const problems: Problem[] = []
    const subject = await subscribed({
      options: { whenDeleted, onProblem: (problem) => void problems.push(problem) },
    })
    await app.clerk.organizations.deleteOrganization(subject.id)
    await app.drain()
    expect(app.world.stripe.subscriptions.all().map((each) => each.status)).toEqual([status])
    expect(problems.map(({ code }) => code)).toEqual(told)
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'free', reason: 'deleted' })
    await expect(app.billing.customer(subject)).rejects.toMatchObject({ code: 'subject-deleted' })
    expect(customers()).toHaveLength(1)
  },
)

it('a checkout that was open when its organization was deleted cannot be paid', async () => {
  app = await startTestApp<never>()
  const subject = await makeOrganization(app)
  const begun = await app.billing.checkout({ by: adminOf(subject), plan: 'pro', interval: 'month', ...urls })
  if (begun.kind !== 'checkout') throw new Error('A first checkout leads to the checkout.')
  await app.clerk.organizations.deleteOrganization(subject.id)
  await app.drain()
  expect(app.world.stripe.checkoutSessions.get(begun.sessionId)?.status).toBe('expired')
})

it.each([
  ['report', 'active', ['deleted-and-billed']],
  ['cancel', 'canceled', []],
] as const)(
  'a subscription that begins after its organization was deleted: %s leaves it %s',
  async (whenDeleted, status, told) => {
    const problems: Problem[] = []
    app = await startTestApp<never>({
      options: { whenDeleted, onProblem: (problem) => void problems.push(problem) },
    })
    const subject = await makeOrganization(app)
    const customer = await app.billing.customer(subject)
    await app.clerk.organizations.deleteOrganization(subject.id)
    await app.drain()
    expect(await app.billing.access(subject)).toMatchObject({ reason: 'deleted' })
    const method = await app.stripe.paymentMethods.attach('pm_card_visa', { customer })
    const { id } = await app.stripe.subscriptions.create({
      customer,
      items: [{ price: 'price_1ProMonthly' }],
      default_payment_method: method.id,
    })
    await app.drain()
    expect(app.world.stripe.subscriptions.get(id)?.status).toBe(status)
    expect(problems.map(({ code }) => code)).toEqual(told)
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'free', reason: 'deleted' })
  },
)

it('who pays cannot be deleted where that is blocked, and can afterwards', async () => {
  const subject = await subscribed({ options: { whenDeleted: 'block' } })
  await expect(app.billing.assertDeletable(subject)).rejects.toMatchObject({ code: 'subscription-live' })
  for (const { id } of app.world.stripe.subscriptions.all()) await app.stripe.subscriptions.cancel(id)
  await app.billing.assertDeletable(subject)
})

it('a customer that is deleted in Stripe is made anew at the next checkout', async () => {
  const subject = await subscribed({})
  const first = await app.billing.customer(subject)
  await app.stripe.customers.del(first)
  await app.drain()
  expect(await app.billing.access(subject)).toMatchObject({ plan: 'free' })
  expect(await app.billing.customer(subject)).not.toBe(first)
})

it('a customer that names a subject is taken over, and a second one is told of', async () => {
  const problems: Problem[] = []
  app = await startTestApp<never>({
    options: { customers: 'on-demand', onProblem: (problem) => void problems.push(problem) },
  })
  const subject = await makeOrganization(app)
  const metadata = { organization_id: subject.id }
  const { id } = await app.stripe.customers.create({ metadata })
  await app.drain()
  expect(await app.billing.customer(subject)).toBe(id)
  const second = await app.stripe.customers.create({ metadata })
  await app.drain()
  expect(await app.billing.customer(subject)).toBe(id)
  expect(problems).toMatchObject([{ code: 'customer-shared', subject, customerId: second.id }])
})

it('who pays for a plan and names nobody is told of, and taken over once the subject is named', async () => {
  const problems: Problem[] = []
  app = await startTestApp<never>({
    options: { customers: 'on-demand', onProblem: (problem) => void problems.push(problem) },
  })
  const { id: customer } = await app.stripe.customers.create({ email: 'buyer@example.com' })
  const method = await app.stripe.paymentMethods.attach('pm_card_visa', { customer })
  await app.stripe.subscriptions.create({
    customer,
    items: [{ price: 'price_1ProMonthly' }],
    default_payment_method: method.id,
  })
  await app.drain()
  expect(problems.at(-1)).toMatchObject({ code: 'customer-unmatched', subject: null, customerId: customer })
  const subject = await makeOrganization(app)
  await app.stripe.customers.update(customer, { metadata: { organization_id: subject.id } })
  await app.drain()
  expect(await app.billing.access(subject)).toMatchObject({ plan: 'pro', reason: 'paid' })
})

it('a customer of something else, who names nobody, is left alone', async () => {
  const problems: Problem[] = []
  app = await startTestApp<never>({ options: { onProblem: (problem) => void problems.push(problem) } })
  const { id } = await app.stripe.customers.create({ email: 'other@example.com' })
  await app.drain()
  expect(await app.store.unit((unit) => unit.subjectOfCustomer(id))).toBeNull()
  expect(await app.billing.waiting()).toEqual([])
  expect(problems).toEqual([])
})
