import { tellPerson } from '../mail/security-letters.ts'
import type { Team } from '../team.ts'
import { ofEverybody } from '../team.ts'
import { askLibrary } from './ask-library.ts'
import { countAttempt } from './attempts.ts'
import type { Caller } from './caller.ts'
import { headersOf, withoutCookies } from './caller.ts'
import { refuseWeakPassword } from './create-person.ts'
import { mailReset, personOfResetLink } from './reset-link.ts'
import { networkOf } from './sign-in.ts'

/**
 * Sends a link to a new password to whoever has the address. The answer is the same whether or not there is such a
 * person, and comes as quickly. Where no mail server is set, nothing can be sent: an admin or the command line makes the
 * link.
 *
 * @throws TeamError `too-many-attempts`
 */
export async function askForReset(team: Team, caller: Caller, address: string): Promise<void> {
  const email = address.trim().toLowerCase()
  await countAttempt(team, ['reset', networkOf(caller.address)], { most: 20, seconds: 3600 })
  await countAttempt(team, ['reset-of', email], { most: 3, seconds: 3600 })
  const { sendMail } = team
  if (!sendMail) return
  const send = async () => {
    const person = await ofEverybody(team)
      .selectFrom('trueup.person')
      .select('id')
      .where('email', '=', email)
      .executeTakeFirst()
    if (person) await mailReset(team, sendMail, { personId: person.id, email })
  }
  team.background(send())
}

/** Sets a new password with the token of a link. Every session of the person ends. */
export async function resetPassword(
  team: Team,
  caller: Caller,
  { token, password }: { readonly token: string; readonly password: string },
): Promise<void> {
  await countAttempt(team, ['reset-with', networkOf(caller.address)], { most: 30, seconds: 3600 })
  refuseWeakPassword(password)
  const personId = await personOfResetLink(team, token)
  await askLibrary(async () =>
    team.library.api.resetPassword({
      body: { token, newPassword: password },
      headers: headersOf(withoutCookies(caller)),
    }),
  )
  if (personId !== null) tellPerson(team, personId, { kind: 'password-changed' })
}
