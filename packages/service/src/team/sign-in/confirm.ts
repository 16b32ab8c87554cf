import type { Team } from '../team.ts'
import { ofEverybody } from '../team.ts'
import { TeamError } from '../team-error.ts'
import { askLibrary, credentialsWrong } from './ask-library.ts'
import { countAttempt, takeBackAttempt } from './attempts.ts'
import type { Caller } from './caller.ts'
import { headersOf } from './caller.ts'
import { requireSignedIn } from './sessions.ts'
import { isFirstUse } from './sign-in.ts'

/**
 * A person shows once more that it is them, with the password and, where they have one, a code of the second factor.
 * For the next ten minutes the session may do what needs it. Who has no password signs in anew instead.
 *
 * @throws TeamError `credentials-wrong`, `code-needed`, `not-signed-in`, `too-many-attempts`
 */
export async function confirmPerson(
  team: Team,
  caller: Caller,
  { password, code = null }: { readonly password: string; readonly code?: string | null },
): Promise<void> {
  const person = await requireSignedIn(team, caller)
  const counted = ['confirm', person.personId]
  await countAttempt(team, counted, { most: 10, seconds: 900 })
  const headers = headersOf(caller)
  await askLibrary(async () => team.library.api.verifyPassword({ body: { password }, headers }))
  if (person.hasTwoFactor) {
    const digits = code?.replaceAll(/\s/g, '') ?? ''
    if (digits === '') {
      throw new TeamError({
        code: 'code-needed',
        message: 'The code of your second factor is needed as well.',
        fix: 'Send the six digits that your authenticator app shows.',
      })
    }
    await askLibrary(async () => team.library.api.verifyTOTP({ body: { code: digits }, headers }))
    if (!(await isFirstUse(team, person.personId, digits))) throw credentialsWrong()
  }
  await takeBackAttempt(team, counted)
  await ofEverybody(team)
    .updateTable('trueup.person_session')
    .set({ confirmed_at: team.clock.now() })
    .where('id', '=', person.sessionId)
    .execute()
}
