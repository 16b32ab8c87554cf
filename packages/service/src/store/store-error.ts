/** Why the store could not be used. Closed list; callers decide by it, never by the message. */
export type StoreErrorCode =
  /** The address of the database cannot be read. */
  | 'url-malformed'
  | 'unreachable'
  /** The database refused the user or the password. */
  | 'authentication'
  | 'database-missing'
  | 'permission-missing'
  /** The tables were made by a newer version. */
  | 'schema-newer'
  /** Another process holds the embedded database. */
  | 'locked'
  /** The folder of the embedded database cannot be made, read or written. */
  | 'folder-unusable'
  /** The folder of the embedded database was written by another version of it. */
  | 'folder-other-version'
  | 'disk-full'
  | 'connection-lost'
  /** The embedded database stopped working. */
  | 'engine-failed'
  | 'closed'
  | 'check-unknown'
  /** The database refused a statement; nothing that a user did explains it. */
  | 'query-failed'

/** A store that could not be used: what was found, what was needed, what to do about it. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode
  /** What the reader can do about it. */
  readonly fix: string
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean

  constructor(problem: {
    code: StoreErrorCode
    message: string
    fix: string
    retryable?: boolean
    cause?: unknown
  }) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
    this.retryable = problem.retryable ?? false
  }
}

export function unknownCheck(projectId: string, checkId: string): StoreError {
  return new StoreError({
    code: 'check-unknown',
    message: `The project ${projectId} has no check ${checkId}.`,
    fix: 'Name a check of this project; ids look like chk_12.',
  })
}
