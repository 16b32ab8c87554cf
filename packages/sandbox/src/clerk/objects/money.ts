/** An amount as Clerk Billing sends it. Clerk Billing knows US dollars only. */
export interface ClerkMoney {
  /** In cents. */
  readonly amount: number
  readonly amount_formatted: string
  readonly currency: string
  readonly currency_symbol: string
}

/** @example makeMoney(4999) // { amount: 4999, amount_formatted: '49.99', currency: 'USD', currency_symbol: '$' } */
export function makeMoney(amount: number): ClerkMoney {
  return { amount, amount_formatted: (amount / 100).toFixed(2), currency: 'USD', currency_symbol: '$' }
}
