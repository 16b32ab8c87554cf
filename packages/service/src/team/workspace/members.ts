import { tellOwner } from '../mail/security-letters.ts'
import type { Objection } from '../may-change.ts'
import { objectionToRole, objectionToTouching } from '../may-change.ts'
import type { GivenRole, Role } from '../role.ts'
import type { Team, TeamTransaction } from '../team.ts'
import { ofWorkspace } from '../team.ts'
import { notFound, TeamError } from '../team-error.ts'
import { enterAct } from '../workspace-entry.ts'
import { refused } from './refused.ts'

/** A person of a workspace. */
export interface Member {
  readonly personId: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly hasTwoFactor: boolean
  readonly joinedAt: Date
}

/** Who acts, in which workspace. */
export interface ActingMember {
  readonly personId: string
  readonly workspaceId: string
}

/** The people of a workspace, in the order in which they came. */
export async function listMembers(
  team: Pick<Team, 'database'>,
  workspaceId: string,
): Promise<readonly Member[]> {
  const rows = await ofWorkspace(team, workspaceId)
    .selectFrom('trueup.member')
    .innerJoin('trueup.person', 'trueup.person.id', 'trueup.member.person_id')
    .select(['person_id', 'email', 'trueup.person.name', 'role', 'two_factor_enabled', 'joined_at'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('joined_at')
    .orderBy('person_id')
    .execute()
  return rows.map((row) => ({
    personId: row.person_id,
    email: row.email,
    name: row.name,
    role: row.role,
    hasTwoFactor: row.two_factor_enabled,
    joinedAt: row.joined_at,
  }))
}

/**
 * Gives a member another role.
 *
 * @throws TeamError `not-found`, `own-role`, `owner-stays`, `role-too-low`
 */
export async function changeRole(
  team: Team,
  actor: ActingMember,
  personId: string,
  role: GivenRole,
): Promise<void> {
  await touchMember(team, actor, personId, async (tx, pair) => {
    throwIf(objectionToRole(pair, role))
    const { workspaceId } = actor
    await tx
      .updateTable('trueup.member')
      .set({ role })
      .where('workspace_id', '=', workspaceId)
      .where('person_id', '=', personId)
      .execute()
    await enterAct(tx, workspaceId, {
      act: 'member-role-changed',
      at: team.clock.now(),
      by: actor.personId,
      facts: { person: personId, before: pair.target.role, after: role },
    })
  })
}

/**
 * Takes a member out of a workspace. Their next request finds nothing of it; invites that they sent and nobody took up
 * are revoked. Keys that they made are the workspace's and stay.
 *
 * @throws TeamError `not-found`, `own-role`, `owner-stays`, `role-too-low`
 */
export async function removeMember(team: Team, actor: ActingMember, personId: string): Promise<void> {
  await touchMember(team, actor, personId, async (tx, pair) => {
    throwIf(objectionToTouching(pair))
    await takeOut(tx, team, actor.workspaceId, personId)
    await enterAct(tx, actor.workspaceId, {
      act: 'member-removed',
      at: team.clock.now(),
      by: actor.personId,
      facts: { person: personId, role: pair.target.role },
    })
  })
}

/**
 * Leaves a workspace. Its owner cannot, before handing it over.
 *
 * @throws TeamError `not-found`, `owner-stays`
 */
export async function leaveWorkspace(team: Team, { workspaceId, personId }: ActingMember): Promise<void> {
  await ofWorkspace(team, workspaceId)
    .transaction()
    .execute(async (tx) => {
      const own = (await lockMembers(tx, workspaceId, [personId])).get(personId)
      if (!own) throw notFound('workspace')
      throwIf(own === 'owner' ? 'owner-stays' : null)
      await takeOut(tx, team, workspaceId, personId)
      await enterAct(tx, workspaceId, {
        act: 'member-left',
        at: team.clock.now(),
        by: personId,
        facts: { person: personId, role: own },
      })
    })
}

/**
 * Hands a workspace over: an admin becomes its owner, and the owner an admin. Only its owner does this, having just shown
 * that it is them; the policy of routes asks for that.
 *
 * @throws TeamError `not-found`, `role-too-low`, `own-role`, `new-owner-not-admin`
 */
export async function handOver(team: Team, actor: ActingMember, newOwnerId: string): Promise<void> {
  const { workspaceId } = actor
  await touchMember(team, actor, newOwnerId, async (tx, { actor: own, target }) => {
    throwIf(own.role !== 'owner' ? 'role-too-low' : own.personId === newOwnerId ? 'own-role' : null)
    if (target.role !== 'admin') {
      throw new TeamError({
        code: 'new-owner-not-admin',
        message: `A workspace is handed over to one of its admins; this member is ${target.role}.`,
        fix: 'Make them an admin first.',
      })
    }
    const change = (personId: string, role: Role) =>
      tx
        .updateTable('trueup.member')
        .set({ role })
        .where('workspace_id', '=', workspaceId)
        .where('person_id', '=', personId)
        .execute()
    // In this order: at no moment are there two.
    await change(own.personId, 'admin')
    await change(newOwnerId, 'owner')
    await enterAct(tx, workspaceId, {
      act: 'workspace-handed-over',
      at: team.clock.now(),
      by: own.personId,
      facts: { before: own.personId, after: newOwnerId },
    })
  })
  // Both are told: whoever was the owner until now did it.
  tellOwner(team, workspaceId, actor.personId, { kind: 'workspace-handed-over' })
}

type Standing = { readonly personId: string; readonly role: Role }

/** Acts on a member with both roles as they are now, and held until the act is done. */
async function touchMember(
  team: Team,
  { workspaceId, personId: actorId }: ActingMember,
  targetId: string,
  act: (tx: TeamTransaction, pair: { readonly actor: Standing; readonly target: Standing }) => Promise<void>,
): Promise<void> {
  await ofWorkspace(team, workspaceId)
    .transaction()
    .execute(async (tx) => {
      const standing = await lockMembers(tx, workspaceId, [actorId, targetId])
      const own = standing.get(actorId)
      const theirs = standing.get(targetId)
      if (!own || !theirs) throw notFound('member')
      await act(tx, {
        actor: { personId: actorId, role: own },
        target: { personId: targetId, role: theirs },
      })
    })
}

/** The roles of these people, locked in one order so that two acts on each other wait and do not block one another. */
async function lockMembers(
  tx: TeamTransaction,
  workspaceId: string,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, Role>> {
  const rows = await tx
    .selectFrom('trueup.member')
    .select(['person_id', 'role'])
    .where('workspace_id', '=', workspaceId)
    .where('person_id', 'in', personIds)
    .orderBy('person_id')
    .forUpdate()
    .execute()
  return new Map(rows.map(({ person_id, role }) => [person_id, role]))
}

async function takeOut(
  tx: TeamTransaction,
  { clock }: Pick<Team, 'clock'>,
  workspaceId: string,
  personId: string,
): Promise<void> {
  await tx
    .deleteFrom('trueup.member')
    .where('workspace_id', '=', workspaceId)
    .where('person_id', '=', personId)
    .execute()
  await tx
    .updateTable('trueup.invite')
    .set({ revoked_at: clock.now() })
    .where('workspace_id', '=', workspaceId)
    .where('invited_by', '=', personId)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .execute()
}

function throwIf(objection: Objection): void {
  if (objection) throw refused(objection)
}
