import type { BillingPart, BillingRows, BillingSource, Cursor, Page, Price } from '@trueup/core'
import type { FetchedPage, Range } from '../pace/read-ranges.ts'
import { readRanges } from '../pace/read-ranges.ts'
import type { StripeConnection, StripeConnectionOptions } from './client.ts'
import { connectStripe } from './client.ts'
import { acceptStripeKey } from './key.ts'
import { fetchPart, fetchPrices, fetchPurchases } from './lists.ts'
import { readChanges } from './read-changes.ts'
import { readActiveEntitlements, readCustomer } from './read-one.ts'
import { readReversals } from './read-reversals.ts'
import { testStripe } from './test-connection.ts'

export interface StripeSourceOptions extends StripeConnectionOptions {
  /** Take a full secret key where a restricted one would do. */
  readonly allowSecretKey: boolean
  /** Read Stripe Entitlements too: one request more for each customer with a subscription. */
  readonly entitlements: boolean
  /**
   * Whether anything is sold for good: then refunds and disputes of any age still count, and the purchases of a
   * customer who is read alone are read too.
   */
  readonly sellsForGood: boolean
}

/** The longest period that Stripe sells is three years; what went back before it bears on nothing that still runs. */
const reversalDays = 3 * 366

/** Cursors that read a list side by side; and nothing in Stripe is older than 2011. */
const ranges = { sideBySide: 6, oldest: Date.UTC(2011, 0, 1) / 1000 }

/**
 * Stripe as the side that promises. It reads through the official client and has no method that writes.
 *
 * @throws SourceError `key-malformed` or `key-too-powerful` for a key that is refused unseen.
 *
 * @example
 * const stripe = createStripeSource({
 *   ...{ key, baseUrl: null, clock, timer, rng, http },
 *   ...{ allowSecretKey: false, entitlements: false, sellsForGood: false },
 * })
 * for await (const page of stripe.read('subscriptions', [])) await store(page)
 */
export function createStripeSource(options: StripeSourceOptions): BillingSource {
  acceptStripeKey(options.key, options)
  const source = new StripeSource(connectStripe(options), options)
  return {
    name: 'stripe',
    requests: () => source.connection.pacer.sent,
    test: () => testStripe(source.connection, options),
    read: (part, cursors) => source.read(part, cursors),
    // Prices and purchases stand in two lists, which are read in turn.
    divisible: ['subscriptions', 'customers', 'refunds', 'disputes'],
    readCustomer: (id) =>
      readCustomer(source.connection, id, {
        entitlements: options.entitlements,
        pricesForPurchases: options.sellsForGood ? () => source.prices() : null,
      }),
    readReversals: (paymentIds) => readReversals(source.connection, paymentIds),
    changedSince: (since) => readChanges(source.connection, since),
  }
}

class StripeSource {
  readonly connection: StripeConnection
  readonly #options: StripeSourceOptions
  #prices: Promise<ReadonlyMap<string, Price>> | null = null

  constructor(connection: StripeConnection, options: StripeSourceOptions) {
    this.connection = connection
    this.#options = options
  }

  /** All prices by id, read once for each check. A price made later is found unknown until the next. */
  prices(): Promise<ReadonlyMap<string, Price>> {
    this.#prices ??= this.#readPrices().catch((error: unknown) => {
      this.#prices = null
      throw error
    })
    return this.#prices
  }

  read<P extends BillingPart>(part: P, cursors: readonly Cursor[]): AsyncIterable<Page<BillingRows[P]>> {
    // Whoever lists the prices begins anew, and purchases are to be read by the same ones.
    if (part === 'prices') this.#prices = null
    // The part decides the rows, which a type cannot follow through the branch.
    return this.#pagesOf(part, cursors) as AsyncIterable<Page<BillingRows[P]>>
  }

  #pagesOf(part: BillingPart, cursors: readonly Cursor[]): AsyncIterable<Page<BillingRows[BillingPart]>> {
    switch (part) {
      case 'prices':
        return this.#readPricePages(cursors)
      case 'purchases':
        return this.#readPurchases(cursors)
      default:
        return this.#readPart(part, cursors)
    }
  }

  async #readPrices(): Promise<ReadonlyMap<string, Price>> {
    const prices = new Map<string, Price>()
    for await (const page of this.#readPricePages([])) {
      for (const price of page.rows) prices.set(price.id, price)
    }
    return prices
  }

  #readPart(
    part: Exclude<BillingPart, 'prices' | 'purchases'>,
    cursors: readonly Cursor[],
  ): AsyncIterable<Page<BillingRows[BillingPart]>> {
    const { connection } = this
    const { entitlements, sellsForGood } = this.#options
    if (part === 'subscriptions' && entitlements) {
      return readRanges((range, signal) => fetchWithEntitlements(connection, range, signal), cursors, ranges)
    }
    const isReversal = part === 'refunds' || part === 'disputes'
    return readRanges<BillingRows[BillingPart]>(
      (range, signal) => fetchPart(connection, part, range, signal),
      cursors,
      { ...ranges, from: isReversal && !sellsForGood ? oldestReversal(connection) : null },
    )
  }

  #readPricePages(cursors: readonly Cursor[]): AsyncGenerator<Page<Price>> {
    return readInTurn(['active', 'inactive'], cursors, (list, range, signal) =>
      fetchPrices(this.connection, list, range, signal),
    )
  }

  async *#readPurchases(cursors: readonly Cursor[]): AsyncGenerator<Page<BillingRows['purchases']>> {
    const prices = await this.prices()
    yield* readInTurn(['sessions', 'invoices'], cursors, (list, range, signal) =>
      fetchPurchases(this.connection, list, range, prices, signal),
    )
  }
}

/** Reads a part that stands in several lists, one after the other; a cursor's id says which list it belongs to. */
async function* readInTurn<List extends string, Row>(
  lists: readonly List[],
  cursors: readonly Cursor[],
  fetchPage: (list: List, range: Range, signal: AbortSignal) => Promise<FetchedPage<Row>>,
): AsyncGenerator<Page<Row>> {
  for (const list of lists) {
    const prefix = `${list}:`
    const own = cursors
      .filter(({ id }) => id.startsWith(prefix))
      .map((cursor) => ({ ...cursor, id: cursor.id.slice(prefix.length) }))
    const pages = readRanges((range, signal) => fetchPage(list, range, signal), own, ranges)
    for await (const page of pages) {
      yield {
        rows: page.rows,
        cursors: page.cursors.map((cursor) => ({ ...cursor, id: prefix + cursor.id })),
      }
    }
  }
}

/** A page of subscriptions, and beside each customer what Stripe says is active for it. */
async function fetchWithEntitlements(
  connection: StripeConnection,
  range: Range,
  signal: AbortSignal,
): Promise<FetchedPage<BillingRows['subscriptions']>> {
  const page = await fetchPart(connection, 'subscriptions', range, signal)
  const customers = new Map(page.rows.map(({ fact }) => [fact.customerId, fact.livemode]))
  const facts = await Promise.all(
    [...customers].map(([customerId, livemode]) =>
      readActiveEntitlements(connection, customerId, livemode, signal),
    ),
  )
  return { ...page, rows: [...page.rows, ...facts.map((fact) => ({ fact, customer: null }))] }
}

function oldestReversal({ clock }: StripeConnection): number {
  return Math.floor(clock.now().getTime() / 1000) - reversalDays * 86_400
}
