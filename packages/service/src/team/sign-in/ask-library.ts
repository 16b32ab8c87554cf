import { isAPIError } from 'better-auth/api'
import type { TeamErrorCode } from '../team-error.ts'
import { linkInvalid, TeamError } from '../team-error.ts'
import { passwordLength } from './limits.ts'

/** What the library's codes mean here. What is not among them is no mistake of a person. */
const meanings: Readonly<Record<string, TeamErrorCode>> = {
  INVALID_EMAIL_OR_PASSWORD: 'credentials-wrong',
  INVALID_EMAIL: 'credentials-wrong',
  INVALID_PASSWORD: 'credentials-wrong',
  CREDENTIAL_ACCOUNT_NOT_FOUND: 'credentials-wrong',
  INVALID_CODE: 'credentials-wrong',
  INVALID_BACKUP_CODE: 'credentials-wrong',
  INVALID_TWO_FACTOR_COOKIE: 'not-signed-in',
  UNAUTHORIZED: 'not-signed-in',
  SESSION_EXPIRED: 'not-signed-in',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'too-many-attempts',
  ACCOUNT_TEMPORARILY_LOCKED: 'too-many-attempts',
  INVALID_TOKEN: 'link-invalid',
  USER_NOT_FOUND: 'link-invalid',
  PASSWORD_TOO_SHORT: 'password-too-short',
  PASSWORD_TOO_LONG: 'password-too-long',
  TOTP_ALREADY_ENABLED: 'two-factor-on',
  TOTP_NOT_ENABLED: 'two-factor-off',
  TWO_FACTOR_NOT_ENABLED: 'two-factor-off',
  BACKUP_CODES_NOT_ENABLED: 'two-factor-off',
  PROVIDER_NOT_FOUND: 'provider-unreachable',
}

/**
 * Asks the sign-in library, and says in our words why it refused.
 *
 * @throws TeamError
 */
export async function askLibrary<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if (!isAPIError(error)) throw error
    const found = typeof error.body?.code === 'string' ? error.body.code : String(error.status)
    throw explained(meanings[found] ?? 'sign-in-failed', error)
  }
}

function explained(code: TeamErrorCode, cause: unknown): TeamError {
  switch (code) {
    case 'credentials-wrong':
      return credentialsWrong(cause)
    case 'not-signed-in':
      return notSignedIn(cause)
    case 'link-invalid':
      return linkInvalid('reset')
    case 'too-many-attempts':
      return new TeamError({
        code,
        message: 'Too many wrong codes.',
        fix: 'Wait a quarter of an hour, then sign in again.',
        retryAfterSeconds: 900,
        cause,
      })
    case 'password-too-short':
    case 'password-too-long':
      return new TeamError({
        code,
        message: `A password has ${passwordLength.least} to ${passwordLength.most} characters.`,
        fix: 'Take another one: a few words in a row are good.',
        cause,
      })
    case 'two-factor-on':
      return new TeamError({
        code,
        message: 'The second factor is on.',
        fix: 'Turn it off first to set up another device.',
        cause,
      })
    case 'two-factor-off':
      return new TeamError({ code, message: 'The second factor is off.', fix: 'Turn it on first.', cause })
    case 'provider-unreachable':
      return new TeamError({
        code,
        message: 'The identity provider did not answer when its addresses were asked for.',
        fix: 'Try again in a minute. Whoever runs this service looks at TRUEUP_OIDC_ISSUER.',
        cause,
      })
    default:
      return new TeamError({
        code: 'sign-in-failed',
        message: 'Signing in failed for a reason that is not yours.',
        fix: 'Try again. If it goes on, whoever runs this service looks at its log.',
        cause,
      })
  }
}

/** The same words whether the address, the password or the code is wrong, or nobody has the address. */
export function credentialsWrong(cause?: unknown): TeamError {
  return new TeamError({
    code: 'credentials-wrong',
    message: 'That did not match.',
    fix: 'Look at what you typed. A forgotten password is set anew from the sign-in page.',
    cause,
  })
}

export function notSignedIn(cause?: unknown): TeamError {
  return new TeamError({
    code: 'not-signed-in',
    message: 'You are not signed in, or the session has ended.',
    fix: 'Sign in.',
    cause,
  })
}
