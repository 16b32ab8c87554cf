/** One step of a tiered price. `unitAmount` and `flatAmount` are decimal strings in minor units. */
export interface PriceTier {
  /** `null`: without end. */
  readonly upTo: number | null
  readonly unitAmount: string | null
  readonly flatAmount: string | null
}

/** How the sum follows from the quantity. Amounts are decimal strings in minor units: `"1250"`, `"0.05"`. */
export type PriceAmount =
  | { readonly kind: 'per-unit'; readonly unitAmount: string }
  /** `divideBy` units are sold together; an incomplete package counts as `round` says. */
  | {
      readonly kind: 'package'
      readonly unitAmount: string
      readonly divideBy: number
      readonly round: 'up' | 'down'
    }
  | {
      readonly kind: 'tiered'
      readonly mode: 'graduated' | 'volume'
      readonly tiers: readonly PriceTier[] | 'unread'
    }
  /** The payer names the sum, or the object holds none. */
  | { readonly kind: 'unknown' }

/** A price of any shape that Stripe allows, in our words. */
export interface Price {
  readonly id: string
  readonly lookupKey: string | null
  readonly productId: string
  /** The name of the product, where the vendor expanded it. */
  readonly productName: string | null
  readonly currency: string
  readonly active: boolean
  /** `null`: paid once. */
  readonly recurring: {
    readonly interval: 'day' | 'week' | 'month' | 'year'
    readonly count: number
    /** Usage is billed afterwards: there is no fixed sum. */
    readonly metered: boolean
  } | null
  readonly amount: PriceAmount
  readonly nickname: string | null
}
