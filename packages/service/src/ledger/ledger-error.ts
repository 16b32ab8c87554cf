/** Why the ledger could not be kept, or was not what it should be. Closed list. */
export type LedgerErrorCode =
  /** What the database holds is not what was entered, or not what was signed. Nothing is signed over it. */
  | 'ledger-changed'
  /** A checkpoint that was sent out knows more, or other, entries than the database holds. */
  | 'ledger-forked'
  | 'key-malformed'
  | 'key-unusable'
  /** The key that is here is not the one that this ledger is signed with. */
  | 'key-differs'
  | 'key-missing'
  | 'key-not-in-a-file'
  /** There is nothing in the ledger yet. */
  | 'ledger-empty'
  | 'sink-failed'
  /** A file that was to be verified cannot be read. */
  | 'file-unreadable'

/** The ledger could not be kept: what was found, what was needed, what to do about it. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError'
  readonly code: LedgerErrorCode
  readonly fix: string

  constructor(problem: { code: LedgerErrorCode; message: string; fix: string; cause?: unknown }) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
  }
}
