import type { Column, PostgresMapping } from '@trueup/core'
import { quoteName } from '../repair/quote.ts'
import type { ColumnState, TableState } from '../schema/table-state.ts'
import { ownColumns } from '../schema/wanted-tables.ts'

/** Which rows of the mapped table are read. Every form ends with the rows in the order of the key. */
export type RowsWanted =
  /** On from a key, which is `$1`; from the beginning where there is none. */
  | { readonly kind: 'on-from'; readonly hasStart: boolean }
  /** The same, of rows changed since `$1`; the key is `$2`. */
  | { readonly kind: 'changed'; readonly hasStart: boolean }
  /** The latest by key. */
  | { readonly kind: 'latest' }
  /** Those whose key is in `$1`. */
  | { readonly kind: 'keys' }
  /** Those whose subject is in `$1`, and those without one whose key is in `$2`. */
  | { readonly kind: 'subjects' }

export interface PageSqlOptions {
  readonly mapping: PostgresMapping
  /** As {@link wantedTables} has them. */
  readonly tables: readonly TableState[]
  readonly rows: RowsWanted
  /** Rows at most. */
  readonly limit: number
  /** Cuts values off after so many characters, where some are too long to be read whole; `null` does not. */
  readonly longest: number | null
}

/**
 * One statement for a page: the mapped columns of the subjects' table in the order of {@link ownColumns}, the key as
 * text; then, where they are mapped, the entitlement rows as one JSON text, and the count of members. Rows of other
 * tables are joined to the page as a set, so that a page costs the same however they are spread.
 *
 * Whatever the search path, types and operators are named with their schema: a key whose `>` were another than the one
 * its index sorts by would pass rows over.
 */
export function pageSql({ mapping, tables, rows, limit, longest }: PageSqlOptions): string {
  const [own, ...others] = tables
  if (!own) throw new Error('A page is read from the table that the mapping names first.')
  const columns = ownColumns(mapping).map((name) => columnOf(own, name))
  const [key] = columns
  if (!key) throw new Error('A mapping has a key.')
  const joins = joinsOf(mapping, others, key, longest)
  const cells = columns.map((column, place) => cellSql(column, place, longest))
  const orderBy = `order by t.${quoteName(key.name)}${rows.kind === 'latest' ? ' desc' : ''}`
  const from = `from ${tableSql(own)} t ${whereSql(mapping, own, rows)} ${orderBy} limit ${limit}`
  if (joins.length === 0) return `select ${cells.join(', ')} ${from}`
  const named = cells.map((cell, place) => `${cell} as c${place}`)
  return `with p as materialized (select t.${quoteName(key.name)} as k, ${named.join(', ')} ${from})
select ${[...cells.map((_, place) => `p.c${place}`), ...joins.map(({ cell }) => cell)].join(', ')}
from p
${joins.map(({ join }) => join).join('\n')}
order by p.k`
}

/** The type of a column's values as a cast names it. */
export function typeSql({ base }: ColumnState): string {
  return `${quoteName(base.schema)}.${quoteName(base.name)}`
}

export function tableSql({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return `${quoteName(schema)}.${quoteName(table)}`
}

/** The column of a table that was found to have it. */
export function columnOf(table: TableState, name: Column): ColumnState {
  const column = table.columns.find((candidate) => candidate.name === name)
  if (!column) throw new Error(`The table ${table.table} was looked at without its column ${name}.`)
  return column
}

function whereSql(mapping: PostgresMapping, own: TableState, rows: RowsWanted): string {
  const key = columnOf(own, mapping.key)
  const onFrom = (parameter: string) =>
    `t.${quoteName(key.name)} ${operatorSql(key, '>')} ${parameter}::${typeSql(key)}`
  const among = (column: ColumnState, parameter: string) =>
    `t.${quoteName(column.name)} ${operatorSql(column, '=')} any (${parameter}::${typeSql(column)}[])`
  switch (rows.kind) {
    case 'on-from':
      return rows.hasStart ? `where ${onFrom('$1')}` : ''
    case 'changed':
      return `where ${changedSql(mapping, own)}${rows.hasStart ? ` and ${onFrom('$2')}` : ''}`
    case 'latest':
      return ''
    case 'keys':
      return `where ${among(key, '$1')}`
    case 'subjects': {
      const subject = columnOf(own, mapping.subject ?? mapping.key)
      return `where ${among(subject, '$1')} or (t.${quoteName(subject.name)} is null and ${among(key, '$2')})`
    }
  }
}

function changedSql(mapping: PostgresMapping, own: TableState): string {
  if (mapping.updatedAt === null)
    throw new Error('Changed rows are read only where the moment of change is mapped.')
  const column = columnOf(own, mapping.updatedAt)
  const since =
    column.base.name === 'timestamptz' ? '$1::timestamptz' : `($1::timestamptz at time zone 'UTC')`
  return `t.${quoteName(column.name)} >= ${since}`
}

function operatorSql({ operatorSchema }: ColumnState, operator: '>' | '='): string {
  return `operator(${quoteName(operatorSchema ?? 'pg_catalog')}.${operator})`
}

/** Arrays as JSON, since their own text has rules of its own; fixed-length text without the blanks that fill it up. */
function cellSql(column: ColumnState, place: number, longest: number | null): string {
  const name = `t.${quoteName(column.name)}`
  if (place === 0 || column.base.name === 'bpchar') return `${name}::pg_catalog.text`
  return shortened(column.base.category === 'A' ? `pg_catalog.array_to_json(${name})` : name, longest)
}

function shortened(cell: string, longest: number | null): string {
  return longest === null ? cell : `pg_catalog.left(${cell}::pg_catalog.text, ${longest})`
}

interface Join {
  readonly cell: string
  readonly join: string
}

function joinsOf(
  { entitlements, members }: PostgresMapping,
  others: readonly TableState[],
  key: ColumnState,
  longest: number | null,
): readonly Join[] {
  const joins: Join[] = []
  let place = 0
  if (entitlements && typeof entitlements !== 'string') {
    const table = others[place++]
    if (!table) throw new Error('The table of entitlements was not looked at.')
    const enabled = entitlements.enabled === null ? 'true' : `e.${quoteName(entitlements.enabled)}`
    const { on, mine } = joinSql(key, columnOf(table, entitlements.subject), 'e')
    joins.push({
      cell: shortened('features.listed', longest),
      join: `left join (
  select ${on} as owner, pg_catalog.json_agg(pg_catalog.json_build_array(e.${quoteName(entitlements.feature)}, ${enabled}))::pg_catalog.text as listed
  from ${tableSql(table)} e where ${on} in (select ${mine} from p) group by 1
) features on features.owner = ${mine}`,
    })
  }
  if (members) {
    const table = others[place++]
    if (!table) throw new Error('The table of members was not looked at.')
    const { on, mine } = joinSql(key, columnOf(table, members.organization), 'm')
    joins.push({
      cell: 'coalesce(members.counted, 0)',
      join: `left join (
  select ${on} as owner, pg_catalog.count(*) as counted
  from ${tableSql(table)} m where ${on} in (select ${mine} from p) group by 1
) members on members.owner = ${mine}`,
    })
  }
  return joins
}

/** Compared as what they are where both columns are of one type of PostgreSQL's own, so that an index serves; else as texts. */
function joinSql(
  key: ColumnState,
  column: ColumnState,
  alias: string,
): { readonly on: string; readonly mine: string } {
  const name = `${alias}.${quoteName(column.name)}`
  const isOneType =
    key.base.schema === 'pg_catalog' &&
    key.base.schema === column.base.schema &&
    key.base.name === column.base.name &&
    key.collation?.name === column.collation?.name
  return isOneType
    ? { on: name, mine: 'p.k' }
    : { on: `${name}::pg_catalog.text`, mine: 'p.k::pg_catalog.text' }
}
