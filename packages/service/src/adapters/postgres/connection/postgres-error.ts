import { SourceError, type SourceErrorCode } from '@trueup/core'

/** Why a database did not answer as it should, closer than `code`. Closed list. */
export type PostgresReason =
  // Before anything is sent.
  | 'address-refused'
  | 'port-refused'
  | 'name-unresolved'
  | 'encryption-needed'
  // Connecting.
  | 'unreachable'
  | 'encryption-missing'
  | 'encryption-failed'
  | 'certificate-refused'
  | 'authentication-unsafe'
  | 'password-missing'
  | 'login-refused'
  | 'database-missing'
  | 'too-many-connections'
  | 'starting'
  // A server that breaks the protocol, or the limits.
  | 'protocol-broken'
  | 'answer-too-large'
  | 'too-slow'
  // Statements.
  | 'permission-missing'
  | 'read-only'
  | 'table-missing'
  | 'column-missing'
  | 'function-missing'
  | 'schema-missing'
  | 'type-mismatch'
  | 'constraint-violated'
  | 'raised'
  | 'statement-cancelled'
  | 'locked'
  | 'gave-way'
  | 'out-of-resources'
  | 'statement-refused'
  // Afterwards.
  | 'connection-lost'
  | 'rolled-back'
  | 'commit-unknown'
  | 'aborted'
  | 'closed'
  /** Nothing of the above, so a mistake of ours. */
  | 'unexpected'

/** A database that could not be read or written. Decide by `code`, `reason` or `sqlstate`; the server's words are not kept. */
export class PostgresError extends SourceError {
  readonly reason: PostgresReason
  /** Five characters, where the server gave them. */
  readonly sqlstate: string | null

  constructor(problem: {
    source: string
    code: SourceErrorCode
    reason: PostgresReason
    message: string
    fix: string
    retryable: boolean
    sqlstate?: string | null
    cause?: unknown
  }) {
    super(problem)
    this.reason = problem.reason
    this.sqlstate = problem.sqlstate ?? null
  }
}
