import type { AppDatabase } from './app-database.ts'

/** Rows that one statement inserts. */
const rowsAtOnce = 500

/**
 * The app's database as SQL, in pieces that are whole statements each: tables first, then their rows. Run them in
 * order on an empty database, with `psql` or with any client.
 *
 * @example
 * for (const statements of appSql(world.app)) await client.query(statements)
 */
export function* appSql(app: AppDatabase): Generator<string> {
  yield app.schemaSql
  const usesClerk = app.schemaSql.includes('clerk_user_id')
  yield* inserts('users', app.users, usesClerk ? [] : ['clerk_user_id'])
  yield* inserts('organizations', app.organizations)
  yield* inserts('organization_members', app.organizationMembers)
  yield* inserts('user_entitlements', app.userEntitlements)
  yield 'analyze users, organizations, organization_members, user_entitlements;\n'
}

function* inserts(
  table: string,
  rows: readonly object[],
  without: readonly string[] = [],
): Generator<string> {
  const [first] = rows
  if (first === undefined) return
  const columns = Object.keys(first).filter((column) => !without.includes(column))
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const tuples = rows.slice(from, from + rowsAtOnce).map((row) => {
      const values: Readonly<Record<string, unknown>> = { ...row }
      return `(${columns.map((column) => literal(values[column])).join(', ')})`
    })
    yield `insert into ${table} (${columns.join(', ')}) values\n${tuples.join(',\n')};\n`
  }
}

/** A value as a literal of PostgreSQL. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'boolean' || typeof value === 'number') return String(value)
  if (value instanceof Date) return `'${value.toISOString()}'`
  if (Array.isArray(value)) return `array[${value.map(literal).join(', ')}]::text[]`
  return `'${String(value).replaceAll("'", "''")}'`
}
