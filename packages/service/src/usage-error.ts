/** Something the person at the terminal has to mend: an option, a missing variable, a file. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code: 'option-invalid' | 'environment-missing' | 'file-unwritable' | 'not-a-terminal'
  readonly fix: string

  constructor(problem: { code: UsageError['code']; message: string; fix: string; cause?: unknown }) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
  }
}
