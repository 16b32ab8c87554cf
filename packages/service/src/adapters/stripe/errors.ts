import { SourceError } from '@trueup/core'
import Stripe from 'stripe'
import type { Setback } from '../pace/pacer.ts'

const { errors } = Stripe

/** What the pacer should do about an error of the Stripe client, whose own retries are switched off. */
export function judgeStripeError(error: unknown): Setback {
  if (error instanceof errors.StripeRateLimitError) {
    // Contention on one object, not a limit of the account: there is no reason to slow everything down.
    return error.code === 'lock_timeout' ? { kind: 'passing' } : { kind: 'limited', retryAfterMs: null }
  }
  if (error instanceof errors.StripeConnectionError) return { kind: 'passing' }
  if (error instanceof errors.StripeAPIError) {
    return shouldRetry(error) === false ? { kind: 'final' } : { kind: 'passing' }
  }
  if (error instanceof UnreadableAnswer) return { kind: 'passing' }
  return { kind: 'final' }
}

/** An answer that is no object of Stripe's API: cut off, or not Stripe's at all. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer'
}

/** The permission that a refused restricted key lacks, such as `rak_customer_read`, as Stripe names it. */
export function missingPermission(error: unknown): string | null {
  if (!(error instanceof errors.StripePermissionError)) return null
  return /'(rak_[a-z_]+)'/.exec(error.message)?.[1] ?? 'unknown'
}

/** Whether the object that a request named does not exist. */
export function isMissingObject(error: unknown): boolean {
  return error instanceof errors.StripeInvalidRequestError && error.code === 'resource_missing'
}

/**
 * Turns what the Stripe client throws into our own words. Messages of Stripe are kept where they say which permission
 * or object it is about; a key never stands in them whole.
 */
export function stripeSourceError(error: unknown, part: string): SourceError {
  if (error instanceof SourceError) return error
  const told = (code: SourceError['code'], message: string, fix: string, retryable: boolean) =>
    new SourceError({ source: 'stripe', code, message, fix, retryable, cause: causeOf(error) })
  const permission = missingPermission(error)
  if (permission) {
    return told(
      'permission-missing',
      `The Stripe key may not read ${part}: it lacks ${permission}.`,
      'Edit the restricted key in the Stripe dashboard (Developers, API keys) and give it that permission with Read.',
      false,
    )
  }
  if (error instanceof errors.StripeAuthenticationError) {
    return told(
      'key-rejected',
      'Stripe rejected the key (HTTP 401).',
      'Check that it is a restricted key of this account that was not rolled or deleted; a Clerk key is not it.',
      false,
    )
  }
  if (error instanceof errors.StripeRateLimitError) {
    return told(
      'rate-limited',
      'Stripe rate limit hit (HTTP 429).',
      'Wait a minute and run the check again; it goes on where it was.',
      true,
    )
  }
  if (error instanceof UnreadableAnswer) {
    return told(
      'answer-unreadable',
      `The answer for ${part} is not what Stripe's API promises: ${error.message}`,
      'Check STRIPE_API_BASE and whatever stands between this machine and Stripe.',
      true,
    )
  }
  if (error instanceof errors.StripeConnectionError) {
    return told(
      'unreachable',
      'Stripe cannot be reached.',
      'Check the network, a proxy, and STRIPE_API_BASE if it is set.',
      true,
    )
  }
  if (error instanceof errors.StripeAPIError) {
    return told(
      'source-failed',
      `Stripe failed to answer for ${part} (HTTP ${error.statusCode ?? 'unknown'}).`,
      'Look at https://status.stripe.com and run the check again.',
      true,
    )
  }
  return told(
    'answer-unreadable',
    `Stripe refused the request for ${part}: ${error instanceof Error ? error.message : String(error)}`,
    'This is likely a mistake in Trueup, or a version of the API that it does not know. Please report it.',
    false,
  )
}

/** The client's error carries request headers, and the key with them, so only its plain words are kept. */
function causeOf(error: unknown): Error {
  if (error instanceof errors.StripeError) {
    return new Error(
      `${error.type} ${error.statusCode ?? ''} ${error.code ?? ''} ${error.requestId ?? ''}`.trim(),
    )
  }
  return new Error(error instanceof Error ? error.name : 'unknown')
}

function shouldRetry(error: Stripe.errors.StripeAPIError): boolean | null {
  const said = error.headers?.['stripe-should-retry']
  if (said === 'false') return false
  return said === 'true' ? true : null
}
