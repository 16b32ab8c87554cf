import type { Clock } from '../server/clock.ts'
import type { StripeLimitReason } from './fault.ts'
import { routeOf } from './route.ts'

/** What a limit looks at. */
export interface LimitedRequest {
  readonly method: string
  readonly path: string
  /** The API key; requests without one share the empty key. */
  readonly key: string
}

/** A vendor's limit: so many requests of one bucket in a window. */
export interface RateLimitRule {
  readonly name: string
  readonly windowMs: number
  /** Stripe's name for the limit in its header. */
  readonly reason: StripeLimitReason
  /** Requests allowed in a window. */
  limit(request: LimitedRequest): number
  /** The bucket of a request, or null where the rule does not concern it. */
  bucket(request: LimitedRequest): string | null
}

const isLive = (key: string) => /^[a-z]+_live_/.test(key)

/**
 * Stripe's documented limits: 100 requests a second live, 25 in test mode, and 25 a second for each endpoint, 20 for
 * searches (https://docs.stripe.com/rate-limits).
 */
export const stripeRateLimits: readonly RateLimitRule[] = [
  {
    name: 'global',
    windowMs: 1000,
    reason: 'global-rate',
    limit: ({ key }) => (isLive(key) ? 100 : 25),
    bucket: () => '',
  },
  {
    name: 'endpoint',
    windowMs: 1000,
    reason: 'endpoint-rate',
    limit: ({ path }) => (path.endsWith('/search') ? 20 : 25),
    bucket: ({ method, path }) => `${method} ${routeOf(path)}`,
  },
]

const metadataWrite = /^\/v1\/(?:users\/[^/]+|organizations\/[^/]+(?:\/memberships\/[^/]+)?)(?:\/metadata)?$/

const invitation = /^\/v1\/organizations\/[^/]+\/invitations$/

/**
 * Clerk's documented limits: 1000 requests in 10 seconds for a production instance, 100 for a development one, and
 * 10 in 10 seconds for writes to one user, organization or membership, 250 an hour for invitations to organizations;
 * `GET /v1/jwks` is not limited
 * (https://clerk.com/docs/guides/how-clerk-works/system-limits).
 */
export const clerkRateLimits: readonly RateLimitRule[] = [
  {
    name: 'instance',
    windowMs: 10_000,
    reason: 'global-rate',
    limit: ({ key }) => (isLive(key) ? 1000 : 100),
    bucket: ({ path }) => (path === '/v1/jwks' ? null : ''),
  },
  {
    name: 'object-writes',
    windowMs: 10_000,
    reason: 'resource-specific',
    limit: () => 10,
    bucket: ({ method, path }) =>
      (method === 'PATCH' || method === 'PUT') && metadataWrite.test(path)
        ? path.replace(/\/metadata$/, '')
        : null,
  },
  {
    name: 'invitations',
    windowMs: 3_600_000,
    reason: 'endpoint-rate',
    limit: () => 250,
    bucket: ({ method, path }) => (method === 'POST' && invitation.test(path) ? '' : null),
  },
]

/** A request that is over a limit. */
export interface Limited {
  readonly rule: RateLimitRule
  /** Whole seconds until the window ends, at least 1. */
  readonly retryAfterSeconds: number
}

export interface RateLimitsOptions {
  readonly clock: Clock
  /** Default true. */
  readonly enabled?: boolean
  /** Other figures for rules, by name: requests in the rule's window. */
  readonly limits?: Readonly<Record<string, number>>
  /** The account behind a key, since limits are an account's. Default: each key is an account. */
  readonly account?: (key: string) => string
}

/**
 * Counts requests against rules, in windows that start with a bucket's first request. A refused request is not
 * counted.
 *
 * @example
 * const limits = new RateLimits(stripeRateLimits, { clock: systemClock, limits: { global: 5 } })
 * limits.take({ method: 'GET', path: '/v1/customers', key: 'rk_test_1' }) // null, or which limit was hit
 */
export class RateLimits {
  readonly rules: readonly RateLimitRule[]
  readonly #clock: Clock
  readonly #account: (key: string) => string
  readonly #windows = new Map<string, { start: number; used: number }>()
  enabled: boolean
  /** Figures in place of the rules' own, by name. */
  overrides: Readonly<Record<string, number>>

  constructor(rules: readonly RateLimitRule[], options: RateLimitsOptions) {
    this.rules = rules
    this.#clock = options.clock
    this.#account = options.account ?? ((key) => key)
    this.enabled = options.enabled ?? true
    this.overrides = options.limits ?? {}
  }

  take(request: LimitedRequest): Limited | null {
    if (!this.enabled) return null
    const now = this.#clock.now().getTime()
    const account = this.#account(request.key)
    const taken: { used: number }[] = []
    for (const rule of this.rules) {
      const bucket = rule.bucket(request)
      if (bucket === null) continue
      const window = this.#window(`${rule.name} ${account} ${bucket}`, rule.windowMs, now)
      if (window.used >= (this.overrides[rule.name] ?? rule.limit(request))) {
        const waitMs = window.start + rule.windowMs - now
        return { rule, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) }
      }
      taken.push(window)
    }
    for (const window of taken) window.used += 1
    return null
  }

  #window(key: string, windowMs: number, now: number): { start: number; used: number } {
    const found = this.#windows.get(key)
    if (found !== undefined && now < found.start + windowMs) return found
    if (this.#windows.size > 10_000) this.#dropEnded(now)
    const fresh = { start: now, used: 0 }
    this.#windows.set(key, fresh)
    return fresh
  }

  #dropEnded(now: number): void {
    const longest = Math.max(...this.rules.map((rule) => rule.windowMs))
    for (const [key, window] of this.#windows) {
      if (now >= window.start + longest) this.#windows.delete(key)
    }
  }
}
