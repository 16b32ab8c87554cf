import type { Clock, RepairAnswer, RepairOrder, RepairRefusal, RepairTarget, StoredValue } from '@trueup/core'
import { SourceError } from '@trueup/core'
import { RepairCap } from '../../repair-cap.ts'
import { permits } from '../../repair-rule.ts'
import type { PostgresReader, PostgresRepairConnection, PostgresWriter } from '../connection/index.ts'
import { PostgresError, type PostgresReason } from '../connection/index.ts'
import { quoteName, quoteText } from './quote.ts'
import { containerOf, type RepairTable } from './repair-policy.ts'
import { sideEffectsSql } from './side-effects-sql.ts'

export interface PlainRoleTargetOptions {
  /** The access source whose records are written. */
  readonly source: string
  /** Logged in as a role with UPDATE on the columns. */
  readonly connection: PostgresRepairConnection
  readonly tables: readonly RepairTable[]
  readonly clock: Clock
  /**
   * How many repairs of a column were applied since a moment, from the store, so that the cap outlives this process.
   */
  readonly countApplied: (container: string, field: string, since: Date) => Promise<number>
  /** Writes an hour and column. Default 5. */
  readonly capAnHour?: number
}

const defaultCap = 5

/** What the database says no to, however often it is asked; the transaction is rolled back. */
const refusals: readonly PostgresReason[] = [
  'permission-missing',
  'read-only',
  'table-missing',
  'column-missing',
  'function-missing',
  'schema-missing',
  'type-mismatch',
  'constraint-violated',
  'raised',
  'statement-refused',
]

/** Why a transaction is rolled back, with the answer that it has led to. */
class RolledBack extends Error {
  readonly answer: RepairAnswer
  constructor(answer: RepairAnswer) {
    super(answer.kind)
    this.answer = answer
  }
}

interface Columns {
  /** The table, quoted. */
  readonly table: string
  readonly key: string
  readonly keyType: string
  readonly names: readonly string[]
  /** `"plan" text, "premium" boolean`, as `jsonb_to_record` wants them. */
  readonly definition: string
}

/**
 * Repairs with a role that may update the mapped columns, for those who do not install the repair function. The same
 * comparison and the same single row, but the rules and the cap are kept on this side, and there is no journal: what
 * became of an order whose answer was lost cannot be told.
 *
 * @example
 * const target = createPlainRoleTarget({ source: 'app', connection, tables, clock, countApplied })
 */
export function createPlainRoleTarget(options: PlainRoleTargetOptions): RepairTarget {
  const { source, connection } = options
  const { clock, countApplied, capAnHour = defaultCap } = options
  const cap = new RepairCap({ clock, countApplied, capAnHour })
  return {
    source,
    how: 'plain-role',
    async inspect({ container, record, changes }) {
      const fields = changes.map(({ field }) => field)
      const table = tableOf(options, container, fields)
      if (!table) throw notMapped(source, container)
      return connection.inReadOnly(async (reader) => {
        const columns = await describe(reader, table, fields)
        if (!columns) throw notMapped(source, container)
        // The effects first: a record whose key is not of the key's type ends the transaction.
        const effects = await reader.read<{ readonly effect: string }>(
          sideEffectsSql('$1::pg_catalog.regclass', '$2::pg_catalog.text[]'),
          [columns.table, fields],
        )
        const values = await readValues(reader, columns, record).catch(absentIfMistyped)
        return {
          found: values !== null,
          values: values ?? {},
          sideEffects: effects.map(({ effect }) => effect),
        }
      })
    },
    async apply(order) {
      const refusal = refuse(options, order)
      if (refusal) return refusal
      return cap.run(order, () => write(options, order))
    },
    settle: async () => 'cannot-be-told',
    abandon: async () => 'cannot-be-told',
  }
}

/** What this side knows to refuse before anything is sent. */
function refuse({ tables, clock }: PlainRoleTargetOptions, order: RepairOrder): RepairAnswer | null {
  const table = tables.find((known) => containerOf(known) === order.container)
  const fields = new Set(order.changes.map(({ field }) => field))
  if (!table || fields.size === 0 || fields.size !== order.changes.length) {
    return refused('not-allowed', 'The mapping does not name this table, or the changes are none.')
  }
  const now = clock.now()
  for (const { field, before, after } of order.changes) {
    const column = table.columns.find((known) => known.column === field)
    if (!column || !permits(column.rule, before, after, now)) {
      return refused('not-allowed', 'The mapping does not let this value into this column.')
    }
  }
  return now > order.deadline ? refused('deadline-passed', 'The deadline of the order has passed.') : null
}

async function write(options: PlainRoleTargetOptions, order: RepairOrder): Promise<RepairAnswer> {
  const fields = order.changes.map(({ field }) => field)
  const table = tableOf(options, order.container, fields)
  if (!table) return refused('not-allowed', 'The mapping does not name this table.')
  try {
    return await options.connection.inTransaction(async (writer) => {
      const columns = await describe(writer, table, fields)
      if (!columns)
        throw new RolledBack(refused('not-allowed', 'The table has not all of these columns any more.'))
      return await writeOneRow(writer, columns, order)
    })
  } catch (error) {
    if (error instanceof RolledBack) return error.answer
    if (error instanceof PostgresError && refusals.includes(error.reason)) {
      return refused(
        'not-allowed',
        `The database refused the change (SQLSTATE ${error.sqlstate ?? 'unknown'}).`,
      )
    }
    throw error
  }
}

/** Changes one row within its transaction. @throws RolledBack with the answer when it is not to be committed. */
async function writeOneRow(
  writer: PostgresWriter,
  columns: Columns,
  order: RepairOrder,
): Promise<RepairAnswer> {
  const { table, key, keyType, names, definition } = columns
  const given = [
    JSON.stringify({ key: order.record }),
    jsonOf(order, ({ before }) => before),
    jsonOf(order, ({ after }) => after),
  ]
  const keyRow = `pg_catalog.jsonb_to_record($1::pg_catalog.jsonb) as k (key ${keyType})`
  const asIn = (row: 'b' | 'a') =>
    names
      .map(
        (name) => `pg_catalog.to_jsonb(t.${name}) is not distinct from pg_catalog.to_jsonb(${row}.${name})`,
      )
      .join(' and ')
  const rowOf = (row: 'b' | 'a', parameter: string) =>
    `pg_catalog.jsonb_to_record(${parameter}::pg_catalog.jsonb) as ${row} (${definition})`
  const { count } = await writer.run(
    `update ${table} as t set ${names.map((name) => `${name} = a.${name}`).join(', ')}
     from ${keyRow}, ${rowOf('b', '$2')}, ${rowOf('a', '$3')}
     where t.${key} = k.key and ${asIn('b')} and pg_catalog.clock_timestamp() <= $4::pg_catalog.timestamptz`,
    [...given, order.deadline.toISOString()],
  )
  if (count > 1) throw new RolledBack(refused('not-allowed', 'More than one row has this key.'))
  const [after] = await writer.read<{
    readonly arrived: boolean
    readonly late: boolean
    readonly at: string
  }>(
    `select ${asIn(count === 1 ? 'a' : 'b')} as arrived,
       pg_catalog.clock_timestamp() > $3::pg_catalog.timestamptz as late,
       pg_catalog.to_jsonb(pg_catalog.clock_timestamp()) as at
     from ${table} as t, ${keyRow}, ${rowOf(count === 1 ? 'a' : 'b', '$2')} where t.${key} = k.key`,
    [given[0] ?? null, (count === 1 ? given[2] : given[1]) ?? null, order.deadline.toISOString()],
  )
  if (after?.late) throw new RolledBack(refused('deadline-passed', 'The deadline of the order has passed.'))
  if (count === 0 && after?.arrived) {
    throw new RolledBack(refused('not-allowed', 'A trigger or rule of the table keeps the row as it is.'))
  }
  if (count === 0) {
    throw new RolledBack({ kind: 'conflict', found: await readValues(writer, columns, order.record) })
  }
  if (!after?.arrived) {
    throw new RolledBack(refused('not-allowed', 'A trigger or rule of the table writes another value.'))
  }
  return { kind: 'applied', at: new Date(after.at) }
}

function jsonOf(
  order: RepairOrder,
  value: (change: RepairOrder['changes'][number]) => StoredValue | undefined,
): string {
  return JSON.stringify(
    Object.fromEntries(order.changes.map((change) => [change.field, value(change) ?? null])),
  )
}

/** The types of the columns as the catalog has them; `null` when one is not there. */
async function describe(
  reader: PostgresReader,
  table: RepairTable,
  fields: readonly string[],
): Promise<Columns | null> {
  const name = `${quoteName(table.schema)}.${quoteName(table.table)}`
  const rows = await reader.read<{ readonly name: string; readonly type: string }>(
    `select a.attname::pg_catalog.text as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type
     from pg_catalog.pg_attribute a
     where a.attrelid = pg_catalog.to_regclass($1) and a.attname::pg_catalog.text = any ($2::pg_catalog.text[])
       and a.attnum > 0 and not a.attisdropped`,
    [name, [table.key, ...fields]],
  )
  const types = new Map(rows.map((row) => [row.name, row.type]))
  const keyType = types.get(table.key)
  if (keyType === undefined || !fields.every((field) => types.has(field))) return null
  return {
    table: name,
    key: quoteName(table.key),
    keyType,
    names: fields.map(quoteName),
    definition: fields.map((field) => `${quoteName(field)} ${types.get(field)}`).join(', '),
  }
}

/** The columns of a record now; `null` when there is no such record. */
async function readValues(
  reader: PostgresReader,
  { table, key, keyType, names }: Columns,
  record: string,
): Promise<Readonly<Record<string, StoredValue>> | null> {
  const fields = names.map((name) => {
    const json = `pg_catalog.to_jsonb(t.${name})`
    const text = `(${json} operator(pg_catalog.#>>) '{}')`
    // A number that JavaScript would round is told as text.
    return `${quoteText(unquoted(name))}, case when pg_catalog.jsonb_typeof(${json}) = 'number'
      and pg_catalog.abs(${text}::pg_catalog.numeric) > ${Number.MAX_SAFE_INTEGER} then pg_catalog.to_jsonb(${text}) else ${json} end`
  })
  const [row] = await reader.read<{ readonly found: Readonly<Record<string, StoredValue>> }>(
    `select pg_catalog.jsonb_build_object(${fields.join(', ')}) as found
     from ${table} as t, pg_catalog.jsonb_to_record($1::pg_catalog.jsonb) as k (key ${keyType}) where t.${key} = k.key`,
    [JSON.stringify({ key: record })],
  )
  return row?.found ?? null
}

/** A key that is not of the type of the key's column is no record's key. */
function absentIfMistyped(error: unknown): null {
  if (error instanceof PostgresError && error.reason === 'type-mismatch') return null
  throw error
}

function unquoted(name: string): string {
  return name.slice(1, -1).replaceAll('""', '"')
}

function tableOf(
  { tables }: PlainRoleTargetOptions,
  container: string,
  fields: readonly string[],
): RepairTable | null {
  const table = tables.find((known) => containerOf(known) === container)
  const isMapped = fields.every((field) => table?.columns.some(({ column }) => column === field))
  return table && fields.length > 0 && isMapped ? table : null
}

function refused(code: RepairRefusal, message: string): RepairAnswer {
  return { kind: 'refused', code, message }
}

function notMapped(source: string, container: string): SourceError {
  return new SourceError({
    source,
    code: 'permission-missing',
    message: `The mapping does not name ${container} with all of these columns, or the table has not all of them.`,
    fix: 'Compare the mapping with the table; `trueup doctor` shows what differs.',
    retryable: false,
  })
}
