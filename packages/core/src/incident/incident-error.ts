/** Why an act on an incident was refused. Closed list; callers decide by it, never by the message. */
export type IncidentErrorCode =
  | 'incident-unknown'
  /** The incident stands where this act is not possible. */
  | 'wrong-state'
  /** It holds all repairs of the project, which only a person who may release them ends. */
  | 'holds-repairs'
  | 'reason-missing'
  | 'text-missing'
  | 'text-too-long'
  /** The end of the ignoring has passed already. */
  | 'end-passed'
  /** Nobody of that name is in the team. */
  | 'not-a-member'
  /** The count that was named is not that of the incidents meant. */
  | 'count-differs'
  | 'too-many'

/** An act on an incident that was refused: what was found, what was needed, what to do. Nothing was changed. */
export class IncidentError extends Error {
  override readonly name = 'IncidentError'
  readonly code: IncidentErrorCode
  /** What the reader can do about it. */
  readonly fix: string

  constructor(problem: { code: IncidentErrorCode; message: string; fix: string; cause?: unknown }) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
  }
}

export function unknownIncident(id: string): IncidentError {
  return new IncidentError({
    code: 'incident-unknown',
    message: `There is no incident ${id} in this project.`,
    fix: 'List them: `trueup incidents list`.',
  })
}
