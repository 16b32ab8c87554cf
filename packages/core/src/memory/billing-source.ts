import type { PointedCustomer } from '../match/pair.ts'
import type { BillingPart, BillingRows, BillingSource, CustomerReading, Page } from '../ports.ts'
import type { SourceError } from '../source-error.ts'
import { type MemoryReading, readInOrder, request } from './read-in-order.ts'

/** What an in-memory billing holds. It may change while it is read, as billing does. */
export type MemoryBilling = { readonly [P in BillingPart]: readonly BillingRows[P][] } & {
  /** When something of a customer changed, as billing tells it; nothing where left out. */
  readonly changes?: readonly { readonly customerId: string; readonly at: Date }[]
  /** Customers who are no more, or are of the other mode, with what the vendor says of each. */
  readonly gone: readonly Extract<PointedCustomer, { readonly said: string }>[]
}

export interface MemoryBillingOptions {
  /** Default `stripe`. */
  readonly name?: string
  readonly billing: MemoryBilling
  /** Rows of a page. Default 100, as Stripe has it. */
  readonly pageSize?: number
  /** Asked before each request; an error makes the request fail with it. Default: none does. */
  readonly failure?: () => SourceError | null
}

/**
 * Billing that lives in memory, for tests and simulations; it answers as the adapters do, and passes their contract
 * suite.
 *
 * @example
 * const billing = { prices: [], refunds: [], disputes: [], subscriptions, customers, purchases: [], gone: [] }
 * const source = createMemoryBillingSource({ billing, pageSize: 10 })
 */
export function createMemoryBillingSource(options: MemoryBillingOptions): BillingSource {
  const { name = 'stripe', billing, pageSize = 100, failure } = options
  let requests = 0
  const reading: MemoryReading = {
    sent: () => requests++,
    pageSize,
    ...(failure ? { failure } : {}),
  }
  return {
    name,
    requests: () => requests,
    async test() {
      request(reading)
      return [{ name: 'key', state: 'ok', found: 'needs none', fix: null }]
    },
    read<P extends BillingPart>(part: P, cursors: Parameters<BillingSource['read']>[1]) {
      const pages: AsyncIterable<Page<BillingRows[BillingPart]>> = readInOrder<BillingRows[BillingPart]>(
        () => billing[part],
        rowId,
        cursors,
        reading,
      )
      // The part decides the rows, which a type cannot follow through the look-up.
      return pages as AsyncIterable<Page<BillingRows[P]>>
    },
    async readCustomer(id) {
      request(reading)
      return customerReading(billing, id)
    },
    async readReversals(paymentIds) {
      request(reading)
      return [...billing.refunds, ...billing.disputes].filter(({ paymentId }) =>
        paymentIds.includes(paymentId),
      )
    },
    async *changedSince(since) {
      const due = (billing.changes ?? [])
        .filter(({ at }) => at >= since)
        .toSorted((a, b) => b.at.getTime() - a.at.getTime())
      for (let start = 0; start === 0 || start < due.length; start += pageSize) {
        request(reading)
        const page = due.slice(start, start + pageSize)
        yield { customerIds: page.map(({ customerId }) => customerId), until: due[0]?.at ?? null }
      }
    },
  }
}

function customerReading(billing: MemoryBilling, id: string): CustomerReading {
  const rows = [...billing.subscriptions, ...billing.purchases].filter((row) => row.fact.customerId === id)
  const beside = rows.flatMap((row) => row.customer ?? [])
  const customer = [...billing.customers, ...beside].find((known) => known.id === id)
  if (!customer) {
    const unknown: PointedCustomer = { id, found: 'unknown', said: 'There is no such customer.' }
    return { id, pointed: billing.gone.find((gone) => gone.id === id) ?? unknown, customer: null, facts: [] }
  }
  return { id, pointed: { id, found: 'read' }, customer, facts: rows.map(({ fact }) => fact) }
}

function rowId(row: BillingRows[BillingPart]): string {
  if ('fact' in row) return row.fact.id
  return 'paymentId' in row ? row.ids.join(' ') : row.id
}
