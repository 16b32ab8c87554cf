import type { ChangedCustomers } from '@trueup/core'
import { SourceError } from '@trueup/core'
import type Stripe from 'stripe'
import type { StripeConnection } from './client.ts'
import { missingPermission, stripeSourceError, UnreadableAnswer } from './errors.ts'

/** The events after which a customer may be promised something else; a filter takes at most twenty. */
export const eventTypes = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.resumed',
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.voided',
  'invoice.marked_uncollectible',
  'entitlements.active_entitlement_summary.updated',
  'charge.refunded',
  'charge.refund.updated',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
] as const

/** Stripe lists events of the last 30 days; a day less, so that the oldest are not lost while they are read. */
const keptDays = 29
const pageSize = 100
/** An event may come to be listed a little after the moment that it carries, and clocks differ. */
const overlapSeconds = 300

/**
 * Tells of whom Stripe has events since a moment. An event only says whom to look at.
 *
 * @throws SourceError `changes-lost` for a moment further back than Stripe lists events
 */
export async function* readChanges(
  connection: StripeConnection,
  since: Date,
): AsyncGenerator<ChangedCustomers> {
  const nowSeconds = Math.floor(connection.clock.now().getTime() / 1000)
  const from = Math.floor(since.getTime() / 1000) - overlapSeconds
  if (from < nowSeconds - keptDays * 86_400) throw changesLost(since)
  let last: string | null = null
  let newest: number | null = null
  for (;;) {
    const page: Stripe.ApiList<Stripe.Event> = await listEvents(connection, from, last)
    newest ??= page.data[0]?.created ?? null
    const customers = await Promise.all(page.data.map((event) => customerOf(connection, event)))
    const until = newest ?? nowSeconds - overlapSeconds
    yield {
      customerIds: [...new Set(customers.flatMap((id) => id ?? []))],
      until: new Date(until * 1000),
    }
    last = page.data.at(-1)?.id ?? null
    if (!page.has_more || last === null) return
  }
}

function listEvents(
  connection: StripeConnection,
  from: number,
  after: string | null,
): Promise<Stripe.ApiList<Stripe.Event>> {
  return connection.request('events', async (stripe) => {
    const page = await stripe.events.list({
      types: [...eventTypes],
      created: { gte: from },
      limit: pageSize,
      ...(after === null ? {} : { starting_after: after }),
    })
    if (!Array.isArray(page.data)) throw new UnreadableAnswer('a list was needed')
    return page
  })
}

/** Whom an event is about; `null` where it is about nobody, or the key may not ask. */
async function customerOf(connection: StripeConnection, event: Stripe.Event): Promise<string | null> {
  const object: unknown = event.data?.object
  if (typeof object !== 'object' || object === null) return null
  if ('object' in object && object.object === 'customer') return idOf(object)
  const named = 'customer' in object ? idOf(object.customer) : null
  if (named !== null) return named
  // A dispute or refund names its charge alone, and the charge names the customer.
  const charge = 'charge' in object ? idOf(object.charge) : null
  return charge === null ? null : await customerOfCharge(connection, charge)
}

async function customerOfCharge(connection: StripeConnection, id: string): Promise<string | null> {
  try {
    const charge = await connection.attempt((stripe) => stripe.charges.retrieve(id))
    return idOf(charge.customer)
  } catch (error) {
    if (missingPermission(error) !== null) return null
    throw stripeSourceError(error, 'charges')
  }
}

/** An id, or the id of an object in its place. */
function idOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null || !('id' in value)) return null
  return typeof value.id === 'string' ? value.id : null
}

function changesLost(since: Date): SourceError {
  return new SourceError({
    source: 'stripe',
    code: 'changes-lost',
    message: `What changed since ${since.toISOString()} cannot be told: Stripe lists events of the last 30 days.`,
    fix: 'Run a full check; from then on, changes are followed again.',
    retryable: false,
  })
}
