import type { Access } from '../access/access.ts'

/** Why billing could not say exactly what it promises. Closed list; part of the answer, never an error. */
export type PromiseUnknown =
  | {
      readonly reason: 'unmapped-price'
      readonly priceId: string
      readonly productId: string
      readonly factId: string
    }
  | { readonly reason: 'unreadable-billing'; readonly factId: string; readonly found: string }

/**
 * The access that billing owes and allows: `owed <= granted <= allowed` agrees.
 *
 * What is unknown widens the interval instead of hiding the rest: `owed` keeps what is sure, `allowed` becomes
 * the top of every order, and `unknown` says why.
 */
export interface Promised {
  readonly owed: Access
  readonly allowed: Access
  readonly unknown: readonly PromiseUnknown[]
  /** Facts that call for a person's look without being a drift: a refunded period, a dispute. */
  readonly reviews: readonly RefundReview[]
}

export interface RefundReview {
  readonly factId: string
  readonly invoiceId: string | null
  readonly found: 'refunded' | 'dispute-open' | 'dispute-lost'
  readonly ids: readonly string[]
}

/** An account whose access is widened on purpose: a comp, staff, a partner. */
export interface Exception {
  readonly subject: string
  readonly allowed: Partial<Access>
  readonly reason: string
  readonly author: string | null
  readonly until: Date | null
}
