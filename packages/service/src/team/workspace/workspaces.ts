import { newId } from '../../new-id.ts'
import type { Role } from '../role.ts'
import { parseName } from '../sign-in/create-person.ts'
import { becomeOwner } from '../sign-in/sign-up.ts'
import type { Team } from '../team.ts'
import { ofEverybody, ofWorkspace } from '../team.ts'
import { notFound, TeamError } from '../team-error.ts'
import { enterAct } from '../workspace-entry.ts'
import type { ActingMember } from './members.ts'

/** A workspace as one of its people sees it. */
export interface WorkspaceLine {
  readonly workspaceId: string
  readonly name: string
  readonly role: Role
}

/** The workspaces of a person, by name. */
export async function listWorkspaces(
  team: Pick<Team, 'database'>,
  personId: string,
): Promise<readonly WorkspaceLine[]> {
  const rows = await ofEverybody(team)
    .selectFrom('trueup.member')
    .innerJoin('trueup.workspace', 'trueup.workspace.workspace_id', 'trueup.member.workspace_id')
    .select(['trueup.member.workspace_id', 'name', 'role'])
    .where('person_id', '=', personId)
    .orderBy('name')
    .orderBy('trueup.member.workspace_id')
    .execute()
  return rows.map(({ workspace_id, name, role }) => ({ workspaceId: workspace_id, name, role }))
}

/**
 * Makes another workspace, which its maker owns. Where people come by invite, only who owns a workspace may.
 *
 * @throws TeamError `sign-up-closed`, `name-malformed`
 */
export async function createWorkspace(
  team: Team,
  personId: string,
  { name: text }: { readonly name: string },
): Promise<WorkspaceLine> {
  const name = parseName(text)
  const own = await listWorkspaces(team, personId)
  if (team.settings.signUp !== 'open' && !own.some(({ role }) => role === 'owner')) {
    throw new TeamError({
      code: 'sign-up-closed',
      message: 'Here only owners of a workspace make another one.',
      fix: 'Ask the owner of your workspace.',
    })
  }
  const workspaceId = newId('wsp', team.randomBytes)
  await ofEverybody(team)
    .transaction()
    .execute(async (tx) => {
      await tx
        .insertInto('trueup.workspace')
        .values({ workspace_id: workspaceId, name, created_at: team.clock.now() })
        .execute()
      await becomeOwner(tx, team, { workspaceId, personId })
    })
  return { workspaceId, name, role: 'owner' }
}

/** Renames a workspace. */
export async function renameWorkspace(
  team: Team,
  { workspaceId, personId }: ActingMember,
  text: string,
): Promise<void> {
  const name = parseName(text)
  await ofWorkspace(team, workspaceId)
    .transaction()
    .execute(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('trueup.workspace')
        .set({ name })
        .where('workspace_id', '=', workspaceId)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) throw notFound('workspace')
      await enterAct(tx, workspaceId, {
        act: 'workspace-renamed',
        at: team.clock.now(),
        by: personId,
        facts: {},
      })
    })
}
