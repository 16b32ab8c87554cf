import { tablePath } from '@trueup/core'
import { quoteName, quoteText } from '../repair/quote.ts'
import type { ColumnState, TableState } from '../schema/table-state.ts'

/** The name of the role that the printed SQL makes. */
export const defaultReadRole = 'trueup_reader'

/** A table whose columns the role is to read, as it is, or as its owner says. */
export interface ReadableTable extends Pick<TableState, 'schema' | 'table' | 'hasRowSecurity'> {
  readonly columns: readonly Pick<ColumnState, 'name' | 'operatorSchema'>[]
}

export interface ReadRoleOptions {
  /** Default {@link defaultReadRole}. */
  readonly role?: string
  /** Its password as PostgreSQL stores it. */
  readonly verifier: string
  readonly database: string
  /** The mapped tables, each with its mapped columns alone. */
  readonly tables: readonly ReadableTable[]
}

/**
 * The SQL for a role that can read the mapped columns and nothing else, to be run by the owner of the tables: in psql,
 * or in Supabase's SQL editor. It runs as one transaction, and fails as a whole where the role is there already.
 *
 * Row-level security would show the role no row, so it also says which rows the role sees: all, for reading.
 *
 * @throws RangeError for names that PostgreSQL cannot hold.
 */
export function readRoleSql({ role = defaultReadRole, verifier, database, tables }: ReadRoleOptions): string {
  const login = quoteName(role)
  const schemas = new Set(tables.flatMap(schemasOf))
  const lines = [
    `-- Makes a role that can read these columns and nothing else. Run it as the owner of the tables.`,
    'begin;',
    `create role ${login} login connection limit 5 password ${quoteText(verifier)};`,
    `grant connect on database ${quoteName(database)} to ${login};`,
    ...[...schemas].map((schema) => `grant usage on schema ${quoteName(schema)} to ${login};`),
    ...tables.map((table) => grantSql(table, login)),
    ...tables.flatMap((table) => policySql(table, role)),
    'commit;',
  ]
  return `${lines.join('\n')}\n`
}

/** A type of an extension, such as `citext`, cannot be compared without the schema that holds it. */
function schemasOf({ schema, columns }: ReadableTable): readonly string[] {
  return [schema, ...columns.flatMap(({ operatorSchema }) => operatorSchema ?? [])]
}

function grantSql(table: ReadableTable, login: string): string {
  const columns = table.columns.map(({ name }) => quoteName(name)).join(', ')
  return `grant select (${columns}) on ${quotedTable(table)} to ${login};`
}

function policySql(table: ReadableTable, role: string): readonly string[] {
  if (!table.hasRowSecurity) return []
  return [
    `-- Row-level security is on for ${tablePath(table).replaceAll(/\s+/g, ' ')}: without this the role would see no row.`,
    `create policy ${quoteName(`${role} reads every row`.slice(0, 63))} on ${quotedTable(table)} for select to ${quoteName(role)} using (true);`,
  ]
}

function quotedTable({ schema, table }: ReadableTable): string {
  return `${quoteName(schema)}.${quoteName(table)}`
}
