import type { GivenRole } from '../role.ts'
import { countAttempt } from '../sign-in/attempts.ts'
import type { Caller } from '../sign-in/caller.ts'
import { hashPassword, insertPerson, parseName, refuseWeakPassword } from '../sign-in/create-person.ts'
import { hashOf } from '../sign-in/one-time-link.ts'
import type { SignedIn } from '../sign-in/sessions.ts'
import { networkOf } from '../sign-in/sign-in.ts'
import type { Team, TeamTransaction } from '../team.ts'
import { ofEverybody } from '../team.ts'
import { linkInvalid, TeamError } from '../team-error.ts'
import { enterAct } from '../workspace-entry.ts'
import { alreadyMember } from './invites.ts'

/** What whoever holds the link of an invite is shown. */
export interface OpenInvite {
  readonly workspaceName: string
  readonly email: string
  readonly role: GivenRole
  readonly expiresAt: Date
  /** Whether there is a person with this address, who is to sign in first. */
  readonly isKnown: boolean
}

/**
 * What an invite is for, by the token of its link.
 *
 * @throws TeamError `link-invalid`, `too-many-attempts`
 */
export async function openInvite(team: Team, caller: Caller, token: string): Promise<OpenInvite> {
  await paceOf(team, caller)
  const found = await ofEverybody(team)
    .selectFrom('trueup.invite as invite')
    .innerJoin('trueup.workspace as workspace', 'workspace.workspace_id', 'invite.workspace_id')
    .leftJoin('trueup.person as person', 'person.email', 'invite.email')
    .select(['workspace.name', 'invite.email', 'invite.role', 'invite.expires_at', 'person.id'])
    .where('token_hash', '=', hashOf(token))
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', team.clock.now())
    .executeTakeFirst()
  if (!found) throw linkInvalid('invite')
  return {
    workspaceName: found.name,
    email: found.email,
    role: found.role,
    expiresAt: found.expires_at,
    isKnown: found.id !== null,
  }
}

/** Where an accepted invite leads. */
export interface Joined {
  readonly workspaceId: string
  readonly personId: string
  readonly email: string
}

/**
 * Takes up an invite as somebody new. Signing in is an act of its own. Without a password the person signs in with the
 * identity provider.
 *
 * @throws TeamError `link-invalid`, `person-exists`, `name-malformed`, `password-too-short`, `password-known`
 */
export async function acceptAsNew(
  team: Team,
  caller: Caller,
  {
    token,
    name: text,
    password,
  }: { readonly token: string; readonly name: string; readonly password: string | null },
): Promise<Joined> {
  await paceOf(team, caller)
  const name = parseName(text)
  if (team.settings.signUp === 'closed') throw signUpClosed()
  if (password === null && !team.settings.oidc) throw passwordMissing()
  if (password !== null) refuseWeakPassword(password)
  const passwordHash = password === null ? null : await hashPassword(team, password)
  return await take(team, token, async (tx, { email, mailed }) =>
    insertPerson(tx, team, { email, name, passwordHash, emailVerified: mailed }),
  )
}

/**
 * Takes up an invite as whoever is signed in, whose address has to be the one that was invited.
 *
 * @throws TeamError `link-invalid`, `invite-for-another`, `already-member`
 */
export async function acceptAsSelf(
  team: Team,
  caller: Caller,
  person: Pick<SignedIn, 'personId' | 'email'>,
  token: string,
): Promise<Joined> {
  await paceOf(team, caller)
  return await take(team, token, async (_, { email }) => {
    if (email === person.email) return person.personId
    throw new TeamError({
      code: 'invite-for-another',
      message: 'The invite is for another address than the one that you are signed in with.',
      fix: 'Sign out and take it up as that person, or ask for an invite to your address.',
    })
  })
}

/** Uses the link up and makes the member, in one transaction: a link opens once, whoever comes together with it. */
async function take(
  team: Team,
  token: string,
  whoIs: (
    tx: TeamTransaction,
    invite: { readonly email: string; readonly mailed: boolean },
  ) => Promise<string>,
): Promise<Joined> {
  const now = team.clock.now()
  return await ofEverybody(team)
    .transaction()
    .execute(async (tx) => {
      const invite = await tx
        .updateTable('trueup.invite')
        .set({ accepted_at: now })
        .where('token_hash', '=', hashOf(token))
        .where('accepted_at', 'is', null)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now)
        .returning(['workspace_id', 'invite_id', 'email', 'role', 'mailed'])
        .executeTakeFirst()
      if (!invite) throw linkInvalid('invite')
      const { workspace_id: workspaceId, invite_id: inviteId, email, role } = invite
      const personId = await whoIs(tx, invite)
      const joined = await tx
        .insertInto('trueup.member')
        .values({ workspace_id: workspaceId, person_id: personId, role, joined_at: now })
        .onConflict((conflict) => conflict.columns(['workspace_id', 'person_id']).doNothing())
        .executeTakeFirst()
      if (joined.numInsertedOrUpdatedRows !== 1n) throw alreadyMember()
      await tx
        .updateTable('trueup.invite')
        .set({ accepted_by: personId })
        .where('workspace_id', '=', workspaceId)
        .where('invite_id', '=', inviteId)
        .execute()
      await enterAct(tx, workspaceId, {
        act: 'member-joined',
        at: now,
        by: personId,
        facts: { person: personId, invite: inviteId, role },
      })
      return { workspaceId, personId, email }
    })
}

async function paceOf(team: Team, caller: Caller): Promise<void> {
  await countAttempt(team, ['invite', networkOf(caller.address)], { most: 60, seconds: 3600 })
}

function signUpClosed(): TeamError {
  return new TeamError({
    code: 'sign-up-closed',
    message: 'Nobody becomes a new person here: TRUEUP_SIGN_UP is closed.',
    fix: 'If you have an account, sign in and open the invite again.',
  })
}

function passwordMissing(): TeamError {
  return new TeamError({
    code: 'password-too-short',
    message: 'A password is needed: no identity provider is set up here.',
    fix: 'Choose a password.',
  })
}
