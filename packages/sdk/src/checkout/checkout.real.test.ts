import type { SubjectId } from '@trueup/core'
import { afterEach, expect, it } from 'vitest'
import type { BillingOptions } from '../options.ts'
import type { Actor } from '../subject/actor.ts'
import { adminOf, makeOrganization, pay, startTestApp, type TestApp } from '../testbed/test-app.ts'
import type { CheckoutRequest } from './checkout.ts'

let app: TestApp<never>
let subject: SubjectId
afterEach(() => app.close())

async function start(options: Partial<BillingOptions<never>> = {}): Promise<void> {
  app = await startTestApp<never>({ webhooks: false, options })
  subject = await makeOrganization(app)
}
const ask = (changes: Partial<CheckoutRequest> = {}): CheckoutRequest => ({
  by: adminOf(subject),
  plan: 'pro',
  interval: 'month',
  successUrl: '/done',
  cancelUrl: '/billing',
  ...changes,
})
async function begin(changes: Partial<CheckoutRequest> = {}, billing = app.billing) {
  const begun = await billing.checkout(ask(changes))
  if (begun.kind !== 'checkout')
    throw new Error(`This leads to the checkout, not to the portal: ${begun.reason}`)
  const session = app.world.stripe.checkoutSessions.get(begun.sessionId)
  if (!session) throw new Error(`There is no session ${begun.sessionId}.`)
  return session
}
const open = () => app.world.stripe.checkoutSessions.all().filter(({ status }) => status === 'open')
const lineOf = (id: string) => app.world.stripe.checkouts.get(id)?.lines[0]
const live = () => app.world.stripe.subscriptions.all().filter(({ status }) => status !== 'canceled')

it('the session names its subject, for itself and for the subscription, and comes back with its id', async () => {
  await start()
  const session = await begin()
  expect(session).toMatchObject({
    mode: 'subscription',
    customer: await app.billing.customer(subject),
    client_reference_id: `organization:${subject.id}`,
    metadata: { organization_id: subject.id, plan: 'pro' },
    success_url: 'https://app.example/done?session_id={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://app.example/billing',
    payment_method_collection: 'always',
    managed_payments: null,
  })
  pay(app, session.id)
  expect(live()).toMatchObject([{ metadata: { organization_id: subject.id } }])
})

it.each<[string, Partial<CheckoutRequest>, string]>([
  ['by the month', {}, 'price_1ProMonthly'],
  ['by the year', { interval: 'year' }, 'price_1ProYearly'],
  ['for good', { interval: 'once' }, 'price_1ProLifetime'],
  ['in another currency', { currency: 'JPY' }, 'price_1ProMonthlyJpy'],
])('the server chooses the price: %s', async (_, changes, price) => {
  await start()
  expect(lineOf((await begin(changes)).id)?.price?.id).toBe(price)
})

it.each<[string, Partial<CheckoutRequest>]>([
  ['a plan that is not sold', { plan: 'enterprise' }],
  ['the free plan', { plan: 'free' }],
  ['the id of a price', { plan: 'price_1ProMonthly' }],
  ['an interval in which it is not sold', { plan: 'team', interval: 'once' }],
  ['a currency in which it is not sold', { currency: 'chf' }],
  ['seats of a plan that has none', { seats: 3 }],
  ['no seats', { plan: 'team', seats: 0 }],
  ['half a seat', { plan: 'team', seats: 1.5 }],
])('%s is not for sale', async (_, changes) => {
  await start()
  await expect(app.billing.checkout(ask(changes))).rejects.toMatchObject({ code: 'not-for-sale' })
  expect(app.world.stripe.checkoutSessions.size).toBe(0)
})

it('a price that the catalogue puts under another interval is refused before anybody pays it', async () => {
  await start({
    catalogue: { plans: [{ id: 'free' }, { id: 'pro', prices: { month: 'price_1ProYearly' } }] },
  })
  await expect(app.billing.checkout(ask())).rejects.toMatchObject({ code: 'price-mismatch' })
})

it('a price that was archived, or is not there, is not sold', async () => {
  const plans = (price: string) => ({
    plans: [{ id: 'free' }, { id: 'pro', prices: { month: price } }] as const,
  })
  await start({ catalogue: plans('price_1ProMonthlyOld') })
  await expect(app.billing.checkout(ask())).rejects.toMatchObject({ code: 'price-mismatch' })
  const another = app.another({ catalogue: plans('lookup:none') })
  await expect(another.checkout(ask())).rejects.toMatchObject({ code: 'price-mismatch' })
})

it('seats are bought by number', async () => {
  await start()
  const session = await begin({ plan: 'team', seats: 7 })
  expect(lineOf(session.id)?.quantity).toBe(7)
  pay(app, session.id)
  expect(await app.billing.resync(subject)).toMatchObject({ plan: 'team', seats: 7 })
})

it('whoever is subscribed is sent to the portal, whatever plan is asked for', async () => {
  await start()
  pay(app, (await begin()).id)
  for (const plan of ['pro', 'team']) {
    const again = await app.billing.checkout(ask({ plan }))
    expect(again).toMatchObject({ kind: 'portal', reason: 'already-subscribed' })
    expect(again.url).toContain(`${app.urls.stripe}/p/session/`)
  }
  expect(open()).toEqual([])
})

it('an add-on alone, and a subscription that ended, do not stand in the way', async () => {
  await start()
  const customer = await app.billing.customer(subject)
  const method = await app.stripe.paymentMethods.attach('pm_card_visa', { customer })
  const subscribe = (price: string) =>
    app.stripe.subscriptions.create({ customer, items: [{ price }], default_payment_method: method.id })
  await subscribe('price_1ReportsPlus')
  await app.stripe.subscriptions.cancel((await subscribe('price_1ProMonthly')).id)
  expect((await begin()).status).toBe('open')
})

it('what was bought for good is not sold again', async () => {
  await start()
  pay(app, (await begin({ interval: 'once' })).id)
  expect(await app.billing.resync(subject)).toMatchObject({ plan: 'pro', reason: 'paid' })
  expect(await app.billing.checkout(ask({ interval: 'once' }))).toMatchObject({
    kind: 'portal',
    reason: 'already-bought',
  })
})

it('only the newest checkout stays open', async () => {
  await start()
  const first = await begin()
  const second = await begin({ plan: 'team' })
  expect(open().map(({ id }) => id)).toEqual([second.id])
  expect(() => pay(app, first.id)).toThrow()
})

it('many checkouts at once, in two processes, leave one that can be paid', async () => {
  await start()
  const another = app.another()
  const begun = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      (n % 2 ? another : app.billing).checkout(ask({ plan: n % 3 ? 'pro' : 'team' })),
    ),
  )
  expect(open()).toHaveLength(1)
  for (const start of begun) {
    if (start.kind !== 'checkout') continue
    if (app.world.stripe.checkoutSessions.get(start.sessionId)?.status === 'open') pay(app, start.sessionId)
  }
  expect(live()).toHaveLength(1)
})

it('a trial is had once, whatever became of it', async () => {
  await start()
  const first = await begin()
  pay(app, first.id)
  expect(await app.billing.resync(subject)).toMatchObject({ reason: 'trial' })
  await app.stripe.subscriptions.cancel(live()[0]?.id ?? '')
  pay(app, (await begin()).id)
  expect(live()).toMatchObject([{ status: 'active', trial_end: null }])
})

it('not even by a new customer', async () => {
  await start()
  pay(app, (await begin()).id)
  await app.billing.resync(subject)
  await app.stripe.customers.del(await app.billing.customer(subject))
  pay(app, (await begin()).id)
  expect(live()).toMatchObject([{ status: 'active', trial_end: null }])
})

it('a trial without a card is canceled or paused at its end, and asks for none', async () => {
  await start({ checkout: { trialWithoutCard: 'cancel' } })
  expect((await begin()).payment_method_collection).toBe('if_required')
})

it('promotion codes are a switch', async () => {
  await start({ checkout: { promotionCodes: true } })
  expect((await begin()).allow_promotion_codes).toBe(true)
})

it.each<[string, (id: string) => Actor, string]>([
  ['nobody', () => ({ userId: null }), 'signed-out'],
  ['somebody without an organization', () => ({ userId: 'user_1' }), 'signed-out'],
  ['a member', (id) => ({ userId: 'user_1', orgId: id, orgRole: 'org:member' }), 'not-allowed'],
  ['a role that sounds alike', (id) => ({ userId: 'user_1', orgId: id, orgRole: 'admin' }), 'not-allowed'],
])('%s may neither buy nor manage', async (_, actor, code) => {
  await start()
  const by = actor(subject.id)
  await expect(app.billing.checkout(ask({ by }))).rejects.toMatchObject({ code })
  await expect(app.billing.portal({ by, returnUrl: '/' })).rejects.toMatchObject({ code })
  expect(app.world.stripe.customers.size).toBe(0)
})

it('who may manage billing is a role, a permission, or what Clerk itself calls it', async () => {
  await start({ mayManage: { role: ['org:admin', 'org:billing'] } })
  await begin({ by: adminOf(subject, 'org:billing') })
  const has = (asked: object) => Reflect.get(asked, 'permission') === 'org:billing:manage'
  const member = { userId: 'user_1', orgId: subject.id, orgRole: 'org:member' }
  const byPermission = app.another({ mayManage: { permission: 'org:billing:manage' } })
  await begin({ by: { ...member, has } }, byPermission)
  await expect(byPermission.checkout(ask({ by: { ...member, has: () => false } }))).rejects.toMatchObject({
    code: 'not-allowed',
  })
  const { data } = await app.clerk.organizations.getOrganizationMembershipList({ organizationId: subject.id })
  const bySystem = app.another({ mayManage: 'system-permission' })
  await begin({ by: { ...member, userId: data[0]?.publicUserData?.userId ?? '' } }, bySystem)
  await expect(bySystem.checkout(ask({ by: member }))).rejects.toMatchObject({ code: 'not-allowed' })
})

it('the server may act for a subject without a session', async () => {
  await start()
  expect((await begin({ by: { trusted: subject } })).status).toBe('open')
  const user: SubjectId = { type: 'user', id: 'user_1' }
  await expect(app.billing.checkout(ask({ by: { trusted: user } }))).rejects.toMatchObject({
    code: 'options-invalid',
  })
})

it('an address outside of the app is refused before anything is made', async () => {
  await start()
  for (const changes of [{ successUrl: 'https://evil.example/' }, { cancelUrl: '//evil.example' }]) {
    await expect(app.billing.checkout(ask(changes))).rejects.toMatchObject({ code: 'redirect-not-allowed' })
  }
  await expect(
    app.billing.portal({ by: adminOf(subject), returnUrl: 'https://evil.example' }),
  ).rejects.toMatchObject({
    code: 'redirect-not-allowed',
  })
  expect(app.world.stripe.customers.size).toBe(0)
})

it('the page after a checkout reads the truth at once, without a webhook', async () => {
  await start()
  const session = await begin()
  const by = adminOf(subject, 'org:member')
  expect(await app.billing.confirm({ by, sessionId: session.id })).toMatchObject({
    state: 'open',
    access: { plan: 'free' },
  })
  pay(app, session.id)
  expect(await app.billing.confirm({ by, sessionId: session.id })).toMatchObject({
    state: 'complete',
    access: { plan: 'pro', reason: 'trial' },
  })
  const { publicMetadata } = await app.clerk.organizations.getOrganization({ organizationId: subject.id })
  expect(publicMetadata).toMatchObject({ billing: { plan: 'pro' } })
})

it('a checkout of somebody else, or of nobody, tells nothing', async () => {
  await start()
  const session = await begin()
  const other = await makeOrganization(app, 'Other')
  for (const [by, sessionId] of [
    [adminOf(other), session.id],
    [adminOf(subject), 'cs_test_none'],
    [adminOf(subject), '../customers'],
  ] as const) {
    await expect(app.billing.confirm({ by, sessionId })).rejects.toMatchObject({ code: 'session-not-found' })
  }
})

it.each([
  ['payment-method', 'payment_method_update'],
  ['cancel', 'subscription_cancel'],
  ['update', 'subscription_update'],
  [{ confirm: true, plan: 'team', interval: 'month' }, 'subscription_update_confirm'],
] as const)('the portal opens at %j', async (flow, type) => {
  await start()
  await expect(app.billing.portal({ by: adminOf(subject), returnUrl: '/', flow })).rejects.toMatchObject({
    code: 'nothing-to-manage',
  })
  pay(app, (await begin()).id)
  const { url } = await app.billing.portal({ by: adminOf(subject), returnUrl: '/billing', flow })
  const session = app.world.stripe.portalSessions.get(url.split('/').at(-1) ?? '')
  expect(session).toMatchObject({ return_url: 'https://app.example/billing', flow: { type } })
})

it('offers show each plan with its prices as Stripe has them', async () => {
  await start()
  const [free, pro, team] = await app.billing.offers()
  expect(free).toMatchObject({ plan: 'free', prices: [] })
  expect(pro).toMatchObject({ plan: 'pro', name: 'Pro', trialDays: 14 })
  expect(pro?.prices).toEqual([
    { interval: 'month', currency: 'usd', amount: 2900 },
    { interval: 'month', currency: 'jpy', amount: 4400 },
    { interval: 'year', currency: 'usd', amount: 29_000 },
    { interval: 'once', currency: 'usd', amount: 49_900 },
  ])
  expect(team).toMatchObject({ seats: 'quantity' })
})
