import { newId } from '../../new-id.ts'
import { objectionToTouching } from '../may-change.ts'
import type { Role } from '../role.ts'
import type { Team } from '../team.ts'
import { ofEverybody } from '../team.ts'
import { notFound } from '../team-error.ts'
import { refused } from '../workspace/refused.ts'
import { enterAct, enterEverywhere } from '../workspace-entry.ts'
import { resetMinutes } from './limits.ts'
import { hashOf, linkTo, newToken } from './one-time-link.ts'

/** What a link to a new password takes. The sign-in library is not needed, so that the command line can make one. */
export type ResetTeam = Pick<Team, 'database' | 'clock' | 'randomBytes' | 'settings'>

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
export async function makeResetLinkFor(team: ResetTeam, address: string): Promise<string> {
  const db = ofEverybody(team)
  const person = await db
    .selectFrom('trueup.person')
    .select('id')
    .where('email', '=', address.trim().toLowerCase())
    .executeTakeFirst()
  if (!person) throw notFound('person')
  await db.transaction().execute((tx) => enterEverywhere(tx, team, person.id, 'reset-link-made'))
  return await newResetLink(team, person.id)
}

/** Mails a person a link to a new password. */
export async function mailReset(
  team: ResetTeam,
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

/** Whose a link to a new password is; `null`: it is none, or was used. */
export async function personOfResetLink(team: Pick<Team, 'database'>, token: string): Promise<string | null> {
  const row = await ofEverybody(team)
    .selectFrom('trueup.person_check')
    .select('value')
    .where('identifier_hash', '=', identifierOf(token))
    .executeTakeFirst()
  return row?.value ?? null
}

function identifierOf(token: string): string {
  return hashOf(`reset-password:${token}`).toString('base64url')
}

/** A link with which a person sets a new password once, kept as the sign-in library looks for it. */
async function newResetLink(team: ResetTeam, personId: string): Promise<string> {
  const { token } = newToken(team.randomBytes)
  const now = team.clock.now()
  await ofEverybody(team)
    .insertInto('trueup.person_check')
    .values({
      id: newId('pac', team.randomBytes),
      identifier_hash: identifierOf(token),
      value: personId,
      expires_at: new Date(now.getTime() + resetMinutes * 60_000),
      created_at: now,
      updated_at: now,
    })
    .execute()
  return linkTo(team.settings.publicUrl, 'reset-password', token)
}
