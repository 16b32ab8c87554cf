import type { Clock, Timer } from '@trueup/core'
import type { EventWriter } from './batch-events.ts'
import { InboxFull } from './batch-events.ts'
import { readClerkEvent } from './clerk-event.ts'
import type { EndpointDirectory, LiveEndpoint } from './endpoints.ts'
import type { IncomingEvent, Provider, UnreadableEvent } from './event.ts'
import { isDeeperThan } from './json-depth.ts'
import type { Rate } from './rate-bucket.ts'
import { RateBucket } from './rate-bucket.ts'
import { BodyBudget, Deadlines, readBody } from './read-body.ts'
import type { RefusalReason } from './refusal.ts'
import { refuse } from './refusal.ts'
import type { RefusalTally } from './refusal-tally.ts'
import { refuseSignature } from './signature.ts'
import type { Stored } from './store-events.ts'
import { readStripeEvent } from './stripe-event.ts'
import type { ProjectTenant } from './tables.ts'

export interface WebhookReceiverOptions {
  readonly endpoints: EndpointDirectory
  readonly writer: EventWriter
  readonly refusals: RefusalTally
  readonly clock: Clock
  readonly timer: Timer
  /** Told of what made it answer 503, which the sender is not told. It must not throw. */
  readonly onError: (error: unknown) => void
  /** Told of each answer, for metrics. */
  readonly onAnswer?: (provider: Provider, outcome: Stored | RefusalReason) => void
  /** Signed events that one endpoint may send. Default 2,000 a second, 10,000 at once. */
  readonly rateOfEndpoint?: Rate
}

const mostHeaderBytes = 8 * 1024
const mostBytesOfBody = 1024 * 1024
const bodyWithinMs = 10_000
/** Of all bodies that are being read. */
const mostBodyBytes = 128 * 1024 * 1024
const deepest = 64
const longestProjectId = 200
const defaultRate: Rate = { perSecond: 2_000, burst: 10_000 }

/**
 * Answers the requests by which providers tell of events: authenticates the raw bytes, reads from them whom the event
 * is about, stores it, and answers 200 only then. Until a request is authenticated, nothing is done in the database for
 * it, except that an endpoint that is not held in memory is read.
 *
 * @example
 * const receive = createWebhookReceiver({ endpoints, writer, refusals, clock, timer, onError })
 * const response = await receive(request, 'stripe', projectId)
 */
export function createWebhookReceiver(
  options: WebhookReceiverOptions,
): (request: Request, provider: Provider, projectId: string) => Promise<Response> {
  const { endpoints, refusals, clock, timer, onError, onAnswer = () => {} } = options
  const reading = {
    mostBytes: mostBytesOfBody,
    budget: new BodyBudget(mostBodyBytes),
    deadlines: new Deadlines(bodyWithinMs, { timer, clock }),
  }
  const rates = new EndpointRates(options.rateOfEndpoint ?? defaultRate)

  const take = async (
    request: Request,
    provider: Provider,
    projectId: string,
  ): Promise<Stored | RefusalReason> => {
    if (bytesOf(request.headers) > mostHeaderBytes) return 'headers-too-large'
    if (projectId.length > longestProjectId) return 'not-found'
    const endpoint = await endpoints.find(provider, projectId)
    if (endpoint === 'busy') return 'overloaded'
    if (!endpoint) return 'not-found'
    const reason = await takeFor(endpoint, request)
    if (isRefusal(reason)) refusals.count(endpoint.tenant, provider, reason, clock.now())
    return reason
  }

  const takeFor = async (known: LiveEndpoint, request: Request): Promise<Stored | RefusalReason> => {
    if (!isPlain(request.headers)) return 'encoding-unsupported'
    const body = await readBody(request, reading)
    if (typeof body === 'string') return body
    const endpoint = await authenticated(known, request.headers, body)
    if (typeof endpoint === 'string') return endpoint
    if (!rates.take(endpoint.tenant, clock.now())) return 'rate-limited'
    const event = readEvent(endpoint.provider, request.headers, body)
    if ('unreadable' in event) return 'body-unreadable'
    const mismatch = mismatchOf(endpoint, event)
    if (mismatch) {
      await refusals.enter(endpoint, mismatch, event, clock.now())
      return mismatch
    }
    const arrival = { event, foundBy: 'webhook', receivedAt: clock.now(), pendingWebhooks: null } as const
    return await options.writer.store(endpoint.tenant, arrival)
  }

  /** The endpoint that the request was signed for; read anew where no secret that is held fits, since one may be new. */
  const authenticated = async (
    known: LiveEndpoint,
    headers: Headers,
    body: Uint8Array,
  ): Promise<LiveEndpoint | RefusalReason> => {
    const { provider, tenant } = known
    const refusal = refuseSignature(provider, known.keys, headers, body, clock.now())
    if (!refusal) return known
    if (refusal !== 'signature-invalid') return refusal
    const again = await endpoints.findAgain(provider, tenant.projectId)
    if (again === 'busy' || again === null || again === known) return refusal
    return refuseSignature(provider, again.keys, headers, body, clock.now()) ?? again
  }

  return async (request, provider, projectId) => {
    let outcome: Stored | RefusalReason
    try {
      outcome = await take(request, provider, projectId)
    } catch (error) {
      onError(error)
      outcome = error instanceof InboxFull ? 'overloaded' : 'store-unavailable'
    }
    onAnswer(provider, outcome)
    return isRefusal(outcome) ? refuse(outcome) : received()
  }
}

function received(): Response {
  return new Response('{"received":true}', {
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  })
}

function isRefusal(outcome: Stored | RefusalReason): outcome is RefusalReason {
  switch (outcome) {
    case 'acted-on':
    case 'not-acted-on':
    case 'twin':
    case 'duplicate':
      return false
    default:
      return true
  }
}

function isPlain(headers: Headers): boolean {
  return (headers.get('content-encoding') ?? 'identity').toLowerCase() === 'identity'
}

function bytesOf(headers: Headers): number {
  let bytes = 0
  for (const [name, value] of headers) bytes += name.length + value.length + 4
  return bytes
}

function readEvent(provider: Provider, headers: Headers, body: Uint8Array): IncomingEvent | UnreadableEvent {
  if (isDeeperThan(deepest, body)) return { unreadable: `it nests deeper than ${deepest}` }
  let raw: string
  let json: unknown
  try {
    raw = new TextDecoder('utf-8', { fatal: true }).decode(body)
    json = JSON.parse(raw)
  } catch {
    return { unreadable: 'it is not JSON in UTF-8' }
  }
  // Authenticated requests of Clerk have an id.
  return provider === 'stripe'
    ? readStripeEvent(json, raw)
    : readClerkEvent(json, raw, headers.get('svix-id') ?? '')
}

/** A signed event of the other mode, or of an account that is not the project's, says nothing of the project. */
function mismatchOf(endpoint: LiveEndpoint, event: IncomingEvent): 'mode-differs' | 'account-differs' | null {
  if (endpoint.isLive !== null && event.livemode !== null && endpoint.isLive !== event.livemode) {
    return 'mode-differs'
  }
  if (event.provider === 'stripe') {
    // Stripe names an account only where it is a connected one: an event without is of the account itself.
    return event.account === null || event.account === endpoint.account ? null : 'account-differs'
  }
  return endpoint.account === null || event.account === endpoint.account ? null : 'account-differs'
}

/** A bucket for each endpoint that sends now. */
class EndpointRates {
  readonly #rate: Rate
  readonly #buckets = new Map<string, RateBucket>()

  constructor(rate: Rate) {
    this.#rate = rate
  }

  take({ projectId }: ProjectTenant, at: Date): boolean {
    const now = at.getTime()
    const held = this.#buckets.get(projectId)
    if (held) return held.take(now)
    if (this.#buckets.size >= 10_000) this.#forgetFull(now)
    const bucket = new RateBucket(this.#rate)
    this.#buckets.set(projectId, bucket)
    return bucket.take(now)
  }

  #forgetFull(now: number): void {
    for (const [projectId, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(projectId)
  }
}
