import { newId } from '../../new-id.ts'
import type { Team, TeamTransaction } from '../team.ts'
import { TeamError } from '../team-error.ts'
import { isKnownPassword } from './known-passwords.ts'
import { passwordLength } from './limits.ts'

/** What is needed to be a person here. */
export interface NewPerson {
  readonly email: string
  readonly name: string
  /** `null`: they sign in with the identity provider alone. */
  readonly password: string | null
}

/**
 * An address as it is kept and compared: trimmed, in small letters.
 *
 * @throws TeamError `address-malformed`
 */
export function parseAddress(text: string): string {
  const email = text.trim().toLowerCase()
  if (email.length <= 254 && /^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+\.[^\s@<>"(),:;\\[\].]+$/.test(email))
    return email
  throw new TeamError({
    code: 'address-malformed',
    message: 'That is not an e-mail address.',
    fix: 'Write it as name@example.com.',
  })
}

/**
 * A name that people are shown.
 *
 * @throws TeamError `name-malformed`
 */
export function parseName(text: string): string {
  const name = text.trim().replaceAll(/\s+/g, ' ')
  if (name.length > 0 && name.length <= 120 && !/[\p{Cc}\p{Cf}]/u.test(name)) return name
  throw new TeamError({
    code: 'name-malformed',
    message: 'A name has 1 to 120 characters that can be seen.',
    fix: 'Write another one.',
  })
}

/**
 * Refuses passwords that are too short, too long, or that everybody tries first.
 *
 * @throws TeamError `password-too-short`, `password-too-long`, `password-known`
 */
export function refuseWeakPassword(password: string, { email = '' }: { readonly email?: string } = {}): void {
  const { least, most } = passwordLength
  const fix = 'Take another one: a few words in a row are good.'
  if (password.length < least || password.length > most) {
    throw new TeamError({
      code: password.length < least ? 'password-too-short' : 'password-too-long',
      message: `A password has ${least} to ${most} characters.`,
      fix,
    })
  }
  if (isKnownPassword(password) || (email !== '' && password.toLowerCase() === email)) {
    throw new TeamError({
      code: 'password-known',
      message: 'That password is one that everybody tries.',
      fix,
    })
  }
}

/**
 * Makes a person, in the transaction of what makes them belong somewhere. The password is hashed before, since that
 * takes a while.
 *
 * @param emailVerified whether whoever this is showed that the mail of the address reaches them
 * @throws TeamError `person-exists`
 */
export async function insertPerson(
  tx: TeamTransaction,
  { clock, randomBytes }: Pick<Team, 'clock' | 'randomBytes'>,
  person: {
    readonly email: string
    readonly name: string
    readonly passwordHash: string | null
    readonly emailVerified: boolean
  },
): Promise<string> {
  const now = clock.now()
  const personId = newId('per', randomBytes)
  const inserted = await tx
    .insertInto('trueup.person')
    .values({
      id: personId,
      email: person.email,
      email_verified: person.emailVerified,
      name: person.name,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n) {
    throw new TeamError({
      code: 'person-exists',
      message: 'There is a person with this address.',
      fix: 'Sign in as that person first.',
    })
  }
  if (person.passwordHash !== null) {
    await tx
      .insertInto('trueup.person_account')
      .values({
        id: newId('pac', randomBytes),
        person_id: personId,
        provider_id: 'credential',
        account_id: personId,
        password_hash: person.passwordHash,
        created_at: now,
        updated_at: now,
      })
      .execute()
  }
  return personId
}

/** Hashes a password as the sign-in library does. */
export async function hashPassword({ library }: Pick<Team, 'library'>, password: string): Promise<string> {
  const context = await library.$context
  return await context.password.hash(password)
}
