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
import { isMissingObject, missingPermission, stripeSourceError, UnreadableAnswer } from './errors.ts'

const pageSize = 100

/** How a list is asked for, whatever it holds. */
interface ListParams {
  readonly limit: number
  readonly created?: Stripe.RangeQueryParam
  readonly starting_after?: string
  /** Only what belongs to this customer. */
  readonly customer?: string
}
interface Listed {
  readonly id: string
  readonly created?: number
}
type ListOf = (
  stripe: Stripe,
  params: ListParams,
  lacking: ReadonlySet<string>,
) => Promise<Stripe.ApiList<Listed>>

/** How each part that Stripe lists by creation is asked for. Four levels are the most that Stripe expands. */
const lists: Readonly<Record<Exclude<BillingPart, 'prices' | 'purchases'>, ListOf>> = {
  refunds: (stripe, params) => stripe.refunds.list(params),
  disputes: (stripe, params) => stripe.disputes.list(params),
  customers: (stripe, params) => stripe.customers.list(params),
  subscriptions: (stripe, params, lacking) =>
    stripe.subscriptions.list({
      ...params,
      status: 'all',
      expand: [
        'data.customer',
        'data.latest_invoice.payments',
        lacking.has(couponPermission) ? 'data.discounts' : 'data.discounts.source.coupon',
      ],
    }),
}

const priceExpansions = ['data.tiers', 'data.product']

/** Without it discounts are there and unknown, so that only sums of money cannot be said. */
const couponPermission = 'rak_coupon_read'

/**
 * The two lists in which prices stand: without `active` Stripe promises only the active ones, and people go on paying
 * by a price that was archived (https://docs.stripe.com/api/prices/list).
 */
export const priceLists: Readonly<Record<'active' | 'inactive', ListOf>> = {
  active: (stripe, params) => stripe.prices.list({ ...params, active: true, expand: priceExpansions }),
  inactive: (stripe, params) => stripe.prices.list({ ...params, active: false, expand: priceExpansions }),
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

/** Fetches one page of a part that stands in one list, and reads its objects into our words. */
export async function fetchPart<P extends keyof typeof lists>(
  connection: StripeConnection,
  part: P,
  range: Range,
  signal?: AbortSignal,
): Promise<FetchedPage<BillingRows[P]>> {
  const page = await fetchList(connection, part, lists[part], range, signal)
  const readAt = connection.clock.now()
  const rows =
    part === 'subscriptions'
      ? (await withAllItems(connection, page.rows, signal)).map((object) =>
          readSubscriptionRow(object, readAt),
        )
      : page.rows.flatMap((object) => readRow(part, object))
  // The part decides the rows, which a type cannot follow through the branch.
  return { ...page, rows: rows as unknown as readonly BillingRows[P][] }
}

/** Fetches one page of prices. */
export async function fetchPrices(
  connection: StripeConnection,
  list: keyof typeof priceLists,
  range: Range,
  signal?: AbortSignal,
): Promise<FetchedPage<Price>> {
  const page = await fetchList(connection, 'prices', priceLists[list], range, signal)
  return { ...page, rows: page.rows.map(readStripePrice) }
}

/** Fetches one page of purchases; `prices` fill in what an invoice's lines only name. */
export async function fetchPurchases(
  connection: StripeConnection,
  list: keyof typeof purchaseLists,
  range: Range,
  prices: ReadonlyMap<string, Price>,
  signal?: AbortSignal,
): Promise<FetchedPage<BillingRows['purchases']>> {
  const page = await fetchList(connection, 'purchases', purchaseLists[list], range, signal)
  return { ...page, rows: purchasesOf(page.rows, list, prices, connection.clock.now()) }
}

/** All subscriptions of one customer. */
export async function readSubscriptionsOf(
  connection: StripeConnection,
  customer: string,
): Promise<readonly BillingFact[]> {
  const objects = await readWholeList(connection, 'subscriptions', lists.subscriptions, customer)
  const readAt = connection.clock.now()
  return (await withAllItems(connection, objects)).map((object) => readSubscriptionRow(object, readAt).fact)
}

/** All one-off purchases of one customer. */
export async function readPurchasesOf(
  connection: StripeConnection,
  customer: string,
  prices: ReadonlyMap<string, Price>,
): Promise<readonly BillingFact[]> {
  const facts: BillingFact[] = []
  for (const list of ['sessions', 'invoices'] as const) {
    const objects = await readWholeList(connection, 'purchases', purchaseLists[list], customer)
    facts.push(...purchasesOf(objects, list, prices, connection.clock.now()).map(({ fact }) => fact))
  }
  return facts
}

function purchasesOf(
  objects: readonly Listed[],
  list: keyof typeof purchaseLists,
  prices: ReadonlyMap<string, Price>,
  readAt: Date,
): readonly BillingRows['purchases'][] {
  return objects.flatMap((object) => {
    const fact =
      list === 'sessions'
        ? readStripeCheckoutSession(object, readAt)
        : readStripeInvoicePurchase(object, readAt, prices)
    if (!fact) return []
    return [{ fact, customer: 'customer' in object ? readStripeCustomer(object.customer) : null }]
  })
}

/** Subscriptions with all of their items: a list holds the first ten of each. */
async function withAllItems(
  connection: StripeConnection,
  objects: readonly Listed[],
  signal?: AbortSignal,
): Promise<readonly Listed[]> {
  // Hardly any has more, and to wait for each of a hundred thousand takes time.
  if (!objects.some(hasMoreItems)) return objects
  return await Promise.all(
    objects.map(async (object) =>
      hasMoreItems(object) ? { ...object, items: await readAllItems(connection, object.id, signal) } : object,
    ),
  )
}

/** A subscription as it is read, with its customer. */
function readSubscriptionRow(
  object: Listed,
  readAt: Date,
): { readonly fact: BillingFact; readonly customer: Customer | null } {
  const customer = 'customer' in object ? readStripeCustomer(object.customer) : null
  return { fact: readStripeSubscription(object, readAt), customer }
}

function readRow(
  part: Exclude<keyof typeof lists, 'subscriptions'>,
  object: Listed,
): readonly BillingRows[typeof part][] {
  switch (part) {
    case 'refunds':
      return present(readStripeRefund(object))
    case 'disputes':
      return present(readStripeDispute(object))
    case 'customers':
      return present(readStripeCustomer(object))
  }
}

async function fetchList(
  connection: StripeConnection,
  part: BillingPart,
  list: ListOf,
  range: Range,
  signal?: AbortSignal,
): Promise<FetchedPage<Listed>> {
  const page = await sendRange(connection, part, list, range, signal)
  const last = page.data.at(-1)
  return {
    rows: page.data,
    hasMore: page.has_more,
    full: page.data.length === pageSize,
    last: last ? { id: last.id, created: last.created ?? 0 } : null,
    firstCreated: page.data[0]?.created ?? null,
  }
}

/** An object that was deleted since it ended a page can no longer be read on from; its time can. */
async function sendRange(
  connection: StripeConnection,
  part: BillingPart,
  list: ListOf,
  range: Range,
  signal?: AbortSignal,
) {
  try {
    return await sendList(connection, list, paramsOf(range), signal)
  } catch (error) {
    if (range.after === null || range.at === null || !isMissingObject(error)) {
      throw stripeSourceError(error, part)
    }
  }
  const since = paramsOf({ ...range, after: null, to: range.at + 1 })
  try {
    return await sendList(connection, list, since, signal)
  } catch (error) {
    throw stripeSourceError(error, part)
  }
}

async function readWholeList(
  connection: StripeConnection,
  part: BillingPart,
  list: ListOf,
  customer: string,
): Promise<readonly Listed[]> {
  const objects: Listed[] = []
  for (;;) {
    const last = objects.at(-1)
    const params = { limit: pageSize, customer, ...(last ? { starting_after: last.id } : {}) }
    try {
      const page = await sendList(connection, list, params)
      objects.push(...page.data)
      if (!page.has_more) return objects
    } catch (error) {
      throw stripeSourceError(error, part)
    }
  }
}

/** Sends a list request, and once more without the coupons where the key may not see them. */
async function sendList(
  connection: StripeConnection,
  list: ListOf,
  params: ListParams,
  signal?: AbortSignal,
): Promise<Stripe.ApiList<Listed>> {
  const { lacking } = connection
  const send = () => connection.attempt(async (stripe) => whole(await list(stripe, params, lacking)), signal)
  const lackedBefore = lacking.has(couponPermission)
  try {
    return await send()
  } catch (error) {
    if (lackedBefore || missingPermission(error) !== couponPermission) throw error
    lacking.add(couponPermission)
    return send()
  }
}

/** A list that says of itself what a list of Stripe's must say. */
function whole(list: Stripe.ApiList<Listed>): Stripe.ApiList<Listed> {
  const { object, data, has_more }: { object: unknown; data: unknown; has_more: unknown } = list
  if (object !== 'list' || !Array.isArray(data) || typeof has_more !== 'boolean') {
    throw new UnreadableAnswer('a list was needed')
  }
  if (data.some((row: unknown) => !hasId(row))) {
    throw new UnreadableAnswer('the list holds something without an id')
  }
  if (has_more && data.length === 0) throw new UnreadableAnswer('an empty page says that more follows it')
  return list
}

function hasId(row: unknown): boolean {
  return typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string'
}

function hasMoreItems(subscription: Listed): boolean {
  if (!('items' in subscription)) return false
  const { items } = subscription
  return typeof items === 'object' && items !== null && 'has_more' in items && items.has_more === true
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

async function readAllItems(connection: StripeConnection, subscription: string, signal?: AbortSignal) {
  const data: Listed[] = []
  for (;;) {
    const last = data.at(-1)
    const page = await connection.request(
      'subscription items',
      async (stripe) =>
        whole(
          await stripe.subscriptionItems.list({
            subscription,
            limit: pageSize,
            ...(last ? { starting_after: last.id } : {}),
          }),
        ),
      signal,
    )
    data.push(...page.data)
    if (!page.has_more) return { object: 'list' as const, data, has_more: false, url: page.url }
  }
}

function present<T>(value: T | null): readonly T[] {
  return value === null ? [] : [value]
}
