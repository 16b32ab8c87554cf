import type { StripeConnection, StripeConnectionOptions } from '../adapters/stripe/client.ts'
import { connectStripe } from '../adapters/stripe/client.ts'
import { isMissingObject, stripeSourceError } from '../adapters/stripe/errors.ts'
import { idAt } from './fields.ts'

/** A page of Stripe's own list of events, newest first. */
export interface EventListPage {
  /** Snapshot events as Stripe gives them. */
  readonly events: readonly unknown[]
  /** Where the next page begins; `null`: this was the last. */
  readonly nextAfter: string | null
  /** Stripe's time when it answered; `null` where it does not say. */
  readonly vendorTime: Date | null
}

/** What the inbox asks Stripe for. It only reads. */
export interface StripeEvents {
  /**
   * Events of these types (20 at most) that were created in a span of time, both ends included. Stripe lists 30 days.
   *
   * @throws SourceError
   */
  list(ask: {
    readonly types: readonly string[]
    readonly since: Date
    readonly until: Date
    readonly after: string | null
    /** Only those that some endpoint has not taken. */
    readonly undelivered?: boolean
  }): Promise<EventListPage>
  /**
   * The customer to whom an object belongs: `subscription:sub_1`, `charge:ch_1`, ... `null`: to none, or there is no such
   * object.
   *
   * @throws SourceError
   */
  payerOf(objectId: string): Promise<string | null>
}

/** @example const stripe = createStripeEvents({ key, baseUrl: null, clock, timer, rng }) */
export function createStripeEvents(options: StripeConnectionOptions): StripeEvents {
  const connection = connectStripe(options)
  return {
    async list({ types, since, until, after, undelivered = false }) {
      const page = await connection.request('events', (stripe) =>
        stripe.events.list({
          types: [...types],
          created: { gte: secondsOf(since), lte: secondsOf(until) },
          limit: 100,
          ...(undelivered ? { delivery_success: false } : {}),
          ...(after === null ? {} : { starting_after: after }),
        }),
      )
      const { headers } = page.lastResponse
      const date = new Date(headers.date ?? Number.NaN)
      return {
        events: page.data,
        nextAfter: page.has_more ? (page.data.at(-1)?.id ?? null) : null,
        vendorTime: Number.isNaN(date.getTime()) ? null : date,
      }
    },
    payerOf: (objectId) => payerOf(connection, objectId),
  }
}

async function payerOf(connection: StripeConnection, objectId: string): Promise<string | null> {
  const [type = '', id = ''] = objectId.split(/:(.*)/s, 2)
  const payment = await read(connection, type, id)
  if (payment === null) return null
  const named = idAt(payment, 'customer')
  if (named !== null) return named
  // A refund and a dispute name what was paid, and that names who paid.
  const charge = idAt(payment, 'charge')
  if (charge !== null) return await payerOf(connection, `charge:${charge}`)
  const intent = type === 'payment_intent' ? null : idAt(payment, 'payment_intent')
  return intent === null ? null : await payerOf(connection, `payment_intent:${intent}`)
}

async function read(connection: StripeConnection, type: string, id: string): Promise<object | null> {
  try {
    return await connection.attempt((stripe): Promise<object> => {
      switch (type) {
        case 'subscription':
          return stripe.subscriptions.retrieve(id)
        case 'invoice':
          return stripe.invoices.retrieve(id)
        case 'checkout.session':
          return stripe.checkout.sessions.retrieve(id)
        case 'charge':
          return stripe.charges.retrieve(id)
        case 'payment_intent':
          return stripe.paymentIntents.retrieve(id)
        case 'refund':
          return stripe.refunds.retrieve(id)
        case 'dispute':
          return stripe.disputes.retrieve(id)
        case 'subscription_schedule':
          return stripe.subscriptionSchedules.retrieve(id)
        default:
          throw new Error(`An event named an object of the type ${type}, which is not asked for.`)
      }
    })
  } catch (error) {
    if (isMissingObject(error)) return null
    throw stripeSourceError(error, type)
  }
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
