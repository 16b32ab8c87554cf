import type {
  ActiveEntitlements,
  BillingFact,
  Customer,
  CustomerReading,
  PointedCustomer,
  Price,
} from '@trueup/core'
import { readStripeActiveEntitlements, readStripeCustomer } from '@trueup/core'
import type Stripe from 'stripe'
import type { StripeConnection } from './client.ts'
import { isMissingObject, stripeSourceError, UnreadableAnswer } from './errors.ts'
import { readPurchasesOf, readSubscriptionsOf } from './lists.ts'

const pageSize = 100

export interface ReadCustomerOptions {
  readonly entitlements: boolean
  /** The prices that billing lists, where one-off purchases are to be read too. */
  readonly pricesForPurchases: (() => Promise<ReadonlyMap<string, Price>>) | null
}

/** Everything that Stripe says of one customer now: whether there is one, and all its facts. */
export async function readCustomer(
  connection: StripeConnection,
  id: string,
  options: ReadCustomerOptions,
): Promise<CustomerReading> {
  const { pointed, customer } = await findCustomer(connection, id)
  if (!customer) return { id, pointed, customer: null, facts: [] }
  const facts: BillingFact[] = [...(await readSubscriptionsOf(connection, id))]
  if (options.pricesForPurchases) {
    facts.push(...(await readPurchasesOf(connection, id, await options.pricesForPurchases())))
  }
  if (options.entitlements) facts.push(await readActiveEntitlements(connection, id, customer.livemode))
  return { id, pointed, customer, facts }
}

/** What Stripe Entitlements says is active for a customer; Stripe's own decision, which is not derived again. */
export async function readActiveEntitlements(
  connection: StripeConnection,
  customerId: string,
  livemode: boolean,
  signal?: AbortSignal,
): Promise<ActiveEntitlements> {
  const data: Stripe.Entitlements.ActiveEntitlement[] = []
  for (;;) {
    const last = data.at(-1)
    const page = await connection.request(
      'entitlements',
      async (stripe) => {
        const list = await stripe.entitlements.activeEntitlements.list({
          customer: customerId,
          limit: pageSize,
          ...(last ? { starting_after: last.id } : {}),
        })
        if (!Array.isArray(list.data)) throw new UnreadableAnswer('a list was needed')
        return list
      },
      signal,
    )
    data.push(...page.data)
    if (!page.has_more || page.data.length === 0) break
  }
  return readStripeActiveEntitlements(data, { customerId, livemode, readAt: connection.clock.now() })
}

/** Ids in a path that would lead to another path, and those longer than Stripe's are. */
const noPathSegment = /^(\s*|\.{1,2}|.{256,})$/s

async function findCustomer(
  connection: StripeConnection,
  id: string,
): Promise<{ readonly pointed: PointedCustomer; readonly customer: Customer | null }> {
  if (noPathSegment.test(id)) {
    return { pointed: { id, found: 'unknown', said: 'This cannot be the id of a customer.' }, customer: null }
  }
  try {
    const answer = await connection.attempt(async (stripe) => {
      const found = await stripe.customers.retrieve(id)
      if (found.object !== 'customer') throw new UnreadableAnswer('a customer was needed')
      return found
    })
    const customer = readStripeCustomer(answer)
    return customer
      ? { pointed: { id, found: 'read' }, customer }
      : {
          pointed: { id, found: 'deleted', said: 'Stripe says that this customer was deleted.' },
          customer: null,
        }
  } catch (error) {
    if (!isMissingObject(error)) throw stripeSourceError(error, 'customers')
    const said = error.message
    // Stripe's own words are the only sign of it; there is no code that tells the two apart.
    const found = /a similar object exists in (test|live) mode/.test(said) ? 'other-mode' : 'unknown'
    return { pointed: { id, found, said }, customer: null }
  }
}
