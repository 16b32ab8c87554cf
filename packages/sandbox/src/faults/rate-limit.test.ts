import { expect, test } from 'vitest'
import { ManualClock } from '../server/clock.ts'
import { clerkRateLimits, type LimitedRequest, RateLimits, stripeRateLimits } from './rate-limit.ts'

/** How many of the requests pass, and which limit stops the first that does not. */
function passed(limits: RateLimits, request: LimitedRequest, tries: number): [number, string | null] {
  for (let count = 0; count < tries; count += 1) {
    const limited = limits.take(request)
    if (limited !== null) return [count, limited.rule.reason]
  }
  return [tries, null]
}

const clock = () => new ManualClock(new Date('2026-11-01T00:00:00Z'))
const get = (path: string, key: string): LimitedRequest => ({ method: 'GET', path, key })

test('Stripe lets 25 requests a second to an endpoint pass, live too', () => {
  const limits = new RateLimits(stripeRateLimits, { clock: clock() })
  expect(passed(limits, get('/v1/customers', 'sk_live_1'), 30)).toEqual([25, 'endpoint-rate'])
})

test('Stripe lets 100 requests a second pass live, 25 in test mode, over all endpoints', () => {
  for (const [key, allowed] of [
    ['rk_live_1', 100],
    ['rk_test_1', 25],
  ] as const) {
    const limits = new RateLimits(stripeRateLimits, { clock: clock() })
    const paths = Array.from({ length: 200 }, (_, index) => `/v1/endpoint${index}`)
    expect(paths.filter((path) => limits.take(get(path, key)) === null)).toHaveLength(allowed)
  }
})

test('Stripe lets 20 searches a second pass', () => {
  const limits = new RateLimits(stripeRateLimits, { clock: clock() })
  expect(passed(limits, get('/v1/customers/search', 'sk_live_1'), 30)).toEqual([20, 'endpoint-rate'])
})

test('Clerk sends 250 invitations to organizations an hour', () => {
  const time = clock()
  const limits = new RateLimits(clerkRateLimits, { clock: time })
  const invite: LimitedRequest = {
    method: 'POST',
    path: '/v1/organizations/org_1/invitations',
    key: 'sk_live_1',
  }
  expect(passed(limits, invite, 300)[0]).toBe(250)
  expect(limits.take(invite)?.retryAfterSeconds).toBe(3600)
  time.advance(3_600_000)
  expect(limits.take(invite)).toBeNull()
})

test('reads of different objects are one endpoint', () => {
  const limits = new RateLimits(stripeRateLimits, { clock: clock() })
  const paths = Array.from({ length: 30 }, (_, index) => `/v1/customers/cus_${index}`)
  expect(paths.filter((path) => limits.take(get(path, 'sk_live_1')) === null)).toHaveLength(25)
})

test('a production instance of Clerk answers 1000 requests in ten seconds', () => {
  const limits = new RateLimits(clerkRateLimits, { clock: clock() })
  expect(passed(limits, get('/v1/users', 'sk_live_1'), 1200)).toEqual([1000, 'global-rate'])
  expect(passed(limits, get('/v1/jwks', 'sk_live_1'), 1200)).toEqual([1200, null])
})

test('a new window starts when the old one ends, and a refused request does not count', () => {
  const time = clock()
  const limits = new RateLimits(clerkRateLimits, { clock: time, limits: { instance: 2 } })
  const request = get('/v1/users', 'sk_test_1')
  expect(passed(limits, request, 5)[0]).toBe(2)
  time.advance(9_999)
  expect(limits.take(request)?.retryAfterSeconds).toBe(1)
  time.advance(1)
  expect(passed(limits, request, 5)[0]).toBe(2)
})

test('keys of one account share its limits, others do not', () => {
  const limits = new RateLimits(clerkRateLimits, {
    clock: clock(),
    limits: { instance: 2 },
    account: (key) => key.slice(0, 9),
  })
  expect(limits.take(get('/v1/users', 'sk_test_1a'))).toBeNull()
  expect(limits.take(get('/v1/users', 'sk_test_1b'))).toBeNull()
  expect(limits.take(get('/v1/users', 'sk_test_1c'))).not.toBeNull()
  expect(limits.take(get('/v1/users', 'sk_test_2a'))).toBeNull()
})

test('limits that are switched off let all pass', () => {
  const limits = new RateLimits(stripeRateLimits, { clock: clock(), enabled: false })
  expect(passed(limits, get('/v1/customers', 'sk_test_1'), 1000)).toEqual([1000, null])
})
