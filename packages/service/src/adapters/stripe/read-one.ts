import type {
  ActiveEntitlements,
  BillingFact,
  Customer,
  CustomerReading,
  PointedCustomer,
} from '@trueup/core'
import { readStripeActiveEntitlements, readStripeCustomer } from '@trueup/core'
import type Stripe from 'stripe'
import type { StripeConnection } from './client.ts'
import { isMissingObject, stripeSourceError } from './errors.ts'
import { readSubscriptionRow, subscriptionExpansions } from './lists.ts'

const pageSize = 100

/** Everything that Stripe says of one customer now: whether there is one, and its subscriptions. */
export async function readCustomer(
  connection: StripeConnection,
  id: string,
  options: { readonly entitlements: boolean },
): Promise<CustomerReading> {
  const found = await findCustomer(connection, id)
  if (!found.customer) return { id, pointed: found.pointed, customer: null, facts: [] }
  const facts: BillingFact[] = [...(await readSubscriptions(connection, id))]
  if (options.entitlements) facts.push(await readActiveEntitlements(connection, id, found.customer.livemode))
  return { id, pointed: found.pointed, customer: found.customer, facts }
}

/** What Stripe Entitlements says is active for a customer; Stripe's own decision, which is not derived again. */
export async function readActiveEntitlements(
  connection: StripeConnection,
  customerId: string,
  livemode: boolean,
): Promise<ActiveEntitlements> {
  const data: Stripe.Entitlements.ActiveEntitlement[] = []
  for (;;) {
    const last = data.at(-1)
    const page = await connection.request('entitlements', (stripe) =>
      stripe.entitlements.activeEntitlements.list({
        customer: customerId,
        limit: pageSize,
        ...(last ? { starting_after: last.id } : {}),
      }),
    )
    data.push(...page.data)
    if (!page.has_more) break
  }
  return readStripeActiveEntitlements(data, { customerId, livemode, readAt: connection.clock.now() })
}

async function findCustomer(
  connection: StripeConnection,
  id: string,
): Promise<{ readonly pointed: PointedCustomer; readonly customer: Customer | null }> {
  try {
    const answer = await connection.attempt((stripe) => stripe.customers.retrieve(id))
    const customer = readStripeCustomer(answer)
    return customer
      ? { pointed: { id, found: 'read' }, customer }
      : {
          pointed: { id, found: 'deleted', said: 'Stripe says that this customer was deleted.' },
          customer: null,
        }
  } catch (error) {
    if (!isMissingObject(error)) throw stripeSourceError(error, 'customers')
    const said = error instanceof Error ? error.message : String(error)
    // Stripe's own words are the only sign of it; there is no code that tells the two apart.
    const found = /a similar object exists in (test|live) mode/.test(said) ? 'other-mode' : 'unknown'
    return { pointed: { id, found, said }, customer: null }
  }
}

async function readSubscriptions(
  connection: StripeConnection,
  customerId: string,
): Promise<readonly BillingFact[]> {
  const facts: BillingFact[] = []
  let after: string | undefined
  for (;;) {
    const page = await connection.request('subscriptions', (stripe) =>
      stripe.subscriptions.list({
        customer: customerId,
        status: 'all',
        limit: pageSize,
        expand: subscriptionExpansions.map((path) => `data.${path}`),
        ...(after ? { starting_after: after } : {}),
      }),
    )
    const readAt = connection.clock.now()
    for (const object of page.data) facts.push((await readSubscriptionRow(connection, object, readAt)).fact)
    after = page.data.at(-1)?.id
    if (!page.has_more || !after) return facts
  }
}
