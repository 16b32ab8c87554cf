/** What a person at the terminal can get wrong. Closed list. */
export type UsageErrorCode =
  | 'option-invalid'
  | 'command-unknown'
  | 'environment-missing'
  | 'file-unwritable'
  /** There is no such file, or it is not what its name or the options say. */
  | 'file-unreadable'
  | 'file-exists'
  | 'port-unavailable'
  | 'not-a-terminal'
  /** A signal came before the end. */
  | 'stopped'
  /** Somebody said no to what was about to be done. */
  | 'declined'
  /** Nothing was found that the configuration could be made from. */
  | 'fields-not-found'

/** Something the person at the terminal has to mend: an option, a missing variable, a file. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code: UsageErrorCode
  readonly fix: string

  constructor(problem: { code: UsageErrorCode; message: string; fix: string; cause?: unknown }) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
  }
}
