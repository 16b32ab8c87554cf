import type { Customer, CustomerReading } from '@trueup/core'
import { readClerkPayer, readClerkPlanItem } from '@trueup/core'
import { isNotFound, UnreadableAnswer } from '../clerk/errors.ts'
import { isObject } from './raw-page.ts'
import type { ClerkBillingConnection } from './request.ts'
import { billingSourceError } from './request.ts'

export interface ReadPayerOptions {
  readonly livemode: boolean
  readonly features: boolean
}

/**
 * Reads a user or an organization as the payer that it is, with the items of its subscription. Who never subscribed is
 * a customer without any; who is not in Clerk is unknown: Clerk does not say whether they were deleted.
 *
 * @throws SourceError
 */
export async function readPayer(
  connection: ClerkBillingConnection,
  id: string,
  options: ReadPayerOptions,
): Promise<CustomerReading> {
  const home = homeOf(id)
  if (home === null) return unknown(id)
  const subscription = await find(connection, `${home}/billing/subscription`)
  if (subscription === null) {
    const subject = await find(connection, home)
    return subject === null ? unknown(id) : known(payerWithout(id, subject, options.livemode), [])
  }
  const items = subscription.subscription_items
  if (!Array.isArray(items)) throw noItems()
  const readAt = connection.clock.now()
  const facts = items.map((item) => readClerkPlanItem(item, { ...options, readAt, payer: id }))
  const payers = items.flatMap((item) =>
    isObject(item) ? (readClerkPayer(item.payer, options.livemode) ?? []) : [],
  )
  return known(
    payers.find((payer) => payer.id === id) ?? payerWithout(id, subscription, options.livemode),
    facts,
  )
}

/** Where Clerk keeps it; `null` for what is an id of neither. */
function homeOf(id: string): string | null {
  const [kind] = /^(?:user|org)(?=_\w+$)/.exec(id) ?? []
  if (kind === undefined) return null
  return `/${kind === 'user' ? 'users' : 'organizations'}/${id}`
}

/** `null`: Clerk does not have it. */
async function find(
  connection: ClerkBillingConnection,
  path: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  let answer: unknown
  try {
    answer = await connection.attempt(path, {})
  } catch (error) {
    if (isNotFound(error)) return null
    throw billingSourceError(error, 'a payer')
  }
  if (isObject(answer) && typeof answer.id === 'string') return answer
  throw billingSourceError(new UnreadableAnswer('an object with an id was needed'), 'a payer')
}

function noItems() {
  return billingSourceError(new UnreadableAnswer('a subscription without a list of items'), 'a payer')
}

function unknown(id: string): CustomerReading {
  const said = `Clerk has no user or organization ${id}.`
  return { id, pointed: { id, found: 'unknown', said }, customer: null, facts: [] }
}

function known(customer: Customer, facts: CustomerReading['facts']): CustomerReading {
  return { id: customer.id, pointed: { id: customer.id, found: 'read' }, customer, facts }
}

/** Whom no item describes: known by the id, and since when there is anything of it. */
function payerWithout(
  id: string,
  { created_at: created }: Readonly<Record<string, unknown>>,
  livemode: boolean,
): Customer {
  const metadata: Record<string, string> = id.startsWith('org_') ? { organization_id: id } : { user_id: id }
  const createdAt = new Date(typeof created === 'number' ? created : 0)
  return { id, email: null, name: null, metadata, livemode, createdAt }
}
