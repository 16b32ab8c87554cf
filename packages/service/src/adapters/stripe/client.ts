import type { Clock, Http, Rng, Timer } from '@trueup/core'
import { SourceError } from '@trueup/core'
import Stripe from 'stripe'
import type { Secret } from '../../secret.ts'
import { Pacer } from '../pace/pacer.ts'
import { judgeStripeError, stripeSourceError, UnreadableAnswer } from './errors.ts'
import { isLiveKey } from './key.ts'

/** What the adapter talks to Stripe through: the official client, paced and counted. */
export interface StripeConnection {
  readonly stripe: Stripe
  readonly pacer: Pacer
  readonly clock: Clock
  /** Sends one request and turns what goes wrong into a `SourceError`. `part` names what was being read. */
  request<T extends object>(part: string, send: (stripe: Stripe) => Promise<T>): Promise<T>
  /** As `request`, but throws what the client threw, for those who tell errors apart. */
  attempt<T extends object>(send: (stripe: Stripe) => Promise<T>): Promise<T>
}

export interface StripeConnectionOptions {
  readonly key: Secret
  /** Another address than Stripe's, such as a sandbox's. */
  readonly baseUrl: string | null
  readonly clock: Clock
  readonly timer: Timer
  readonly rng: Rng
  readonly http: Http
}

/** Stripe allows 100 requests a second in live mode and 25 in test mode; a fifth is left to the app. */
const liveRequestsPerSecond = 80
const testRequestsPerSecond = 20
const mostAtOnce = 16
const timeoutMs = 60_000

export function connectStripe(options: StripeConnectionOptions): StripeConnection {
  const { key, baseUrl, clock, timer, rng, http } = options
  const stripe = new Stripe(key.reveal(), {
    ...addressOf(baseUrl),
    httpClient: Stripe.createFetchHttpClient(http),
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: timeoutMs,
  })
  const perSecond = isLiveKey(key) ? liveRequestsPerSecond : testRequestsPerSecond
  const pacer = new Pacer({ clock, timer, rng, perSecond: baseUrl === null ? perSecond : null, mostAtOnce })
  const attempt = async <T extends object>(send: (stripe: Stripe) => Promise<T>): Promise<T> =>
    pacer.run(async () => {
      const answer = await send(stripe)
      // The client takes any JSON without an `error` key for a success, whatever the HTTP status.
      if (!('object' in answer)) throw new UnreadableAnswer('it has no `object` field')
      return answer
    }, judgeStripeError)
  return {
    stripe,
    pacer,
    clock,
    attempt,
    async request(part, send) {
      try {
        return await attempt(send)
      } catch (error) {
        throw stripeSourceError(error, part)
      }
    },
  }
}

function addressOf(
  baseUrl: string | null,
): Pick<NonNullable<ConstructorParameters<typeof Stripe>[1]>, 'host' | 'port' | 'protocol'> {
  if (baseUrl === null) return {}
  if (!URL.canParse(baseUrl)) {
    throw new SourceError({
      source: 'stripe',
      code: 'unreachable',
      message: `STRIPE_API_BASE is not an address: ${baseUrl}`,
      fix: 'Write it as http://127.0.0.1:12111, or leave it out to reach Stripe.',
      retryable: false,
    })
  }
  const url = new URL(baseUrl)
  const protocol = url.protocol === 'http:' ? 'http' : 'https'
  return { host: url.hostname, port: url.port || (protocol === 'http' ? 80 : 443), protocol }
}
