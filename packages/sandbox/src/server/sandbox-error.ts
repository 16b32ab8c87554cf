/** What can go wrong in the sandbox itself, as opposed to what it is told to imitate. */
export type SandboxErrorCode = 'invalid-input' | 'unknown-id' | 'closed'

/**
 * An error of the sandbox. `message` says what was found and what was needed, `fix` what to do about it.
 *
 * @example
 * throw new SandboxError('invalid-input', 'rate is 1.5; it must lie in 0..1', 'Give a share, 0.1 for one in ten.')
 */
export class SandboxError extends Error {
  readonly code: SandboxErrorCode
  readonly fix: string

  constructor(code: SandboxErrorCode, message: string, fix: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SandboxError'
    this.code = code
    this.fix = fix
  }
}
