import type { ColumnSample, DescribedColumn, DescribedTable } from '@trueup/core'
import { isFieldName } from '@trueup/core'
import { type PostgresConnection, PostgresError } from '../connection/index.ts'
import { decodeCell } from '../read/decode-cell.ts'
import { tableSql } from '../read/page-sql.ts'
import { quoteName } from '../repair/quote.ts'

const sampledRows = 200
const mostExamples = 20

/**
 * Looks at some rows of a table, to propose a mapping from. Of columns whose name says that they may be mapped it takes
 * the values; of other texts only those that look like an id of Stripe or Clerk, so that nothing personal is fetched.
 * A column that the role may not read, and a table that does not answer, give no sample.
 */
export async function sampleColumns(
  connection: PostgresConnection,
  table: DescribedTable,
): Promise<readonly ColumnSample[]> {
  try {
    const readable = await readableColumns(connection, table)
    const columns = table.columns.filter(
      ({ name, kind }) => readable.has(name) && (kind === 'text' || isFieldName(name)),
    )
    if (columns.length === 0) return []
    const rows = await connection.readTexts(
      `select ${columns.map(sampledSql).join(', ')} from ${tableSql(table)} t limit ${sampledRows}`,
    )
    return columns.map(({ name, kind }, place) => {
      const values = rows.flatMap((row) => row[place] ?? [])
      return {
        schema: table.schema,
        table: table.table,
        column: name,
        sampled: rows.length,
        present: values.length,
        examples: mostFrequent(values)
          .slice(0, mostExamples)
          .map((text) => decodeCell(text, cellKinds[kind])),
      }
    })
  } catch (error) {
    if (error instanceof PostgresError) return []
    throw error
  }
}

const cellKinds = {
  text: 'text',
  uuid: 'text',
  moment: 'text',
  other: 'text',
  flag: 'flag',
  number: 'number',
  json: 'json',
  list: 'json',
} as const

/** Of what is no id of either vendor only that it is there, and of an address only that it is one. */
function sampledSql({ name, kind }: DescribedColumn): string {
  const column = `t.${quoteName(name)}`
  if (kind === 'list') return `pg_catalog.left(pg_catalog.array_to_json(${column})::pg_catalog.text, 1000)`
  const text = `pg_catalog.left(${column}::pg_catalog.text, 1000)`
  if (/mail/i.test(name) && kind === 'text') {
    return `case when ${text} ~ '^\\S+@\\S+$' then 'a@b' when ${column} is not null then '?' end`
  }
  if (isFieldName(name)) return text
  return `case when ${text} ~ '^(cus|user|org)_[A-Za-z0-9]+$' or ${column} is null then ${text} else '?' end`
}

async function readableColumns(
  connection: PostgresConnection,
  { schema, table }: DescribedTable,
): Promise<ReadonlySet<string>> {
  const rows = await connection.read<{ name: string }>(
    `select a.attname as name from pg_catalog.pg_attribute a
     join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped
       and has_schema_privilege(n.oid, 'USAGE') and has_column_privilege(c.oid, a.attnum, 'SELECT')`,
    [schema, table],
  )
  return new Set(rows.map(({ name }) => name))
}

function mostFrequent(values: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([text]) => text)
}
