import type { RequestProblem } from './push-request.ts'

/** Why a request was not taken. Closed list; senders decide by it. */
export type PushProblemCode =
  | 'method-not-allowed'
  | 'media-type-unsupported'
  | 'encoding-unsupported'
  | 'body-too-large'
  | 'body-cut-off'
  | 'signature-missing'
  | 'signature-expired'
  | 'signature-invalid'
  | 'body-unreadable'
  | 'push-invalid'
  | 'records-invalid'
  | 'subject-duplicate'
  | 'push-unknown'
  | 'push-superseded'
  | 'push-finished'
  | 'mode-differs'
  | 'sequence-unexpected'
  | 'part-differs'
  | 'push-too-small'
  | 'store-unavailable'
  | 'unexpected'

/** A problem as it is answered. */
export interface PushProblem {
  readonly code: PushProblemCode
  readonly detail: string
  readonly fix: string
  /** What is wrong with single records, the first of them. */
  readonly errors?: readonly RequestProblem[]
  /** How many errors there are in all. */
  readonly errorCount?: number
  /** The part that is waited for. */
  readonly nextSequence?: number
}

const answers: Readonly<Record<PushProblemCode, { readonly status: number; readonly title: string }>> = {
  'method-not-allowed': { status: 405, title: 'Only PUT is taken here' },
  'media-type-unsupported': { status: 415, title: 'The body is of a kind that is not taken' },
  'encoding-unsupported': { status: 415, title: 'The body is compressed' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'body-cut-off': { status: 400, title: 'The body ended too early' },
  'signature-missing': { status: 401, title: 'The request is not signed' },
  'signature-expired': { status: 401, title: 'The signature is too old or too new' },
  'signature-invalid': { status: 401, title: 'The signature does not fit' },
  'body-unreadable': { status: 400, title: 'The body cannot be read' },
  'push-invalid': { status: 422, title: 'What the request does is not said rightly' },
  'records-invalid': { status: 422, title: 'Some records cannot be taken' },
  'subject-duplicate': { status: 422, title: 'A subject stands in the push twice' },
  'push-unknown': { status: 409, title: 'The push was never begun' },
  'push-superseded': { status: 409, title: 'A newer full push was begun' },
  'push-finished': { status: 409, title: 'The push is finished' },
  'mode-differs': { status: 409, title: 'The push was begun in the other mode' },
  'sequence-unexpected': { status: 409, title: 'Another part is waited for' },
  'part-differs': { status: 409, title: 'The part was sent before and held something else' },
  'push-too-small': { status: 409, title: 'The push would take most subjects away' },
  'store-unavailable': { status: 503, title: 'The store cannot be written' },
  unexpected: { status: 500, title: 'Something went wrong' },
}

const retryAfterSeconds = 30

/** A problem as RFC 9457 has it, with a stable `code` to decide by. */
export function problemResponse(problem: PushProblem): Response {
  const { status, title } = answers[problem.code]
  const headers = new Headers({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
  })
  if (status === 405) headers.set('allow', 'PUT')
  if (status === 503) headers.set('retry-after', String(retryAfterSeconds))
  const type = `urn:trueup:problem:${problem.code}`
  return new Response(JSON.stringify({ type, title, status, ...problem }), { status, headers })
}
