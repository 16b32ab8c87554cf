import { pathMatcher } from '../../faults/route.ts'
import type { Deliverer } from '../../server/deliver.ts'
import { Fields } from '../../server/read-fields.ts'
import { seededRng } from '../../server/rng.ts'
import { SandboxError } from '../../server/sandbox-error.ts'
import type { ClerkEvent } from '../event.ts'
import type { ClerkState } from '../state.ts'
import { svixHeaders } from './sign.ts'

/** Where webhooks go. */
export interface ClerkWebhookEndpoint {
  readonly id: string
  readonly url: string
  /** `whsec_` and a base64 key. */
  readonly secret: string
  /** Event types that it wants; `*` stands for any text. Empty: all. */
  readonly events: readonly string[]
}

export interface NewClerkWebhookEndpoint {
  readonly url: string
  /** Default: one of its own. */
  readonly secret?: string
  readonly events?: readonly string[]
}

/**
 * Sends a state's events to the endpoints that are registered, signed as Svix signs for Clerk.
 *
 * @example
 * const webhooks = new ClerkWebhooks({ state, deliverer: new Deliverer() })
 * const { secret } = webhooks.register({ url: 'http://127.0.0.1:3000/api/webhooks/clerk' })
 */
export class ClerkWebhooks {
  readonly deliverer: Deliverer
  readonly #state: ClerkState
  readonly #rng
  #endpoints: { endpoint: ClerkWebhookEndpoint; wants: (type: string) => boolean }[] = []

  constructor(options: { readonly state: ClerkState; readonly deliverer: Deliverer }) {
    this.#state = options.state
    this.deliverer = options.deliverer
    this.#rng = seededRng(`clerk-webhooks:${options.state.instanceId}`)
    options.state.onEvent((event) => this.#send(event))
  }

  /** @throws SandboxError `invalid-input` for an address that is not http(s), or a secret that is not Svix's. */
  register(input: NewClerkWebhookEndpoint): ClerkWebhookEndpoint {
    if (!/^https?:\/\//.test(input.url) || !URL.canParse(input.url)) {
      throw new SandboxError(
        'invalid-input',
        `url is ${input.url}; an http or https address is needed`,
        'Give the full address of the app’s webhook route.',
      )
    }
    if (input.secret !== undefined && !/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(input.secret)) {
      throw new SandboxError(
        'invalid-input',
        'secret is not in the form of a Svix secret',
        'Give whsec_ and a base64 key, or none to have one made.',
      )
    }
    const events = input.events ?? []
    const matchers = events.map(pathMatcher)
    const endpoint: ClerkWebhookEndpoint = {
      id: this.#state.ids.next('whep'),
      url: input.url,
      secret: input.secret ?? this.#newSecret(),
      events,
    }
    const wants = (type: string) => matchers.length === 0 || matchers.some((matches) => matches(type))
    this.#endpoints.push({ endpoint, wants })
    return endpoint
  }

  endpoints(): readonly ClerkWebhookEndpoint[] {
    return this.#endpoints.map(({ endpoint }) => endpoint)
  }

  /** Takes an endpoint out; what still waits for it is given up. False when there is none of that id. */
  remove(id: string): boolean {
    const found = this.#endpoints.find(({ endpoint }) => endpoint.id === id)
    if (found === undefined) return false
    this.#endpoints = this.#endpoints.filter((each) => each !== found)
    if (!this.#endpoints.some(({ endpoint }) => endpoint.url === found.endpoint.url)) {
      this.deliverer.cancel(found.endpoint.url)
    }
    return true
  }

  #send(event: ClerkEvent): void {
    const receivers = this.#endpoints.filter(({ wants }) => wants(event.type))
    if (receivers.length === 0) return
    const id = this.#state.ids.next('msg')
    const body = JSON.stringify({
      data: event.data,
      event_attributes: { http_request: event.http_request ?? { client_ip: '', user_agent: '' } },
      instance_id: this.#state.instanceId,
      object: 'event',
      timestamp: event.timestamp,
      type: event.type,
    })
    for (const { endpoint } of receivers) {
      this.deliverer.enqueue({
        id,
        url: endpoint.url,
        label: event.type,
        body,
        headers: (sent, time) => svixHeaders({ id, body: sent, secrets: [endpoint.secret], time }),
      })
    }
  }

  #newSecret(): string {
    const key = Buffer.from(Array.from({ length: 24 }, () => Math.floor(this.#rng.next() * 256)))
    return `whsec_${key.toString('base64')}`
  }
}

/** Reads the body of `POST /_sandbox/clerk/webhook_endpoints`. */
export function readEndpoint(value: unknown): NewClerkWebhookEndpoint {
  const fields = new Fields(value, 'the endpoint')
  const url = fields.needText('url')
  const secret = fields.text('secret')
  const events = fields.texts('events')
  fields.end()
  return { url, ...(secret !== undefined && { secret }), ...(events !== undefined && { events }) }
}
