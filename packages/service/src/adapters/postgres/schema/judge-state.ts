import { SourceError, type SourceErrorCode, tablePath } from '@trueup/core'
import { shapeDifference, shapeOf } from './shape.ts'
import type { ColumnState, DatabaseState, TableState, WantedTable } from './table-state.ts'

/** Beyond this a replica shows a past that the other side has left behind. */
export const mostLagSeconds = 60

const grants =
  'Run the GRANT statements of the SQL that Trueup writes for a reading role (trueup connect postgres prints it).'

/** Something that keeps a table from being read as what it is mapped as. */
export interface Hindrance {
  readonly code: SourceErrorCode
  readonly message: string
  readonly fix: string
  readonly retryable: boolean
}

/** Everything that keeps these tables from being read whole, the first to be mended first. */
export function hindrancesOf(state: DatabaseState, wanted: readonly WantedTable[]): readonly Hindrance[] {
  return [...lagHindrances(state), ...hindrancesOfTables(state, wanted)]
}

/** The same of the tables themselves, whatever server they are on. */
export function hindrancesOfTables(
  state: DatabaseState,
  wanted: readonly WantedTable[],
): readonly Hindrance[] {
  return wanted.flatMap((want, place) => tableHindrances(want, state.tables[place] ?? null))
}

/**
 * The tables of a state in which they can be read whole.
 *
 * @param known The shape that the tables had before; `null` at the first look.
 * @throws SourceError for the first thing that is in the way
 */
export function assertReadable(
  state: DatabaseState,
  wanted: readonly WantedTable[],
  { source, known }: { readonly source: string; readonly known: string | null },
): readonly TableState[] {
  const tables = state.tables.filter((table) => table !== null)
  const [hindrance] = hindrancesOf(state, wanted)
  const difference = known === null ? null : shapeDifference(known, shapeOf(tables))
  // A table that is gone was once there: that it changed says more than that it is missing.
  if (difference !== null && (!hindrance || hindrance.code === 'mapping-unfit'))
    throw schemaChanged(source, difference)
  if (hindrance) throw new SourceError({ source, ...hindrance })
  return tables
}

function schemaChanged(source: string, difference: string): SourceError {
  return new SourceError({
    source,
    code: 'schema-changed',
    message: `The mapped tables are not what they were when this was last looked at: ${difference}.`,
    fix: 'If the change was meant, correct the mapping where it needs it and start a new check; nothing is concluded from what was read before.',
    retryable: false,
  })
}

/** That the server is a replica which shows too old a past, or nobody can tell how old. */
export function lagHindrances({ inRecovery, lagSeconds }: DatabaseState): readonly Hindrance[] {
  if (!inRecovery || (lagSeconds !== null && lagSeconds <= mostLagSeconds)) return []
  const found = lagSeconds === null ? 'nobody can tell how far' : `${Math.round(lagSeconds)} s`
  return [
    {
      code: 'replica-lagging',
      message: `The server is a replica and behind its primary: ${found}, where ${mostLagSeconds} s are the most.`,
      fix: 'Use the address of the primary, or wait until the replica has caught up and check again.',
      retryable: true,
    },
  ]
}

function tableHindrances(wanted: WantedTable, table: TableState | null): readonly Hindrance[] {
  const path = tablePath(wanted)
  if (!table) {
    return [
      unfit(
        `There is no table ${path} in this database.`,
        'Correct its name in the mapping; names count with their case, and a table outside of public needs its schema before it.',
      ),
    ]
  }
  const unusable = kindHindrance(path, table)
  if (unusable) return [unusable]
  const missing = wanted.columns.filter((name) => !table.columns.some((column) => column.name === name))
  if (missing.length > 0) {
    return [
      unfit(
        `The table ${path} has no column ${missing.join(', ')}.`,
        'Correct the name in the mapping; names count with their case.',
      ),
    ]
  }
  return [...grantHindrance(path, table), ...rowSecurityHindrance(path, table)]
}

function kindHindrance(path: string, { kind }: TableState): Hindrance | null {
  switch (kind) {
    case 'table':
    case 'partitioned-table':
    case 'view':
      return null
    case 'materialized-view':
      return unfit(
        `${path} is a materialized view, which shows what was there when it was last refreshed.`,
        'Map the table that it is made from, or a plain view.',
      )
    case 'foreign-table':
      return unfit(
        `${path} is a foreign table: its rows are in another database, of which nothing can be told from here.`,
        'Connect the database that holds the rows.',
      )
  }
}

function grantHindrance(path: string, table: TableState): readonly Hindrance[] {
  const closed = table.columns.filter(({ readable }) => !readable).map(({ name }) => name)
  if (table.mayUseSchema && closed.length === 0) return []
  const what = table.mayUseSchema
    ? `the columns ${closed.join(', ')} of ${path}`
    : `anything in the schema ${table.schema}`
  return [
    {
      code: 'permission-missing',
      message: `The role may not read ${what}.`,
      fix: grants,
      retryable: false,
    },
  ]
}

function rowSecurityHindrance(path: string, { rowSecurity }: TableState): readonly Hindrance[] {
  if (rowSecurity !== 'hides') return []
  return [
    {
      code: 'rows-hidden',
      message: `Row-level security is on for ${path}, and no policy lets this role see every row: those it hides would look as if nobody had them.`,
      fix: 'Let the role see all rows, for reading alone: the SQL that Trueup writes for a reading role has a policy for that (trueup connect postgres prints it).',
      retryable: false,
    },
  ]
}

/** The types whose order and text are one thing, so that a reading can go on from the text of a key. */
const keyTypes = ['int2', 'int4', 'int8', 'numeric', 'uuid', 'text', 'varchar', 'bpchar', 'citext']

/** Everything that keeps a column from being the key by which a table is read on. */
export function keyHindrances(path: string, column: ColumnState): readonly Hindrance[] {
  const { base, type, collation, comparable, operatorSchema } = column
  if (!keyTypes.includes(base.name)) {
    return [
      unfit(
        `The key ${path} is of the type ${type}.`,
        `Map a key of one of the types uuid, text, character varying, smallint, integer, bigint and numeric, such as the primary key.`,
      ),
    ]
  }
  if (!comparable) {
    return [
      {
        code: 'permission-missing',
        message: `The role may not use the schema ${operatorSchema}, which holds the type of the key ${path}.`,
        fix: grants,
        retryable: false,
      },
    ]
  }
  if (collation?.recorded && collation.actual && collation.recorded !== collation.actual) {
    return [
      {
        code: 'collation-changed',
        message: `The sort order of ${path} (collation ${collation.name}) is of version ${collation.actual}, and its index was built with ${collation.recorded}: reading on from a key may pass rows over.`,
        fix: 'Build the index again (REINDEX), then ALTER DATABASE ... REFRESH COLLATION VERSION, or ALTER COLLATION ... REFRESH VERSION.',
        retryable: false,
      },
    ]
  }
  return []
}

function unfit(message: string, fix: string): Hindrance {
  return { code: 'mapping-unfit', message, fix, retryable: false }
}
