import { SourceError } from '@trueup/core'
import Stripe from 'stripe'
import { withoutKeys } from '../../secret.ts'
import { BudgetSpent, type Setback } from '../pace/pacer.ts'

const { errors } = Stripe

/** An answer that is no object of Stripe's API: cut off, or not Stripe's at all. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer'
}

/** An answer that only says, in HTML perhaps, that there is none. */
export class FailedAnswer extends Error {
  override readonly name = 'FailedAnswer'
  readonly status: number

  constructor(status: number) {
    super(`HTTP ${status}`)
    this.status = status
  }
}

/** What the pacer should do about an error of the Stripe client, whose own retries are switched off. */
export function judgeStripeError(error: unknown): Setback {
  if (error instanceof errors.StripeRateLimitError) {
    // Contention on one object, not a limit of the account: there is no reason to slow everything down.
    return error.code === 'lock_timeout' ? { kind: 'passing' } : { kind: 'limited', ...retryAfter(error) }
  }
  if (error instanceof errors.StripeConnectionError || error instanceof UnreadableAnswer) {
    return { kind: 'passing' }
  }
  if (error instanceof errors.StripeAPIError) {
    return error.headers?.['stripe-should-retry'] === 'false' ? { kind: 'final' } : { kind: 'passing' }
  }
  return { kind: 'final' }
}

/** Stripe documents no `Retry-After`; where one is sent all the same, by a proxy perhaps, it is obeyed. */
function retryAfter(error: Stripe.errors.StripeError): { readonly retryAfterMs: number | null } {
  const seconds = Number.parseInt(error.headers?.['retry-after'] ?? '', 10)
  return { retryAfterMs: Number.isNaN(seconds) ? null : seconds * 1000 }
}

/** The permission that a refused restricted key lacks, such as `rak_customer_read`, as Stripe names it. */
export function missingPermission(error: unknown): string | null {
  if (!(error instanceof errors.StripePermissionError)) return null
  return /'(rak_[a-z_]+)'/.exec(error.message)?.[1] ?? 'a permission that Stripe does not name'
}

/** The account on which a restricted key was refused, such as `acct_1`, where Stripe names it. */
export function refusedOnAccount(error: unknown): string | null {
  if (!(error instanceof errors.StripePermissionError)) return null
  return /'(acct_\w+)'/.exec(error.message)?.[1] ?? null
}

/** Whether the object that a request named does not exist. */
export function isMissingObject(error: unknown): error is Stripe.errors.StripeInvalidRequestError {
  return error instanceof errors.StripeInvalidRequestError && error.code === 'resource_missing'
}

type Told = Pick<SourceError, 'code' | 'message' | 'fix' | 'retryable'>

/**
 * Turns what the Stripe client throws into our own words. Messages of Stripe are kept where they say which permission
 * or object it is about; a key never stands in them.
 */
export function stripeSourceError(error: unknown, part: string): SourceError {
  if (error instanceof SourceError) return error
  return new SourceError({ source: 'stripe', ...tell(error, part), cause: causeOf(error) })
}

function tell(error: unknown, part: string): Told {
  const permission = missingPermission(error)
  if (permission) {
    return {
      code: 'permission-missing',
      message: `The Stripe key may not read ${part}: it lacks ${permission}.`,
      fix: 'Edit the restricted key in the Stripe dashboard (Developers, API keys) and give it that permission with Read.',
      retryable: false,
    }
  }
  if (error instanceof errors.StripeAuthenticationError) {
    return {
      code: 'key-rejected',
      message: 'Stripe rejected the key (HTTP 401)',
      fix: 'Check that it is a restricted key of this account that was not rolled or deleted; a Clerk key is not it.',
      retryable: false,
    }
  }
  if (error instanceof BudgetSpent) {
    return {
      code: 'rate-limited',
      message: `The budget of ${error.perDay} requests to Stripe a day is spent until ${error.until.toISOString()}.`,
      fix: 'Try again then, or allow more requests a day; a check goes on where it was.',
      retryable: true,
    }
  }
  if (error instanceof errors.StripeRateLimitError) {
    return {
      code: 'rate-limited',
      message: 'Stripe rate limit hit (HTTP 429)',
      fix: 'Wait a minute, then try again; a check goes on where it was.',
      retryable: true,
    }
  }
  if (error instanceof UnreadableAnswer || isNotJson(error)) {
    const what = error instanceof UnreadableAnswer ? error.message : 'it is not JSON'
    return {
      code: 'answer-unreadable',
      message: `The answer for ${part} is not what Stripe's API promises: ${what}.`,
      fix: 'Check STRIPE_API_BASE and whatever stands between this machine and Stripe, and try again.',
      retryable: true,
    }
  }
  const failedStatus = statusOfFailure(error)
  if (failedStatus !== null) {
    return {
      code: 'source-failed',
      message: `Stripe failed to answer for ${part} (HTTP ${failedStatus}).`,
      fix: 'Look at https://status.stripe.com and try again later; a check goes on where it was.',
      retryable: true,
    }
  }
  if (error instanceof errors.StripeConnectionError) {
    return {
      code: 'unreachable',
      message: 'Stripe cannot be reached, or its answers break off.',
      fix: 'Check the network, a proxy, and STRIPE_API_BASE if it is set.',
      retryable: true,
    }
  }
  return {
    code: 'answer-unreadable',
    message: `Stripe refused the request for ${part}: ${withoutKeys(error instanceof Error ? error.message : String(error))}`,
    fix: 'This is likely a mistake in Trueup, or a version of the API that it does not know. Please report it.',
    retryable: false,
  }
}

/** The client hides what its `fetch` threw in an error of the connection. */
function statusOfFailure(error: unknown): number | null {
  if (error instanceof errors.StripeConnectionError && error.detail instanceof FailedAnswer) {
    return error.detail.status
  }
  return error instanceof errors.StripeAPIError ? (error.statusCode ?? null) : null
}

/** The client says so of a body that it cannot parse, and leaves out the HTTP status. */
function isNotJson(error: unknown): boolean {
  return error instanceof errors.StripeAPIError && error.statusCode === undefined
}

/** The client's error carries request headers, and the key with them, so only its plain words are kept. */
function causeOf(error: unknown): Error {
  if (error instanceof errors.StripeError) {
    const { type, statusCode, code, requestId } = error
    return new Error([type, statusCode, code, requestId].filter(Boolean).join(' '))
  }
  return new Error(error instanceof Error ? error.name : 'unknown')
}
