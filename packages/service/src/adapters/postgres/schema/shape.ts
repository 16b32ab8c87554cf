import { tablePath } from '@trueup/core'
import type { TableState } from './table-state.ts'

/** The part of a table's state that a reading rests on, in the order of its keys. */
interface TableShape {
  readonly table: string
  readonly oid: number
  readonly kind: string
  readonly definition: string | null
  /** By column: type, nullability and sort order, in one text. */
  readonly columns: Readonly<Record<string, string>>
}

/**
 * The shape of the mapped tables, as one text: equal for as long as a reading may go on. It holds what the tables are
 * (their number in the catalog too, since another table may take a name over), and of the mapped columns the name,
 * type, nullability and sort order.
 */
export function shapeOf(tables: readonly TableState[]): string {
  return JSON.stringify(tables.map(tableShape))
}

/**
 * What differs between two shapes, in words; `null` where nothing does.
 *
 * @example
 * shapeDifference(before, now) // 'public.users.plan is integer, and was text'
 */
export function shapeDifference(before: string, now: string): string | null {
  if (before === now) return null
  const old = parseShape(before)
  if (!old) return 'what was known of the tables cannot be read'
  const current = parseShape(now) ?? []
  const differences = [
    ...old.flatMap((was) =>
      tableDifference(
        was,
        current.find(({ table }) => table === was.table),
      ),
    ),
    ...current.flatMap(({ table }) =>
      old.some((was) => was.table === table) ? [] : [`${table} was not mapped`],
    ),
  ]
  return differences.join('; ') || 'the tables stand in another order'
}

function tableShape(state: TableState): TableShape {
  const { oid, kind, definition, columns } = state
  const texts = columns.map(({ name, type, notNull, collation }) => [
    name,
    `${type}${collation ? ` collate ${collation.name}` : ''}${notNull ? ' not null' : ''}`,
  ])
  return { table: tablePath(state), oid, kind, definition, columns: Object.fromEntries(texts.toSorted()) }
}

function tableDifference(was: TableShape, now: TableShape | undefined): readonly string[] {
  if (!now) return [`${was.table} is not there any more`]
  if (was.kind !== now.kind) return [`${was.table} is a ${now.kind}, and was a ${was.kind}`]
  if (was.oid !== now.oid) return [`${was.table} is another table of the same name`]
  const columns = [...new Set([...Object.keys(was.columns), ...Object.keys(now.columns)])]
  return [
    ...(was.definition === now.definition ? [] : [`${was.table} shows something else than it did`]),
    ...columns.flatMap((column) =>
      columnDifference(`${was.table}.${column}`, was.columns[column], now.columns[column]),
    ),
  ]
}

function columnDifference(path: string, was: string | undefined, now: string | undefined): readonly string[] {
  if (was === now) return []
  if (now === undefined) return [`${path} is not there any more`]
  return [was === undefined ? `${path} was not mapped` : `${path} is ${now}, and was ${was}`]
}

function parseShape(text: string): readonly TableShape[] | null {
  try {
    const shape: unknown = JSON.parse(text)
    return Array.isArray(shape) && shape.every(isTableShape) ? shape : null
  } catch {
    return null
  }
}

function isTableShape(shape: unknown): shape is TableShape {
  return (
    typeof shape === 'object' &&
    shape !== null &&
    'table' in shape &&
    'columns' in shape &&
    typeof shape.columns === 'object'
  )
}
