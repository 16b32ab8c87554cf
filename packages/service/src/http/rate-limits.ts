import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { ApiError } from './api-error.ts'
import type { Principal } from './principal.ts'

export interface RateLimits {
  /** Counts against the address alone, before anything is looked up. */
  beforeSignIn(address: string): Promise<void>
  /** Counts against whoever asks; gives the headers that say what is left. */
  take(principal: Principal, address: string): Promise<Readonly<Record<string, string>>>
}

export interface LimitSettings {
  /** Requests a minute from one address. */
  readonly ofAddress: number
  /** Requests a minute of one person, or of one key. */
  readonly ofPrincipal: number
}

export const defaultLimits: LimitSettings = { ofAddress: 1_200, ofPrincipal: 600 }

/** Limits of this process: behind several, each lets through its share and as much again as there are others. */
export function createRateLimits({ ofAddress, ofPrincipal }: LimitSettings): RateLimits {
  const seconds = 60
  const addresses = new RateLimiterMemory({ points: ofAddress, duration: seconds })
  const principals = new RateLimiterMemory({ points: ofPrincipal, duration: seconds })
  return {
    async beforeSignIn(address) {
      await consume(addresses, address)
    },
    async take(principal, address) {
      const left = await consume(principals, nameOf(principal, address))
      return {
        'RateLimit-Limit': String(ofPrincipal),
        'RateLimit-Remaining': String(left.remainingPoints),
        'RateLimit-Reset': String(Math.ceil(left.msBeforeNext / 1_000)),
      }
    },
  }
}

function nameOf(principal: Principal, address: string): string {
  switch (principal.kind) {
    case 'person':
      return `person:${principal.personId}`
    case 'key':
      return `key:${principal.keyId}`
    case 'nobody':
      return `address:${address}`
  }
}

async function consume(limiter: RateLimiterMemory, name: string): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(name)
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error
    const retryAfterSeconds = Math.max(1, Math.ceil(error.msBeforeNext / 1_000))
    throw new ApiError({
      code: 'too-many-requests',
      message: 'These are more requests than are let through in a minute.',
      fix: `Wait ${retryAfterSeconds} s, and ask less often.`,
      retryAfterSeconds,
    })
  }
}
