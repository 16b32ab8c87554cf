import type { SignatureRefusal } from './signature.ts'

/** Why a webhook was not taken. Closed list. */
export type RefusalReason =
  | SignatureRefusal
  | 'headers-too-large'
  | 'body-too-large'
  | 'body-too-slow'
  | 'body-cut-off'
  | 'encoding-unsupported'
  /** Signed, but no event that can be read. */
  | 'body-unreadable'
  /** Signed, but of test mode where the project is live, or the other way round. */
  | 'mode-differs'
  /** Signed, but of another account or instance than the project's. */
  | 'account-differs'
  /** More than an endpoint may send in a short time. */
  | 'rate-limited'
  /** More than this process can hold at a time. */
  | 'overloaded'
  /** It could not be stored. */
  | 'store-unavailable'
  /** No project takes webhooks there. */
  | 'not-found'

interface Answer {
  readonly status: number
  readonly title: string
  readonly retryAfterSeconds?: number
}

const answers: Readonly<Record<RefusalReason, Answer>> = {
  'signature-missing': { status: 400, title: 'The request is not signed' },
  'signature-expired': { status: 400, title: 'The signature is too old or too new' },
  'signature-invalid': { status: 400, title: 'The signature does not fit' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'body-too-slow': { status: 408, title: 'The body took too long' },
  'body-cut-off': { status: 400, title: 'The body ended too early' },
  'encoding-unsupported': { status: 415, title: 'The body is compressed' },
  'body-unreadable': { status: 400, title: 'The body is not an event' },
  'mode-differs': { status: 400, title: 'The event is of the other mode' },
  'account-differs': { status: 400, title: 'The event is of another account' },
  'rate-limited': { status: 429, title: 'Too many events at once', retryAfterSeconds: 5 },
  overloaded: { status: 503, title: 'Too many requests at once', retryAfterSeconds: 5 },
  'store-unavailable': { status: 503, title: 'The event could not be stored', retryAfterSeconds: 30 },
  'not-found': { status: 404, title: 'There is nothing here' },
}

/** A refusal as RFC 9457 has it. Nothing but the reason is told. */
export function refuse(reason: RefusalReason): Response {
  const { status, title, retryAfterSeconds } = answers[reason]
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds))
  const body = { type: `urn:trueup:problem:${reason}`, title, status, code: reason }
  return new Response(JSON.stringify(body), { status, headers })
}
