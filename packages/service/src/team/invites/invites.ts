import { newId } from '../../new-id.ts'
import type { GivenRole } from '../role.ts'
import { isAtLeast } from '../role.ts'
import { parseAddress } from '../sign-in/create-person.ts'
import { linkTo, newToken } from '../sign-in/one-time-link.ts'
import type { Team } from '../team.ts'
import { ofWorkspace } from '../team.ts'
import { notFound, TeamError } from '../team-error.ts'
import type { ActingMember } from '../workspace/members.ts'
import { refused } from '../workspace/refused.ts'
import { enterAct } from '../workspace-entry.ts'

/** How long an invite is good for. */
export const inviteDays = 7

/** An invite that waits. */
export interface InviteLine {
  readonly inviteId: string
  readonly email: string
  readonly role: GivenRole
  readonly invitedBy: string
  readonly createdAt: Date
  readonly expiresAt: Date
}

/** What becomes of the link: it was mailed to the address, or is shown once to whoever invites. */
export type InviteLink = { readonly sent: true } | { readonly sent: false; readonly link: string }

/**
 * Invites an address into a workspace. An invite that it has there already is revoked: the newest link is the one that
 * opens. Where a mail server is set the link goes to the address alone, which proves it; else it is in the answer, once.
 *
 * @throws TeamError `address-malformed`, `already-member`, `role-too-low`, `mail-failed` (the invite stands; inviting
 *   again sends a new link)
 */
export async function invite(
  team: Team,
  actor: ActingMember,
  { email: address, role }: { readonly email: string; readonly role: GivenRole },
): Promise<{ readonly line: InviteLine; readonly link: InviteLink }> {
  const email = parseAddress(address)
  const { workspaceId, personId } = actor
  const now = team.clock.now()
  const { token, hash } = newToken(team.randomBytes)
  const line: InviteLine = {
    inviteId: newId('inv', team.randomBytes),
    email,
    role,
    invitedBy: personId,
    createdAt: now,
    expiresAt: new Date(now.getTime() + inviteDays * 86_400_000),
  }
  const workspaceName = await ofWorkspace(team, workspaceId)
    .transaction()
    .execute(async (tx) => {
      // Two who invite the same address take turns, so that one of their links is the newest.
      const workspace = await tx
        .selectFrom('trueup.workspace')
        .select('name')
        .where('workspace_id', '=', workspaceId)
        .forUpdate()
        .executeTakeFirst()
      const members = await tx
        .selectFrom('trueup.member')
        .innerJoin('trueup.person', 'trueup.person.id', 'trueup.member.person_id')
        .select(['trueup.person.id', 'email', 'role'])
        .where('workspace_id', '=', workspaceId)
        .where(({ or, eb }) => or([eb('trueup.person.id', '=', personId), eb('email', '=', email)]))
        .execute()
      const own = members.find(({ id }) => id === personId)
      if (!workspace || !own) throw notFound('workspace')
      if (!isAtLeast(own.role, role)) throw refused('role-too-low')
      if (members.some((member) => member.email === email)) throw alreadyMember()
      await tx
        .updateTable('trueup.invite')
        .set({ revoked_at: now })
        .where('workspace_id', '=', workspaceId)
        .where('email', '=', email)
        .where('accepted_at', 'is', null)
        .where('revoked_at', 'is', null)
        .execute()
      await tx
        .insertInto('trueup.invite')
        .values({
          workspace_id: workspaceId,
          invite_id: line.inviteId,
          email,
          role,
          token_hash: hash,
          invited_by: personId,
          mailed: team.sendMail !== null,
          created_at: now,
          expires_at: line.expiresAt,
          accepted_at: null,
          accepted_by: null,
          revoked_at: null,
        })
        .execute()
      await enterAct(tx, workspaceId, {
        act: 'member-invited',
        at: now,
        by: personId,
        facts: { invite: line.inviteId, role },
      })
      return workspace.name
    })
  const link = linkTo(team.settings.publicUrl, 'invite', token)
  if (!team.sendMail) return { line, link: { sent: false, link } }
  await team.sendMail({
    to: email,
    subject: `You are invited to ${workspaceName} on Trueup`,
    text: `You are invited to the workspace ${workspaceName} on Trueup, as ${role}.\n\nOpen this link within ${inviteDays} days:\n\n${link}\n\nIf you do not expect it, leave it be.\n`,
  })
  return { line, link: { sent: true } }
}

/** The invites of a workspace that nobody took up yet, newest first. Expired ones are not among them. */
export async function listInvites(
  team: Pick<Team, 'database' | 'clock'>,
  workspaceId: string,
): Promise<readonly InviteLine[]> {
  const rows = await ofWorkspace(team, workspaceId)
    .selectFrom('trueup.invite')
    .select(['invite_id', 'email', 'role', 'invited_by', 'created_at', 'expires_at'])
    .where('workspace_id', '=', workspaceId)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', team.clock.now())
    .orderBy('created_at', 'desc')
    .orderBy('invite_id')
    .execute()
  return rows.map((row) => ({
    inviteId: row.invite_id,
    email: row.email,
    role: row.role,
    invitedBy: row.invited_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }))
}

/**
 * Revokes an invite. One that was revoked already stays so.
 *
 * @throws TeamError `not-found`, also for one that was taken up
 */
export async function revokeInvite(
  team: Team,
  { workspaceId, personId }: ActingMember,
  inviteId: string,
): Promise<void> {
  const now = team.clock.now()
  await ofWorkspace(team, workspaceId)
    .transaction()
    .execute(async (tx) => {
      const found = await tx
        .selectFrom('trueup.invite')
        .select(['accepted_at', 'revoked_at'])
        .where('workspace_id', '=', workspaceId)
        .where('invite_id', '=', inviteId)
        .forUpdate()
        .executeTakeFirst()
      if (!found || found.accepted_at) throw notFound('invite')
      if (found.revoked_at) return
      await tx
        .updateTable('trueup.invite')
        .set({ revoked_at: now })
        .where('workspace_id', '=', workspaceId)
        .where('invite_id', '=', inviteId)
        .execute()
      await enterAct(tx, workspaceId, {
        act: 'invite-revoked',
        at: now,
        by: personId,
        facts: { invite: inviteId },
      })
    })
}

export function alreadyMember(): TeamError {
  return new TeamError({
    code: 'already-member',
    message: 'This person belongs to the workspace already.',
    fix: 'Change their role in the list of members.',
  })
}
