import { sql } from 'kysely'
import type { Database } from '../store/index.ts'
import type { SealedPlace } from './sealed-text.ts'

/** A column that holds sealed texts, as its migration declared it. */
export interface SealedColumn {
  readonly table: string
  readonly column: string
  readonly field: string
  readonly rowColumns: readonly string[]
  readonly hasProject: boolean
}

/** A sealed text where it stands. */
export interface SealedRow {
  readonly place: SealedPlace
  readonly sealed: string
  /** What the row is found by, in the order of {@link readSealedRows}. */
  readonly key: readonly string[]
}

type System = Pick<Database, 'system'>

/** Every column that holds sealed texts. */
export async function readSealedColumns({ system }: System): Promise<readonly SealedColumn[]> {
  const { rows } = await sql<SealedColumn>`select table_name as "table", column_name as "column", field,
      row_columns as "rowColumns", has_project as "hasProject"
    from trueup.sealed_column order by table_name, column_name`.execute(system)
  return rows
}

/** Sealed texts of a column in the order of their rows, at most so many after this one. */
export async function readSealedRows(
  { system }: System,
  column: SealedColumn,
  page: {
    readonly after: readonly string[] | null
    readonly limit: number
    /** Leave out what is under the newest data key of its workspace. */
    readonly oldOnly: boolean
  },
): Promise<readonly SealedRow[]> {
  const key = sql.join(keyOf(column))
  const sealed = sql.ref(`held.${column.column}`)
  const isBehind = page.after ? sql`and (${key}) > (${sql.join(page.after)})` : sql``
  const isOld = page.oldOnly
    ? sql`and ${versionIn(column)} < (select max(version) from trueup.data_key
        where data_key.workspace_id = held.workspace_id and wrapped is not null)`
    : sql``
  const { rows } = await sql<{ readonly key: readonly string[]; readonly sealed: string }>`
    select array[${key}] as key, ${sealed} as sealed from ${tableOf(column)} held
    where ${sealed} is not null ${isBehind} ${isOld}
    order by ${key} limit ${page.limit}`.execute(system)
  return rows.map((row) => ({ ...row, place: placeOf(column, row.key) }))
}

/** Puts other texts in the place of these, where nobody wrote another one meanwhile. Gives how many it replaced. */
export async function replaceSealed(
  { system }: System,
  column: SealedColumn,
  changes: readonly { readonly row: SealedRow; readonly sealed: string }[],
): Promise<number> {
  if (changes.length === 0) return 0
  const keys = keyOf(column)
  const names = keys.map((_, place) => sql.ref(`key_${place}`))
  const texts = (of: (change: (typeof changes)[number]) => string) => sql`${changes.map(of)}::text[]`
  const { numAffectedRows } =
    await sql`update ${tableOf(column)} held set ${sql.ref(column.column)} = changed.anew
    from unnest(${sql.join(keys.map((_, place) => texts(({ row }) => row.key[place] ?? '')))},
      ${texts(({ row }) => row.sealed)}, ${texts(({ sealed }) => sealed)})
      as changed (${sql.join([...names, sql.ref('was'), sql.ref('anew')])})
    where (${sql.join(keys)}) = (${sql.join(names)}) and ${sql.ref(`held.${column.column}`)} = changed.was`.execute(
      system,
    )
  return Number(numAffectedRows ?? 0)
}

/** How many texts of a workspace stand under this version of its data key. */
export async function countSealedUnder(
  db: Database['system'],
  column: SealedColumn,
  { workspaceId, version }: { readonly workspaceId: string; readonly version: number },
): Promise<number> {
  const { rows } = await sql<{ readonly count: number }>`select count(*) as count from ${tableOf(column)} held
    where workspace_id = ${workspaceId} and ${versionIn(column)} = ${version}`.execute(db)
  return rows[0]?.count ?? 0
}

/** Where a sealed text stands, as a report names it: the table and what names its row. */
export function placeText({ table, column }: SealedColumn, { key }: SealedRow): string {
  return `${table}.${column} of ${key.join(' ')}`
}

function tableOf({ table }: SealedColumn) {
  return sql.table(`trueup.${table}`)
}

/** The version of the data key that a text names. */
function versionIn({ column }: SealedColumn) {
  return sql`substring(${sql.ref(`held.${column}`)} from '^v([0-9]{1,9})[.]')::integer`
}

/** Workspace, project where there is one, and the columns that name the row. */
function keyOf({ hasProject, rowColumns }: SealedColumn) {
  const text = (name: string) => sql`${sql.ref(`held.${name}`)}::text collate "C"`
  // What belongs to a whole workspace has no project.
  const project = hasProject ? [sql`coalesce(${text('project_id')}, '')`] : []
  return [text('workspace_id'), ...project, ...rowColumns.map(text)]
}

function placeOf({ field, hasProject }: SealedColumn, key: readonly string[]): SealedPlace {
  const [workspaceId = '', ...rest] = key
  return {
    workspaceId,
    projectId: (hasProject && rest[0]) || null,
    field,
    row: hasProject ? rest.slice(1) : rest,
  }
}
