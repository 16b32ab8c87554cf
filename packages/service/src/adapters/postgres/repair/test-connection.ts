import type { ConnectionFinding } from '@trueup/core'
import { tablePath } from '@trueup/core'
import type { PostgresReader } from '../connection/index.ts'
import { probeRole, type RolePowerKind } from '../role/probe-role.ts'
import type { RepairTable } from './repair-policy.ts'

/** Whether the owner of the database installed the functions, and this role may see them. */
export async function hasRepairFunctions(connection: PostgresReader): Promise<boolean> {
  const [row] = await connection.read<{ readonly installed: boolean }>(
    "select to_regnamespace('trueup_repair') is not null as installed",
  )
  return row?.installed === true
}

/**
 * Tries what repairs need of a connection: a role that is not the master of the database, and either the functions that
 * are installed there or the right to update the mapped columns. Nothing is written.
 *
 * @param tables what repairs would have to write; none where nothing is mapped yet
 * @throws SourceError when the database cannot be reached
 */
export async function testRepairConnection(
  connection: PostgresReader,
  tables: readonly RepairTable[],
): Promise<readonly ConnectionFinding[]> {
  const { role, powers } = await probeRole(connection)
  const unfit = powers.filter(({ kind }) => mastering.includes(kind))
  const roleFindings: readonly ConnectionFinding[] =
    unfit.length === 0
      ? [{ name: 'role', state: 'ok', found: role, fix: null }]
      : unfit.map(({ found }) => ({ name: 'role', state: 'failed', found, fix: ownRole }))
  const ways = (await hasRepairFunctions(connection))
    ? await functionFindings(connection)
    : await columnFindings(connection, tables)
  return [...roleFindings, ...ways]
}

/** A role with one of these can do more than any repair, to more than the app's own tables. */
const mastering: readonly RolePowerKind[] = [
  'superuser',
  'creates-roles',
  'replicates',
  'creates-databases',
  'dangerous-membership',
]

const ownRole = 'Make a role of its own for repairs, with the SQL that is shown for it.'

/** The functions that a target calls, by their names. */
const called = ['inspect', 'apply', 'settle', 'abandon']

async function functionFindings(connection: PostgresReader): Promise<readonly ConnectionFinding[]> {
  const [row] = await connection.read<{ readonly callable: readonly string[] }>(
    `select coalesce(array_agg(distinct proname::text) filter (where has_function_privilege(oid, 'execute')), '{}') as callable
     from pg_proc where pronamespace = to_regnamespace('trueup_repair') and proname = any($1::text[])`,
    [called],
  )
  const missing = called.filter((name) => !row?.callable.includes(name))
  if (missing.length === 0) {
    const found = 'by the repair functions that are installed there, within their own limits'
    return [{ name: 'repairs', state: 'ok', found, fix: null }]
  }
  return [
    {
      name: 'repairs',
      state: 'missing',
      found: `the repair functions are installed, and this role may not call ${missing.join(', ')}`,
      fix: 'Connect with the role that their SQL names, or run that SQL once more for this one.',
    },
  ]
}

async function columnFindings(
  connection: PostgresReader,
  tables: readonly RepairTable[],
): Promise<readonly ConnectionFinding[]> {
  const columns = tables.flatMap((table) => table.columns.map(({ column }) => ({ ...table, column })))
  const rows = await connection.read<{ readonly place: number }>(
    `select wanted.place::integer as place from unnest($1::text[], $2::text[], $3::text[]) with ordinality
       as wanted (schema_name, table_name, column_name, place)
     left join pg_namespace space on space.nspname = wanted.schema_name
     left join pg_class held on held.relnamespace = space.oid and held.relname = wanted.table_name
     left join pg_attribute found on found.attrelid = held.oid and found.attname = wanted.column_name
       and found.attnum > 0 and not found.attisdropped
     where found.attnum is null or not has_column_privilege(held.oid, found.attnum, 'UPDATE')
     order by wanted.place`,
    [
      columns.map(({ schema }) => schema),
      columns.map(({ table }) => table),
      columns.map(({ column }) => column),
    ],
  )
  const missing = rows.flatMap(({ place }) => {
    const column = columns[place - 1]
    return column ? [`${tablePath(column)}.${column.column}`] : []
  })
  if (missing.length > 0) {
    return [
      {
        name: 'repairs',
        state: 'missing',
        found: `this role may not update ${missing.join(', ')}, and the repair functions are not installed`,
        fix: 'Run the SQL that is shown for repairs, as the owner of the tables.',
      },
    ]
  }
  return [
    {
      name: 'repairs',
      state: 'warning',
      found: 'by UPDATE of the role itself: nothing in the database holds it to single rows',
      fix: 'Install the repair functions, whose role can change nothing else.',
    },
  ]
}
