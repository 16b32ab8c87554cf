import { isClerkAPIResponseError } from '@clerk/shared/error'
import { SourceError } from '@trueup/core'
import type { Setback } from '../pace/pacer.ts'

/** An answer that is no object of Clerk's API: cut off, or not Clerk's at all. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer'
}

/** What the pacer should do about an error of the Clerk client, which never retries by itself. */
export function judgeClerkError(error: unknown): Setback {
  if (!isClerkAPIResponseError(error)) return { kind: 'passing' }
  const status = statusOf(error)
  if (status === 429)
    return { kind: 'limited', retryAfterMs: error.retryAfter ? error.retryAfter * 1000 : null }
  if (status === null || status >= 500) return { kind: 'passing' }
  return { kind: 'final' }
}

/** The HTTP status; `null` when there was no answer at all. */
function statusOf(error: unknown): number | null {
  if (!isClerkAPIResponseError(error)) return null
  return Number.isInteger(error.status) && error.status >= 100 ? error.status : null
}

/** Whether the thing that a request named does not exist. */
export function isMissingObject(error: unknown): boolean {
  return statusOf(error) === 404
}

/** Turns what the Clerk client throws into our own words. A key never stands in them. */
export function clerkSourceError(error: unknown, part: string): SourceError {
  if (error instanceof SourceError) return error
  const told = (code: SourceError['code'], message: string, fix: string, retryable: boolean) =>
    new SourceError({
      source: 'clerk',
      code,
      message,
      fix,
      retryable,
      cause: new Error(error instanceof Error ? error.name : 'unknown'),
    })
  const status = statusOf(error)
  if (status === 401) {
    return told(
      'key-rejected',
      'Clerk rejected the secret key (HTTP 401)',
      'Check that it is the secret key of this instance: a publishable pk_ key or a Stripe key is not it.',
      false,
    )
  }
  if (status === 403) {
    return told(
      'permission-missing',
      `Clerk refuses to show ${part} (HTTP 403).`,
      'Use a secret key of the instance itself.',
      false,
    )
  }
  if (status === 429) {
    return told(
      'rate-limited',
      'Clerk rate limit hit (HTTP 429)',
      'Wait a minute and run the check again; it goes on where it was.',
      true,
    )
  }
  if (status !== null && status >= 500) {
    return told(
      'source-failed',
      `Clerk failed to answer for ${part} (HTTP ${status}).`,
      'Look at https://status.clerk.com and run the check again.',
      true,
    )
  }
  if (error instanceof UnreadableAnswer) {
    return told(
      'answer-unreadable',
      `The answer for ${part} is not what Clerk's API promises: ${error.message}`,
      'Check CLERK_API_URL and whatever stands between this machine and Clerk.',
      true,
    )
  }
  if (status !== null) {
    return told(
      'answer-unreadable',
      `Clerk refused the request for ${part} (HTTP ${status}).`,
      'This is likely a mistake in Trueup, or a version of the API that it does not know. Please report it.',
      false,
    )
  }
  return told(
    'unreachable',
    'Clerk cannot be reached.',
    'Check the network, a proxy, and CLERK_API_URL if it is set.',
    true,
  )
}
