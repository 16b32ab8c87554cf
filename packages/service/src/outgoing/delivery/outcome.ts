import { withoutKeys } from '../../secret.ts'
import { OutgoingError } from '../outgoing-error.ts'
import type { PostAnswer } from '../post/post.ts'

/** How one try to deliver a message ended. */
export type Outcome =
  | { readonly kind: 'sent'; readonly status: number | null; readonly detail: string }
  | {
      readonly kind: 'failed'
      readonly status: number | null
      /** What went wrong, in words fit for the log: no address, no key. */
      readonly detail: string
      /** False: the receiver said that the same will never be taken. */
      readonly isRetryable: boolean
      /** What the receiver asked for; `null`: nothing. */
      readonly retryAfterSeconds: number | null
      /** The receiver wants nothing more (HTTP 410). */
      readonly isGone: boolean
    }

const longestDetail = 300
/** A receiver cannot put a message off for longer. */
const longestRetryAfterSeconds = 6 * 60 * 60

/**
 * What an HTTP answer means: any 2xx is success, all else failure, redirects too.
 *
 * @param refusals statuses after which the same will never be taken; by default none but 410
 */
export function outcomeOf(answer: PostAnswer, now: Date, refusals: readonly number[] = []): Outcome {
  const { status } = answer
  if (status >= 200 && status < 300) return { kind: 'sent', status, detail: '' }
  const isGone = status === 410
  return {
    kind: 'failed',
    status,
    detail: detailOf(answer.body === '' ? `HTTP ${status}` : `HTTP ${status}: ${answer.body}`),
    isRetryable: !isGone && !refusals.includes(status),
    retryAfterSeconds: retryAfterOf(answer.headers['retry-after'], now),
    isGone,
  }
}

/** What it means that no answer came. */
export function outcomeOfError(error: unknown): Outcome {
  if (!(error instanceof OutgoingError)) throw error
  return {
    kind: 'failed',
    status: null,
    detail: detailOf(error.message),
    isRetryable: error.retryable,
    retryAfterSeconds: null,
    isGone: false,
  }
}

/** What it means that sending failed here, for a reason that nobody thought of: no word of it may be for the log. */
export function outcomeOfUnforeseen(error: unknown): Outcome {
  const name = error instanceof Error ? error.name : typeof error
  const code = error instanceof Error && 'code' in error ? `, ${String(error.code)}` : ''
  return {
    kind: 'failed',
    status: null,
    detail: detailOf(`It could not be sent, for a reason on this side (${name}${code}).`),
    isRetryable: true,
    retryAfterSeconds: null,
    isGone: false,
  }
}

/** Words of others as one bounded line, without what looks like a key. */
export function detailOf(text: string): string {
  const line = withoutKeys(text)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  return line.length <= longestDetail ? line : `${line.slice(0, longestDetail - 1)}…`
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after: seconds or a date. */
function retryAfterOf(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null
  const seconds = /^\d{1,9}(\.\d+)?$/.test(value)
    ? Math.ceil(Number(value))
    : Math.ceil((Date.parse(value) - now.getTime()) / 1000)
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, longestRetryAfterSeconds) : null
}
