import { createHmac } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import type { SubjectId } from '@trueup/core'
import express, { type Request as ExpressRequest } from 'express'
import createFastify, { type FastifyRequest } from 'fastify'
import { type Context, Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { convexBilling, identityAuth } from '../convex/index.ts'
import { expressBilling } from '../express/index.ts'
import { fastifyBilling } from '../fastify/index.ts'
import type { Gates } from '../gate/index.ts'
import { createGates } from '../gate/index.ts'
import { honoBilling } from '../hono/index.ts'
import { nextBilling } from '../next/index.ts'
import type { SessionAuth } from '../subject/actor.ts'
import { clerkRequest, stripeRequest } from '../testbed/signed-request.ts'
import { makeOrganization, startTestApp, type TestApp } from '../testbed/test-app.ts'
import type { BillingRoutes } from './billing-routes.ts'

/** An app of one framework: `/stripe`, `/clerk`, `/probe` and so on, and `/parsed/stripe`, where a parser stands before. */
interface Framed {
  fetch(path: string, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}
type Framework = (app: TestApp<never>, gates: Gates) => Promise<Framed>

const pages = { paid: '/paid', billing: '/billing' }
const posts = ['probe', 'checkout', 'confirm', 'portal'] as const
const gets = ['access', 'offers'] as const

/** The session as the test's header says it; in an app Clerk's own SDK does. */
function sessionOf(text: string | null | undefined): SessionAuth {
  const [userId = null, orgId = null, role = 'admin'] = (text ?? '').split('|')
  return { userId: userId || null, orgId, orgRole: `org:${role}` }
}
const overHttp = (port: number, close: () => Promise<void>): Framed => ({
  fetch: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
  close,
})

const frameworks: Readonly<Record<string, Framework>> = {
  async Hono({ billing }, gates) {
    const auth = (c: Context) => sessionOf(c.req.header('x-session'))
    const wired = honoBilling({ billing, auth, pages })
    const app = new Hono()
    app.post('/stripe', wired.webhooks.stripe)
    app.post('/clerk', wired.webhooks.clerk)
    for (const each of posts) app.post(`/${each}`, wired[each])
    for (const each of gets) app.get(`/${each}`, wired[each])
    app.get('/reports', wired.gate(gates.requireFeature('reports')), (c) => c.json(wired.accessOf(c)))
    app.use('/parsed/*', async (c, next) => {
      await c.req.json()
      await next()
    })
    app.post('/parsed/stripe', wired.webhooks.stripe)
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
    await new Promise((resolve) => server.once('listening', resolve))
    return overHttp((server.address() as AddressInfo).port, () => closed((done) => server.close(done)))
  },

  async Express({ billing }, gates) {
    const auth = (request: ExpressRequest) => sessionOf(request.header('x-session'))
    const wired = expressBilling({ billing, auth, pages })
    const app = express()
    app.post('/stripe', wired.webhooks.stripe)
    app.post('/clerk', express.raw({ type: () => true }), wired.webhooks.clerk)
    app.post('/probe', wired.probe)
    app.post('/portal', wired.portal)
    app.use(express.json())
    app.post('/checkout', wired.checkout)
    app.post('/confirm', wired.confirm)
    for (const each of gets) app.get(`/${each}`, wired[each])
    app.get('/reports', wired.gate(gates.requireFeature('reports')), (request, response) => {
      response.json(wired.accessOf(request))
    })
    app.post('/parsed/stripe', wired.webhooks.stripe)
    const server = app.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    return overHttp((server.address() as AddressInfo).port, () => closed((done) => server.close(done)))
  },

  async Fastify({ billing }, gates) {
    const auth = (request: FastifyRequest) => sessionOf(String(request.headers['x-session'] ?? ''))
    const wired = fastifyBilling({ billing, auth, pages })
    const app = createFastify()
    app.register(async (scope) => {
      wired.rawBody(scope)
      scope.post('/stripe', wired.webhooks.stripe)
      scope.post('/clerk', wired.webhooks.clerk)
      scope.post('/probe', wired.probe)
      scope.post('/portal', wired.portal)
    })
    app.post('/checkout', wired.checkout)
    app.post('/confirm', wired.confirm)
    for (const each of gets) app.get(`/${each}`, wired[each])
    app.get('/reports', { preHandler: wired.gate(gates.requireFeature('reports')) }, async (request) =>
      wired.accessOf(request),
    )
    app.post('/parsed/stripe', wired.webhooks.stripe)
    await app.listen({ port: 0, host: '127.0.0.1' })
    return overHttp((app.server.address() as AddressInfo).port, () => app.close())
  },

  async 'Next.js'({ billing }, gates) {
    const auth = (request: Request) => sessionOf(request.headers.get('x-session'))
    const wired = nextBilling({ billing, auth, pages })
    const reports = wired.gated(gates.requireFeature('reports'), (_request, _context, access) =>
      Response.json(access),
    )
    return inProcess(wired, (handler, request) => handler(request), {
      '/reports': (request) => reports(request, { params: Promise.resolve({}) }),
    })
  },

  async Convex({ billing }, gates) {
    const wired = convexBilling({ billing, auth: identityAuth, pages })
    const reports = wired.gated(gates.requireFeature('reports'), async (_context, _request, access) =>
      Response.json(access),
    )
    /** The context of an action, with the identity that Convex makes of the token's claims. */
    const contextOf = (request: Request) => ({
      auth: {
        async getUserIdentity() {
          const { userId, orgId, orgRole } = sessionOf(request.headers.get('x-session'))
          if (!userId) return null
          return {
            tokenIdentifier: `clerk|${userId}`,
            subject: userId,
            org_id: orgId,
            org_role: orgRole?.slice(4),
          }
        },
      },
    })
    return inProcess(wired, (handler, request) => handler(contextOf(request), request), {
      '/reports': (request) => reports(contextOf(request), request),
    })
  },
}

/** Handlers that a framework calls with a request of the Fetch standard. */
function inProcess<Handler>(
  wired: BillingRoutes<Handler>,
  call: (handler: Handler, request: Request) => Promise<Response>,
  others: Readonly<Record<string, (request: Request) => Promise<Response>>>,
): Framed {
  const handlers: Readonly<Record<string, Handler>> = {
    ...Object.fromEntries([...posts, ...gets].map((each) => [`/${each}`, wired[each]])),
    '/stripe': wired.webhooks.stripe,
    '/clerk': wired.webhooks.clerk,
    '/parsed/stripe': wired.webhooks.stripe,
  }
  return {
    async fetch(path, init) {
      const request = new Request(`https://app.example${path}`, init)
      if (path.startsWith('/parsed/')) await request.json()
      const handler = handlers[path]
      const other = others[path]
      if (other) return other(request)
      if (!handler) throw new Error(`There is no route ${path}.`)
      return call(handler, request)
    },
    close: async () => undefined,
  }
}

function closed(close: (done: (error?: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => close((error) => (error ? reject(error) : resolve())))
}

describe.each(Object.entries(frameworks))('billing in %s', (_, frame) => {
  let app: TestApp<never>
  let framed: Framed
  let gates: Gates
  let subject: SubjectId
  beforeEach(async () => {
    app = await startTestApp<never>({ webhooks: false, options: { probeSecrets: ['probe-secret'] } })
    gates = createGates(app.billing, { clock: app.clock, maxAgeMs: 60_000 })
    framed = await frame(app, gates)
    subject = await makeOrganization(app)
  })
  afterEach(async () => {
    gates.close()
    await framed.close()
    await app.close()
  })

  const session = (role = 'admin') => ({ 'x-session': `user_1|${subject.id}|${role}` })
  const json = { 'content-type': 'application/json' }
  async function answer(path: string, init?: RequestInit): Promise<{ status: number; body: unknown }> {
    const response = await framed.fetch(path, init)
    return { status: response.status, body: await response.json() }
  }
  const ask = (path: string, body: unknown, headers: Record<string, string> = session()) =>
    answer(path, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) })
  /** Signed as the vendor signs, over the body as it is given, and sent with the body that is given. */
  async function deliver(path: string, signed: Request, body?: string) {
    return answer(path, {
      method: 'POST',
      headers: { ...Object.fromEntries(signed.headers), ...json },
      body: body ?? (await signed.text()),
    })
  }
  /** A subscription, and the event that tells of it, written in a way that no JSON printer would write it again. */
  async function subscribe(): Promise<string> {
    const customer = await app.billing.customer(subject)
    const method = await app.stripe.paymentMethods.attach('pm_card_visa', { customer })
    await app.stripe.subscriptions.create({
      customer,
      items: [{ price: 'price_1ProMonthly' }],
      default_payment_method: method.id,
    })
    const { data } = await app.stripe.events.list({ types: ['customer.subscription.created'] })
    return JSON.stringify({ ...data[0], note: 'naïve €' }, null, 3).replace('"note"', ' "n\\u006fte" ')
  }
  const signed = (event: string) => stripeRequest(event, { now: app.clock.now() })

  it('takes a webhook byte for byte as it was signed, and opens the gate at once', async () => {
    expect(await answer('/reports', { headers: session() })).toMatchObject({ status: 404 })
    const event = await subscribe()
    expect(await deliver('/stripe', signed(event))).toEqual({ status: 200, body: { received: 'new' } })
    expect(await answer('/reports', { headers: session() })).toMatchObject({
      status: 200,
      body: { plan: 'pro', reason: 'paid', subject },
    })
  })

  it('refuses a body that was parsed and written again', async () => {
    const event = await subscribe()
    const again = JSON.stringify(JSON.parse(event))
    expect(await deliver('/stripe', signed(event), again)).toEqual({
      status: 401,
      body: { error: 'signature-invalid' },
    })
  })

  it('refuses a webhook behind a parser, even where the signed text is as a printer writes it', async () => {
    const event = JSON.stringify(JSON.parse(await subscribe()))
    expect(await deliver('/parsed/stripe', signed(event))).toEqual({
      status: 400,
      body: { error: 'body-unreadable' },
    })
    expect((await app.billing.access(subject)).plan).toBe('free')
  })

  it('takes a webhook of Clerk', async () => {
    const event = {
      type: 'organization.created',
      object: 'event',
      data: { id: subject.id, object: 'organization' },
    }
    const request = clerkRequest(event, { now: app.clock.now(), id: 'msg_1' })
    expect(await deliver('/clerk', request)).toMatchObject({ status: 200 })
    expect(await app.store.subject(subject)).toMatchObject({ customerId: expect.stringMatching(/^cus_/) })
  })

  it('asks the vendor to send again what could not be stored', async () => {
    const event = await subscribe()
    app.faults.stripe.add({ kind: 'server-error', status: 500 })
    expect(await deliver('/stripe', signed(event))).toMatchObject({ status: 503 })
  })

  it('answers at a gate 401, 403 and 404, with the current and the required plans', async () => {
    expect(await answer('/reports')).toMatchObject({ status: 401, body: { error: 'signed-out' } })
    expect(await answer('/reports', { headers: session() })).toMatchObject({
      status: 404,
      body: { error: 'subject-unknown', reason: 'unseen' },
    })
    await app.billing.resync(subject)
    expect(await answer('/reports', { headers: session() })).toMatchObject({
      status: 403,
      body: {
        error: 'plan-upgrade-required',
        message: 'Plan upgrade required',
        current: { plan: 'free' },
        required: { plans: ['pro', 'team'], features: ['reports'] },
        reason: 'free',
      },
    })
  })

  it('answers at a gate 402 once the subscription is over', async () => {
    await subscribe()
    await app.billing.resync(subject)
    expect(await answer('/reports', { headers: session() })).toMatchObject({ status: 200 })
    const { data } = await app.stripe.subscriptions.list()
    for (const { id } of data) await app.stripe.subscriptions.cancel(id)
    await app.billing.resync(subject)
    expect(await answer('/reports', { headers: session() })).toMatchObject({
      status: 402,
      body: { error: 'subscription-inactive', message: 'Subscription inactive', current: { plan: 'free' } },
    })
  })

  it('starts a checkout, tells what became of it, and opens the portal', async () => {
    const started = await ask('/checkout', { plan: 'pro', interval: 'month' })
    expect(started).toMatchObject({ status: 200, body: { kind: 'checkout', url: expect.any(String) } })
    const sessionId = String(Reflect.get(Object(started.body), 'sessionId'))
    expect(await ask('/confirm', { sessionId })).toMatchObject({ status: 200, body: { state: 'open' } })
    expect(await ask('/portal', { flow: 'payment-method' })).toMatchObject({
      status: 200,
      body: { url: expect.stringMatching(/^http/) },
    })
  })

  it.each<[string, string, unknown, string, number, string]>([
    ['by nobody', '/checkout', { plan: 'pro', interval: 'month' }, '', 401, 'signed-out'],
    ['by a member', '/checkout', { plan: 'pro', interval: 'month' }, 'member', 403, 'not-allowed'],
    ['of no plan', '/checkout', { interval: 'month' }, 'admin', 400, 'body-invalid'],
    [
      'by a price',
      '/checkout',
      { plan: 'price_1ProMonthly', interval: 'month' },
      'admin',
      400,
      'not-for-sale',
    ],
    [
      'of half a seat',
      '/checkout',
      { plan: 'team', interval: 'month', seats: 0.5 },
      'admin',
      400,
      'body-invalid',
    ],
    [
      'that leads elsewhere',
      '/checkout',
      { plan: 'pro', interval: 'month', successUrl: 'https://evil.example' },
      'admin',
      400,
      'redirect-not-allowed',
    ],
    ['portal by a member', '/portal', {}, 'member', 403, 'not-allowed'],
    ['portal for nothing', '/portal', {}, 'admin', 409, 'nothing-to-manage'],
    ['portal with a strange flow', '/portal', { flow: 'all' }, 'admin', 400, 'body-invalid'],
    ['confirm of another', '/confirm', { sessionId: 'cs_test_other' }, 'admin', 404, 'session-not-found'],
  ])('refuses a checkout %s', async (_name, path, body, role, status, error) => {
    const headers = role === '' ? { 'x-session': '' } : session(role)
    expect(await ask(path, body, headers)).toEqual({ status, body: { error } })
  })

  it('takes no checkout from a form, which another site could send', async () => {
    const response = await framed.fetch('/portal', {
      method: 'POST',
      headers: { ...session(), 'content-type': 'text/plain' },
      body: '{}',
    })
    expect(response.status).toBe(415)
  })

  it('tells what the session may use and what is sold, to be kept by nobody', async () => {
    expect(await answer('/access')).toMatchObject({ status: 401 })
    const response = await framed.fetch('/access', { headers: session() })
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toMatchObject({ plan: 'free', subject })
    expect(await answer('/offers')).toMatchObject({
      status: 200,
      body: { offers: expect.arrayContaining([expect.objectContaining({ plan: 'pro' })]) },
    })
  })

  it('answers a signed question about a subject, and no other', async () => {
    const body = JSON.stringify({ subject })
    const timestamp = Math.floor(app.clock.now().getTime() / 1000)
    const v1 = createHmac('sha256', 'probe-secret').update(`${timestamp}.${body}`).digest('hex')
    const headers = { ...json, 'trueup-signature': `t=${timestamp},v1=${v1}` }
    expect(await answer('/probe', { method: 'POST', headers, body })).toMatchObject({
      status: 200,
      body: { subject, reason: 'unseen' },
    })
    expect(await answer('/probe', { method: 'POST', headers: json, body })).toMatchObject({ status: 401 })
  })
})
