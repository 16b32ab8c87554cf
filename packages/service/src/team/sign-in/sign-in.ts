import type { Team } from '../team.ts'
import { TeamError } from '../team-error.ts'
import { askLibrary, credentialsWrong, notSignedIn } from './ask-library.ts'
import { countAttempt, takeBackAttempt } from './attempts.ts'
import type { Caller } from './caller.ts'
import { headersOf, withCookiesNamed, withoutCookies } from './caller.ts'

/** The cookies that the answer of an act sets, each one line of `set-cookie`. */
export interface WithCookies {
  readonly cookies: readonly string[]
}

/** Where a sign-in stands: done, or waiting for the code of the second factor. */
export interface SignInStep extends WithCookies {
  readonly next: 'done' | 'code'
}

/** How often one address, and whoever is behind one address of the network, may be wrong in a quarter of an hour. */
const perPerson = { most: 20, seconds: 900 }
const perAddress = { most: 60, seconds: 900 }
const perPersonHere = { most: 8, seconds: 900 }

/**
 * Signs in with a password. Where the person has a second factor, the answer is `code`, and {@link giveCode} follows.
 *
 * @throws TeamError `credentials-wrong` in the same words and time whether or not there is such a person;
 *   `too-many-attempts`
 */
export async function signIn(
  team: Team,
  caller: Caller,
  { email, password, remember = true }: { email: string; password: string; remember?: boolean },
): Promise<SignInStep> {
  const counted = pacesOfSignIn(caller, email)
  for (const { on, pace } of counted) await countAttempt(team, on, pace)
  // The library takes no longer for a longer password, but hashing is not free.
  if (password.length > 256) throw credentialsWrong()
  const { headers, response } = await askLibrary(async () =>
    team.library.api.signInEmail({
      body: { email: email.trim(), password, rememberMe: remember },
      headers: headersOf(withoutCookies(caller)),
      returnHeaders: true,
    }),
  )
  for (const { on } of counted) await takeBackAttempt(team, on)
  return {
    next: 'twoFactorRedirect' in response ? 'code' : 'done',
    cookies: headers.getSetCookie(),
  }
}

/**
 * The second step of signing in: a code of the authenticator app, or one of the backup codes. Each opens once.
 *
 * @throws TeamError `credentials-wrong`; `too-many-attempts`; `not-signed-in` where no first step went before
 */
export async function giveCode(team: Team, caller: Caller, code: string): Promise<SignInStep> {
  const own = withCookiesNamed(caller, 'two_factor')
  if (!own.cookie) throw notSignedIn()
  await countAttempt(team, ['code', caller.address ?? ''], perAddress)
  const headers = headersOf(own)
  const isBackupCode = !/^\d{6}$/.test(code.replaceAll(/\s/g, ''))
  const answer = await askLibrary(async () =>
    isBackupCode
      ? team.library.api.verifyBackupCode({ body: { code: code.trim() }, headers, returnHeaders: true })
      : team.library.api.verifyTOTP({
          body: { code: code.replaceAll(/\s/g, '') },
          headers,
          returnHeaders: true,
        }),
  )
  const { token, user } = answer.response
  if (!isBackupCode && !(await isFirstUse(team, user.id, code.replaceAll(/\s/g, '')))) {
    // Somebody who looked over a shoulder has the same code for half a minute.
    const context = await team.library.$context
    if (token) await context.internalAdapter.deleteSession(token)
    throw credentialsWrong()
  }
  return { next: 'done', cookies: answer.headers.getSetCookie() }
}

/** Whether this code of this person was not used before in the time that it is good for. */
export async function isFirstUse(team: Team, personId: string, code: string): Promise<boolean> {
  try {
    await countAttempt(team, ['code-used', personId, code], { most: 1, seconds: 150 })
    return true
  } catch (error) {
    if (error instanceof TeamError && error.code === 'too-many-attempts') return false
    throw error
  }
}

/** Ends the session of the caller, and takes its cookies back. */
export async function signOut(team: Team, caller: Caller): Promise<WithCookies> {
  const { headers } = await askLibrary(async () =>
    team.library.api.signOut({
      headers: headersOf(caller),
      body: { disableRedirect: true },
      returnHeaders: true,
    }),
  )
  return { cookies: headers.getSetCookie() }
}

/** Slows down who guesses: one address by many, many addresses by one, and one by one, which is the tightest. */
function pacesOfSignIn({ address }: Caller, email: string) {
  const whom = email.trim().toLowerCase()
  const where = networkOf(address)
  return [
    { on: ['sign-in', where], pace: perAddress },
    { on: ['sign-in', where, whom], pace: perPersonHere },
    { on: ['sign-in-of', whom], pace: perPerson },
  ]
}

/** An IPv4 address, or the half of an IPv6 address that a subscriber gets as a whole. */
export function networkOf(address: string | null): string {
  if (!address?.includes(':')) return address ?? ''
  if (/^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address)) return address.slice(7)
  const [head = '', tail = ''] = address.split('::')
  const before = head.split(':').filter(Boolean)
  const after = tail.split(':').filter(Boolean)
  const groups = address.includes('::')
    ? [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after]
    : before
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')
}
