export type ScheduleErrorCode =
  | 'cron-malformed'
  | 'cron-never'
  | 'time-zone-unknown'
  | 'cron-secret-missing'
  | 'cron-secret-wrong'

/** A schedule that cannot be kept: what was found, what was needed, what to do. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError'
  readonly code: ScheduleErrorCode
  readonly fix: string

  constructor(problem: {
    readonly code: ScheduleErrorCode
    readonly message: string
    readonly fix: string
    readonly cause?: unknown
  }) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
  }
}
