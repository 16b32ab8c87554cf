import { createClerkClient } from '@clerk/backend'
import { isClerkAPIResponseError } from '@clerk/shared/error'
import { Hono } from 'hono'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createClerkApp } from '../clerk/create-clerk-app.ts'
import { ClerkState } from '../clerk/state.ts'
import { createUser } from '../clerk/users/create-user.ts'
import { ManualClock } from '../server/clock.ts'
import { type Listening, listen } from '../server/listen.ts'
import { Faults } from './faults.ts'
import { clerkRateLimits, RateLimits } from './rate-limit.ts'
import { withFaults } from './with-faults.ts'

const secretKey = 'sk_test_sandbox'
const clock = new ManualClock(new Date('2026-11-01T00:00:00Z'))
let state: ClerkState
let faults: Faults
let limits: RateLimits
let server: Listening
let clerk: ReturnType<typeof createClerkClient>

beforeEach(async () => {
  state = new ClerkState({ seed: 'faults' })
  for (let index = 0; index < 20; index += 1) createUser(state, {})
  faults = new Faults({ seed: 'faults' })
  limits = new RateLimits(clerkRateLimits, { clock, enabled: false })
  // Waiting is told, not slept: a slow answer takes the time that this list says it would have taken.
  const timer = { sleep: async (ms: number) => void slept.push(ms) }
  slept.length = 0
  const app = createClerkApp({ state, keys: [secretKey] })
  server = await listen(withFaults(app, { faults, vendor: 'clerk', limits, timer }))
  clerk = createClerkClient({ secretKey, apiUrl: server.url, telemetry: { disabled: true } })
})
afterEach(async () => {
  await server.close()
})

const slept: number[] = []
const anyUser = () => state.users.all()[0]?.id ?? ''
const read = () => clerk.users.getUser(anyUser())

async function failure(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!isClerkAPIResponseError(error)) return { status: null, code: null, retryAfter: null, error }
  return { status: error.status, code: error.errors[0]?.code, retryAfter: error.retryAfter, error }
}

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.url}/_sandbox/${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.status, json: await response.json() }
}

describe('Clerk’s client sees', () => {
  test('a 429 with the seconds to wait', async () => {
    faults.add({ kind: 'rate-limited', retryAfterSeconds: 7, at: [1] })
    expect(await failure(read())).toMatchObject({ status: 429, code: 'too_many_requests', retryAfter: 7 })
    expect((await read()).id).toBe(anyUser())
  })

  test.each([500, 502, 503] as const)('a %i', async (status) => {
    faults.add({ kind: 'server-error', status, limit: 1 })
    expect(await failure(read())).toMatchObject({ status })
    expect((await read()).id).toBe(anyUser())
  })

  test('a revoked key from the third request on', async () => {
    faults.add({ kind: 'key-revoked', from: 3 })
    await read()
    await read()
    expect(await failure(read())).toMatchObject({ status: 401, code: 'clerk_key_invalid' })
    expect(await failure(read())).toMatchObject({ status: 401 })
  })

  test('an outage that ends', async () => {
    faults.add({ kind: 'outage', limit: 3 })
    for (let index = 0; index < 3; index += 1) expect(await failure(read())).toMatchObject({ status: 503 })
    expect((await read()).id).toBe(anyUser())
  })

  test('half a page that says it is the last, and valid JSON', async () => {
    faults.add({ kind: 'short-page', route: '/v1/users' })
    const { data, totalCount } = await clerk.users.getUserList({ limit: 20 })
    expect([data.length, totalCount]).toEqual([10, 20])
  })

  test('no answer at all from a reset connection, and nothing done', async () => {
    faults.add({ kind: 'reset', method: 'DELETE' })
    expect((await failure(clerk.users.deleteUser(anyUser()))).error).not.toBeNull()
    expect(state.users.size).toBe(20)
    expect(faults.requests.last().at(-1)).toMatchObject({ status: 0, fault: 'reset' })
  })

  test('no answer to what was done all the same, where the fault says so', async () => {
    faults.add({ kind: 'reset', method: 'DELETE', applied: true })
    expect((await failure(clerk.users.deleteUser(anyUser()))).error).not.toBeNull()
    expect(state.users.size).toBe(19)
  })

  test('an error and no user from a body that is cut in the middle', async () => {
    faults.add({ kind: 'cut-body' })
    expect((await failure(read())).error).not.toBeNull()
    await expect(fetch(`${server.url}/v1/users`).then((response) => response.text())).rejects.toThrow()
  })

  test('the whole answer after a wait, before it or in its middle', async () => {
    faults.add({ kind: 'slow', delayMs: 30_000, at: [1] })
    faults.add({ kind: 'slow', delayMs: 5_000, where: 'middle', at: [2] })
    expect((await read()).id).toBe(anyUser())
    expect((await read()).id).toBe(anyUser())
    expect(slept).toEqual([30_000, 5_000])
  })
})

describe('Stripe’s client sees', () => {
  let stripeServer: Listening
  let stripe: Stripe
  const stripeFaults = () => stripeControl
  let stripeControl: Faults

  beforeEach(async () => {
    const app = new Hono()
    app.get('/v1/customers', (c) => {
      const data = ['cus_1', 'cus_2', 'cus_3', 'cus_4'].map((id) => ({ id, object: 'customer' }))
      return c.json({ object: 'list', url: '/v1/customers', has_more: true, data })
    })
    stripeControl = new Faults({ seed: 'stripe' })
    stripeServer = await listen(withFaults(app, { faults: stripeControl, vendor: 'stripe' }))
    stripe = new Stripe('sk_test_4eC39HqLyjWDarjtT1zdp7dc', {
      host: '127.0.0.1',
      port: stripeServer.port,
      protocol: 'http',
      telemetry: false,
      maxNetworkRetries: 0,
    })
  })
  afterEach(async () => {
    await stripeServer.close()
  })
  const list = () => stripe.customers.list()

  test.each(['global-rate', 'endpoint-rate', 'global-concurrency', 'resource-specific'] as const)(
    'a 429 for %s without Retry-After',
    async (reason) => {
      stripeFaults().add({ kind: 'rate-limited', reason })
      const error: unknown = await list().catch((reason: unknown) => reason)
      if (!(error instanceof Stripe.errors.StripeRateLimitError)) throw new Error(`got ${String(error)}`)
      expect(error.code).toBe('rate_limit')
      expect(error.headers?.['stripe-rate-limited-reason']).toBe(reason)
      expect(error.headers?.['retry-after']).toBeUndefined()
    },
  )

  test('lock contention as a 429 that names no limit', async () => {
    stripeFaults().add({ kind: 'rate-limited', reason: 'lock-timeout' })
    const error: unknown = await list().catch((reason: unknown) => reason)
    if (!(error instanceof Stripe.errors.StripeRateLimitError)) throw new Error(`got ${String(error)}`)
    expect(error.code).toBe('lock_timeout')
    expect(error.headers?.['stripe-rate-limited-reason']).toBeUndefined()
  })

  test('a revoked key, masked', async () => {
    stripeFaults().add({ kind: 'key-revoked' })
    await expect(list()).rejects.toMatchObject({
      type: 'StripeAuthenticationError',
      code: 'api_key_expired',
      message: expect.stringMatching(/^Expired API Key provided: sk_test_\*+p7dc$/),
    })
  })

  test.each([
    ['server-error', 'StripeAPIError'],
    ['reset', 'StripeConnectionError'],
    ['cut-body', 'StripeConnectionError'],
  ] as const)('%s as %s', async (kind, type) => {
    stripeFaults().add({ kind })
    await expect(list()).rejects.toMatchObject({ type })
  })

  test('a page cut to half that says there is no more', async () => {
    stripeFaults().add({ kind: 'short-page' })
    expect(await list()).toMatchObject({ has_more: false, data: [{ id: 'cus_1' }, { id: 'cus_2' }] })
  })
})

describe('rate limits', () => {
  test('a development instance answers 100 requests in ten seconds, then says when to come back', async () => {
    limits.enabled = true
    for (let index = 0; index < 100; index += 1) await read()
    clock.advance(4000)
    expect(await failure(read())).toMatchObject({ status: 429, retryAfter: 6 })
    expect(
      (await fetch(`${server.url}/v1/jwks`, { headers: { authorization: `Bearer ${secretKey}` } })).status,
    ).toBe(200)
    clock.advance(6000)
    expect((await read()).id).toBe(anyUser())
  })

  test('one user takes ten metadata writes in ten seconds, another is not concerned', async () => {
    limits.enabled = true
    const [one, other] = state.users.all()
    const write = (id = '') => clerk.users.updateUserMetadata(id, { publicMetadata: { n: 1 } })
    for (let index = 0; index < 10; index += 1) await write(one?.id)
    expect(await failure(write(one?.id))).toMatchObject({ status: 429 })
    expect((await write(other?.id)).publicMetadata).toEqual({ n: 1 })
    clock.advance(10_000)
    expect((await write(one?.id)).publicMetadata).toEqual({ n: 1 })
  })

  test('figures are changed and switched off while it runs', async () => {
    expect((await control('PUT', 'limits', { enabled: true, limits: { instance: 1 } })).status).toBe(200)
    clock.advance(10_000)
    await read()
    expect(await failure(read())).toMatchObject({ status: 429 })
    await control('PUT', 'limits', { enabled: false })
    await read()
    expect((await control('PUT', 'limits', { limits: { global: 1 } })).status).toBe(400)
  })
})

describe('control', () => {
  test('faults are set, listed with what they struck, and taken back', async () => {
    const set = await control('POST', 'faults', [
      { kind: 'server-error', status: 503, route: '/v1/users/:id', at: [2] },
      { kind: 'slow', delayMs: 1, rate: 0.5 },
    ])
    expect(set.status).toBe(201)
    await read()
    expect(await failure(read())).toMatchObject({ status: 503 })
    const { json } = await control('GET', 'faults')
    expect(json).toMatchObject({
      faults: [
        { id: 'fault_1', seen: 2, struck: 1 },
        { id: 'fault_2', seen: 2 },
      ],
    })
    expect((await control('DELETE', 'faults/fault_1')).status).toBe(200)
    expect((await control('DELETE', 'faults/fault_1')).status).toBe(404)
    expect((await control('DELETE', 'faults')).json).toEqual({ faults: [] })
  })

  test.each([
    ['no JSON', '{', 'not JSON'],
    ['an unknown kind', { kind: 'earthquake' }, 'kind'],
    ['a rate above one', { kind: 'reset', rate: 1.5 }, 'rate'],
    ['numbers below one', { kind: 'reset', at: [0] }, 'at'],
    ['numbers with a rate', { kind: 'reset', at: [1], rate: 0.5 }, 'at'],
    ['a status that is no outage', { kind: 'server-error', status: 418 }, 'status'],
    ['a field of another kind', { kind: 'reset', delayMs: 5 }, 'delayMs'],
    ['a key revoked now and then', { kind: 'key-revoked', rate: 0.5 }, 'key-revoked'],
    ['one good fault and one bad', [{ kind: 'reset' }, { kind: 'nothing' }], 'kind'],
  ])('%s is refused with what to do, and sets nothing', async (_, body, word) => {
    const answer = await control('POST', 'faults', body)
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({
      error: { code: 'invalid-input', message: expect.stringContaining(word), fix: expect.any(String) },
    })
    expect(faults.list()).toEqual([])
  })

  test('requests are counted by route and status, control requests are not', async () => {
    await read()
    await failure(clerk.users.getUser('user_0None'))
    await control('GET', 'health')
    const { json } = await control('GET', 'requests')
    expect(json).toMatchObject({
      total: 2,
      routes: [{ route: 'GET /v1/users/:id', total: 2, byStatus: { 200: 1, 404: 1 } }],
      last: [
        { number: 1, status: 200, fault: null },
        { number: 2, status: 404 },
      ],
    })
    expect(JSON.stringify(json)).not.toContain(secretKey)
  })

  test('health says which vendor it is', async () => {
    expect((await control('GET', 'health')).json).toEqual({ status: 'ok', vendor: 'clerk' })
  })
})

test('closing ends keep-alive connections, so that nothing hangs', async () => {
  await read()
  await server.close()
  expect((await failure(read())).error).not.toBeNull()
})
