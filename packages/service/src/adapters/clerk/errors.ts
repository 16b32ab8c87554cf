import { isClerkAPIResponseError } from '@clerk/shared/error'
import { SourceError } from '@trueup/core'
import type { Setback } from '../pace/pacer.ts'

/** An answer that is no object of Clerk's API: cut off, or not Clerk's at all. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer'
}

/** An answer that did not come, or not in time. */
export class LateAnswer extends Error {
  override readonly name = 'LateAnswer'
}

/** What the pacer should do about an error of the Clerk client, which never retries by itself. */
export function judgeClerkError(error: unknown): Setback {
  if (error instanceof UnreadableAnswer || error instanceof LateAnswer) return { kind: 'passing' }
  if (!isClerkAPIResponseError(error)) return { kind: 'final' }
  const status = statusOf(error)
  if (status === 429) {
    return { kind: 'limited', retryAfterMs: error.retryAfter ? error.retryAfter * 1000 : null }
  }
  return status === null || status >= 500 ? { kind: 'passing' } : { kind: 'final' }
}

/**
 * The HTTP status; `null` when there was no answer, or one that broke off: the client throws the same error for these,
 * without a status.
 */
function statusOf(error: unknown): number | null {
  return isClerkAPIResponseError(error) && Number.isInteger(error.status) ? error.status : null
}

/** Whether Clerk refused what a request asked for, such as to read on from a user who was deleted. */
export function isRefusedRequest(error: unknown): boolean {
  const status = statusOf(error)
  return status === 400 || status === 404 || status === 422
}

/** Whether Clerk has no such object. */
export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404
}

type Told = Pick<SourceError, 'code' | 'message' | 'fix' | 'retryable'>

/** Turns what the Clerk client throws into our own words. A key never stands in them. */
export function clerkSourceError(error: unknown, part: string): SourceError {
  if (error instanceof SourceError) return error
  const status = statusOf(error)
  const told = status === null ? tellWithoutStatus(error, part) : tell(status, part)
  // The client's error may carry the request, and the key with it, so only its name is kept.
  const cause = new Error(error instanceof Error ? `${error.name} ${status ?? ''}`.trim() : 'unknown')
  return new SourceError({ source: 'clerk', ...told, cause })
}

function tell(status: number, part: string): Told {
  if (status === 401) {
    return {
      code: 'key-rejected',
      message: 'Clerk rejected the secret key (HTTP 401)',
      fix: 'Check that it is the secret key of this instance: a publishable pk_ key or a Stripe key is not it.',
      retryable: false,
    }
  }
  if (status === 403) {
    return {
      code: 'permission-missing',
      message: `Clerk refuses to show ${part} (HTTP 403).`,
      fix: 'Use a secret key of the instance itself.',
      retryable: false,
    }
  }
  if (status === 429) {
    return {
      code: 'rate-limited',
      message: 'Clerk rate limit hit (HTTP 429)',
      fix: 'Wait a minute, then try again; a check goes on where it was.',
      retryable: true,
    }
  }
  if (status >= 500) {
    return {
      code: 'source-failed',
      message: `Clerk failed to answer for ${part} (HTTP ${status}).`,
      fix: 'Look at https://status.clerk.com and try again later; a check goes on where it was.',
      retryable: true,
    }
  }
  return {
    code: 'answer-unreadable',
    message: `Clerk refused the request for ${part} (HTTP ${status}).`,
    fix: 'This is likely a mistake in Trueup, or a version of the API that it does not know. Please report it.',
    retryable: false,
  }
}

function tellWithoutStatus(error: unknown, part: string): Told {
  if (error instanceof UnreadableAnswer) {
    return {
      code: 'answer-unreadable',
      message: `The answer for ${part} is not what Clerk's API promises: ${error.message}.`,
      fix: 'Check CLERK_API_URL and whatever stands between this machine and Clerk, and try again.',
      retryable: true,
    }
  }
  if (error instanceof LateAnswer || isClerkAPIResponseError(error)) {
    return {
      code: 'unreachable',
      message: 'Clerk cannot be reached, or its answers break off.',
      fix: 'Check the network, a proxy, and CLERK_API_URL if it is set.',
      retryable: true,
    }
  }
  return {
    code: 'answer-unreadable',
    message: `The request for ${part} could not be sent or its answer not read.`,
    fix: 'This is likely a mistake in Trueup. Please report it.',
    retryable: false,
  }
}
