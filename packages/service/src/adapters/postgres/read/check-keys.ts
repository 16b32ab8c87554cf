import { SourceError, tablePath } from '@trueup/core'
import { quoteName } from '../repair/quote.ts'
import { keyHindrances } from '../schema/judge-state.ts'
import type { ColumnState, TableState } from '../schema/table-state.ts'
import { columnOf, tableSql } from './page-sql.ts'
import type { TableReader } from './table-reader.ts'

/**
 * Makes sure, before a table is read from its beginning, that its key tells every row from every other, and so does
 * the mapped subject: by their indexes, and where they have none by looking for doubles.
 *
 * @throws SourceError `mapping-unfit`, `collation-changed`
 */
export async function checkKeys(reader: TableReader, tables: readonly TableState[]): Promise<void> {
  const { mapping, source } = reader
  const [own] = tables
  if (!own) throw new Error('Keys are checked in tables that were looked at.')
  const key = columnOf(own, mapping.key)
  const columns = mapping.subject === null ? [key] : [key, columnOf(own, mapping.subject)]
  for (const column of columns) {
    const path = `${tablePath(own)}.${column.name}`
    const [hindrance] = keyHindrances(path, column)
    if (hindrance) throw new SourceError({ source, ...hindrance })
    if (column === key && !column.notNull && (await hasRow(reader, tables, nullSql(own, column)))) {
      throw unfit(source, `${path} is mapped as the key, and is null in some rows, which could not be read.`)
    }
    if (!isUnique(own, column) && (await hasRow(reader, tables, doubleSql(own, column)))) {
      const what = column === key ? 'key' : 'subject'
      throw unfit(source, `${path} is mapped as the ${what}, and two rows or more have the same value in it.`)
    }
  }
}

/** Heirs and views have rows that the index knows nothing of. */
export function isUnique(table: TableState, column: ColumnState): boolean {
  return column.unique && !table.hasHeirs
}

async function hasRow(reader: TableReader, tables: readonly TableState[], sql: string): Promise<boolean> {
  return await reader.ask(tables, async (snapshot) => (await snapshot.read(sql)).length > 0)
}

function nullSql(table: TableState, { name }: ColumnState): string {
  return `select 1 as found from ${tableSql(table)} t where t.${quoteName(name)} is null limit 1`
}

function doubleSql(table: TableState, { name }: ColumnState): string {
  const column = `t.${quoteName(name)}`
  return `select 1 as found from ${tableSql(table)} t where ${column} is not null group by ${column} having pg_catalog.count(*) operator(pg_catalog.>) 1 limit 1`
}

function unfit(source: string, message: string): SourceError {
  return new SourceError({
    source,
    code: 'mapping-unfit',
    message,
    fix: 'Map a column with a UNIQUE constraint, such as the primary key, or make this one unique.',
    retryable: false,
  })
}
