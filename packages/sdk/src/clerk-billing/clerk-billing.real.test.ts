import { createClerkClient } from '@clerk/backend'
import type { Policy } from '@trueup/core'
import { components, defaultPolicy, isAtMost, promiseOf, readClerkPlanItem } from '@trueup/core'
import { cancelItem, changeItem, useBillingCard as chargeCard, listen } from '@trueup/sandbox'
import type { FastifyRequest } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ConvexContext, convexBilling } from '../convex/index.ts'
import { type ExpressRequest, expressBilling } from '../express/index.ts'
import { fastifyBilling } from '../fastify/index.ts'
import { createClaimsGates } from '../gate/create-claims-gates.ts'
import { createGates } from '../gate/create-gates.ts'
import { type HonoContext, honoBilling } from '../hono/index.ts'
import { nextBilling } from '../next/index.ts'
import type { Problem } from '../options.ts'
import { memoryStore } from '../store/memory/memory-store.ts'
import {
  aBuyer,
  type ClerkBillingApp,
  clerkTestCatalogue,
  declinedCard,
  goodCard,
  startClerkBillingApp,
} from '../testbed/clerk-billing-app.ts'
import { clerkRequest } from '../testbed/signed-request.ts'
import { clerkKey } from '../testbed/test-catalogue.ts'
import { clerkRuleCatalogue } from './catalogue.ts'
import type { ClerkNotice } from './clerk-notice.ts'

const catalogue = clerkRuleCatalogue(clerkTestCatalogue)
const dayMs = 86_400_000
const told: ClerkNotice[] = []
const problems: Problem[] = []
let app: ClerkBillingApp<unknown>
/** Webhooks on their way, where a test holds them back. */
let held: { readonly id: string; readonly body: string }[] | null = null

beforeAll(async () => {
  const hook = (notice: ClerkNotice) => {
    told.push(notice)
  }
  const hooks = { onPaymentFailed: hook, onTrialEnding: hook, onRecovered: hook, onCanceled: hook }
  app = await startClerkBillingApp<unknown>({
    options: {
      ...hooks,
      // What is tried here is how access ends by itself, and not how it closes where nothing is read.
      maxAgeHours: 2_000,
      onProblem: (problem) => {
        problems.push(problem)
      },
    },
  })
  const take = app.receiver.take
  app.receiver.take = async (request) => {
    if (!held) return take(request)
    held.push({ id: request.headers.get('svix-id') ?? '', body: await request.text() })
    return new Response(null, { status: 200 })
  }
})
afterEach(() => {
  held = null
  told.length = 0
  problems.length = 0
  app.faults.clerk.clear()
})
afterAll(() => app.close())

const state = () => app.world.clerk
const bounds = async (id: string, policy: Partial<Policy> = {}) => {
  const response = await fetch(`${app.urls.clerk}/v1/organizations/${id}/billing/subscription`, {
    headers: { authorization: `Bearer ${clerkKey}` },
  })
  const json: unknown = response.ok ? await response.json() : {}
  const items: readonly unknown[] = Object(json).subscription_items ?? []
  const now = app.clock.now()
  const facts = items.map((item) =>
    readClerkPlanItem(item, { readAt: now, livemode: true, features: false, payer: null }),
  )
  return { facts, ...promiseOf(facts, { catalogue, policy: { ...defaultPolicy, ...policy }, now }) }
}

type Fields = Parameters<typeof changeItem>[2]
interface Case {
  readonly plan?: 'pro' | 'team' | 'gold' | 'free'
  readonly fields?: (now: number) => object
  readonly days?: number
  readonly policy?: Policy['pastDue']
}

describe('what an item of Clerk Billing gives', () => {
  it.each<[string, Case, string, string]>([
    ['nothing was ever bought', {}, 'free_org', 'free'],
    ['the default plan', { plan: 'free' }, 'free_org', 'free'],
    ['active', { plan: 'pro' }, 'pro', 'paid'],
    ['active, a free trial', { plan: 'team' }, 'team', 'trial'],
    [
      'canceled, before its period ends',
      { plan: 'pro', fields: () => ({ status: 'canceled' }) },
      'pro',
      'paid',
    ],
    [
      'canceled, after it',
      { plan: 'pro', fields: () => ({ status: 'canceled' }), days: 32 },
      'free_org',
      'inactive',
    ],
    [
      'canceled, a free trial before its end',
      { plan: 'team', fields: () => ({ status: 'canceled' }) },
      'team',
      'trial',
    ],
    [
      'past due',
      { plan: 'pro', fields: (now) => ({ status: 'past_due', past_due_at: now }) },
      'pro',
      'grace',
    ],
    [
      'past due beyond the days of grace',
      { plan: 'pro', fields: (now) => ({ status: 'past_due', past_due_at: now - 15 * dayMs }) },
      'free_org',
      'inactive',
    ],
    [
      'past due, where the app keeps access',
      {
        plan: 'pro',
        fields: (now) => ({ status: 'past_due', past_due_at: now }),
        policy: { mode: 'keep', days: 14 },
      },
      'pro',
      'paid',
    ],
    [
      'past due, where no grace is given',
      {
        plan: 'pro',
        fields: (now) => ({ status: 'past_due', past_due_at: now }),
        policy: { mode: 'drop', days: 14 },
      },
      'free_org',
      'inactive',
    ],
    [
      'upcoming',
      { plan: 'pro', fields: (now) => ({ status: 'upcoming', period_start: now + dayMs }) },
      'free_org',
      'inactive',
    ],
    [
      'upcoming, and it has begun',
      { plan: 'pro', fields: (now) => ({ status: 'upcoming', period_start: now - 1 }) },
      'pro',
      'grace',
    ],
    ['ended', { plan: 'pro', fields: (now) => ({ status: 'ended', ended_at: now }) }, 'free_org', 'inactive'],
    [
      'expired',
      { plan: 'pro', fields: (now) => ({ status: 'expired', ended_at: now }) },
      'free_org',
      'inactive',
    ],
    ['incomplete', { plan: 'pro', fields: () => ({ status: 'incomplete' }) }, 'free_org', 'inactive'],
    ['abandoned', { plan: 'pro', fields: () => ({ status: 'abandoned' }) }, 'free_org', 'inactive'],
    ['a plan that the catalogue does not have', { plan: 'gold' }, 'free_org', 'unknown'],
    [
      'a status that is not known',
      { plan: 'pro', fields: () => ({ status: 'frozen' }) },
      'free_org',
      'unknown',
    ],
    [
      'canceled without the end of its period',
      { plan: 'pro', fields: () => ({ status: 'canceled', period_end: null }) },
      'free_org',
      'unknown',
    ],
  ])('%s', async (_, { plan, fields, days = 0, policy }, expected, reason) => {
    const subject = await aBuyer(app)
    if (plan === 'free') app.subscribe(subject, 'free')
    else if (plan) app.buy(subject, plan, plan === 'team' ? { seats: 2 } : {})
    if (plan && fields)
      changeItem(state(), app.itemOf(subject).id, fields(app.clock.now().getTime()) as Fields)
    await app.drain()
    app.clock.advance(days * dayMs)
    const billing = policy ? app.another({ policy: { pastDue: policy } }) : app.billing
    const answer = await billing.access(subject)
    expect([answer.plan, answer.reason, answer.paid]).toEqual([expected, reason, expected !== 'free_org'])
    const { facts, owed, allowed } = await bounds(subject.id, policy ? { pastDue: policy } : {})
    for (const component of components) {
      const tolerance = { trialToleranceHours: 0 }
      expect(isAtMost(component, answer, allowed, catalogue, tolerance), `${component} is allowed`).toBe(true)
      expect(isAtMost(component, owed, answer, catalogue, tolerance), `${component} is enough`).toBe(true)
    }
    // What the official client makes of an item loses nothing that the rule reads.
    const kept = (await app.store.subject(subject))?.facts ?? []
    const undated = (each: object) => ({ ...each, readAt: null, changedAt: null })
    expect(kept.map(undated)).toEqual(facts.map(undated))
  })

  it('counts seats that are paid for', async () => {
    const subject = await aBuyer(app)
    app.buy(subject, 'team', { seats: 7 })
    await app.drain()
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'team', seats: 7 })
  })

  it('counts features that the plan has in Clerk where the app says so', async () => {
    const store = memoryStore()
    const catalogue = { plans: [{ id: 'free_org' }, { id: 'pro' }] } as const
    const subject = await aBuyer(app)
    app.buy(subject, 'pro')
    expect((await app.another({ store, catalogue }).resync(subject)).entitlements).toEqual([])
    const reading = app.another({ store, catalogue, planFeatures: true })
    expect((await reading.resync(subject)).entitlements).toEqual(['reports'])
  })

  it('ends by the clock alone, at the moment that was told before', async () => {
    const subject = await aBuyer(app)
    const { id, period_end } = app.buy(subject, 'pro')
    cancelItem(state(), id, false)
    await app.drain()
    const before = await app.billing.access(subject)
    expect(before.endsAt).toEqual(new Date(period_end ?? 0))
    app.clock.set(new Date(period_end ?? 0))
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'free_org', reason: 'inactive' })
    expect((await app.billing.work()).failed).toBe(0)
    expect((await app.store.subject(subject))?.granted?.plan).toBe('free_org')
  })

  it('tells a person of a plan that is not in the catalogue, by its slug', async () => {
    const subject = await aBuyer(app)
    app.buy(subject, 'gold')
    await app.drain()
    expect(problems.at(-1)).toMatchObject({ code: 'price-unmapped', subject })
    expect(problems.at(-1)?.message).toContain('on the plan gold of Clerk')
  })
})

describe('webhooks of Clerk Billing', () => {
  const event = (subject: { readonly id: string }, type = 'subscriptionItem.active', data: object = {}) => ({
    type,
    object: 'event',
    data: { status: 'active', payer: { organization_id: subject.id, user_id: '' }, ...data },
  })
  const send = (body: object, id: string) =>
    app.billing.webhooks.clerk(clerkRequest(body, { now: app.clock.now(), id }))

  it('late, doubled and in any order, they come to what Clerk says now', async () => {
    const subject = await aBuyer(app)
    await app.drain()
    held = []
    const { id } = app.buy(subject, 'pro')
    app.pass(31)
    cancelItem(state(), id, true)
    app.buy(subject, 'team', { seats: 2 })
    await app.drain()
    const sent = held
    held = null
    expect(sent.length).toBeGreaterThan(8)
    // The newest first, each twice.
    for (const { id: eventId, body } of sent.toReversed().flatMap((each) => [each, each])) {
      const request = clerkRequest(body, { now: app.clock.now(), id: eventId })
      expect((await app.billing.webhooks.clerk(request)).status).toBe(200)
      expect((await app.billing.access(subject)).plan).toBe('team')
    }
    expect(told.filter((notice) => notice.subject.id === subject.id)).toEqual([])
  })

  it('what an event says is not believed', async () => {
    const subject = await aBuyer(app)
    const lie = event(subject, 'subscriptionItem.active', { plan: { slug: 'team' } })
    expect((await send(lie, 'msg_lie')).status).toBe(200)
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'free_org', reason: 'free' })
  })

  it.each([
    'subscription.active',
    'subscriptionItem.pastDue',
    'paymentAttempt.updated',
    'subscription.invented',
  ])('%s has the payer read', async (type) => {
    const subject = await aBuyer(app)
    held = []
    app.buy(subject, 'pro')
    await app.drain()
    held = null
    await send(event(subject, type), `msg_${type}`)
    expect((await app.billing.access(subject)).plan).toBe('pro')
  })

  it('the payer of the other kind is left alone', async () => {
    const ofUser = { ...event({ id: '' }), data: { payer: { user_id: 'user_1', organization_id: '' } } }
    const answer = await send(ofUser, 'msg_user')
    expect([answer.status, await answer.json()]).toEqual([200, { received: 'ignored' }])
    expect(await app.store.subject({ type: 'user', id: 'user_1' })).toBeNull()
  })

  it('an event that nobody signed is refused, and one that Clerk cannot be asked about is kept', async () => {
    const subject = await aBuyer(app)
    await app.drain()
    held = []
    app.buy(subject, 'pro')
    await app.drain()
    held = null
    const forged = clerkRequest(event(subject), {
      now: app.clock.now(),
      id: 'msg_forged',
      secret: `whsec_${btoa('another secret of theirs')}`,
    })
    expect((await app.billing.webhooks.clerk(forged)).status).toBe(401)
    app.faults.clerk.add({ kind: 'outage' })
    expect((await send(event(subject), 'msg_kept')).status).toBe(503)
    expect(await app.billing.waiting()).toMatchObject([{ key: `read:organization:${subject.id}` }])
    app.faults.clerk.clear()
    app.clock.advance(60_000)
    await app.billing.work()
    expect((await app.billing.access(subject)).plan).toBe('pro')
    await app.drain()
  })

  it('a webhook is stored in the transaction of the caller, and acted on afterwards', async () => {
    const subject = await aBuyer(app)
    held = []
    app.buy(subject, 'pro')
    await app.drain()
    held = null
    const inside = app.billing.within({ kind: 'memory' })
    const request = clerkRequest(event(subject), { now: app.clock.now(), id: 'msg_within' })
    expect((await inside.webhooks.clerk(request)).status).toBe(200)
    expect((await inside.access(subject)).plan).toBe('free_org')
    await app.billing.work()
    expect((await app.billing.access(subject)).plan).toBe('pro')
  })

  it('a new organization is known to its gates at once, and a deleted one is closed', async () => {
    const subject = await aBuyer(app)
    expect((await app.billing.access(subject)).reason).toBe('unseen')
    await app.drain()
    expect((await app.billing.access(subject)).reason).toBe('free')
    app.buy(subject, 'pro')
    await app.clerk.organizations.deleteOrganization(subject.id)
    await app.drain()
    expect(await app.billing.access(subject)).toMatchObject({ plan: 'free_org', reason: 'deleted' })
  })

  it('what no webhook brought is found by the sweep', async () => {
    const subject = await aBuyer(app)
    await app.drain()
    held = []
    app.buy(subject, 'pro')
    await app.drain()
    held = null
    app.clock.advance(25 * 3_600_000)
    await app.billing.work()
    expect((await app.billing.access(subject)).plan).toBe('pro')
  })
})

describe('what is told', () => {
  const toldOf = ({ id }: { readonly id: string }) => told.filter(({ subject }) => subject.id === id)
  const kinds = (subject: { readonly id: string }) => toldOf(subject).map(({ kind }) => kind)
  const settle = async () => {
    await app.drain()
    await app.billing.work()
  }

  it('a renewal that fails, its recovery, a second failure and the end, once each', async () => {
    const subject = await aBuyer(app)
    const item = app.buy(subject, 'pro')
    await settle()
    chargeCard(state(), subject.id, declinedCard)
    app.passPeriod(subject)
    await settle()
    await settle()
    expect(toldOf(subject)).toMatchObject([
      { kind: 'payment-failed', itemId: item.id, plan: 'pro', amountDue: 2_000, currency: 'usd', subject },
    ])
    expect((await app.billing.access(subject)).reason).toBe('grace')
    chargeCard(state(), subject.id, goodCard)
    app.pass(4)
    await settle()
    expect(kinds(subject)).toEqual(['payment-failed', 'recovered'])
    chargeCard(state(), subject.id, declinedCard)
    app.passPeriod(subject)
    await settle()
    app.pass(30)
    await settle()
    expect(kinds(subject)).toEqual(['payment-failed', 'recovered', 'payment-failed', 'canceled'])
    expect(toldOf(subject).at(-1)).toMatchObject({
      kind: 'canceled',
      itemId: item.id,
      reason: 'payment_failed',
    })
    expect(new Set(toldOf(subject).map(({ id }) => id)).size).toBe(4)
  })

  it('a free trial that ends, by the clock alone', async () => {
    const subject = await aBuyer(app)
    const { period_end } = app.buy(subject, 'team')
    await settle()
    held = []
    app.clock.advance(10 * dayMs)
    await app.billing.work()
    expect(kinds(subject)).toEqual([])
    app.clock.advance(dayMs)
    await app.billing.work()
    await app.billing.work()
    expect(toldOf(subject)).toMatchObject([
      { kind: 'trial-ending', trialEndsAt: new Date(period_end ?? 0), plan: 'team' },
    ])
  })

  it('a plan that makes room for another has not ended, and one that was canceled has', async () => {
    const subject = await aBuyer(app)
    app.buy(subject, 'pro')
    await settle()
    const { id } = app.buy(subject, 'team')
    await settle()
    expect(kinds(subject)).toEqual([])
    cancelItem(state(), id, false)
    await settle()
    expect(kinds(subject)).toEqual([])
    app.passPeriod(subject)
    await settle()
    expect(toldOf(subject)).toMatchObject([
      { kind: 'canceled', reason: 'cancellation_requested', itemId: id, plan: 'team' },
    ])
  })

  it('nothing is concluded from a status that is not known', async () => {
    const subject = await aBuyer(app)
    const { id } = app.buy(subject, 'pro')
    await settle()
    changeItem(state(), id, { status: 'frozen' } as never)
    await settle()
    changeItem(state(), id, { status: 'active' })
    await settle()
    expect(kinds(subject)).toEqual([])
  })
})

describe('on demand', () => {
  it('a subject is read now, and everybody by a backfill', async () => {
    held = []
    const [one, other] = [await aBuyer(app), await aBuyer(app)]
    app.buy(one, 'pro')
    app.buy(other, 'team')
    expect((await app.billing.resync(one)).plan).toBe('pro')
    const { subjects } = await app.billing.backfill()
    expect(subjects).toBe(state().organizations.all().length)
    expect((await app.billing.access(other)).plan).toBe('team')
  })

  it('offers say what Clerk sells: prices, trials, and the ids for its checkout', async () => {
    expect(await app.billing.offers()).toMatchObject([
      { plan: 'free_org', name: 'Free', prices: [], clerkPlanId: null },
      {
        plan: 'pro',
        clerkPlanId: 'cplan_pro',
        trialDays: null,
        prices: [
          { interval: 'month', currency: 'usd', amount: 2_000 },
          { interval: 'year', currency: 'usd', amount: 20_000 },
        ],
      },
      { plan: 'team', clerkPlanId: 'cplan_team', trialDays: 14, seats: 'quantity' },
    ])
    const wrong = app.another({ catalogue: { plans: [{ id: 'free_org' }, { id: 'hobby' }] } })
    await expect(wrong.offers()).rejects.toMatchObject({ code: 'price-mismatch' })
  })
})

describe('both billings at once', () => {
  it('whoever pays Stripe as well is told, from either side, while somebody watches', async () => {
    const subject = await aBuyer(app)
    await app.drain()
    const customer = await app.stripe.customers.create({ metadata: { organization_id: subject.id } })
    const method = await app.stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
    const { id } = await app.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: 'price_1ProMonthly' }],
      default_payment_method: method.id,
    })
    await app.store.unit(async (unit) => {
      await unit.saveSubject({ ...(await unit.lockSubject(subject)), customerId: customer.id })
    })
    // No other reading is to get in between.
    held = []
    const item = app.buy(subject, 'pro')
    const seen: Problem[] = []
    const onProblem = (problem: Problem) => {
      seen.push(problem)
    }
    await app.another({ onProblem }).resync(subject)
    expect(seen).toEqual([])
    expect((await app.another({ onProblem, watchStripe: app.stripe }).resync(subject)).plan).toBe('pro')
    expect(seen).toMatchObject([{ code: 'both-billings', subject }])
    expect(seen[0]?.message).toContain(`${item.id} in Clerk Billing and by ${id} in Stripe`)
    await app.stripeBilling({ onProblem, watchClerkBilling: true }).resync(subject)
    expect(seen.slice(1)).toMatchObject([{ code: 'both-billings', subject }])
    expect(seen[1]?.message).toContain('sells through Stripe')
  })
})

describe('an app that moves', () => {
  it('to Clerk Billing and back on one store has each subject read anew, and one customer a subject', async () => {
    held = []
    const subject = await aBuyer(app)
    const store = memoryStore()
    const stripe = app.stripeBilling({ store })
    const customer = await stripe.customer(subject)
    const method = await app.stripe.paymentMethods.attach('pm_card_visa', { customer })
    const price = 'price_1TeamMonthly'
    const sold = { customer, items: [{ price, quantity: 2 }], default_payment_method: method.id }
    const { id } = await app.stripe.subscriptions.create(sold)
    expect((await stripe.resync(subject)).plan).toBe('team')
    const clerk = app.another({ store })
    app.buy(subject, 'pro')
    expect((await clerk.resync(subject)).plan).toBe('pro')
    expect((await app.stripeBilling({ store }).resync(subject)).plan).toBe('team')
    await app.stripe.subscriptions.cancel(id)

    // One who never was in Stripe.
    const other = await aBuyer(app)
    app.buy(other, 'pro')
    expect((await clerk.resync(other)).plan).toBe('pro')
    const back = app.stripeBilling({ store, onProblem: (problem) => void problems.push(problem) })
    expect(await back.resync(other)).toMatchObject({ plan: 'free', reason: 'free' })
    const auth = { userId: 'user_1', orgId: other.id, orgRole: 'org:admin' }
    await expect(back.portal({ by: auth, returnUrl: '/billing' })).rejects.toMatchObject({
      code: 'nothing-to-manage',
    })
    const made = await back.customer(other)
    expect(made).toMatch(/^cus_/)
    expect(await back.customer(other)).toBe(made)
    expect(problems.map(({ code }) => code)).toEqual([])
  })

  it('may have plan facts put into Clerk’s metadata, and no customer there', async () => {
    const subject = await aBuyer(app)
    app.buy(subject, 'pro')
    await app.another({ store: memoryStore(), mirror: {} }).resync(subject)
    const { publicMetadata, privateMetadata } = await app.clerk.organizations.getOrganization({
      organizationId: subject.id,
    })
    expect(publicMetadata).toMatchObject({ billing: { plan: 'pro', paid: true } })
    expect(privateMetadata).toEqual({})
    const silent = await aBuyer(app)
    app.buy(silent, 'pro')
    await app.another({ store: memoryStore() }).resync(silent)
    expect(await app.clerk.organizations.getOrganization({ organizationId: silent.id })).toMatchObject({
      publicMetadata: {},
    })
  })
})

describe('what is wrong is said', () => {
  it.each<[string, object, string]>([
    [
      'a slug in two places',
      { catalogue: { plans: [{ id: 'free_org' }, { id: 'pro', slugs: ['free_org'] }] } },
      'slug free_org',
    ],
    [
      'a secret that is none',
      { webhooks: { clerk: { secrets: ['sk_test_1'] } } },
      'webhooks.clerk.secrets[0] is no signing secret',
    ],
    [
      'a secret that is missing',
      { webhooks: { clerk: { secrets: [undefined] } } },
      'webhooks.clerk.secrets[0] is missing',
    ],
    ['no client of Clerk', { clerk: undefined }, 'The option clerk'],
    ['a client that knows no billing', { clerk: { users: {}, organizations: {} } }, 'The option clerk'],
    ['hours out of bounds', { sweepHours: 0 }, 'sweepHours is 0'],
  ])('%s', (_, options, said) => {
    expect(() => app.another(options)).toThrow(
      expect.objectContaining({ code: 'options-invalid', message: expect.stringContaining(said) }),
    )
  })

  it('a client without a key is told so, and not that Clerk cannot be reached', async () => {
    const billing = app.another({ clerk: createClerkClient({}) })
    await expect(billing.resync(await aBuyer(app))).rejects.toMatchObject({
      code: 'vendor-refused',
      retryable: false,
      fix: expect.stringContaining('CLERK_SECRET_KEY'),
    })
  })

  it('a key that Clerk does not take changes nothing of what is granted', async () => {
    const subject = await aBuyer(app)
    app.buy(subject, 'pro')
    await app.drain()
    const clerk = createClerkClient({
      secretKey: 'sk_test_other',
      apiUrl: app.urls.clerk,
      telemetry: { disabled: true },
    })
    await expect(app.another({ clerk }).resync(subject)).rejects.toMatchObject({ code: 'vendor-refused' })
    expect((await app.billing.access(subject)).plan).toBe('pro')
  })

  it('a 404 that is not from Clerk is no missing subscription', async () => {
    const subject = await aBuyer(app)
    app.buy(subject, 'pro')
    await app.drain()
    const elsewhere = await listen({ fetch: () => new Response('Not Found', { status: 404 }) })
    const clerk = createClerkClient({
      secretKey: clerkKey,
      apiUrl: elsewhere.url,
      telemetry: { disabled: true },
    })
    await expect(app.another({ clerk }).resync(subject)).rejects.toMatchObject({ code: 'vendor-refused' })
    await elsewhere.close()
    expect((await app.billing.access(subject)).plan).toBe('pro')
  })

  it('a subscription that runs and names no items is read again', async () => {
    const subject = await aBuyer(app)
    app.buy(subject, 'pro')
    await app.drain()
    const subscription = state().billing.subscriptions.get(subject.id)
    if (!subscription) throw new Error('It was bought.')
    state().billing.subscriptions.set(subject.id, { ...subscription, subscription_items: [] })
    await expect(app.billing.resync(subject)).rejects.toMatchObject({
      code: 'vendor-failed',
      retryable: true,
    })
    expect((await app.billing.access(subject)).plan).toBe('pro')
  })

  it('what Clerk’s own components do is not here, and says where it is', async () => {
    // @ts-expect-error people buy in Clerk's components
    await expect(app.billing.checkout({})).rejects.toMatchObject({
      code: 'not-in-clerk-billing',
      fix: expect.stringContaining('<PricingTable />'),
    })
    // @ts-expect-error Stripe sends nothing
    expect(() => app.billing.webhooks.stripe(new Request('https://app.example'))).toThrow(TypeError)
  })
})

describe('gates', () => {
  it('over the store and over the claims of a token say the same of the same catalogue', async () => {
    const subject = await aBuyer(app)
    app.buy(subject, 'pro')
    await app.drain()
    const [admin] = await app.clerk.organizations
      .getOrganizationMembershipList({ organizationId: subject.id })
      .then(({ data }) => data)
    const userId = admin?.publicUserData?.userId ?? ''
    const claims = {
      userId,
      orgId: subject.id,
      has: (asked: object) => 'plan' in asked && asked.plan === 'org:pro',
    }
    const store = createGates(app.billing, { clock: app.clock })
    const token = createClaimsGates({
      catalogue: app.billing.catalogue,
      subject: 'organization',
      clock: app.clock,
    })
    for (const plan of ['free_org', 'pro', 'team'] as const) {
      const [byStore, byToken] = [
        await store.requirePlan(plan)(claims),
        await token.requirePlan(plan)(claims),
      ]
      expect([plan, byStore.open]).toEqual([plan, byToken.open])
    }
    // An earlier slug of the plan opens it as well.
    const earlier = { ...claims, has: (asked: object) => 'plan' in asked && asked.plan === 'org:pro_2025' }
    expect((await token.requirePlan('pro')(earlier)).open).toBe(true)
    app.buy(subject, 'team')
    await app.drain()
    expect((await store.requirePlan('team')(claims)).open).toBe(true)
    store.close()
  })
})

describe('routes', () => {
  const auth = { userId: 'user_1', orgId: 'org_none' }
  const wired = () => {
    const { billing } = app
    return {
      next: nextBilling({ billing, auth: () => auth }),
      hono: honoBilling({ billing, auth: (_: HonoContext) => auth }),
      express: expressBilling({ billing, auth: (_: ExpressRequest) => auth }),
      fastify: fastifyBilling({ billing, auth: (_: FastifyRequest) => auth }),
      convex: convexBilling({ billing, auth: (_: ConvexContext) => auth }),
    }
  }

  it.each(['next', 'hono', 'express', 'fastify', 'convex'] as const)(
    '%s has those that there are',
    (framework) => {
      const routes = wired()[framework]
      expect(Object.keys(routes.webhooks)).toEqual(['clerk'])
      expect([typeof routes.probe, typeof routes.access, typeof routes.offers]).toEqual(
        Array(3).fill('function'),
      )
      expect(['checkout', 'confirm', 'portal'].filter((name) => name in routes)).toEqual([])
    },
  )

  it('answer as with Stripe: webhooks, what a session may use, what is sold', async () => {
    const { next } = wired()
    const get = () => new Request('https://app.example/api')
    expect(await (await next.access(get())).json()).toMatchObject({ plan: 'free_org', reason: 'unseen' })
    expect(await (await next.offers(get())).json()).toMatchObject({ offers: [{}, { plan: 'pro' }, {}] })
    expect((await next.webhooks.clerk(new Request('https://app.example', { method: 'POST' }))).status).toBe(
      401,
    )
    expect((await next.probe(new Request('https://app.example', { method: 'POST' }))).status).toBe(404)
  })
})
