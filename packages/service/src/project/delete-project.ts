import { sql } from 'kysely'
import { systemTimer } from '../adapters/system.ts'
import { openProjectStore, StoreError } from '../store/index.ts'
import type { Project } from './manage-projects.ts'
import { readProject } from './manage-projects.ts'
import { ProjectError } from './project-error.ts'
import type { ProjectService, ProjectTenant, ProjectTransaction } from './project-service.ts'
import { enter, lockProject, tablesOf } from './project-service.ts'

/** How long a deletion can be taken back. */
export const graceDays = 7
const dayMs = 86_400_000

/**
 * Asks for a project to be deleted: it does nothing any more at once, and is erased when the days of grace are over.
 *
 * @param name as the person typed it, so that nobody deletes another than they mean
 * @throws ProjectError `project-unknown`, `name-differs`, `deletion-asked`
 */
export async function askDeletion(
  service: ProjectService,
  tenant: ProjectTenant,
  { name, by }: { readonly name: string; readonly by: string },
): Promise<Project> {
  const project = await readProject(service, tenant)
  assertNamed(project.name, name)
  if (project.deletion) {
    throw new ProjectError({
      code: 'deletion-asked',
      message: 'The deletion was asked for already.',
      fix: 'Wait, or take it back.',
    })
  }
  const now = service.clock.now()
  await beginDeletion(service, tenant, { by, at: now, dueAt: new Date(now.getTime() + graceDays * dayMs) })
  return await readProject(service, tenant)
}

/** @throws ProjectError `name-differs` */
export function assertNamed(name: string, typed: string): void {
  if (typed.trim() === name) return
  throw new ProjectError({
    code: 'name-differs',
    message: `What was typed is not the name ${JSON.stringify(name)}.`,
    fix: 'Type the name as it stands there.',
  })
}

/** Marks a project as one that is erased at that moment, and stops what it does by itself. */
export async function beginDeletion(
  service: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
  { by, at, dueAt }: { readonly by: string; readonly at: Date; readonly dueAt: Date },
): Promise<void> {
  await tablesOf(service, tenant)
    .transaction()
    .execute(async (tx) => {
      await lockProject(tenant, tx)
      const { rows } =
        await sql`update trueup.project set deletion_asked_at = ${at}, deletion_asked_by = ${by},
          deletion_due_at = ${dueAt}, state_before_deletion = state, state = 'paused'
        where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
          and deletion_asked_at is null and erased_at is null returning project_id`.execute(tx)
      if (rows.length > 0) await enterDeletion(tenant, tx, { by, at, what: 'asked', dueAt })
    })
}

/**
 * Takes a deletion back: the project goes on as before.
 *
 * @throws ProjectError `project-unknown`, `deletion-not-asked`
 */
export async function takeDeletionBack(
  service: ProjectService,
  tenant: ProjectTenant,
  { by }: { readonly by: string },
): Promise<Project> {
  const at = service.clock.now()
  const isTaken = await tablesOf(service, tenant)
    .transaction()
    .execute(async (tx) => {
      await lockProject(tenant, tx)
      const { rows } = await sql`update trueup.project set deletion_asked_at = null, deletion_asked_by = null,
          deletion_due_at = null, state = coalesce(state_before_deletion, state), state_before_deletion = null
        where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}
          and deletion_asked_at is not null and erased_at is null returning project_id`.execute(tx)
      if (rows.length > 0) await enterDeletion(tenant, tx, { by, at, what: 'taken-back', dueAt: null })
      return rows.length > 0
    })
  if (isTaken) return await readProject(service, tenant)
  throw new ProjectError({
    code: 'deletion-not-asked',
    message: 'No deletion of this project was asked for.',
    fix: 'There is nothing to take back.',
  })
}

/** Projects whose days of grace are over. */
export async function projectsToErase(
  { database, clock }: Pick<ProjectService, 'database' | 'clock'>,
  limit: number,
): Promise<readonly ProjectTenant[]> {
  const { rows } = await sql<ProjectTenant>`select workspace_id as "workspaceId", project_id as "projectId"
    from trueup.project where deletion_due_at <= ${clock.now()} and erased_at is null
    order by deletion_due_at limit ${limit}`.execute(database.system)
  return rows
}

const mostAttempts = 20
const pauseMs = 100

/** These only ever grow: the database itself refuses to take anything out of them. */
const kept = ['project', 'ledger_entry', 'ledger_checkpoint']

/**
 * Erases all that is a project's: credentials, observations, incidents, events, and what stands beside its ledger about
 * persons. The numbered entries and checkpoints stay, which name nobody, so that what was proven stays proven. May run
 * twice, and be killed at any moment.
 */
export async function eraseProject(
  service: ProjectService,
  tenant: ProjectTenant,
  { by }: { readonly by: string },
): Promise<void> {
  const at = service.clock.now()
  const db = tablesOf(service, tenant)
  await db.transaction().execute(async (tx) => {
    await enterDeletion(tenant, tx, { by, at, what: 'erased', dueAt: null })
  })
  // The last entry is numbered and signed before what it was staged in goes.
  await service.ledgerOf(openProjectStore(service.database, tenant)).advance()
  // Whoever is at work on a check of it stops when it sees this.
  await sql`update trueup.check_run set forgotten = true
    where project_id = ${tenant.projectId} and finished_at is null and not forgotten`.execute(db)
  for (let attempt = 1; ; attempt++) {
    try {
      await eraseRows(service, tenant, at)
      return
    } catch (error) {
      // A page that was under way came in between: a row that nothing may refer to any more is referred to.
      if (!(error instanceof StoreError) || attempt === mostAttempts) throw error
      await systemTimer.sleep(pauseMs * attempt)
    }
  }
}

async function eraseRows(service: ProjectService, tenant: ProjectTenant, at: Date): Promise<void> {
  await tablesOf(service, tenant)
    .transaction()
    .execute(async (tx) => {
      await lockProject(tenant, tx)
      for (const table of await tablesOfProjects(tx)) {
        await sql`delete from ${sql.id('trueup', table)} where project_id = ${tenant.projectId}`.execute(tx)
      }
      await sql`update trueup.project set name = '', state = 'paused', erased_at = ${at}
        where workspace_id = ${tenant.workspaceId} and project_id = ${tenant.projectId}`.execute(tx)
    })
}

/** Every table with rows of projects that may go, those that refer to others before these. */
async function tablesOfProjects(tx: ProjectTransaction): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly name: string; readonly refersTo: readonly string[] }>`
    select class.relname as name, coalesce((
        select json_agg(distinct referred.relname) from pg_catalog.pg_constraint held
        join pg_catalog.pg_class referred on referred.oid = held.confrelid
        where held.conrelid = class.oid and held.contype = 'f' and held.confrelid <> class.oid), '[]') as "refersTo"
    from pg_catalog.pg_class class
    join pg_catalog.pg_attribute attribute on attribute.attrelid = class.oid
      and attribute.attname = 'project_id' and not attribute.attisdropped
    where class.relnamespace = 'trueup'::regnamespace and class.relkind = 'r'
      and class.relname <> all(${kept}::text[])
    order by class.relname`.execute(tx)
  const ordered: string[] = []
  let left = rows
  while (left.length > 0) {
    const free = left.filter(
      ({ name }) => !left.some((other) => other.name !== name && other.refersTo.includes(name)),
    )
    if (free.length === 0)
      throw new Error(`Tables refer to each other: ${left.map(({ name }) => name).join(', ')}.`)
    ordered.push(...free.map(({ name }) => name))
    left = left.filter((table) => !free.includes(table))
  }
  return ordered
}

async function enterDeletion(
  tenant: ProjectTenant,
  tx: ProjectTransaction,
  {
    by,
    at,
    what,
    dueAt,
  }: {
    readonly by: string
    readonly at: Date
    readonly what: 'asked' | 'taken-back' | 'erased'
    readonly dueAt: Date | null
  },
): Promise<void> {
  // However often the erasing begins, it is one act.
  const key = what === 'erased' ? 'project-erased' : `project-deletion-${what}:${at.toISOString()}`
  await enter(tenant, tx, [
    {
      key,
      act: 'project-changed',
      at,
      by,
      about: {},
      facts: { deletion: what, dueAt: dueAt?.toISOString() ?? null },
      personal: null,
    },
  ])
}
