/** A transaction that was not committed, or of which nobody knows. */
export class Uncommitted extends Error {
  override readonly name = 'Uncommitted'
  readonly kind: 'rolled-back' | 'unknown'

  constructor(kind: 'rolled-back' | 'unknown', cause?: unknown) {
    super(kind, { cause })
    this.kind = kind
  }
}
