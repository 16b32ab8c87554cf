import type { PaymentFailed } from './notice.ts'

/** A message that is ready to be sent, by whatever the app sends mail with. */
export interface Email {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** What the message says beside what happened. */
export interface PaymentFailedEmailOptions {
  /** The app's name. */
  readonly product: string
  /** The link to where the card is changed, from `portalUrl`. */
  readonly url: string
  /** How people read numbers and dates. Default `en`. */
  readonly locale?: string
  /** Where dates are told, as `Europe/Vienna`. Default `UTC`. */
  readonly timeZone?: string
}

/**
 * The message that a payment failed: what is due, when it is tried again, and where the card is changed.
 *
 * @example
 * onPaymentFailed: async (notice, { portalUrl }) => {
 *   const email = paymentFailedEmail(notice, { product: 'Acme', url: await portalUrl('/billing') })
 *   await mailer.send({ to, ...email, idempotencyKey: notice.id })
 * }
 */
export function paymentFailedEmail(
  notice: Pick<PaymentFailed, 'amountDue' | 'currency' | 'nextAttemptAt'>,
  { product, url, locale = 'en', timeZone = 'UTC' }: PaymentFailedEmailOptions,
): Email {
  const due = money(notice.amountDue, notice.currency, locale)
  const next = notice.nextAttemptAt
    ? `It is tried again on ${new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone }).format(notice.nextAttemptAt)}.`
    : 'It is not tried again by itself.'
  const said = `Your payment of ${due} for ${product} did not go through. ${next}`
  return {
    subject: `Your payment for ${product} did not go through`,
    text: `${said}\n\nChange how you pay: ${url}\n\nThe link works for a short time; you find the same under billing in ${product}.\n`,
    html: `<p>${escaped(said)}</p><p><a href="${escaped(url)}">Change how you pay</a></p><p>The link works for a short time; you find the same under billing in ${escaped(product)}.</p>`,
  }
}

/** Minor units, as many of them as the currency has. */
function money(amount: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char)
}
