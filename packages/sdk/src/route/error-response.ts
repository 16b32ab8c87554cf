import type { BillingErrorCode } from '../billing-error.ts'
import { BillingError } from '../billing-error.ts'

const statusOf: Readonly<Record<BillingErrorCode, number>> = {
  'options-invalid': 500,
  'signed-out': 401,
  'not-allowed': 403,
  'not-for-sale': 400,
  'price-mismatch': 500,
  'redirect-not-allowed': 400,
  'subject-not-found': 404,
  'subject-deleted': 404,
  'nothing-to-manage': 409,
  'session-not-found': 404,
  'customer-taken': 409,
  'subscription-live': 409,
  'row-missing': 503,
  'metadata-full': 500,
  busy: 503,
  'rate-limited': 503,
  'vendor-failed': 502,
  'vendor-refused': 502,
  'store-failed': 503,
  'store-not-migrated': 500,
  'not-in-clerk-billing': 500,
}

/** Answers by the error's code alone: its message is for the app's developers. What is no error of billing is thrown on. */
export function errorResponse(error: unknown): Response {
  if (!(error instanceof BillingError)) throw error
  const { code, retryAfterMs } = error
  const response = jsonResponse(statusOf[code], { error: code })
  if (retryAfterMs !== null) response.headers.set('retry-after', String(Math.ceil(retryAfterMs / 1000)))
  return response
}

/** An answer to a browser of one person's billing, which nobody else may keep. */
export function jsonResponse(status: number, body: object): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  })
}
