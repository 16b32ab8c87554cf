import { sql } from 'kysely'
import {
  assertNamed,
  beginDeletion,
  eraseProject,
  graceDays,
  takeDeletionBack,
} from '../../project/delete-project.ts'
import type { Deletion } from '../../project/manage-projects.ts'
import { listProjects } from '../../project/manage-projects.ts'
import { ProjectError } from '../../project/project-error.ts'
import type { ProjectService } from '../../project/project-service.ts'
import { tellOwner } from '../mail/security-letters.ts'
import type { Team } from '../team.ts'
import { ofWorkspace } from '../team.ts'
import { notFound } from '../team-error.ts'
import { enterAct } from '../workspace-entry.ts'
import type { ActingMember } from './members.ts'

const dayMs = 86_400_000

/** The deletion of a workspace that was asked for; `null`: it stays. */
export async function deletionOf(
  team: Pick<Team, 'database'>,
  workspaceId: string,
): Promise<Deletion | null> {
  const { deletion } = await readWorkspace(team, workspaceId)
  return deletion
}

/**
 * Asks for a workspace to be deleted with all its projects. They do nothing any more at once, and are erased when the
 * days of grace are over.
 *
 * @param name as its owner typed it
 * @throws TeamError `not-found`; ProjectError `name-differs`, `deletion-asked`
 */
export async function askWorkspaceDeletion(
  team: Team,
  projects: ProjectService,
  { workspaceId, personId }: ActingMember,
  name: string,
): Promise<Deletion> {
  const before = await readWorkspace(team, workspaceId)
  assertNamed(before.name, name)
  if (before.deletion) {
    throw new ProjectError({
      code: 'deletion-asked',
      message: 'The deletion was asked for already.',
      fix: 'Wait, or take it back.',
    })
  }
  const askedAt = team.clock.now()
  const deletion = {
    askedAt,
    askedBy: `person:${personId}`,
    dueAt: new Date(askedAt.getTime() + graceDays * dayMs),
  }
  await ofWorkspace(team, workspaceId)
    .transaction()
    .execute(async (tx) => {
      await sql`update trueup.workspace set deletion_asked_at = ${askedAt}, deletion_asked_by = ${deletion.askedBy},
          deletion_due_at = ${deletion.dueAt}
        where workspace_id = ${workspaceId} and deletion_asked_at is null`.execute(tx)
      const facts = { dueAt: deletion.dueAt.toISOString() }
      await enterAct(tx, workspaceId, { act: 'workspace-deletion-asked', at: askedAt, by: personId, facts })
    })
  for (const { id: projectId } of await listProjects(projects, workspaceId)) {
    const { askedBy: by, dueAt } = deletion
    await beginDeletion(projects, { workspaceId, projectId }, { by, at: askedAt, dueAt })
  }
  tellOwner(team, workspaceId, personId, {
    kind: 'deletion-asked',
    what: 'the workspace with all its projects',
    dueAt: deletion.dueAt,
  })
  return deletion
}

/**
 * Takes the deletion of a workspace back, with those of its projects that it brought about.
 *
 * @throws TeamError `not-found`; ProjectError `deletion-not-asked`
 */
export async function takeWorkspaceDeletionBack(
  team: Team,
  projects: ProjectService,
  { workspaceId, personId }: ActingMember,
): Promise<void> {
  const { deletion } = await readWorkspace(team, workspaceId)
  if (!deletion) {
    throw new ProjectError({
      code: 'deletion-not-asked',
      message: 'No deletion of this workspace was asked for.',
      fix: 'There is nothing to take back.',
    })
  }
  await ofWorkspace(team, workspaceId)
    .transaction()
    .execute(async (tx) => {
      await sql`update trueup.workspace set deletion_asked_at = null, deletion_asked_by = null, deletion_due_at = null
        where workspace_id = ${workspaceId}`.execute(tx)
      const at = team.clock.now()
      await enterAct(tx, workspaceId, { act: 'workspace-deletion-taken-back', at, by: personId, facts: {} })
    })
  for (const project of await listProjects(projects, workspaceId)) {
    if (project.deletion?.askedAt.getTime() !== deletion.askedAt.getTime()) continue
    await takeDeletionBack(projects, { workspaceId, projectId: project.id }, { by: `person:${personId}` })
  }
}

/** Workspaces whose days of grace are over. */
export async function workspacesToErase(
  { database, clock }: ProjectService,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly id: string }>`select workspace_id as id from trueup.workspace
    where deletion_due_at <= ${clock.now()} and erased_at is null order by deletion_due_at limit ${limit}`.execute(
    database.system,
  )
  return rows.map(({ id }) => id)
}

/**
 * Erases a workspace: its projects, members, invites, keys, and the keys that its secrets were sealed under. Its record
 * stays, which names people by ids alone. May run twice.
 */
export async function eraseWorkspace(projects: ProjectService, workspaceId: string): Promise<void> {
  for (const { id: projectId } of await listProjects(projects, workspaceId)) {
    await eraseProject(projects, { workspaceId, projectId }, { by: 'trueup' })
  }
  await projects.database
    .scoped({ workspaceId })
    .transaction()
    .execute(async (tx) => {
      for (const table of ['api_key', 'invite', 'member', 'data_key', 'idempotent_answer']) {
        await sql`delete from ${sql.id('trueup', table)} where workspace_id = ${workspaceId}`.execute(tx)
      }
      await sql`update trueup.workspace set name = '', erased_at = ${projects.clock.now()}
        where workspace_id = ${workspaceId}`.execute(tx)
    })
}

async function readWorkspace(
  team: Pick<Team, 'database'>,
  workspaceId: string,
): Promise<{ readonly name: string; readonly deletion: Deletion | null }> {
  const { rows } = await sql<{
    readonly name: string
    readonly askedAt: Date | null
    readonly askedBy: string | null
    readonly dueAt: Date | null
  }>`select name, deletion_asked_at as "askedAt", deletion_asked_by as "askedBy", deletion_due_at as "dueAt"
    from trueup.workspace where workspace_id = ${workspaceId} and erased_at is null`.execute(
    ofWorkspace(team, workspaceId),
  )
  const [found] = rows
  if (!found) throw notFound('workspace')
  const { name, askedAt, askedBy, dueAt } = found
  return { name, deletion: askedAt && askedBy && dueAt ? { askedAt, askedBy, dueAt } : null }
}
