/** What can be wrong with an outgoing message and where it goes. Closed list. */
export type OutgoingErrorCode =
  | 'address-malformed'
  | 'address-refused'
  | 'address-unresolved'
  | 'unreachable'
  | 'endpoint-not-found'
  | 'delivery-not-found'
  | 'delivery-waiting'
  | 'too-many-endpoints'

/** A message cannot go out, or not there. */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError'
  readonly code: OutgoingErrorCode
  readonly fix: string
  /** Whether the same may succeed later. */
  readonly retryable: boolean

  constructor(problem: {
    readonly code: OutgoingErrorCode
    readonly message: string
    readonly fix: string
    readonly retryable?: boolean
    readonly cause?: unknown
  }) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
    this.retryable = problem.retryable ?? false
  }
}
