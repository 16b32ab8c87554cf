import { tellPerson } from '../mail/security-letters.ts'
import type { Team } from '../team.ts'
import { askLibrary } from './ask-library.ts'
import { countAttempt } from './attempts.ts'
import type { Caller } from './caller.ts'
import { headersOf } from './caller.ts'
import { refuseWeakPassword } from './create-person.ts'
import { requireSignedIn } from './sessions.ts'
import type { WithCookies } from './sign-in.ts'

/** Changes one's password. Every session ends; this one goes on as a new one. */
export async function changePassword(
  team: Team,
  caller: Caller,
  { current, next }: { readonly current: string; readonly next: string },
): Promise<WithCookies> {
  const person = await requireSignedIn(team, caller)
  await countAttempt(team, ['change-password', person.personId], { most: 10, seconds: 900 })
  refuseWeakPassword(next, { email: person.email })
  const { headers } = await askLibrary(async () =>
    team.library.api.changePassword({
      body: { currentPassword: current, newPassword: next, revokeOtherSessions: true },
      headers: headersOf(caller),
      returnHeaders: true,
    }),
  )
  tellPerson(team, person.personId, { kind: 'password-changed' })
  return { cookies: headers.getSetCookie() }
}
