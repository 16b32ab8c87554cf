import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { columnText } from './json-codec.ts'

/**
 * Rows a statement writes at most. Below this the time a row takes no longer falls; above it the arrays of a
 * statement, and with them the memory of the embedded database, only grow.
 */
export const rowsPerStatement = 2_000

/**
 * Writes rows in statements of bounded size, with one array for each column, as `unnest` takes them. The last of
 * several rows with one key wins, since a statement may not write a row twice.
 */
export async function writeInBulk<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  write: (rows: readonly Row[]) => Promise<unknown>,
): Promise<void> {
  for (const some of inBulks(rows, keyOf)) await write(some)
}

/** The same rows in bulks of which each is written by a statement; of several rows with one key the last. */
export function* inBulks<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Generator<readonly Row[]> {
  const byKey = new Map<string, Row>()
  for (const row of rows) byKey.set(keyOf(row), row)
  const distinct = byKey.size === rows.length ? rows : [...byKey.values()]
  for (let start = 0; start < distinct.length; start += rowsPerStatement) {
    yield distinct.slice(start, start + rowsPerStatement)
  }
}

/**
 * A column of texts, as PostgreSQL can keep them, for `${...}::text[]`. Written here as the array that it is for the
 * database, since the driver looks through every text four times.
 */
export function texts<Row>(rows: readonly Row[], textOf: (row: Row) => string | null): string {
  return `{${rows.map((row) => element(textOf(row))).join(',')}}`
}

/** Ids, names of plans and the like: nothing of them has to be escaped or replaced. */
const plainText = /^[\w .,:;=+@/-]*$/

function element(text: string | null): string {
  if (text === null) return 'NULL'
  return `"${plainText.test(text) ? text : columnText(text).replace(/["\\]/g, '\\$&')}"`
}

/**
 * A column of JSON, for `rows from (...)`. As one document it is sent as it is; in an array of texts every quote of it
 * would be escaped once more.
 */
export function jsonRows(documents: readonly string[]): RawBuilder<unknown> {
  return sql`json_array_elements(${`[${documents.join(',')}]`}::json)`
}

/**
 * A column of documents, for `rows from (...)`. They are sent as one text with a line for each, since JSON holds no line
 * break: nothing of it is escaped or parsed on the way.
 */
export function documentRows(documents: readonly string[]): RawBuilder<unknown> {
  return sql`unnest(string_to_array(${documents.join('\n')}::text, E'\n'))`
}
