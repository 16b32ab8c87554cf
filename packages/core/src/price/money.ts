/** A sum in minor units: cents of a dollar, yen, thousandths of a dinar. */
export interface Money {
  readonly currency: string
  readonly amount: number
}

/**
 * Adds up sums of each currency by itself. Sorted by currency; sums are never converted.
 *
 * @example
 * sumByCurrency([{ currency: 'usd', amount: 500 }, { currency: 'eur', amount: 1 }, { currency: 'usd', amount: 20 }])
 * // [{ currency: 'eur', amount: 1 }, { currency: 'usd', amount: 520 }]
 */
export function sumByCurrency(moneys: readonly Money[]): readonly Money[] {
  const sums = new Map<string, number>()
  for (const { currency, amount } of moneys) sums.set(currency, (sums.get(currency) ?? 0) + amount)
  return [...sums]
    .map(([currency, amount]) => ({ currency, amount }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1))
}
