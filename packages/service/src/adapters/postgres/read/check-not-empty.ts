import { SourceError, tablePath } from '@trueup/core'
import type { TableState } from '../schema/table-state.ts'
import { tableSql } from './page-sql.ts'
import type { TableReader } from './table-reader.ts'

/**
 * Makes sure that each of these tables has a row at least. A table without one is likelier the wrong table, a restore
 * under way or a mistake of the moment than an app in which nobody has anything.
 *
 * @throws SourceError `source-empty`
 */
export async function checkNotEmpty(reader: TableReader, tables: readonly TableState[]): Promise<void> {
  const existing = tables.map((table) => `exists (select from ${tableSql(table)})`)
  const rows = await reader.ask(tables, (snapshot) => snapshot.readTexts(`select ${existing.join(', ')}`))
  const empty = tables.find((_, place) => rows[0]?.[place] !== 't')
  if (!empty) return
  throw new SourceError({
    source: reader.source,
    code: 'source-empty',
    message: `The table ${tablePath(empty)} has no row at all.`,
    fix: 'Check that this is the database and the table of your app. If it is meant to be empty, take it out of the mapping until it has rows.',
    retryable: false,
  })
}
