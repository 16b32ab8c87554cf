import type { BillingPart, BillingRows, BillingSource, Cursor, Page, Price } from '@trueup/core'
import type { FetchedPage, Range } from '../pace/read-ranges.ts'
import { readRanges } from '../pace/read-ranges.ts'
import type { StripeConnection, StripeConnectionOptions } from './client.ts'
import { connectStripe } from './client.ts'
import { acceptStripeKey } from './key.ts'
import { fetchPart, fetchPurchases, type purchaseLists } from './lists.ts'
import { readActiveEntitlements, readCustomer } from './read-one.ts'
import { testStripe } from './test-connection.ts'

export interface StripeSourceOptions extends StripeConnectionOptions {
  /** Take a full secret key where a restricted one would do. */
  readonly allowSecretKey: boolean
  /** Read Stripe Entitlements too: one request more for each customer with a subscription. */
  readonly entitlements: boolean
  /** Whether anything is sold for good: then refunds and disputes of any age still count. */
  readonly sellsForGood: boolean
}

/** The longest period that Stripe sells is three years; what went back before it bears on nothing that still runs. */
const reversalDays = 3 * 366

/** Cursors that read a list side by side. */
const sideBySide = 6

/**
 * Stripe as the side that promises. It reads through the official client and has no method that writes.
 *
 * @throws SourceError `key-malformed` or `key-too-powerful` for a key that is refused unseen.
 *
 * @example
 * const stripe = createStripeSource({ key, baseUrl: null, allowSecretKey: false, entitlements: false, ...ports })
 * for await (const page of stripe.read('subscriptions', [])) store(page)
 */
export function createStripeSource(options: StripeSourceOptions): BillingSource {
  acceptStripeKey(options.key, options)
  const connection = connectStripe(options)
  return {
    name: 'stripe',
    requests: () => connection.pacer.sent,
    test: () => testStripe(connection, options.key),
    read: (part, cursors) => readPart(connection, options, part, cursors),
    readCustomer: (id) => readCustomer(connection, id, options),
  }
}

function readPart<P extends BillingPart>(
  connection: StripeConnection,
  options: StripeSourceOptions,
  part: P,
  cursors: readonly Cursor[],
): AsyncIterable<Page<BillingRows[P]>> {
  const pages: AsyncIterable<Page<BillingRows[BillingPart]>> =
    part === 'purchases' ? readPurchases(connection, cursors) : readList(connection, options, part, cursors)
  // The part decides the rows, which a type cannot follow through the branch.
  return pages as AsyncIterable<Page<BillingRows[P]>>
}

function readList(
  connection: StripeConnection,
  options: StripeSourceOptions,
  part: Exclude<BillingPart, 'purchases'>,
  cursors: readonly Cursor[],
): AsyncIterable<Page<BillingRows[BillingPart]>> {
  if (part === 'subscriptions' && options.entitlements) {
    return readRanges((range) => fetchWithEntitlements(connection, range), cursors, { sideBySide })
  }
  return readRanges<BillingRows[BillingPart]>((range) => fetchPart(connection, part, range), cursors, {
    sideBySide,
    from: isReversal(part) && !options.sellsForGood ? oldestReversal(connection) : null,
  })
}

/** A page of subscriptions, and beside each customer what Stripe says is active for it. */
async function fetchWithEntitlements(
  connection: StripeConnection,
  range: Range,
): Promise<FetchedPage<BillingRows['subscriptions']>> {
  const page = await fetchPart(connection, 'subscriptions', range)
  const customers = new Map(page.rows.map(({ fact }) => [fact.customerId, fact.livemode]))
  const facts = await Promise.all(
    [...customers].map(([customerId, livemode]) => readActiveEntitlements(connection, customerId, livemode)),
  )
  return { ...page, rows: [...page.rows, ...facts.map((fact) => ({ fact, customer: null }))] }
}

/** One-off purchases stand in two lists, read one after the other; a cursor's id says which it belongs to. */
async function* readPurchases(
  connection: StripeConnection,
  cursors: readonly Cursor[],
): AsyncGenerator<Page<BillingRows['purchases']>> {
  const prices = new Map<string, Price>()
  for await (const page of readRanges((range) => fetchPart(connection, 'prices', range), [], {
    sideBySide,
  })) {
    for (const price of page.rows) prices.set(price.id, price)
  }
  for (const list of ['sessions', 'invoices'] as const satisfies readonly (keyof typeof purchaseLists)[]) {
    const prefix = `${list}:`
    const own = cursors
      .filter(({ id }) => id.startsWith(prefix))
      .map((cursor) => ({ ...cursor, id: cursor.id.slice(prefix.length) }))
    const pages = readRanges((range) => fetchPurchases(connection, list, range, prices), own, { sideBySide })
    for await (const page of pages) {
      yield {
        rows: page.rows,
        cursors: page.cursors.map((cursor) => ({ ...cursor, id: prefix + cursor.id })),
      }
    }
  }
}

function isReversal(part: BillingPart): boolean {
  return part === 'refunds' || part === 'disputes'
}

function oldestReversal({ clock }: StripeConnection): number {
  return Math.floor(clock.now().getTime() / 1000) - reversalDays * 86_400
}
