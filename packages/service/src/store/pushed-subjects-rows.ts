import type { PushedSubject } from '@trueup/core'
import { subjectKey } from '@trueup/core'
import { sql } from 'kysely'
import { jsonRows, texts, writeInBulk } from './bulk.ts'
import { toJson } from './json-codec.ts'
import type { Scope } from './tables.ts'

/** Rows deleted in one statement, so that the embedded database can answer others in between. */
const rowsPerStatement = 20_000

/** Writes the rows of one part; who came by an incremental push meanwhile is newer, and stays. */
export async function writeSubjects(
  scope: Scope,
  { source, generation }: { readonly source: string; readonly generation: number },
  subjects: readonly PushedSubject[],
  at: Date,
): Promise<void> {
  await writeInBulk(
    subjects,
    ({ subject }) => subjectKey(subject),
    (rows) =>
      sql`insert into trueup.pushed_subject (project_id, source, generation, workspace_id, is_increment,
          pushed_at, subject_type, subject_id, deleted, updated_at, subject)
        select ${scope.projectId}, ${source}, ${generation}::bigint, ${scope.workspaceId}, false,
          ${at}::timestamptz, * from rows from (
          unnest(${rows.map(({ subject }) => subject.type)}::text[]),
          unnest(${texts(rows, ({ subject }) => subject.id)}::text[]),
          unnest(${rows.map(isDeleted)}::boolean[]),
          unnest(${rows.map(updatedAt)}::timestamptz[]),
          ${jsonRows(rows.map(toJson))})
        on conflict do nothing`.execute(scope.db),
  )
}

/**
 * Puts what an incremental push brought over the rows of another generation, except where those were updated later.
 * Gives how many rows were written.
 */
export async function mergeIncrement(
  scope: Scope,
  source: string,
  generation: number,
  into: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into trueup.pushed_subject as held (project_id, source, generation, subject_type, subject_id,
      workspace_id, is_increment, deleted, updated_at, pushed_at, subject)
    select project_id, source, ${into}::bigint, subject_type, subject_id,
      workspace_id, true, deleted, updated_at, pushed_at, subject
    from trueup.pushed_subject
    where project_id = ${scope.projectId} and source = ${source} and generation = ${generation}
    on conflict (project_id, source, generation, subject_type, subject_id) do update
      set is_increment = true, deleted = excluded.deleted, updated_at = excluded.updated_at,
          pushed_at = excluded.pushed_at, subject = excluded.subject
      where held.updated_at is null or excluded.updated_at is null
        or excluded.updated_at >= held.updated_at`.execute(scope.db)
  return Number(numAffectedRows ?? 0n)
}

/** Deletes the generations of a source that are neither shown nor being written, and counts their rows. */
export async function clearUnshown(scope: Scope, source: string): Promise<number> {
  const { db, projectId } = scope
  let deleted = 0n
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from trueup.pushed_subject where ctid = any(array(
        select ctid from trueup.pushed_subject
        where project_id = ${projectId} and source = ${source}
          and generation not in (
            select shown_generation from trueup.pushed_source
              where project_id = ${projectId} and source = ${source}
            union all
            select generation from trueup.push
              where project_id = ${projectId} and source = ${source} and state = 'open')
        limit ${rowsPerStatement}))`.execute(db)
    deleted += numAffectedRows
    if (numAffectedRows < BigInt(rowsPerStatement)) return Number(deleted)
  }
}

/** Pages are read in the order of the key; without statistics the plan could be to sort everything first. */
export async function tidySubjects({ db, vacuumsItself }: Scope): Promise<void> {
  await sql`analyze trueup.pushed_subject`.execute(db)
  if (vacuumsItself) await sql`vacuum trueup.pushed_subject`.execute(db)
}

function isDeleted(subject: PushedSubject): boolean {
  return subject.kind === 'record' && subject.deleted
}

function updatedAt(subject: PushedSubject): string | null {
  return subject.kind === 'record' ? (subject.updatedAt?.toISOString() ?? null) : null
}
