/** Why a saved view was not kept. Closed list. */
export type ViewErrorCode = 'view-unknown' | 'view-name-taken' | 'too-many-views'

/** What was found, what was needed, what to do. */
export class ViewError extends Error {
  override readonly name = 'ViewError'
  readonly code: ViewErrorCode
  readonly fix: string

  constructor(problem: { readonly code: ViewErrorCode; readonly message: string; readonly fix: string }) {
    super(problem.message)
    this.code = problem.code
    this.fix = problem.fix
  }
}
