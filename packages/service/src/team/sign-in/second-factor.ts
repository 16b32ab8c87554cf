import { tellPerson } from '../mail/security-letters.ts'
import type { Team } from '../team.ts'
import { askLibrary } from './ask-library.ts'
import { countAttempt } from './attempts.ts'
import type { Caller } from './caller.ts'
import { headersOf } from './caller.ts'
import { requireSignedIn } from './sessions.ts'
import type { WithCookies } from './sign-in.ts'
import { isFirstUse } from './sign-in.ts'

/** What an authenticator app is set up with, and what opens the account when the app is gone. Shown once. */
export interface SecondFactorOffer {
  /** `otpauth://…`, to be shown as a picture or typed in. */
  readonly uri: string
  readonly backupCodes: readonly string[]
}

/**
 * Begins to set up a second factor: a time-based code (RFC 6238) of an authenticator app. It is on when
 * {@link turnOnSecondFactor} was given a code of it.
 *
 * @throws TeamError `credentials-wrong` for the password; `two-factor-on`
 */
export async function offerSecondFactor(
  team: Team,
  caller: Caller,
  password: string,
): Promise<SecondFactorOffer> {
  await paceOf(team, caller)
  const answer = await askLibrary(async () =>
    team.library.api.enableTwoFactor({ body: { password, method: 'totp' }, headers: headersOf(caller) }),
  )
  if (answer.method !== 'totp')
    throw new Error('The sign-in library set up another factor than it was asked for.')
  return { uri: answer.totpURI, backupCodes: answer.backupCodes }
}

/** Turns the second factor on, with a code that shows that the app has it. The session goes on as a new one. */
export async function turnOnSecondFactor(team: Team, caller: Caller, code: string): Promise<WithCookies> {
  const { personId } = await paceOf(team, caller)
  const digits = code.replaceAll(/\s/g, '')
  const { headers } = await askLibrary(async () =>
    team.library.api.verifyTOTP({ body: { code: digits }, headers: headersOf(caller), returnHeaders: true }),
  )
  await isFirstUse(team, personId, digits)
  return { cookies: headers.getSetCookie() }
}

/** Turns the second factor off. The session goes on as a new one. */
export async function turnOffSecondFactor(
  team: Team,
  caller: Caller,
  password: string,
): Promise<WithCookies> {
  const { personId } = await paceOf(team, caller)
  const { headers } = await askLibrary(async () =>
    team.library.api.disableTwoFactor({
      body: { password },
      headers: headersOf(caller),
      returnHeaders: true,
    }),
  )
  tellPerson(team, personId, { kind: 'second-factor-removed' })
  return { cookies: headers.getSetCookie() }
}

/** New backup codes in the place of the old ones. */
export async function newBackupCodes(
  team: Team,
  caller: Caller,
  password: string,
): Promise<readonly string[]> {
  await paceOf(team, caller)
  const { backupCodes } = await askLibrary(async () =>
    team.library.api.generateBackupCodes({ body: { password }, headers: headersOf(caller) }),
  )
  return backupCodes
}

async function paceOf(team: Team, caller: Caller): Promise<{ readonly personId: string }> {
  const person = await requireSignedIn(team, caller)
  await countAttempt(team, ['second-factor', person.personId], { most: 10, seconds: 900 })
  return person
}
