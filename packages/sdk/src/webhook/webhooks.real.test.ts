import type { SubjectId } from '@trueup/core'
import { afterEach, expect, it } from 'vitest'
import type { Billing } from '../billing.ts'
import { BillingError } from '../billing-error.ts'
import { memoryStore } from '../store/memory/memory-store.ts'
import type { BillingStore } from '../store/store.ts'
import { clerkRequest, stripeRequest } from '../testbed/signed-request.ts'
import { makeOrganization, startTestApp, type TestApp, type TestAppOptions } from '../testbed/test-app.ts'

let app: TestApp<never>
afterEach(() => app.close())

async function start(given: TestAppOptions<never> = {}): Promise<SubjectId> {
  app = await startTestApp<never>({ webhooks: false, ...given })
  return makeOrganization(app)
}
async function subscribe(subject: SubjectId): Promise<void> {
  const customer = await app.billing.customer(subject)
  const method = await app.stripe.paymentMethods.attach('pm_card_visa', { customer })
  await app.stripe.subscriptions.create({
    customer,
    items: [{ price: 'price_1ProMonthly' }],
    default_payment_method: method.id,
  })
}
async function created() {
  const { data } = await app.stripe.events.list({ types: ['customer.subscription.created'] })
  if (!data[0]) throw new Error('A subscription was made.')
  return data[0]
}
const now = () => app.clock.now()
async function send(request: Request, billing: Pick<Billing<never>, 'webhooks'> = app.billing) {
  const vendor = request.url.endsWith('clerk') ? 'clerk' : 'stripe'
  const response = await billing.webhooks[vendor](request)
  return [response.status, Object.values((await response.json()) as object)[0]]
}

it.each<[string, () => Promise<Request>, number, string]>([
  [
    'of the other mode',
    async () => stripeRequest({ ...(await created()), livemode: true }, { now: now() }),
    400,
    'wrong-mode',
  ],
  [
    'of a connected account',
    async () => stripeRequest({ ...(await created()), account: 'acct_1' }, { now: now() }),
    400,
    'wrong-account',
  ],
  [
    'signed by somebody else',
    async () => stripeRequest(await created(), { now: now(), secret: `whsec_${'z'.repeat(32)}` }),
    401,
    'signature-invalid',
  ],
  [
    'of ten minutes ago',
    async () => stripeRequest(await created(), { now: new Date(now().getTime() - 600_000) }),
    401,
    'signature-expired',
  ],
  [
    'that is no event',
    async () => stripeRequest({ object: 'invoice', id: 'in_1' }, { now: now() }),
    400,
    'event-unreadable',
  ],
  ['that is no JSON', async () => stripeRequest('hello', { now: now() }), 400, 'event-unreadable'],
  [
    'that is asked for with GET',
    async () => new Request('https://app.example/stripe'),
    405,
    'method-not-allowed',
  ],
  [
    'of more than a megabyte',
    async () => stripeRequest('x'.repeat(1_100_000), { now: now() }),
    400,
    'body-unreadable',
  ],
])('a webhook %s is refused and leaves nothing', async (_, request, status, reason) => {
  const subject = await start()
  await subscribe(subject)
  expect(await send(await request())).toEqual([status, reason])
  expect((await app.store.subject(subject))?.readAt).toBeNull()
})

it('the connected account that is meant is taken, and no other', async () => {
  const subject = await start()
  await subscribe(subject)
  const secrets = ['whsec_0123456789abcdef0123456789abcdef']
  const connected = app.another({ webhooks: { stripe: { secrets, account: 'acct_1' } } })
  const event = await created()
  expect(await send(stripeRequest({ ...event, account: 'acct_1' }, { now: now() }), connected)).toEqual([
    200,
    'new',
  ])
  expect(await send(stripeRequest({ ...event, account: 'acct_2' }, { now: now() }), connected)).toEqual([
    400,
    'wrong-account',
  ])
  expect(await send(stripeRequest(event, { now: now() }), connected)).toEqual([400, 'wrong-account'])
})

it('the instance of Clerk that is meant is taken, and no other', async () => {
  const subject = await start()
  const secrets = [`whsec_${btoa('a key of twenty-four bytes')}`]
  const one = app.another({ webhooks: { clerk: { secrets, instanceId: 'ins_1' } } })
  const event = { type: 'organization.updated', data: { id: subject.id }, instance_id: 'ins_1' }
  expect(await send(clerkRequest(event, { now: now(), id: 'a' }), one)).toEqual([200, 'new'])
  const other = { ...event, instance_id: 'ins_2' }
  expect(await send(clerkRequest(other, { now: now(), id: 'b' }), one)).toEqual([400, 'wrong-account'])
})

it('a route without secrets takes nothing', async () => {
  await start()
  const closed = app.another({ webhooks: {} })
  expect(await send(stripeRequest({}, { now: now() }), closed)).toEqual([404, 'not-configured'])
  expect(await send(clerkRequest({}, { now: now(), id: 'a' }), closed)).toEqual([404, 'not-configured'])
})

it('while a secret is rolled both are taken', async () => {
  const subject = await start()
  await subscribe(subject)
  const secrets = [`whsec_${'n'.repeat(32)}`, 'whsec_0123456789abcdef0123456789abcdef']
  const rolling = app.another({ webhooks: { stripe: { secrets } } })
  expect(
    await send(stripeRequest(await created(), { now: now(), secret: secrets[0] ?? '' }), rolling),
  ).toEqual([200, 'new'])
  expect(await send(stripeRequest(await created(), { now: now() }), rolling)).toEqual([200, 'known'])
})

it('an event that concerns nobody is kept and asks for nothing', async () => {
  await start()
  const event = {
    object: 'event',
    id: 'evt_1',
    type: 'product.created',
    livemode: false,
    created: 1,
    data: { object: { id: 'prod_1', object: 'product' } },
  }
  expect(await send(stripeRequest(event, { now: now() }))).toEqual([200, 'ignored'])
  expect(await app.billing.waiting()).toEqual([])
})

it('what fails is answered so that it is sent again, kept, and done when it is', async () => {
  const subject = await start()
  await subscribe(subject)
  app.faults.stripe.add({ kind: 'outage', route: '/v1/subscriptions' })
  const event = await created()
  expect(await send(stripeRequest(event, { now: now() }))).toEqual([503, 'retry'])
  const kept = (await app.billing.waiting()).find(({ kind }) => kind === 'read')
  expect(kept).toMatchObject({ attempts: 1, lastError: expect.stringContaining('vendor-failed') })
  expect(await send(stripeRequest(event, { now: now() }))).toEqual([503, 'retry'])
  app.faults.stripe.clear()
  app.clock.advance(2_000)
  expect(await send(stripeRequest(event, { now: now() }))).toEqual([200, 'known'])
  expect(await app.billing.access(subject)).toMatchObject({ plan: 'pro' })
})

it('what fails is done by billing.work() too, though nobody sends it again', async () => {
  const subject = await start()
  await subscribe(subject)
  app.faults.stripe.add({ kind: 'rate-limited', route: '/v1/subscriptions', limit: 3 })
  expect(await send(stripeRequest(await created(), { now: now() }))).toEqual([503, 'retry'])
  app.clock.advance(2_000)
  expect(await app.billing.work()).toMatchObject({ failed: 0 })
  expect(await app.billing.access(subject)).toMatchObject({ plan: 'pro' })
})

it('deferred, an event is stored and answered, and billing.work() does the rest', async () => {
  const secrets = ['whsec_0123456789abcdef0123456789abcdef']
  const subject = await start({ options: { webhooks: { stripe: { secrets }, processing: 'deferred' } } })
  await subscribe(subject)
  expect(await send(stripeRequest(await created(), { now: now() }))).toEqual([200, 'new'])
  expect(await app.billing.access(subject)).toMatchObject({ plan: 'free' })
  await app.billing.work()
  expect(await app.billing.access(subject)).toMatchObject({ plan: 'pro' })
})

it('an event that cannot be stored is not acknowledged', async () => {
  const store = memoryStore()
  const failing: BillingStore<never> = {
    ...(store as BillingStore<never>),
    unit: async () => {
      throw new BillingError({ code: 'store-failed', message: 'Away.', fix: 'Wait.', retryable: true })
    },
  }
  await start()
  await subscribe(await makeOrganization(app, 'Other'))
  const event = await created()
  expect(await send(stripeRequest(event, { now: now() }), app.another({ store: failing }))).toEqual([
    503,
    'retry',
  ])
  const clerk = { type: 'organization.updated', data: { id: 'org_1' } }
  expect(await send(clerkRequest(clerk, { now: now(), id: 'a' }), app.another({ store: failing }))).toEqual([
    503,
    'retry',
  ])
})

it('an event that was lost is found in the list of events', async () => {
  const subject = await start()
  await app.billing.work()
  await subscribe(subject)
  app.clock.advance(700_000)
  expect(await app.billing.work()).toMatchObject({ caughtUp: true })
  expect(await app.billing.access(subject)).toMatchObject({ plan: 'pro' })
})

it('the list is asked for at most every ten minutes, and again where it failed', async () => {
  await start()
  const asked = () =>
    app.faults.stripe.requests.routes().find(({ route }) => route.includes('/v1/events'))?.total ?? 0
  await app.billing.work()
  await app.billing.work()
  const once = asked()
  app.clock.advance(601_000)
  app.faults.stripe.add({ kind: 'outage', route: '/v1/events' })
  expect(await app.billing.work()).toMatchObject({ caughtUp: false })
  app.faults.stripe.clear()
  expect(await app.billing.work()).toMatchObject({ caughtUp: true })
  expect(asked()).toBeGreaterThan(once)
})

it('a subject that nobody spoke of for a day is read again', async () => {
  const subject = await start({ options: { maxAgeHours: 48 } })
  await subscribe(subject)
  await app.billing.work()
  for (const each of app.world.stripe.subscriptions.all()) Object.assign(each, { status: 'unpaid' })
  await app.billing.work()
  expect(await app.billing.access(subject)).toMatchObject({ plan: 'pro' })
  app.clock.advance(25 * 3_600_000)
  await app.billing.work()
  expect(await app.billing.access(subject)).toMatchObject({ plan: 'free', reason: 'inactive' })
})

it('what was read too long ago opens nothing', async () => {
  const subject = await start()
  await subscribe(subject)
  await app.billing.resync(subject)
  app.clock.advance(73 * 3_600_000)
  expect(await app.billing.access(subject)).toMatchObject({ plan: 'free', paid: false, reason: 'stale' })
})
