/** What can be wrong with alert channels and rules. Closed list. */
export type AlertErrorCode =
  | 'channel-not-found'
  | 'rule-not-found'
  | 'rule-names-missing-channel'
  | 'digest-unsupported'
  | 'mail-unconfigured'
  | 'mail-settings-incomplete'
  | 'channel-kind-differs'
  | 'too-many-channels'
  | 'too-many-rules'

/** An alert channel or rule is not there, or cannot be as was asked. */
export class AlertError extends Error {
  override readonly name = 'AlertError'
  readonly code: AlertErrorCode
  readonly fix: string

  constructor(problem: { readonly code: AlertErrorCode; readonly message: string; readonly fix: string }) {
    super(problem.message)
    this.code = problem.code
    this.fix = problem.fix
  }
}
