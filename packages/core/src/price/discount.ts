/** A reduction of the price. Percent in 0 to 100; amounts in minor units. */
export type Discount =
  | { readonly kind: 'percent'; readonly percent: number }
  | { readonly kind: 'amount'; readonly currency: string; readonly amount: number }
  /** A coupon that could not be read, or was not expanded: the sum after it is unknown. */
  | { readonly kind: 'unknown'; readonly id: string }
