/** Why an act on people, workspaces, invites or keys was refused. Closed list; callers decide by it. */
export type TeamErrorCode =
  /** Not signed in, or the session ended. */
  | 'not-signed-in'
  /** Address, password or code are not right. Which of them is not told. */
  | 'credentials-wrong'
  /** The right password; now the code of the second factor is needed. */
  | 'code-needed'
  | 'too-many-attempts'
  /** The act needs a person who just showed that it is them. */
  | 'confirmation-needed'
  /** The request came from another site. */
  | 'other-site'
  /** There is no such thing, or it is out of reach; which of both is not told. */
  | 'not-found'
  | 'sign-up-closed'
  | 'address-malformed'
  | 'name-malformed'
  | 'password-too-short'
  | 'password-too-long'
  /** A password that everybody tries first. */
  | 'password-known'
  /** The link was used, revoked or has expired, or never was. */
  | 'link-invalid'
  /** The invite is for another address than that of whoever is signed in. */
  | 'invite-for-another'
  /** A person with this address is here already: sign in first. */
  | 'person-exists'
  | 'already-member'
  /** Nobody changes their own role or removes themselves; leaving is an act of its own. */
  | 'own-role'
  /** The owner stays until the workspace is handed over. */
  | 'owner-stays'
  /** The act touches somebody of the same role or above, or gives a role above one's own. */
  | 'role-too-low'
  /** A workspace is handed over to one of its admins. */
  | 'new-owner-not-admin'
  /** Somebody else changed it meanwhile. */
  | 'changed-meanwhile'
  | 'two-factor-on'
  | 'two-factor-off'
  | 'expiry-past'
  | 'address-range-malformed'
  | 'provider-missing'
  | 'provider-unreachable'
  | 'mail-failed'
  | 'setting-invalid'
  | 'secret-unusable'
  /** The sign-in library failed in a way that nothing a person did explains. */
  | 'sign-in-failed'

/** An act that was refused: what was found, what was needed, what to do. */
export class TeamError extends Error {
  override readonly name = 'TeamError'
  readonly code: TeamErrorCode
  readonly fix: string
  /** After how many seconds it may be tried again, where time is all that is needed. */
  readonly retryAfterSeconds: number | null

  constructor(problem: {
    code: TeamErrorCode
    message: string
    fix: string
    retryAfterSeconds?: number
    cause?: unknown
  }) {
    super(problem.message, { cause: problem.cause })
    this.code = problem.code
    this.fix = problem.fix
    this.retryAfterSeconds = problem.retryAfterSeconds ?? null
  }
}

/** What is out of reach is told in the same words as what is not there. */
export function notFound(what: string): TeamError {
  return new TeamError({
    code: 'not-found',
    message: `There is no such ${what} here.`,
    fix: 'Look at the id, and at the workspace that you are in.',
  })
}

/** A link that is used up looks like one that never was. */
export function linkInvalid(what: 'invite' | 'sign-up' | 'reset'): TeamError {
  return new TeamError({
    code: 'link-invalid',
    message: `This ${what} link is not valid: it was used, was replaced by a newer one, or has expired.`,
    fix: 'Ask for a new link.',
  })
}
