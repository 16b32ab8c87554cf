/** Why a source could not be read. Closed list; callers decide by it, never by the message. */
export type SourceErrorCode =
  /** What was given is not a key of this vendor at all: empty, publishable, or another vendor's. */
  | 'key-malformed'
  /** A full-power key where a restricted one is asked for. */
  | 'key-too-powerful'
  /** The vendor refused the key: wrong, revoked or expired. */
  | 'key-rejected'
  | 'permission-missing'
  | 'rate-limited'
  | 'unreachable'
  /** The vendor failed (5xx) more often than is worth retrying. */
  | 'source-failed'
  /** The answer was not what the vendor's API promises. */
  | 'answer-unreadable'
  /** Nothing is known of all subjects yet: a source that is pushed was never given a full push. */
  | 'never-full'
  /** What is known is older than the project allows. */
  | 'source-stale'
  /** A mapped table or column is not there, or cannot serve as what it is mapped as. */
  | 'mapping-unfit'
  /** The tables are no longer what they were when the reading, or the last check, began. */
  | 'schema-changed'
  /** Row-level security may hide rows from the role, and what it hides looks as if it were not there. */
  | 'rows-hidden'
  /** There is not one row, which is likelier a mistake than an app without users. */
  | 'source-empty'
  /** The server is a replica that is too far behind, or nobody can tell how far. */
  | 'replica-lagging'
  /** The sort order of the key changed under its index, so that reading on from a key may pass rows over. */
  | 'collation-changed'
  /** The vendor keeps what changed for some time alone, and it is asked for more. */
  | 'changes-lost'

/**
 * A source that could not be read: what was found, what was needed, what to do about it. Never means that nobody has
 * access.
 */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly source: string
  readonly code: SourceErrorCode
  /** What the reader can do about it. */
  readonly fix: string
  /** Whether the same request may succeed later without anybody changing anything. */
  readonly retryable: boolean

  constructor(problem: {
    source: string
    code: SourceErrorCode
    message: string
    fix: string
    retryable: boolean
    cause?: unknown
  }) {
    super(problem.message, { cause: problem.cause })
    this.source = problem.source
    this.code = problem.code
    this.fix = problem.fix
    this.retryable = problem.retryable
  }
}
