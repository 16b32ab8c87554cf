/** What can be wrong with what is asked of the inbox. Closed list. */
export type InboxErrorCode =
  /** What was given is not a signing secret of that provider. */
  | 'secret-malformed'
  /** This endpoint has that secret already. */
  | 'secret-exists'
  | 'secret-unknown'
  | 'too-many-secrets'
  /** The project takes no webhooks of that provider. */
  | 'endpoint-unknown'
  | 'event-unknown'
  /** Nothing follows from that event, so doing it again would do nothing. */
  | 'event-not-acted-on'
  | 'target-unknown'
  | 'cursor-malformed'

/** Something of the inbox that was asked for and cannot be done. */
export class InboxError extends Error {
  override readonly name = 'InboxError'
  readonly code: InboxErrorCode
  /** What the reader can do about it. */
  readonly fix: string

  constructor(problem: { code: InboxErrorCode; message: string; fix: string; cause?: unknown }) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
  }
}
