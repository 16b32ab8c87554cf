/** Why no connection to a server came about. Closed list. */
export type UnreachedKind =
  | 'name-unresolved'
  | 'address-refused'
  | 'port-refused'
  | 'encryption-needed'
  | 'no-answer'
  | 'broken-off'
  | 'not-postgres'
  | 'encryption-missing'
  | 'encryption-failed'
  | 'certificate-refused'

/** A server that was not reached, before PostgreSQL's own protocol began. */
export class Unreached extends Error {
  override readonly name = 'Unreached'
  readonly kind: UnreachedKind
  /** The kind of address, or the code of the system or of TLS; never words of the server. */
  readonly detail: string | null

  constructor(kind: UnreachedKind, detail: string | null = null, cause?: unknown) {
    super(kind, { cause })
    this.kind = kind
    this.detail = detail
  }
}
