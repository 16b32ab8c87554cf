import Stripe from 'stripe'
import { afterAll } from 'vitest'
import { ManualClock } from '../../server/clock.ts'
import { listen } from '../../server/listen.ts'
import { seededRng } from '../../server/rng.ts'
import { createStripeApp } from '../app.ts'
import { Engine } from '../engine/engine.ts'
import { StripeKeys } from '../request/keys.ts'
import { StripeState } from '../state.ts'

export const SECRET_KEY = 'sk_test_sandbox'
/** The moment at which the sandboxes of tests begin. */
export const START = new Date('2026-11-01T12:00:00Z')

/** A sandbox's Stripe with nothing in it, and a key that may do everything. */
export function blankStripe(seed = 'test') {
  const clock = new ManualClock(START)
  const state = new StripeState({ clock, rng: seededRng(seed) })
  const keys = new StripeKeys()
  keys.add(SECRET_KEY)
  const engine = new Engine(state)
  const app = createStripeApp({ state, keys, engine })
  return { app, clock, engine, keys, state }
}

/** One answer that a served Stripe gave. */
export interface Exchange {
  /** Method and path, such as `GET /v1/customers/cus_1`. */
  readonly request: string
  readonly status: number
  readonly answer: unknown
}

/** The same over HTTP, with the official client on it and a record of every exchange. Closed after the file's tests. */
export async function startStripe(seed = 'test') {
  const blank = blankStripe(seed)
  const exchanges: Exchange[] = []
  const recorded = {
    async fetch(request: Request) {
      const response = await blank.app.fetch(request)
      const answer: unknown =
        response.headers.get('content-type') === 'application/json' ? await response.clone().json() : null
      exchanges.push({
        request: `${request.method} ${new URL(request.url).pathname}`,
        status: response.status,
        answer,
      })
      return response
    },
  }
  const server = await listen(recorded)
  afterAll(() => server.close())
  const client = (key = SECRET_KEY, config: Partial<Stripe.StripeConfig> = {}) =>
    new Stripe(key, {
      host: '127.0.0.1',
      port: server.port,
      protocol: 'http',
      telemetry: false,
      maxNetworkRetries: 0,
      ...config,
    })
  return { ...blank, client, exchanges, stripe: client(), url: server.url }
}
