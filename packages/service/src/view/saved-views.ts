import type { Clock } from '@trueup/core'
import type { ColumnType } from 'kysely'
import { sql } from 'kysely'
import { newId } from '../new-id.ts'
import type { Database } from '../store/index.ts'
import { toJson } from '../store/json-codec.ts'
import type { RandomBytes } from '../vault/sealed-form.ts'
import { ViewError } from './view-error.ts'

/** A query of the list of incidents as its address has it: one text, or several. */
export type SavedQuery = Readonly<Record<string, string | readonly string[]>>

/** A way of looking at the incidents of a project that one person keeps. */
export interface SavedView {
  readonly id: string
  readonly name: string
  readonly query: SavedQuery
  readonly createdAt: Date
  readonly changedAt: Date
}

/** Whose views, and of which project. */
export interface ViewOwner {
  readonly workspaceId: string
  readonly projectId: string
  readonly personId: string
}

type ViewTables = {
  readonly 'trueup.incident_view': {
    readonly workspace_id: string
    readonly project_id: string
    readonly view_id: string
    readonly person_id: string
    readonly name: string
    readonly name_key: string
    readonly query: ColumnType<SavedQuery, string, string>
    readonly created_at: Date
    readonly changed_at: Date
  }
}

export interface ViewDependencies {
  readonly database: Database
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

/** One person keeps at most so many for a project. */
export const mostViews = 100

const columns = [
  'view_id as id',
  'name',
  'query',
  'created_at as createdAt',
  'changed_at as changedAt',
] as const

/** A person's views of a project, by their names. */
export async function listViews(
  { database }: Pick<ViewDependencies, 'database'>,
  owner: ViewOwner,
): Promise<readonly SavedView[]> {
  return await of(database, owner).select(columns).orderBy('name_key').execute()
}

/**
 * Keeps a view under a name.
 *
 * @throws ViewError `view-name-taken`, `too-many-views`
 * @example
 * await saveView(service, owner, { name: 'Mine, urgent', query: { severity: ['critical'], assignee: 'per_1' } })
 */
export async function saveView(
  { database, clock, randomBytes }: ViewDependencies,
  owner: ViewOwner,
  { name, query }: Pick<SavedView, 'name' | 'query'>,
): Promise<SavedView> {
  const now = clock.now()
  const { workspaceId, projectId, personId } = owner
  const kept = await of(database, owner)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (kept.count >= mostViews) throw tooMany()
  const view = await tables(database, owner)
    .insertInto('trueup.incident_view')
    .values({
      workspace_id: workspaceId,
      project_id: projectId,
      person_id: personId,
      view_id: newId('viw', randomBytes),
      name: name.trim(),
      name_key: nameKey(name),
      query: toJson(query),
      created_at: now,
      changed_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'project_id', 'person_id', 'name_key']).doNothing(),
    )
    .returning(columns)
    .executeTakeFirst()
  if (!view) throw nameTaken(name)
  return view
}

/**
 * Gives a view another name, another query, or both.
 *
 * @throws ViewError `view-unknown`, also where it is somebody else's; `view-name-taken`
 */
export async function changeView(
  { database, clock }: Pick<ViewDependencies, 'database' | 'clock'>,
  owner: ViewOwner,
  id: string,
  { name, query }: { readonly name?: string | undefined; readonly query?: SavedQuery | undefined },
): Promise<SavedView> {
  if (name !== undefined && (await isTaken(database, owner, id, name))) throw nameTaken(name)
  const view = await tables(database, owner)
    .updateTable('trueup.incident_view')
    .set({
      ...(name === undefined ? {} : { name: name.trim(), name_key: nameKey(name) }),
      ...(query === undefined ? {} : { query: toJson(query) }),
      changed_at: clock.now(),
    })
    .where('workspace_id', '=', owner.workspaceId)
    .where('project_id', '=', owner.projectId)
    .where('person_id', '=', owner.personId)
    .where('view_id', '=', id)
    .returning(columns)
    .executeTakeFirst()
  if (!view) throw unknown(id)
  return view
}

/** @throws ViewError `view-unknown`, also where it is somebody else's */
export async function deleteView(
  { database }: Pick<ViewDependencies, 'database'>,
  owner: ViewOwner,
  id: string,
): Promise<void> {
  const { numDeletedRows } = await tables(database, owner)
    .deleteFrom('trueup.incident_view')
    .where('workspace_id', '=', owner.workspaceId)
    .where('project_id', '=', owner.projectId)
    .where('person_id', '=', owner.personId)
    .where('view_id', '=', id)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw unknown(id)
}

function tables(database: Database, owner: ViewOwner) {
  return database.scoped(owner).withTables<ViewTables>()
}

function of(database: Database, owner: ViewOwner) {
  return tables(database, owner)
    .selectFrom('trueup.incident_view')
    .where('workspace_id', '=', owner.workspaceId)
    .where('project_id', '=', owner.projectId)
    .where('person_id', '=', owner.personId)
}

/** Two who give one name at one moment are told apart by the unique key, whose refusal says nothing to a reader. */
async function isTaken(database: Database, owner: ViewOwner, id: string, name: string): Promise<boolean> {
  const other = await of(database, owner)
    .select(sql`1`.as('one'))
    .where('name_key', '=', nameKey(name))
    .where('view_id', '<>', id)
    .executeTakeFirst()
  return other !== undefined
}

function nameKey(name: string): string {
  return name.trim().normalize('NFC').toLowerCase()
}

function nameTaken(name: string): ViewError {
  return new ViewError({
    code: 'view-name-taken',
    message: `You have a view with the name ${JSON.stringify(name.trim())} already.`,
    fix: 'Choose another name, or change that view.',
  })
}

function unknown(id: string): ViewError {
  return new ViewError({
    code: 'view-unknown',
    message: `You have no view ${JSON.stringify(id)}.`,
    fix: 'Look at the list of your views.',
  })
}

function tooMany(): ViewError {
  return new ViewError({
    code: 'too-many-views',
    message: `You keep ${mostViews} views of this project, which is as many as there may be.`,
    fix: 'Delete one that you no longer use.',
  })
}
