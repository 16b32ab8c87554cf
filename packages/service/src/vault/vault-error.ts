/** Why a secret cannot be sealed or opened. Closed list; callers decide by it, never by the message. */
export type VaultErrorCode =
  /** No encryption key is given, and none may be made here. */
  | 'encryption-key-missing'
  /** What is given as encryption keys is none. */
  | 'encryption-key-malformed'
  /** Secrets are sealed under a key that is not among those that are given. */
  | 'encryption-key-unknown'
  /** The key that is given under this id is not the one that secrets were sealed under. */
  | 'encryption-key-wrong'
  /** The key was retired, and seals nothing any more. */
  | 'encryption-key-retired'
  /** The key cannot be retired yet: something is sealed under it. */
  | 'encryption-key-in-use'
  /** The file of the keys cannot be read or written. */
  | 'encryption-key-unusable'
  /** What is kept is no sealed value. */
  | 'sealed-malformed'
  /** A sealed value does not open where it stands: it was changed, or moved from another place. */
  | 'sealed-not-opened'
  /** The data key that a value is sealed under is not there, or was retired. */
  | 'data-key-missing'

/** A secret that cannot be sealed or opened: what was found, what to do about it. It never holds a key or a secret. */
export class VaultError extends Error {
  override readonly name = 'VaultError'
  readonly code: VaultErrorCode
  readonly fix: string

  constructor(problem: { code: VaultErrorCode; message: string; fix: string; cause?: unknown }) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
  }
}
