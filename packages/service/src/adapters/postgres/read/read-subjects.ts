import type { SubjectReading } from '@trueup/core'
import type { Parameter } from '../connection/index.ts'
import { fittingIds } from './fitting-ids.ts'
import { columnOf, type RowsWanted } from './page-sql.ts'
import type { TableReader } from './table-reader.ts'

/** Ids of one statement. */
const idsAtOnce = 1000

/**
 * Reads the rows of these subjects now. Whoever has no row is absent from the answer; a table that cannot be read is
 * an error.
 *
 * @param known The shape that the tables must have; `null`: any in which they can be read.
 */
export async function readSubjects(
  reader: TableReader,
  ids: readonly string[],
  known: string | null,
): Promise<readonly SubjectReading[]> {
  const tables = await reader.look(known)
  const [own] = tables
  if (!own) throw new Error('Subjects are read from tables that were looked at.')
  const { key, subject } = reader.mapping
  const found: SubjectReading[] = []
  for (let from = 0; from < ids.length; from += idsAtOnce) {
    const asked = ids.slice(from, from + idsAtOnce)
    const keys = fittingIds(asked, columnOf(own, key))
    const rows: RowsWanted = { kind: subject === null ? 'keys' : 'subjects' }
    const parameters: Parameter[] =
      subject === null ? [keys] : [fittingIds(asked, columnOf(own, subject)), keys]
    // More rows than were asked for can only be those of another spelling that the database takes for the same.
    const { readings } = await reader.rows(tables, rows, parameters, asked.length * 4)
    const wanted = new Set(asked)
    found.push(...readings.filter((reading) => wanted.has(reading.subject.id)))
  }
  return found
}
