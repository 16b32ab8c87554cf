import type { PriceSelector } from '@trueup/core'

/** How often a plan is paid for; `once` buys it for good. */
export type Interval = 'month' | 'year' | 'once'
export const intervals = ['month', 'year', 'once'] as const satisfies readonly Interval[]

/** One price, or one for each currency. */
export type PriceSelectors = PriceSelector | readonly PriceSelector[]

/** A plan as the app sells it. */
export interface PlanForSale {
  readonly id: string
  /** For people. Default: the id. */
  readonly name?: string
  /** What the plan opens, by the names that `requireFeature` asks for. Default: nothing of its own. */
  readonly features?: readonly string[]
  /** Seats that come with the plan: a fixed number, or as many as are bought. Default: seats play no part. */
  readonly seats?: number | 'quantity'
  /** What is sold today, by id (`price_1`) or by lookup key (`lookup:pro_yearly`); several: one for each currency. */
  readonly prices?: Readonly<Partial<Record<Interval, PriceSelectors>>>
  /** Recurring prices that are no longer sold and that people still pay. They open the plan and cannot be chosen. */
  readonly earlierPrices?: readonly PriceSelector[]
  /** Stripe products: every recurring price of them opens the plan. None of them can be chosen by that. */
  readonly products?: readonly string[]
  /** Days of trial with a first subscription. A subject gets one trial, whatever plan it was for. Default: none. */
  readonly trialDays?: number
}

/** Something sold beside a plan, which opens features. */
export interface AddOnForSale {
  readonly id: string
  readonly features: readonly string[]
  readonly prices?: readonly PriceSelector[]
  readonly products?: readonly string[]
  readonly lifetime?: readonly PriceSelector[]
}

/** Seats sold as an item of their own: quantity times `seatsEach`. */
export interface SeatPackForSale {
  readonly id: string
  readonly seatsEach: number
  readonly prices?: readonly PriceSelector[]
  readonly products?: readonly string[]
}

/**
 * What the app sells. Plans stand lowest first, and the first is what somebody has who pays nothing.
 *
 * @example
 * const catalogue = {
 *   plans: [
 *     { id: 'free' },
 *     { id: 'pro', features: ['reports'], prices: { month: 'lookup:pro_monthly', year: 'lookup:pro_yearly' }, trialDays: 14 },
 *     { id: 'team', features: ['reports', 'sso'], prices: { month: 'price_1Team' }, seats: 'quantity' },
 *   ],
 * } satisfies CatalogueForSale
 */
export interface CatalogueForSale {
  readonly plans: readonly [PlanForSale, ...PlanForSale[]]
  readonly addOns?: readonly AddOnForSale[]
  readonly seatPacks?: readonly SeatPackForSale[]
}
