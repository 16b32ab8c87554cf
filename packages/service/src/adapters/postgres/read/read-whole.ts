import type { Cursor, Page, SubjectReading } from '@trueup/core'
import { SourceError, tablePath } from '@trueup/core'
import type { Parameter } from '../connection/index.ts'
import { shapeOf } from '../schema/shape.ts'
import type { TableState } from '../schema/table-state.ts'
import { checkKeys } from './check-keys.ts'
import { checkNotEmpty } from './check-not-empty.ts'
import { columnOf, type RowsWanted } from './page-sql.ts'
import { parsePosition, writePosition } from './position.ts'
import type { ReadRows, TableReader } from './table-reader.ts'

/**
 * Reads every row of a mapped table in the order of its key, on from where the cursor stands. Keys do not change, so a
 * row that is there all the while is read once, whatever comes and goes beside it.
 *
 * @param known The shape that the tables must have; `null`: any in which they can be read.
 * @throws SourceError
 */
export async function* readWhole(
  reader: TableReader,
  cursors: readonly Cursor[],
  known: string | null,
): AsyncGenerator<Page<SubjectReading>> {
  const start = startOf(cursors)
  const tables = await reader.look(start?.shape ?? known)
  if (!start) {
    await checkNotEmpty(reader, tables)
    await checkKeys(reader, tables)
  }
  yield* pagesOf(reader, tables, start?.after ?? null, (after) => ({
    rows: { kind: 'on-from', hasStart: after !== null },
    parameters: after === null ? [] : [after],
  }))
}

/** Reads the rows that changed at a moment or after it, in the order of their key. */
export async function* readChanged(
  reader: TableReader,
  since: Date,
  cursors: readonly Cursor[],
  known: string | null,
): AsyncGenerator<Page<SubjectReading>> {
  const start = startOf(cursors)
  const tables = await reader.look(start?.shape ?? known)
  checkMoment(reader, tables)
  if (!start) await checkKeys(reader, tables)
  yield* pagesOf(reader, tables, start?.after ?? null, (after) => ({
    rows: { kind: 'changed', hasStart: after !== null },
    parameters: after === null ? [since] : [since, after],
  }))
}

type Question = (after: string | null) => {
  readonly rows: RowsWanted
  readonly parameters: readonly Parameter[]
}

async function* pagesOf(
  reader: TableReader,
  tables: readonly TableState[],
  start: string | null,
  question: Question,
): AsyncGenerator<Page<SubjectReading>> {
  const shape = shapeOf(tables)
  const readFrom = (after: string | null): Promise<ReadRows> => {
    const { rows, parameters } = question(after)
    const page = reader.rows(tables, rows, parameters)
    // Read ahead of whoever takes the pages: if nobody comes for this one, its error is nobody's either.
    page.catch(() => {})
    return page
  }
  let after = start
  let next = readFrom(after)
  for (;;) {
    const { readings, last, isFull } = await next
    after = last ?? after
    if (isFull) next = readFrom(after)
    // Once more from outside of any snapshot: a table that was emptied or put in another's place just looks read.
    else await reader.look(shape).then((now) => checkNotEmpty(reader, now))
    yield { rows: readings, cursors: [{ id: '0', position: writePosition({ after, shape }), done: !isFull }] }
    if (!isFull) return
  }
}

function startOf(cursors: readonly Cursor[]) {
  const [cursor] = cursors
  return cursor ? parsePosition(cursor.position) : null
}

const momentTypes = ['timestamptz', 'timestamp', 'date']

function checkMoment(reader: TableReader, [own]: readonly TableState[]): void {
  const { updatedAt } = reader.mapping
  const type = own && updatedAt !== null ? columnOf(own, updatedAt) : null
  if (type && momentTypes.includes(type.base.name)) return
  throw new SourceError({
    source: reader.source,
    code: 'mapping-unfit',
    message: type
      ? `${tablePath(reader.mapping)}.${updatedAt} is of the type ${type.type}, which does not tell when a row changed.`
      : `No column of ${tablePath(reader.mapping)} is mapped that tells when a row changed.`,
    fix: "Map a timestamp that every change of a row sets, such as updatedAt: 'updated_at', or read the whole table.",
    retryable: false,
  })
}
