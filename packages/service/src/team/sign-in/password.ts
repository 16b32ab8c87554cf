import { newId } from '../../new-id.ts'
import { objectionToTouching } from '../may-change.ts'
import type { Role } from '../role.ts'
import type { Team } from '../team.ts'
import { ofEverybody } from '../team.ts'
import { notFound } from '../team-error.ts'
import { refused } from '../workspace/refused.ts'
import { enterAct } from '../workspace-entry.ts'
import { askLibrary } from './ask-library.ts'
import { countAttempt } from './attempts.ts'
import type { Caller } from './caller.ts'
import { headersOf, withoutCookies } from './caller.ts'
import { refuseWeakPassword } from './create-person.ts'
import { resetMinutes } from './library.ts'
import { linkTo, newToken } from './one-time-link.ts'
import { requireSignedIn } from './sessions.ts'
import type { WithCookies } from './sign-in.ts'
import { networkOf } from './sign-in.ts'

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
  return { cookies: headers.getSetCookie() }
}

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
  await askLibrary(async () =>
    team.library.api.resetPassword({
      body: { token, newPassword: password },
      headers: headersOf(withoutCookies(caller)),
    }),
  )
}

/** What became of a link to a new password: it was mailed, or it is to be handed over by whoever asked for it. */
export type ResetLink = { readonly sent: true } | { readonly sent: false; readonly link: string }

/**
 * A link with which another member sets a new password. Whoever has the link can be that person, so it is given only to
 * who is above them in every workspace that they belong to.
 *
 * @throws TeamError `not-found`, `own-role`, `owner-stays`, `role-too-low`
 */
export async function makeResetLink(
  team: Team,
  actor: { readonly personId: string; readonly workspaceId: string },
  personId: string,
): Promise<ResetLink> {
  const memberships = await ofEverybody(team)
    .selectFrom('trueup.member as theirs')
    .innerJoin('trueup.person as person', 'person.id', 'theirs.person_id')
    .leftJoin('trueup.member as own', (join) =>
      join.onRef('own.workspace_id', '=', 'theirs.workspace_id').on('own.person_id', '=', actor.personId),
    )
    .select(['theirs.workspace_id', 'theirs.role as role', 'own.role as own_role', 'person.email'])
    .where('theirs.person_id', '=', personId)
    .execute()
  const here = memberships.find(({ workspace_id }) => workspace_id === actor.workspaceId)
  if (!here?.own_role) throw notFound('member')
  for (const { role, own_role } of [here, ...memberships]) {
    const objection = objectionToTouching({
      actor: { personId: actor.personId, role: own_role ?? ('viewer' satisfies Role) },
      target: { personId, role },
    })
    if (objection) throw refused(objection)
  }
  const at = team.clock.now()
  await ofEverybody(team)
    .transaction()
    .execute((tx) =>
      enterAct(tx, actor.workspaceId, {
        act: 'reset-link-made',
        at,
        by: actor.personId,
        facts: { person: personId },
      }),
    )
  const { sendMail } = team
  if (!sendMail) return { sent: false, link: await newResetLink(team, personId) }
  await mailReset(team, sendMail, { personId, email: here.email })
  return { sent: true }
}

/**
 * A link with which the person of an address sets a new password, for the command line of whoever runs the service.
 *
 * @throws TeamError `not-found`
 */
export async function makeResetLinkFor(team: Team, address: string): Promise<string> {
  const db = ofEverybody(team)
  const person = await db
    .selectFrom('trueup.person')
    .select('id')
    .where('email', '=', address.trim().toLowerCase())
    .executeTakeFirst()
  if (!person) throw notFound('person')
  const at = team.clock.now()
  await db.transaction().execute(async (tx) => {
    const workspaces = await tx
      .selectFrom('trueup.member')
      .select('workspace_id')
      .where('person_id', '=', person.id)
      .execute()
    for (const { workspace_id } of workspaces) {
      const facts = { person: person.id }
      await enterAct(tx, workspace_id, { act: 'reset-link-made', at, by: 'command-line', facts })
    }
  })
  return await newResetLink(team, person.id)
}

async function mailReset(
  team: Team,
  sendMail: NonNullable<Team['sendMail']>,
  { personId, email }: { readonly personId: string; readonly email: string },
): Promise<void> {
  const link = await newResetLink(team, personId)
  await sendMail({
    to: email,
    subject: 'Set a new Trueup password',
    text: `To set a new password, open this link within ${resetMinutes} minutes:\n\n${link}\n\nIf you did not ask for it, leave it be: your password stays as it is.\n`,
  })
}

/** A link with which a person sets a new password once. */
async function newResetLink(team: Team, personId: string): Promise<string> {
  const { token } = newToken(team.randomBytes)
  const context = await team.library.$context
  await context.internalAdapter.createVerificationValue({
    id: newId('pac', team.randomBytes),
    identifier: `reset-password:${token}`,
    value: personId,
    expiresAt: new Date(team.clock.now().getTime() + resetMinutes * 60_000),
  })
  return linkTo(team.settings.publicUrl, 'reset-password', token)
}
