import { clerkErrors } from '../clerk/clerk-error.ts'
import { badGateway, halfOf, type Vendor } from './vendor.ts'

/** Clerk's words. A 429 carries `Retry-After` in seconds (https://clerk.com/docs/guides/how-clerk-works/system-limits). */
export const clerkVendor: Vendor = {
  name: 'clerk',
  keyOf(headers) {
    const [scheme, value] = (headers.get('authorization') ?? '').split(' ', 2)
    return scheme?.toLowerCase() === 'bearer' && value !== undefined ? value : null
  },
  rateLimited({ retryAfterSeconds }) {
    return clerkErrors(
      429,
      [
        {
          code: 'too_many_requests',
          message: 'Too many requests. Please try again in a bit.',
          long_message: 'Too many requests. Please try again in a bit.',
        },
      ],
      { 'retry-after': String(retryAfterSeconds) },
    )
  },
  serverError(status) {
    if (status === 502) return badGateway()
    return clerkErrors(status, [
      status === 503
        ? {
            code: 'service_unavailable',
            message: 'Service unavailable',
            long_message: 'The service is temporarily unavailable. Please try again later.',
          }
        : {
            code: 'internal_clerk_error',
            message: 'Oops, an unexpected error occurred',
            long_message:
              "There was an internal error on our servers. We've been notified and are working on fixing it.",
          },
    ])
  },
  keyRevoked() {
    return clerkErrors(401, [
      {
        code: 'clerk_key_invalid',
        message: 'The provided Clerk Secret Key is invalid. Make sure that your Clerk Secret Key is correct.',
        long_message:
          'The provided Clerk Secret Key is invalid. Make sure that your Clerk Secret Key is correct.',
      },
    ])
  },
  shortPage(body) {
    if (Array.isArray(body)) return halfOf(body)
    if (typeof body !== 'object' || body === null) return null
    const page = body as { data?: unknown; total_count?: unknown }
    if (!Array.isArray(page.data)) return null
    const data = halfOf(page.data)
    return { ...page, data, total_count: data.length }
  },
}
