import type { BillingFact, BillingPart, BillingRows, Customer, Price } from '@trueup/core'
import {
  readStripeCheckoutSession,
  readStripeCustomer,
  readStripeDispute,
  readStripeInvoicePurchase,
  readStripePrice,
  readStripeRefund,
  readStripeSubscription,
} from '@trueup/core'
import type Stripe from 'stripe'
import type { FetchedPage, Range } from '../pace/read-ranges.ts'
import type { StripeConnection } from './client.ts'
import { isMissingObject, stripeSourceError } from './errors.ts'

const pageSize = 100

/** What a subscription is read with. Four levels are the most that Stripe expands. */
export const subscriptionExpansions = [
  'customer',
  'latest_invoice.payments',
  'discounts.source.coupon',
] as const

type Created = Stripe.RangeQueryParam
interface ListParams {
  readonly limit: number
  readonly created?: Created
  readonly starting_after?: string
}
interface Listed {
  readonly id: string
  readonly created?: number
}
type ListOf = (stripe: Stripe, params: ListParams) => Promise<Stripe.ApiList<Listed>>

/** How each part that Stripe lists by creation is asked for. */
const lists: Readonly<Record<Exclude<BillingPart, 'purchases'>, ListOf>> = {
  prices: (stripe, params) => stripe.prices.list({ ...params, expand: ['data.tiers', 'data.product'] }),
  refunds: (stripe, params) => stripe.refunds.list(params),
  disputes: (stripe, params) => stripe.disputes.list(params),
  customers: (stripe, params) => stripe.customers.list(params),
  subscriptions: (stripe, params) =>
    stripe.subscriptions.list({
      ...params,
      status: 'all',
      expand: subscriptionExpansions.map((path) => `data.${path}`),
    }),
}

/** The two lists in which one-off purchases stand. */
export const purchaseLists: Readonly<Record<'sessions' | 'invoices', ListOf>> = {
  sessions: (stripe, params) =>
    stripe.checkout.sessions.list({
      ...params,
      status: 'complete',
      expand: ['data.customer', 'data.line_items', 'data.invoice.payments'],
    }),
  invoices: (stripe, params) =>
    stripe.invoices.list({ ...params, status: 'paid', expand: ['data.customer', 'data.payments'] }),
}

/** Fetches one page of a part and reads its objects into our words. */
export async function fetchPart<P extends Exclude<BillingPart, 'purchases'>>(
  connection: StripeConnection,
  part: P,
  range: Range,
): Promise<FetchedPage<BillingRows[P]>> {
  const page = await fetchList(connection, part, lists[part], range)
  const readAt = connection.clock.now()
  const rows = await Promise.all(page.rows.map((object) => readRow(connection, part, object, readAt)))
  // `readRow` gives the rows of the part that it is given.
  return { ...page, rows: rows.flat() as unknown as readonly BillingRows[P][] }
}

/** Fetches one page of purchases; `prices` fill in what an invoice's lines only name. */
export async function fetchPurchases(
  connection: StripeConnection,
  list: keyof typeof purchaseLists,
  range: Range,
  prices: ReadonlyMap<string, Price>,
): Promise<FetchedPage<BillingRows['purchases']>> {
  const page = await fetchList(connection, 'purchases', purchaseLists[list], range)
  const readAt = connection.clock.now()
  const rows = page.rows.flatMap((object) => {
    const fact =
      list === 'sessions'
        ? readStripeCheckoutSession(object, readAt)
        : readStripeInvoicePurchase(object, readAt, prices)
    const customer = 'customer' in object ? readStripeCustomer(object.customer) : null
    return fact ? [{ fact, customer }] : []
  })
  return { ...page, rows }
}

/** A subscription as it is read, with its customer, and with all of its items. */
export async function readSubscriptionRow(
  connection: StripeConnection,
  object: Stripe.Subscription,
  readAt: Date,
): Promise<{ readonly fact: BillingFact; readonly customer: Customer | null }> {
  const whole = object.items.has_more ? { ...object, items: await allItems(connection, object.id) } : object
  return { fact: readStripeSubscription(whole, readAt), customer: readStripeCustomer(object.customer) }
}

async function readRow(
  connection: StripeConnection,
  part: keyof typeof lists,
  object: Listed,
  readAt: Date,
): Promise<readonly unknown[]> {
  switch (part) {
    case 'prices':
      return [readStripePrice(object)]
    case 'refunds':
      return present(readStripeRefund(object))
    case 'disputes':
      return present(readStripeDispute(object))
    case 'customers':
      return present(readStripeCustomer(object))
    case 'subscriptions':
      // The list was asked for subscriptions, so its objects are some.
      return [await readSubscriptionRow(connection, object as Stripe.Subscription, readAt)]
  }
}

async function fetchList(
  connection: StripeConnection,
  part: keyof typeof lists | 'purchases',
  list: ListOf,
  range: Range,
): Promise<FetchedPage<Listed>> {
  const page = await sendList(connection, part, list, range)
  const last = page.data.at(-1)
  return {
    rows: page.data,
    hasMore: page.has_more,
    last: last ? { id: last.id, created: last.created ?? 0 } : null,
    firstCreated: page.data[0]?.created ?? null,
  }
}

/** An object that was deleted since it ended a page can no longer be read on from; its time can. */
async function sendList(connection: StripeConnection, part: string, list: ListOf, range: Range) {
  try {
    return await connection.attempt((stripe) => list(stripe, paramsOf(range)))
  } catch (error) {
    if (range.after === null || range.at === null || !isMissingObject(error))
      throw stripeSourceError(error, part)
    const since = { ...range, after: null, to: range.at + 1 }
    return connection.request(part, (stripe) => list(stripe, paramsOf(since)))
  }
}

function paramsOf({ from, to, after }: Range): ListParams {
  return {
    limit: pageSize,
    ...(from === null && to === null
      ? {}
      : { created: { ...(from === null ? {} : { gte: from }), ...(to === null ? {} : { lt: to }) } }),
    ...(after === null ? {} : { starting_after: after }),
  }
}

async function allItems(connection: StripeConnection, subscriptionId: string) {
  const data: Stripe.SubscriptionItem[] = []
  for (;;) {
    const last = data.at(-1)
    const page = await connection.request('subscription items', (stripe) =>
      stripe.subscriptionItems.list({
        subscription: subscriptionId,
        limit: pageSize,
        ...(last ? { starting_after: last.id } : {}),
      }),
    )
    data.push(...page.data)
    if (!page.has_more) return { object: 'list' as const, data, has_more: false, url: page.url }
  }
}

function present<T>(value: T | null): readonly T[] {
  return value === null ? [] : [value]
}
