import type { PlanId } from './access.ts'

/** A price by id (`price_1`) or by lookup key (`lookup:pro_yearly`). */
export type PriceSelector = string

/** A plan that the app sells. The order of plans in the catalogue is their rank. */
export interface Plan {
  readonly id: PlanId
  readonly prices: readonly PriceSelector[]
  /** Stripe product ids: every price of the product sells this plan. */
  readonly products: readonly string[]
  /** Prices that buy the plan once and for good. */
  readonly lifetime: readonly PriceSelector[]
  /** How the app writes this plan in its own store; the plan's id always counts as one of them. Compared without case. */
  readonly values: readonly string[]
  readonly entitlements: readonly string[]
  /** Seats that come with the plan: a fixed number, or the quantity of the subscription item. */
  readonly seats: number | 'quantity' | null
}

/** Something sold beside a plan, which adds entitlements. */
export interface AddOn {
  readonly id: string
  readonly prices: readonly PriceSelector[]
  readonly products: readonly string[]
  readonly lifetime: readonly PriceSelector[]
  readonly entitlements: readonly string[]
}

/** Seats sold as an item of their own: quantity times `seatsEach`. */
export interface SeatPack {
  readonly id: string
  readonly prices: readonly PriceSelector[]
  readonly products: readonly string[]
  readonly seatsEach: number
}

/** What the project sells. Plans stand lowest first; the first is the free plan, of rank 0. */
export interface Catalogue {
  readonly plans: readonly [Plan, ...Plan[]]
  readonly addOns: readonly AddOn[]
  readonly seatPacks: readonly SeatPack[]
}

/** Whether anything is sold once and for good, so that one-off purchases have to be read. */
export function sellsForGood(catalogue: Catalogue): boolean {
  return [...catalogue.plans, ...catalogue.addOns].some(({ lifetime }) => lifetime.length > 0)
}
