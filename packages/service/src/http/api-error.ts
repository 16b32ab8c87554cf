/** Why a request was refused before it reached what it is about. Closed list; each has its status. */
export const apiErrorStatus = {
  'request-malformed': 400,
  'signed-out': 401,
  'key-unknown': 401,
  'role-too-low': 403,
  'key-too-narrow': 403,
  'people-only': 403,
  'confirmation-needed': 403,
  'other-site': 403,
  'not-found': 404,
  'method-unknown': 405,
  conflict: 409,
  'idempotency-key-reused': 409,
  'idempotency-key-busy': 409,
  'idempotency-key-spent': 409,
  'body-too-large': 413,
  'request-invalid': 422,
  'too-many-requests': 429,
  failed: 500,
  unavailable: 503,
} as const

export type ApiErrorCode = keyof typeof apiErrorStatus

/** One thing that is wrong with a request. */
export interface RequestProblem {
  /** Where, as `body.rules.0.kinds`. */
  readonly at: string
  readonly message: string
}

/** A request that was refused: what was found, what was needed, what to do. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode
  readonly fix: string
  readonly problems: readonly RequestProblem[]
  readonly retryAfterSeconds: number | null

  constructor(problem: {
    readonly code: ApiErrorCode
    readonly message: string
    readonly fix: string
    readonly problems?: readonly RequestProblem[]
    readonly retryAfterSeconds?: number
    readonly cause?: unknown
  }) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
    this.problems = problem.problems ?? []
    this.retryAfterSeconds = problem.retryAfterSeconds ?? null
  }
}

/** The one answer for what is not there and for what is out of reach. */
export function notFound(): ApiError {
  return new ApiError({
    code: 'not-found',
    message: 'There is nothing at this address that you can see.',
    fix: 'Look at the id, and at the workspace or project that your session or key is for.',
  })
}
