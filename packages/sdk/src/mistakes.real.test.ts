import type { SubjectId } from '@trueup/core'
import { afterEach, describe, expect, it } from 'vitest'
import type { Notice } from './dunning/notice.ts'
import type { BillingOptions, Problem } from './options.ts'
import { clerkRequest, stripeRequest } from './testbed/signed-request.ts'
import { adminOf, makeOrganization, pay, startTestApp, type TestApp } from './testbed/test-app.ts'

/*
 * Mistakes that guides to Clerk and Stripe still make, each as a rule that it breaks. docs/sdk/mistakes.md says which
 * test stands for which mistake, and that each was seen to fail with the mistake put in.
 */

type App = TestApp<never>
let app: App
afterEach(() => app.close())

const dayMs = 86_400_000
const urls = { successUrl: '/done', cancelUrl: '/billing' }

/** An app without webhooks of its own: each test delivers what it is about. */
async function start(options: Partial<BillingOptions<never>> = {}): Promise<SubjectId> {
  app = await startTestApp<never>({ webhooks: false, options })
  return makeOrganization(app)
}

/** A subscription that is paid, without a trial. */
async function subscribe(
  subject: SubjectId,
  prices: readonly string[] = ['price_1ProMonthly'],
): Promise<string> {
  const customer = await app.billing.customer(subject)
  const method = await app.stripe.paymentMethods.attach('pm_card_visa', { customer })
  await app.stripe.customers.update(customer, { invoice_settings: { default_payment_method: method.id } })
  const { id } = await app.stripe.subscriptions.create({
    customer,
    items: prices.map((price) => ({ price })),
    default_payment_method: method.id,
  })
  return id
}

async function events(type: string) {
  const { data } = await app.stripe.events.list({ types: [type], limit: 100 })
  return data.toReversed()
}

async function deliver(event: unknown): Promise<string> {
  const response = await app.billing.webhooks.stripe(stripeRequest(event, { now: app.clock.now() }))
  const { received, error } = (await response.json()) as { received?: string; error?: string }
  return received ?? error ?? ''
}

/** Time passes, and what Stripe does in it is done. */
function pass(days: number): void {
  for (let day = 0; day < days; day += 1) {
    app.clock.advance(dayMs)
    app.engine.catchUp()
  }
}

function cardOf(subscription: string): string {
  return app.world.stripe.subscriptions.get(subscription)?.default_payment_method ?? ''
}

describe('1: an invoice no longer names its subscription at the top', () => {
  it('a paid invoice brings access back, though no event of the subscription arrives', async () => {
    const subject = await start({ policy: { pastDue: { mode: 'drop', days: 0 } } })
    const subscription = await subscribe(subject)
    await app.billing.resync(subject)
    app.world.stripe.paymentOutcomes.set(cardOf(subscription), 'insufficient_funds')
    pass(32)
    for (const event of await events('invoice.payment_failed')) await deliver(event)
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'free', reason: 'inactive' })
    app.world.stripe.paymentOutcomes.set(cardOf(subscription), 'succeeds')
    pass(8)
    expect(app.world.stripe.subscriptions.get(subscription)?.status).toBe('active')
    for (const event of await events('invoice.paid')) await deliver(event)
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'pro', reason: 'paid' })
  })
})

describe('2: the period stands on the items of a subscription', () => {
  it('a subscription canceled by the flag alone is open until the period of its items ends', async () => {
    const subject = await start({ maxAgeHours: 8760 })
    const subscription = await subscribe(subject)
    const stored = app.world.stripe.subscriptions.get(subscription)
    Object.assign(stored ?? {}, { cancel_at_period_end: true, cancel_at: null })
    const end = stored?.items.data[0]?.current_period_end ?? 0
    expect(await app.billing.resync(subject)).toMatchObject({
      plan: 'pro',
      reason: 'paid',
      changesAt: new Date(end * 1000),
    })
  })
})

describe('3: JSON that is written anew is not what was signed', () => {
  it('a body is taken by the bytes that were signed', async () => {
    const subject = await start()
    await subscribe(subject)
    const [event] = await events('customer.subscription.created')
    const raw = JSON.stringify(event, null, 2).replace('{', '{ "note": "\\u00e9",')
    expect(await deliver(raw)).toBe('new')
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'pro' })
  })

  it('a body that was read before is refused, and not guessed', async () => {
    await start()
    const request = stripeRequest({}, { now: app.clock.now() })
    await request.json()
    const response = await app.billing.webhooks.stripe(request)
    expect(await response.json()).toEqual({ error: 'body-unreadable' })
  })
})

describe('4: an event of Clerk has no id in its body', () => {
  it('it is known by its svix-id', async () => {
    const subject = await start()
    const event = { type: 'organization.updated', object: 'event', data: { id: subject.id } }
    const send = async (id: string) =>
      (await app.billing.webhooks.clerk(clerkRequest(event, { now: app.clock.now(), id }))).json()
    expect(await send('msg_1')).toEqual({ received: 'new' })
    expect(await send('msg_1')).toEqual({ received: 'known' })
    expect(await send('msg_2')).toEqual({ received: 'new' })
  })
})

describe('5: what a session claims is stale, and a set in memory is forgotten', () => {
  it('claims open nothing: access is what the store says', async () => {
    const subject = await start()
    const claims = { ...adminOf(subject), sessionClaims: { metadata: { plan: 'team' } } }
    const about = app.billing.subjectOf(claims)
    expect(about && (await app.billing.access(about))).toMatchObject({ plan: 'free', paid: false })
  })

  it('another process knows the event that the first one took', async () => {
    const subject = await start()
    await subscribe(subject)
    const [event] = await events('customer.subscription.created')
    expect(await deliver(event)).toBe('new')
    const another = app.another()
    const again = await another.webhooks.stripe(stripeRequest(event, { now: app.clock.now() }))
    expect(await again.json()).toEqual({ received: 'known' })
  })
})

describe("6: Clerk's own checkout knows no 3-D Secure", () => {
  it("the checkout is Stripe's page", async () => {
    const subject = await start()
    const begun = await app.billing.checkout({
      by: adminOf(subject),
      plan: 'team',
      interval: 'month',
      ...urls,
    })
    expect(begun.url).toContain(`${app.urls.stripe}/c/pay/cs_`)
  })
})

describe('7: metadata of an organization is written by its id and then the fields', () => {
  it('Clerk has the plan facts and the customer', async () => {
    const subject = await start()
    await subscribe(subject)
    await app.billing.resync(subject)
    const organization = await app.clerk.organizations.getOrganization({ organizationId: subject.id })
    expect(organization.publicMetadata).toMatchObject({ billing: { plan: 'pro', reason: 'paid' } })
    expect(organization.privateMetadata).toMatchObject({ stripe_customer_id: expect.stringMatching(/^cus_/) })
  })
})

describe('8: active is not the only status that opens', () => {
  it('a trial opens the plan', async () => {
    const subject = await start()
    const begun = await app.billing.checkout({
      by: adminOf(subject),
      plan: 'pro',
      interval: 'month',
      ...urls,
    })
    if (begun.kind !== 'checkout') throw new Error('A first checkout leads to the checkout.')
    pay(app, begun.sessionId)
    expect(await app.billing.resync(subject)).toMatchObject({ plan: 'pro', reason: 'trial' })
  })

  it('past due keeps access for the days of grace, and no longer, by the clock alone', async () => {
    const subject = await start({ maxAgeHours: 8760, policy: { pastDue: { mode: 'tolerate', days: 3 } } })
    const subscription = await subscribe(subject)
    app.world.stripe.paymentOutcomes.set(cardOf(subscription), 'insufficient_funds')
    pass(32)
    expect(await app.billing.resync(subject)).toMatchObject({ plan: 'pro', reason: 'grace' })
    app.clock.advance(3 * dayMs)
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'free', reason: 'inactive' })
  })
})

describe('9: one event is not the state of a customer', () => {
  it('a first payment that fails, and a one-off invoice that does, set nobody past due', async () => {
    const told: Notice[] = []
    const subject = await start({ onPaymentFailed: (notice) => void told.push(notice) })
    const subscription = await subscribe(subject)
    await app.billing.resync(subject)
    const customer = app.world.stripe.subscriptions.get(subscription)?.customer ?? ''
    app.world.stripe.paymentOutcomes.set(cardOf(subscription), 'generic_decline')
    await app.stripe.invoiceItems.create({ customer, amount: 500, currency: 'usd' })
    const invoice = await app.stripe.invoices.create({
      customer,
      default_payment_method: cardOf(subscription),
      pending_invoice_items_behavior: 'include',
    })
    await expect(app.stripe.invoices.pay(invoice.id ?? '')).rejects.toThrow()
    await app.stripe.subscriptions
      .create({ customer, items: [{ price: 'price_1ReportsPlus' }], payment_behavior: 'allow_incomplete' })
      .catch(() => undefined)
    const failures = await events('invoice.payment_failed')
    expect(failures.length).toBeGreaterThan(0)
    for (const event of failures) await deliver(event)
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'pro', reason: 'paid' })
    expect(told).toEqual([])
  })

  it('one subscription that is deleted leaves what another one opens', async () => {
    const subject = await start()
    const first = await subscribe(subject)
    await subscribe(subject, ['price_1TeamMonthly'])
    await app.stripe.subscriptions.cancel(first)
    for (const event of await events('customer.subscription.deleted')) await deliver(event)
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'team', reason: 'paid' })
  })

  it('an old event that comes last changes nothing', async () => {
    const subject = await start()
    const subscription = await subscribe(subject)
    await app.stripe.subscriptions.cancel(subscription)
    const [ended] = await events('customer.subscription.deleted')
    const [begun] = await events('customer.subscription.created')
    await deliver(ended)
    expect(await deliver(begun)).toBe('new')
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'free', reason: 'inactive' })
  })

  it('a reading that began first and ends last is not written', async () => {
    const subject = await start()
    const subscription = await subscribe(subject)
    await app.billing.resync(subject)
    let answered = () => {}
    let release = () => {}
    const isAnswered = new Promise<void>((resolve) => {
      answered = resolve
    })
    const isReleased = new Promise<void>((resolve) => {
      release = resolve
    })
    const slow = app.another({
      stripe: app.stripeOver(async (...request) => {
        const response = await fetch(...request)
        answered()
        await isReleased
        return response
      }),
    })
    const reading = slow.resync(subject)
    await isAnswered
    await app.stripe.subscriptions.cancel(subscription)
    expect(await app.billing.resync(subject)).toMatchObject({ plan: 'free', reason: 'inactive' })
    const before = await app.store.subject(subject)
    release()
    await reading
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'free', reason: 'inactive' })
    expect((await app.store.subject(subject))?.version).toBe(before?.version)
  })

  it('all items of a subscription count, not the first', async () => {
    const subject = await start()
    await subscribe(subject, ['price_1ReportsPlus', 'price_1ProMonthly'])
    expect(await app.billing.resync(subject)).toMatchObject({
      plan: 'pro',
      entitlements: ['export', 'extra-reports', 'reports'],
    })
  })
})

describe('10: there are more statuses than active and canceled, and more ways to cancel', () => {
  it.each([
    ['paused', {}, 'free'],
    ['unpaid', {}, 'free'],
    ['incomplete_expired', {}, 'free'],
    ['incomplete', {}, 'free'],
    ['active', { pause_collection: { behavior: 'void', resumes_at: null } }, 'pro'],
  ] as const)('%s %j opens %s', async (status, more, plan) => {
    const subject = await start()
    Object.assign(app.world.stripe.subscriptions.get(await subscribe(subject)) ?? {}, { status, ...more })
    expect((await app.billing.resync(subject)).plan).toBe(plan)
  })

  it('a cancellation by cancel_at alone, as flexible billing sets it, ends access when it comes', async () => {
    const subject = await start({ maxAgeHours: 8760 })
    const stored = app.world.stripe.subscriptions.get(await subscribe(subject))
    const end = stored?.items.data[0]?.current_period_end ?? 0
    Object.assign(stored ?? {}, { cancel_at_period_end: false, cancel_at: end })
    expect(await app.billing.resync(subject)).toMatchObject({ plan: 'pro' })
    app.clock.set(new Date(end * 1000))
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'free', reason: 'inactive' })
  })
})

describe('11: a price that is not in the catalogue is not the free plan', () => {
  it('it is told, what is sure stays, and nobody is called free', async () => {
    const problems: Problem[] = []
    const subject = await start({ onProblem: (problem) => void problems.push(problem) })
    await subscribe(subject, ['price_1ProMonthlyNew'])
    expect(await app.billing.resync(subject)).toMatchObject({ plan: 'free', reason: 'unknown' })
    expect(problems).toMatchObject([{ code: 'price-unmapped', subject }])
    await subscribe(subject)
    expect(await app.billing.resync(subject)).toMatchObject({ plan: 'pro', reason: 'unknown' })
  })
})

describe('12: customers are made from more than one place', () => {
  it('eager, on demand and by webhook at once, in two processes, make one customer', async () => {
    const subject = await start()
    const another = app.another()
    const event = { type: 'organization.created', object: 'event', data: { id: subject.id } }
    const request = (id: string) => clerkRequest(event, { now: app.clock.now(), id })
    const ids = await Promise.all([
      app.billing.customer(subject),
      another.customer(subject),
      another.webhooks.clerk(request('msg_1')),
      app.billing.webhooks.clerk(request('msg_2')),
      another.checkout({ by: adminOf(subject), plan: 'pro', interval: 'month', ...urls }),
      app.billing.customer(subject),
    ])
    expect(app.world.stripe.customers.size).toBe(1)
    expect(new Set([ids[0], ids[1], ids[5]]).size).toBe(1)
  })
})

describe('13: a thin event is an event', () => {
  it('it is taken, and whom it is about is read from the object that it names', async () => {
    const subject = await start()
    await subscribe(subject)
    const thin = app.world.stripe.thinEvents
      .all()
      .find(({ type }) => type === 'v1.customer.subscription.created')
    expect(thin).toBeDefined()
    expect(await deliver(thin)).toBe('new')
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'pro' })
  })
})

describe('14: Managed Payments refuses some parameters', () => {
  it('tax is left out where Stripe is the merchant of record', async () => {
    const subject = await start({ checkout: { managedPayments: true, automaticTax: true, taxIds: true } })
    const begun = await app.billing.checkout({
      by: adminOf(subject),
      plan: 'pro',
      interval: 'month',
      ...urls,
    })
    const session = app.world.stripe.checkoutSessions.get(begun.kind === 'checkout' ? begun.sessionId : '')
    expect(session).toMatchObject({
      managed_payments: { enabled: true },
      automatic_tax: { enabled: false },
      tax_id_collection: { enabled: false },
    })
  })

  it('tax is asked for where it is not', async () => {
    const subject = await start({ checkout: { managedPayments: false, automaticTax: true, taxIds: true } })
    const begun = await app.billing.checkout({
      by: adminOf(subject),
      plan: 'pro',
      interval: 'month',
      ...urls,
    })
    const session = app.world.stripe.checkoutSessions.get(begun.kind === 'checkout' ? begun.sessionId : '')
    expect(session).toMatchObject({
      managed_payments: { enabled: false },
      automatic_tax: { enabled: true },
      tax_id_collection: { enabled: true },
    })
  })
})

describe('15: unsafe metadata is written by browsers', () => {
  it('a customer that it names is nobody’s', async () => {
    app = await startTestApp<never>({ webhooks: false, options: { subject: 'user' } })
    const make = (name: string, unsafeMetadata: UserUnsafeMetadata) =>
      app.clerk.users.createUser({
        emailAddress: [`${name}@example.com`],
        skipPasswordRequirement: true,
        unsafeMetadata,
      })
    const victim = await make('ada', {})
    const customer = await app.billing.customer({ type: 'user', id: victim.id })
    const thief = await make('eve', { stripe_customer_id: customer, plan: 'team' })
    const subject: SubjectId = { type: 'user', id: thief.id }
    expect(await app.billing.customer(subject)).not.toBe(customer)
    expect(await app.billing.resync(subject)).toMatchObject({ plan: 'free' })
  })
})

describe('16: the same change is told by events of different ids', () => {
  it('a second Event object, and the thin one, are known', async () => {
    const subject = await start()
    await subscribe(subject)
    const [event] = await events('customer.subscription.created')
    const thin = app.world.stripe.thinEvents.all().find(({ snapshot_event }) => snapshot_event === event?.id)
    expect(await deliver(event)).toBe('new')
    expect(await deliver({ ...event, id: 'evt_twin' })).toBe('known')
    expect(await deliver(thin)).toBe('known')
  })

  it('two changes within a second are two', async () => {
    const subject = await start()
    const subscription = await subscribe(subject)
    await app.stripe.subscriptions.update(subscription, { metadata: { a: '1' } })
    await app.stripe.subscriptions.update(subscription, { metadata: { a: '2' } })
    const [first, second] = await events('customer.subscription.updated')
    expect(first?.created).toBe(second?.created)
    expect(await deliver(first)).toBe('new')
    expect(await deliver(second)).toBe('new')
  })
})
