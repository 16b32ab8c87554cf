import { cx } from './cx.ts'

/** An amount in the smallest unit of its currency, as Stripe counts it. */
export interface Amount {
  readonly amount: number
  /** Three letters, as `usd`. */
  readonly currency: string
}

/**
 * An amount as people write it.
 *
 * @example
 * moneyText({ amount: 1999, currency: 'usd' })   // '$19.99'
 */
export function moneyText({ amount, currency }: Amount): string {
  try {
    const format = new Intl.NumberFormat('en-US', { style: 'currency', currency: currency.toUpperCase() })
    const digits = format.resolvedOptions().maximumFractionDigits ?? 2
    return format.format(amount / 10 ** digits)
  } catch {
    return `${amount} ${currency}`
  }
}

/** Money, set so that it lines up in a column. */
export function Money({ amount, currency, className }: Amount & { readonly className?: string }) {
  return <span className={cx('tabular whitespace-nowrap', className)}>{moneyText({ amount, currency })}</span>
}

/** Sums in several currencies, which nobody adds up. */
export function MoneyList({ amounts }: { readonly amounts: readonly Amount[] }) {
  if (amounts.length === 0) return <span className="text-faint">–</span>
  return (
    <span className="inline-flex flex-wrap gap-x-2">
      {amounts.map((amount) => (
        <Money key={amount.currency} {...amount} />
      ))}
    </span>
  )
}
