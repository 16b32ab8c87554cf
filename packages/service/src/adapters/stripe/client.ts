import type { Clock, Http, Rng, Timer } from '@trueup/core'
import { SourceError } from '@trueup/core'
import Stripe from 'stripe'
import type { Secret } from '../../secret.ts'
import { Pacer } from '../pace/pacer.ts'
import type { RequestBudget } from '../pace/request-budget.ts'
import { judgeStripeError, stripeSourceError, UnreadableAnswer } from './errors.ts'
import { takeableAnswers } from './takeable-answers.ts'

/** What the adapter talks to Stripe through: the official client, paced and counted. */
export interface StripeConnection {
  readonly pacer: Pacer
  readonly clock: Clock
  /** Permissions without which reading goes on all the same, and that the key turned out to lack. */
  readonly lacking: Set<string>
  /**
   * Sends one request and turns what goes wrong into a `SourceError`. `part` names what was being read.
   *
   * @param signal Gives up waiting for a turn and trying again.
   */
  request<T extends object>(
    part: string,
    send: (stripe: Stripe) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>
  /** As `request`, but throws what the client threw, for those who tell errors apart. */
  attempt<T extends object>(send: (stripe: Stripe) => Promise<T>, signal?: AbortSignal): Promise<T>
}

export interface StripeConnectionOptions {
  readonly key: Secret
  /** Another address than Stripe's, such as a sandbox's. */
  readonly baseUrl: string | null
  /**
   * Requests that this source sends in 24 hours at most, retries included, counted from its first one. Stripe also
   * limits reads over a month, by the number of payments. Default: no budget.
   */
  readonly requestsPerDay?: number | null
  /** What all processes that read this account draw from; made for so many requests a second. Default: none. */
  readonly budget?: ((perSecond: number) => RequestBudget) | null
  /** How long one request waits for a better answer where a person waits for it. Default: as long as its tries take. */
  readonly patienceMs?: number | null
  readonly clock: Clock
  readonly timer: Timer
  readonly rng: Rng
  /**
   * Another network than this machine's. Default: the client's own way through `node:http`, which takes half the time
   * of `fetch` for the big pages of a list.
   */
  readonly http?: Http
}

/**
 * Stripe allows 25 requests a second to each endpoint, in either mode, and in test mode 25 to all; a list is read from
 * one endpoint, and a fifth is left to the app (https://docs.stripe.com/rate-limits).
 */
const requestsPerSecond = 20
const mostAtOnce = 16
const timeoutMs = 60_000

/**
 * Sets up the client. Nothing is sent yet.
 *
 * @throws SourceError `unreachable` when the address is none.
 */
export function connectStripe(options: StripeConnectionOptions): StripeConnection {
  const { key, baseUrl, clock, timer, rng, http, requestsPerDay = null, budget = null } = options
  const { patienceMs = null } = options
  const stripe = new Stripe(key.reveal(), {
    ...addressOf(baseUrl),
    httpClient: takeableAnswers(http ? Stripe.createFetchHttpClient(http) : Stripe.createNodeHttpClient()),
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: timeoutMs,
  })
  const perSecond = baseUrl === null ? requestsPerSecond : null
  const pacer = new Pacer({
    ...{ clock, timer, rng, perSecond, perDay: requestsPerDay, mostAtOnce, patienceMs },
    budget: perSecond !== null && budget ? budget(perSecond) : null,
  })
  const attempt: StripeConnection['attempt'] = (send, signal) =>
    pacer.run(() => answerOf(send(stripe)), judgeStripeError, { signal })
  return {
    pacer,
    clock,
    lacking: new Set(),
    attempt,
    async request(part, send, signal) {
      try {
        return await attempt(send, signal)
      } catch (error) {
        throw stripeSourceError(error, part)
      }
    },
  }
}

/** The client takes any JSON object without an `error` key for a success, whatever the HTTP status. */
async function answerOf<T extends object>(sent: Promise<T>): Promise<T> {
  const answer = await sent
  if (!('object' in answer) || typeof answer.object !== 'string') {
    throw new UnreadableAnswer('it has no `object` field')
  }
  return answer
}

function addressOf(
  baseUrl: string | null,
): Pick<NonNullable<ConstructorParameters<typeof Stripe>[1]>, 'host' | 'port' | 'protocol'> {
  if (baseUrl === null) return {}
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null
  if (url?.protocol === 'http:') return { host: url.hostname, port: url.port || 80, protocol: 'http' }
  if (url?.protocol === 'https:') return { host: url.hostname, port: url.port || 443, protocol: 'https' }
  // What was given is not shown: it may be a key in the wrong place.
  throw new SourceError({
    source: 'stripe',
    code: 'unreachable',
    message: 'STRIPE_API_BASE is not an address that begins with http:// or https://.',
    fix: 'Write it as http://127.0.0.1:12111, or leave it out to reach Stripe.',
    retryable: false,
  })
}
