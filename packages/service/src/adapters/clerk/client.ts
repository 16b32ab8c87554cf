import { type ClerkClient, createClerkClient } from '@clerk/backend'
import type { Clock, Rng, Timer } from '@trueup/core'
import { SourceError } from '@trueup/core'
import { clerkDefaultApiUrl } from '../../environment.ts'
import type { Secret } from '../../secret.ts'
import { Pacer } from '../pace/pacer.ts'
import type { RequestBudget } from '../pace/request-budget.ts'
import { clerkSourceError, judgeClerkError, LateAnswer } from './errors.ts'
import { isLiveKey } from './key.ts'

/** What the adapter talks to Clerk through: the official client, paced and counted. */
export interface ClerkConnection {
  readonly pacer: Pacer
  readonly clock: Clock
  /**
   * Sends a request and turns what goes wrong into a `SourceError`.
   *
   * @param cost Requests that the client sends for one call: a list of users also asks for their number.
   * @param signal Gives up waiting for a turn and trying again.
   */
  request<T>(
    part: string,
    cost: 1 | 2,
    send: (clerk: ClerkClient) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>
  /** As `request`, but throws what the client threw, for those who tell errors apart. */
  attempt<T>(cost: 1 | 2, send: (clerk: ClerkClient) => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Sends a request that writes: once, since it may have been done although no answer came. */
  once<T>(part: string, send: (clerk: ClerkClient) => Promise<T>): Promise<T>
}

export interface ClerkConnectionOptions {
  readonly key: Secret
  readonly apiUrl: string
  /** What all processes that read this instance draw from; made for so many requests a second. Default: none. */
  readonly budget?: ((perSecond: number) => RequestBudget) | null
  /** How long one request waits for a better answer where a person waits for it. Default: as long as its tries take. */
  readonly patienceMs?: number | null
  readonly clock: Clock
  readonly timer: Timer
  readonly rng: Rng
}

/** Clerk allows 1,000 requests in 10 s to a production instance and 100 to another; a fifth is left to the app. */
const liveRequestsPerSecond = 80
const testRequestsPerSecond = 8
const mostAtOnce = 8
/** The client itself would wait for five minutes. */
const timeoutMs = 120_000

/**
 * Sets up the client. Nothing is sent yet.
 *
 * @throws SourceError `unreachable` when the address is none.
 */
export function connectClerk(options: ClerkConnectionOptions): ClerkConnection {
  const { key, apiUrl, clock, timer, rng, budget = null, patienceMs = null } = options
  if (!URL.canParse(apiUrl) || !/^https?:$/.test(new URL(apiUrl).protocol)) {
    // What was given is not shown: it may be a key in the wrong place.
    throw new SourceError({
      source: 'clerk',
      code: 'unreachable',
      message: 'CLERK_API_URL is not an address that begins with http:// or https://.',
      fix: 'Write it as http://127.0.0.1:12112, or leave it out to reach Clerk.',
      retryable: false,
    })
  }
  const clerk = createClerkClient({ secretKey: key.reveal(), apiUrl, telemetry: { disabled: true } })
  const ceiling = isLiveKey(key) ? liveRequestsPerSecond : testRequestsPerSecond
  const perSecond = apiUrl === clerkDefaultApiUrl ? ceiling : null
  const pacer = new Pacer({
    ...{ clock, timer, rng, perSecond, mostAtOnce, patienceMs },
    budget: perSecond !== null && budget ? budget(perSecond) : null,
  })
  const attempt: ClerkConnection['attempt'] = (cost, send, signal) =>
    pacer.run(() => inTime(send(clerk), timer), judgeClerkError, { cost, signal })
  return {
    pacer,
    clock,
    attempt,
    async once(part, send) {
      try {
        return await pacer.run(
          () => inTime(send(clerk), timer),
          () => ({ kind: 'final' }),
        )
      } catch (error) {
        throw clerkSourceError(error, part)
      }
    },
    async request(part, cost, send, signal) {
      try {
        return await attempt(cost, send, signal)
      } catch (error) {
        throw clerkSourceError(error, part)
      }
    },
  }
}

/** The client has no time limit of its own. */
async function inTime<T>(answer: Promise<T>, timer: Timer): Promise<T> {
  const answered = new AbortController()
  const late = timer.sleep(timeoutMs, answered.signal).then(() => {
    throw new LateAnswer(`No answer within ${timeoutMs / 1000} s.`)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    answered.abort()
  }
}
