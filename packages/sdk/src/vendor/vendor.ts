import type { Timer } from '@trueup/core'
import { BillingError } from '../billing-error.ts'

/** An official client, called with bounded retries and with errors in our words. */
export interface Vendor<Client> {
  /**
   * Makes one call. Trouble that passes is tried again, twice; the official Stripe client does not try again after a
   * 429, and Clerk's not at all.
   *
   * @throws BillingError `rate-limited`, `vendor-failed` (both retryable) or `vendor-refused`, with the vendor's error
   *   as its cause
   */
  call<T>(act: (client: Client) => Promise<T>): Promise<T>
}

const retries = 2
const waitMs = 300
/** The longest that a caller is kept waiting for a vendor that asks to be left alone. */
const longestWaitMs = 2_000

export function createVendor<Client>(name: 'Stripe' | 'Clerk', client: Client, timer: Timer): Vendor<Client> {
  return {
    async call(act) {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await act(client)
        } catch (error) {
          const said = vendorError(name, error)
          const wait = said.retryAfterMs ?? waitMs * 2 ** attempt
          if (!said.retryable || attempt >= retries || wait > longestWaitMs) throw said
          await timer.sleep(wait)
        }
      }
    },
  }
}

/** What the errors of both official clients have in common where they stand for an answer of the vendor. */
export interface VendorAnswer {
  readonly status: number | null
  readonly code: string | null
  /** The parameter that Stripe found fault with. */
  readonly param: string | null
}

/** What the vendor answered, from an error of its official client or from ours around it. */
export function answerOf(error: unknown): VendorAnswer {
  const found = error instanceof BillingError ? error.cause : error
  const status = numberIn(found, 'statusCode') ?? numberIn(found, 'status')
  const [first] = listIn(found, 'errors')
  return {
    status,
    // Clerk's errors say why in the first of their list, and have a code of the class beside it.
    code: textIn(first, 'code') ?? textIn(found, 'code'),
    param: textIn(found, 'param'),
  }
}

function vendorError(name: string, error: unknown): BillingError {
  if (error instanceof BillingError) return error
  const { status, code } = answerOf(error)
  const said = error instanceof Error ? error.message : String(error)
  if (status === 429) {
    const seconds = numberIn(error, 'retryAfter')
    return new BillingError({
      code: 'rate-limited',
      message: `${name} limits requests (HTTP 429): ${said}`,
      fix: 'Try again a little later; work that is kept is tried again by itself.',
      retryable: true,
      ...(seconds === null ? {} : { retryAfterMs: seconds * 1000 }),
      cause: error,
    })
  }
  // Clerk's client tells of a network that fails by a list of errors. Without one it gave up before it asked.
  if (name === 'Clerk' && status === null && listIn(error, 'errors').length === 0) {
    return new BillingError({
      code: 'vendor-refused',
      message: `Clerk was not asked: ${said}`,
      fix: 'Make the client with the secret key of the instance: createClerkClient({ secretKey }), from CLERK_SECRET_KEY.',
      cause: error,
    })
  }
  // A key in use: the same request is under way in another process, and its answer is there in a moment.
  const passes =
    status === null || status >= 500 || code === 'idempotency_key_in_use' || code === 'lock_timeout'
  if (passes) {
    return new BillingError({
      code: 'vendor-failed',
      message: `${name} ${status === null ? 'could not be reached' : `failed (HTTP ${status})`}: ${said}`,
      fix: `Try again; see the status page of ${name} where it lasts.`,
      retryable: true,
      cause: error,
    })
  }
  return new BillingError({
    code: 'vendor-refused',
    message: `${name} refused the request (HTTP ${status}): ${said}`,
    fix:
      status === 401 || status === 403
        ? `Check the key of ${name}, and what it may do.`
        : 'Look at what was found fault with; trying the same again does not help.',
    cause: error,
  })
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value ? Reflect.get(value, key) : undefined
}

function numberIn(value: unknown, key: string): number | null {
  const found = fieldOf(value, key)
  return typeof found === 'number' ? found : null
}

function textIn(value: unknown, key: string): string | null {
  const found = fieldOf(value, key)
  return typeof found === 'string' ? found : null
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const found = fieldOf(value, key)
  return Array.isArray(found) ? found : []
}
