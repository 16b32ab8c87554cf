import type { EntitlementRows, PostgresMapping } from '../grant/postgres-mapping.ts'
import type { StoredValue } from './plan.ts'
import type { PlannedRecord } from './planned-record.ts'
import type { Wanted } from './wanted-values.ts'

/**
 * The statement that makes the changes of one row, for a person to run: it changes the row only as long as each column
 * still holds what was read. Text literals take the type of their column.
 */
export function updateStatement({ row, record, changes }: PlannedRecord): string {
  if (!row) throw new RangeError('A record that is no row has no statement.')
  const set = changes.map(({ field, after }) => `${identifier(field)} = ${literal(after)}`).join(', ')
  const guards = changes.map(
    ({ field, before }) => `${identifier(field)} is not distinct from ${literal(before)}`,
  )
  const where = [`${identifier(row.keyColumn)} = ${literal(record)}`, ...guards].join(' and ')
  return `update ${identifier(row.schema)}.${identifier(row.table)} set ${set} where ${where};`
}

/** What opens and closes features that are rows of a table of their own. */
export function entitlementStatements(
  mapping: PostgresMapping,
  record: string,
  wanted: readonly Wanted[],
): readonly string[] {
  const rows = mapping.entitlements
  if (rows === null || typeof rows === 'string') return []
  const owner = literal(record)
  return wanted.flatMap((one) =>
    one.component === 'entitlements'
      ? [
          ...one.open.map((feature) => openFeature(rows, owner, feature)),
          ...one.closed.map((feature) => closeFeature(rows, owner, feature)),
        ]
      : [],
  )
}

function openFeature(rows: EntitlementRows, owner: string, feature: string): string {
  const at = `${identifier(rows.schema)}.${identifier(rows.table)}`
  const isRow = `${identifier(rows.subject)} = ${owner} and ${identifier(rows.feature)} = ${literal(feature)}`
  const columns = [rows.subject, rows.feature, ...(rows.enabled ? [rows.enabled] : [])].map(identifier)
  const values = [owner, literal(feature), ...(rows.enabled ? ['true'] : [])]
  const insert = `insert into ${at} (${columns.join(', ')}) select ${values.join(', ')} where not exists (select from ${at} where ${isRow});`
  if (!rows.enabled) return insert
  return `update ${at} set ${identifier(rows.enabled)} = true where ${isRow};\n${insert}`
}

function closeFeature(rows: EntitlementRows, owner: string, feature: string): string {
  const at = `${identifier(rows.schema)}.${identifier(rows.table)}`
  const isRow = `${identifier(rows.subject)} = ${owner} and ${identifier(rows.feature)} = ${literal(feature)}`
  return rows.enabled
    ? `update ${at} set ${identifier(rows.enabled)} = false where ${isRow};`
    : `delete from ${at} where ${isRow};`
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Objects are written as JSON, lists as an array of text; what is absent is NULL. */
function literal(value: StoredValue | undefined): string {
  if (value === undefined || value === null) return 'null'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  if (Array.isArray(value)) {
    const items = value.map((item) => `"${String(item).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`)
    return literal(`{${items.join(',')}}`)
  }
  return literal(JSON.stringify(value))
}
