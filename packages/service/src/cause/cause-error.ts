/** Why something about causes was refused. Closed list. */
export type CauseErrorCode = 'deploy-in-future' | 'url-malformed' | 'cause-malformed' | 'cursor-malformed'

/** What was found, what was needed, what to do. */
export class CauseError extends Error {
  override readonly name = 'CauseError'
  readonly code: CauseErrorCode
  readonly fix: string

  constructor(problem: { readonly code: CauseErrorCode; readonly message: string; readonly fix: string }) {
    super(problem.message)
    this.code = problem.code
    this.fix = problem.fix
  }
}
