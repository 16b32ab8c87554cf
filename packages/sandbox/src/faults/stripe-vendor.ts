import type { StripeLimitReason } from './fault.ts'
import { badGateway, halfOf, type Vendor } from './vendor.ts'

/**
 * Stripe's words. A 429 names its limit in `Stripe-Rate-Limited-Reason` and carries no `Retry-After`
 * (https://docs.stripe.com/rate-limits); a lock on one object is a 429 without that header.
 */
export const stripeVendor: Vendor = {
  name: 'stripe',
  keyOf(headers) {
    const authorization = headers.get('authorization') ?? ''
    const [scheme, value] = authorization.split(' ', 2)
    if (value === undefined) return null
    if (scheme?.toLowerCase() === 'bearer') return value
    if (scheme?.toLowerCase() !== 'basic') return null
    return Buffer.from(value, 'base64').toString('utf8').split(':', 1)[0] ?? null
  },
  rateLimited({ reason }) {
    if (reason === 'lock-timeout') {
      return stripeError(429, {
        code: 'lock_timeout',
        doc_url: 'https://stripe.com/docs/error-codes/lock-timeout',
        message:
          'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request.',
        type: 'invalid_request_error',
      })
    }
    return stripeError(
      429,
      {
        code: 'rate_limit',
        doc_url: 'https://stripe.com/docs/error-codes/rate-limit',
        message: rateMessage(reason),
        type: 'invalid_request_error',
      },
      { 'stripe-rate-limited-reason': reason },
    )
  },
  serverError(status) {
    if (status === 502) return badGateway()
    return stripeError(status, {
      message:
        status === 503
          ? 'Stripe is temporarily unavailable. Please try again later.'
          : 'An unknown error occurred. If you have questions, contact us at https://support.stripe.com.',
      type: 'api_error',
    })
  },
  keyRevoked(key) {
    return stripeError(401, {
      code: 'api_key_expired',
      doc_url: 'https://stripe.com/docs/error-codes/api-key-expired',
      message: `Expired API Key provided: ${maskedKey(key ?? '')}`,
      type: 'invalid_request_error',
    })
  },
  shortPage(body) {
    if (typeof body !== 'object' || body === null) return null
    const list = body as { object?: unknown; data?: unknown }
    if (!Array.isArray(list.data)) return null
    if (list.object === 'list') return { ...list, data: halfOf(list.data), has_more: false }
    if (list.object === 'search_result') {
      return { ...list, data: halfOf(list.data), has_more: false, next_page: null }
    }
    return null
  },
}

function stripeError(
  status: number,
  error: Record<string, string>,
  headers: Record<string, string> = {},
): Response {
  return new Response(`${JSON.stringify({ error }, null, 2)}\n`, {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}

function rateMessage(reason: StripeLimitReason): string {
  return reason.endsWith('concurrency')
    ? 'Too many concurrent requests. Learn more about rate limits here: https://stripe.com/docs/rate-limits.'
    : 'Request rate limit exceeded. Learn more about rate limits here: https://stripe.com/docs/rate-limits.'
}

/** Stripe shows a key's prefix and its last four characters. */
function maskedKey(key: string): string {
  const [, prefix = '', rest = key] = /^((?:sk|rk|pk)_(?:test|live)_)(.*)$/.exec(key) ?? []
  return `${prefix}${'*'.repeat(Math.max(4, rest.length - 4))}${rest.slice(-4)}`
}
