/** Why an act on a repair was refused. Closed list; callers decide by it, never by the message. */
export type RepairErrorCode =
  | 'repair-unknown'
  | 'batch-unknown'
  /** The repair stands where this act is not possible. */
  | 'wrong-state'
  | 'approved-by-proposer'
  | 'approved-already'
  | 'not-approved'
  | 'second-person-needed'
  | 'approval-expired'
  | 'approval-altered'
  /** The count that the approver typed is not that of the batch. */
  | 'count-differs'
  /** It belongs to a batch, which is applied in waves. */
  | 'in-batch'
  | 'switched-off'
  | 'held'
  | 'rate-reached'
  | 'config-changed'
  | 'check-incomplete'
  | 'no-check'
  | 'no-target'
  | 'nothing-to-undo'
  /** Another process has taken it over: its token is not the latest. */
  | 'token-superseded'

/** An act on a repair that was refused: what was found, what was needed, what to do. Nothing was changed. */
export class RepairError extends Error {
  override readonly name = 'RepairError'
  readonly code: RepairErrorCode
  /** What the reader can do about it. */
  readonly fix: string

  constructor(problem: { code: RepairErrorCode; message: string; fix: string; cause?: unknown }) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
  }
}
