import { BillingError } from '../billing-error.ts'

const sessionIdMark = '{CHECKOUT_SESSION_ID}'
const parameter = 'session_id'

/**
 * Where a browser is sent back to: a path of the first origin, or an address within one of the allowed origins.
 *
 * @throws BillingError `redirect-not-allowed`
 */
export function allowedRedirect(target: string, origins: readonly [string, ...string[]]): string {
  const url = URL.canParse(target, origins[0]) ? new URL(target, origins[0]) : null
  const isPlain = url !== null && url.username === '' && url.password === ''
  if (isPlain && origins.includes(url.origin)) return url.href
  throw new BillingError({
    code: 'redirect-not-allowed',
    message: `${JSON.stringify(target)} does not lead back to ${origins.join(' or ')}.`,
    fix: 'Give a path such as /billing, or add the origin to `origins`.',
  })
}

/** The same, with the place into which Stripe puts the session's id. */
export function withSessionId(target: string, origins: readonly [string, ...string[]]): string {
  const url = new URL(allowedRedirect(target, origins))
  const marked = url.href.replaceAll('%7BCHECKOUT_SESSION_ID%7D', sessionIdMark)
  if (marked.includes(sessionIdMark)) return marked
  url.searchParams.set(parameter, sessionIdMark)
  return url.href.replace(encodeURIComponent(sessionIdMark), sessionIdMark)
}
