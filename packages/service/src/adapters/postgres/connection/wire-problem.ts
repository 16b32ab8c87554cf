/** What was wrong with what a server sent. Closed list. */
export type WireProblemKind =
  // Authentication.
  | 'asks-for-clear-text'
  | 'asks-for-md5'
  | 'asks-for-other'
  | 'no-scram'
  | 'no-password'
  | 'scram-malformed'
  | 'scram-too-weak'
  | 'scram-too-strong'
  | 'scram-unproved'
  // Everything later.
  | 'garbage'
  | 'unasked'
  | 'message-too-long'
  | 'too-many-messages'
  | 'too-many-rows'
  | 'too-many-bytes'
  | 'too-slow'
  | 'aborted'
  | 'closed'
  /** The other side, or the network, ended it. */
  | 'lost'

/** Why a connection ended. */
export class WireProblem extends Error {
  override readonly name = 'WireProblem'
  readonly kind: WireProblemKind

  constructor(kind: WireProblemKind) {
    super(kind)
    this.kind = kind
  }
}

export function problem(kind: WireProblemKind): WireProblem {
  return new WireProblem(kind)
}
