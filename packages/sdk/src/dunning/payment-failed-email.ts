import type { ClerkPaymentFailed } from '../clerk-billing/clerk-notice.ts'
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
  /** The link to where the card is changed: from `portalUrl`, or in Clerk Billing the app's page with Clerk's profile. */
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
  notice:
    | Pick<PaymentFailed, 'amountDue' | 'currency' | 'nextAttemptAt'>
    | Pick<ClerkPaymentFailed, 'amountDue' | 'currency'>,
  { product, url, locale = 'en', timeZone = 'UTC' }: PaymentFailedEmailOptions,
): Email {
  const due = notice.amountDue === null ? '' : ` of ${money(notice.amountDue, notice.currency, locale)}`
  const next = 'nextAttemptAt' in notice ? ` ${nextText(notice.nextAttemptAt, locale, timeZone)}` : ''
  const said = `Your payment${due} for ${product} did not go through.${next}`
  const link =
    'nextAttemptAt' in notice
      ? `The link works for a short time; you find the same under billing in ${product}.`
      : `You find the same under billing in ${product}.`
  return {
    subject: `Your payment for ${product} did not go through`,
    text: `${said}\n\nChange how you pay: ${url}\n\n${link}\n`,
    html: `<p>${escaped(said)}</p><p><a href="${escaped(url)}">Change how you pay</a></p><p>${escaped(link)}</p>`,
  }
}

/** Clerk does not say when it tries again, and nothing is said of it then. */
function nextText(nextAttemptAt: Date | null, locale: string, timeZone: string): string {
  if (!nextAttemptAt) return 'It is not tried again by itself.'
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone }).format(nextAttemptAt)
  return `It is tried again on ${day}.`
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
