import type { Money } from './money.ts'

/**
 * Currencies whose amounts Stripe counts in another unit than ISO 4217 says.
 * https://docs.stripe.com/currencies#special-cases
 */
const stripeDigits: Readonly<Record<string, number>> = { isk: 2, mga: 0, ugx: 2 }

/**
 * Writes a sum for people, in English: `$1,250.00`, `¥1,250`, `KWD 1.250`. The number of decimals is the currency's.
 * A currency that has no code of three letters is written beside the bare minor units.
 *
 * @param money.amount In minor units, as Stripe counts them.
 *
 * @example
 * formatMoney({ currency: 'usd', amount: 125000 }) // '$1,250.00'
 */
export function formatMoney(money: Money): string {
  if (!/^[a-z]{3}$/i.test(money.currency))
    return `${money.amount} minor units of ${money.currency || 'no currency'}`
  const currency = money.currency.toUpperCase()
  const digits =
    stripeDigits[money.currency.toLowerCase()] ??
    new Intl.NumberFormat('en-US', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
    2
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  // Intl puts a no-break space between code and number, which terminals and searches take ill.
  return format.format(money.amount / 10 ** digits).replaceAll('\u00a0', ' ')
}
