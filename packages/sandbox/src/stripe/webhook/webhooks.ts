import type { Deliverer } from '../../server/deliver.ts'
import { SandboxError } from '../../server/sandbox-error.ts'
import { type Event, makeEvent, type ThinEvent } from '../objects/index.ts'
import { snapshot } from '../snapshot.ts'
import { API_VERSION, type StripeState } from '../state.ts'
import { renderEvent } from './render-event.ts'
import { signatureHeader } from './sign.ts'
import { Twins } from './twins.ts'

/**
 * Waits after a failed attempt, in milliseconds: outside of live mode Stripe tries three times more over a few hours
 * (https://docs.stripe.com/webhooks#behaviors); the exact waits are not published.
 */
export const stripeRetriesMs: readonly number[] = [600, 3600, 7200].map((seconds) => seconds * 1000)

/** How long both secrets sign after one is rolled, where nothing else is said: Stripe's longest, in seconds. */
const rolledSeconds = 86_400

export interface WebhooksOptions {
  readonly state: StripeState
  /** Sends, retries and misbehaves; make it with {@link stripeRetriesMs}. */
  readonly deliverer: Deliverer
  /** Seeds the twins. Default `webhooks`. */
  readonly seed?: string
}

/** A receiver of events, whether an endpoint or a destination. */
interface Receiver {
  readonly id: string
  readonly url: string
  readonly secret: string
  readonly enabledEvents: readonly string[]
  isOn(): boolean
}

/**
 * Sends each event of a state to the webhook endpoints and event destinations that want it, signed with their secrets,
 * and counts in `pending_webhooks` what has not arrived yet.
 *
 * @example
 * const webhooks = new Webhooks({ state, deliverer: new Deliverer({ retriesMs: stripeRetriesMs }) })
 * webhooks.twins.add({ event: 'invoice.paid', at: [1] })
 */
export class Webhooks {
  /** Changes that are told by two events. */
  readonly twins: Twins
  readonly #state: StripeState
  readonly #deliverer: Deliverer
  readonly #stop: () => void
  /** Old secrets that still sign, by receiver. */
  readonly #rolled = new Map<string, { readonly secret: string; readonly until: number }>()
  /** Deliveries of events that have not arrived, so that a copy is not counted again. */
  readonly #waiting = new Set<string>()
  #twinning = false

  constructor(options: WebhooksOptions) {
    this.#state = options.state
    this.#deliverer = options.deliverer
    this.twins = new Twins(options.seed ?? 'webhooks')
    this.#stop = options.state.onEvent((event, thin) => this.#send(event, thin))
  }

  /** Sends nothing more. What is under way is the deliverer's. */
  close(): void {
    this.#stop()
  }

  /**
   * Gives an endpoint or destination a new secret and returns it. The old one signs as well for so many seconds
   * (default a day, Stripe's longest; 0: no longer).
   *
   * @throws SandboxError `unknown-id` when there is neither.
   */
  rollSecret(id: string, oldSecretSeconds: number = rolledSeconds): string {
    const secret = `whsec_${this.#state.ids.random(32)}`
    const endpoint = this.#state.webhookEndpoints.get(id)
    const destination = this.#state.eventDestinations.get(id)
    const old = endpoint?.secret ?? destination?.webhook_endpoint.signing_secret
    if (old === undefined) {
      throw new SandboxError(
        'unknown-id',
        `there is no webhook endpoint or event destination ${id}`,
        'Give the id of one that exists.',
      )
    }
    if (endpoint !== undefined) endpoint.secret = secret
    if (destination !== undefined) {
      destination.webhook_endpoint = { ...destination.webhook_endpoint, signing_secret: secret }
    }
    this.#rolled.set(id, { secret: old, until: this.#state.now() + oldSecretSeconds })
    return secret
  }

  /** Sends an event that happened before once more, as the dashboard's "Resend" does. */
  resend(event: Event): void {
    const thin = this.#state.thinEvents.all().filter(({ snapshot_event }) => snapshot_event === event.id)
    this.#send(event, thin)
  }

  #send(event: Event, thin: readonly ThinEvent[]): void {
    const wanted = [
      ...this.#endpoints(event.livemode),
      ...this.#destinations('snapshot', event.livemode),
    ].filter(({ receiver }) => wants(receiver, event.type))
    event.pending_webhooks = wanted.length
    if (wanted.length > 0) this.#state.undelivered.add(event.id)
    for (const { apiVersion, receiver } of wanted) {
      this.#enqueue(receiver, event.id, event.type, JSON.stringify(renderEvent(event, apiVersion)), event)
    }
    const destinations = this.#destinations('thin', event.livemode)
    for (const each of thin) {
      for (const { receiver } of destinations) {
        if (wants(receiver, each.type)) {
          this.#enqueue(receiver, each.id, each.type, JSON.stringify(snapshot(each)), null)
        }
      }
    }
    this.#twin(event)
  }

  #endpoints(livemode: boolean): { apiVersion: string; receiver: Receiver }[] {
    return this.#state.webhookEndpoints
      .all()
      .filter((each) => each.livemode === livemode)
      .map((each) => ({
        apiVersion: each.api_version ?? API_VERSION,
        receiver: {
          id: each.id,
          url: each.url,
          secret: each.secret ?? '',
          enabledEvents: each.enabled_events,
          isOn: () => this.#state.webhookEndpoints.get(each.id)?.status === 'enabled',
        },
      }))
  }

  #destinations(
    payload: 'snapshot' | 'thin',
    livemode: boolean,
  ): { apiVersion: string; receiver: Receiver }[] {
    return this.#state.eventDestinations
      .all()
      .filter((each) => each.event_payload === payload && each.livemode === livemode)
      .map((each) => ({
        apiVersion: each.snapshot_api_version ?? API_VERSION,
        receiver: {
          id: each.id,
          url: each.webhook_endpoint.url,
          secret: each.webhook_endpoint.signing_secret,
          enabledEvents: each.enabled_events,
          isOn: () => this.#state.eventDestinations.get(each.id)?.status === 'enabled',
        },
      }))
  }

  #enqueue(receiver: Receiver, id: string, label: string, body: string, event: Event | null): void {
    const delivery = `${receiver.id}:${id}`
    if (event !== null) this.#waiting.add(delivery)
    this.#deliverer.enqueue({
      id,
      url: receiver.url,
      label,
      body,
      headers: (text, time) => {
        const seconds = Math.floor(time.getTime() / 1000)
        return {
          'stripe-signature': signatureHeader(text, this.#secretsOf(receiver), seconds),
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        }
      },
      isWanted: () => receiver.isOn(),
      onDelivered: () => {
        if (event === null || !this.#waiting.delete(delivery)) return
        event.pending_webhooks -= 1
        if (event.pending_webhooks === 0) this.#state.undelivered.delete(event.id)
      },
    })
  }

  #secretsOf(receiver: Receiver): string[] {
    const current =
      this.#state.webhookEndpoints.get(receiver.id)?.secret ??
      this.#state.eventDestinations.get(receiver.id)?.webhook_endpoint.signing_secret ??
      receiver.secret
    const rolled = this.#rolled.get(receiver.id)
    return rolled !== undefined && rolled.until > this.#state.now() ? [current, rolled.secret] : [current]
  }

  #twin(event: Event): void {
    if (this.#twinning || !this.twins.strike(event.type)) return
    const { data, created, type, livemode, request, api_version } = event
    const twin = makeEvent({
      id: this.#state.ids.next('evt'),
      api_version,
      created,
      data,
      livemode,
      request,
      type,
    })
    this.#state.events.insert(twin)
    this.#twinning = true
    try {
      this.#send(twin, [])
    } finally {
      this.#twinning = false
    }
  }
}

/** Types are listed by name; `*` stands for all. A receiver that is off gets nothing. */
function wants(receiver: Receiver, type: string): boolean {
  return receiver.isOn() && (receiver.enabledEvents.includes('*') || receiver.enabledEvents.includes(type))
}
