import type {
  RepairAnswer,
  RepairOrder,
  RepairRefusal,
  RepairTarget,
  Settlement,
  StoredValue,
} from '@trueup/core'
import { SourceError } from '@trueup/core'
import type { PostgresRepairConnection } from '../connection/index.ts'

export interface FunctionTargetOptions {
  /** The access source whose records are written. */
  readonly source: string
  /** Logged in as the role that may call the repair functions. */
  readonly connection: PostgresRepairConnection
}

/** What the functions of the schema `trueup_repair` answer. */
type FunctionAnswer =
  | { readonly kind: 'applied'; readonly at: string }
  | { readonly kind: 'conflict'; readonly found: Readonly<Record<string, StoredValue>> | null }
  | { readonly kind: 'refused'; readonly code: RepairRefusal; readonly message: string }
  | {
      readonly kind: 'found'
      readonly found: boolean
      readonly values: Readonly<Record<string, StoredValue>>
      readonly sideEffects: readonly string[]
    }

/**
 * Repairs through the functions that the owner of the database installed (see `repairFunctionSql`). What may be
 * written, how often, and what was written is kept there, so that nothing this program does can go around it.
 *
 * A table is named as the policy names it: `public.users`. Values are as JSON has them: a moment is ISO 8601, a whole
 * number beyond 2^53 is text, SQL's null is `null`.
 *
 * @example
 * const target = createFunctionTarget({ source: 'app', connection })
 * await target.apply(order) // { kind: 'applied', at }
 */
export function createFunctionTarget({ source, connection }: FunctionTargetOptions): RepairTarget {
  const call = async <Row>(text: string, parameters: Parameters<typeof connection.read>[1]): Promise<Row> => {
    const rows = await connection.read<{ readonly answer: Row }>(text, parameters)
    return answerIn(source, rows)
  }
  const write = async <Row>(text: string, parameters: Parameters<typeof connection.read>[1]): Promise<Row> =>
    connection.inTransaction(async (writer) => {
      const { rows } = await writer.run<{ readonly answer: Row }>(text, parameters)
      return answerIn(source, rows)
    })
  return {
    source,
    how: 'function',
    async inspect({ container, record, changes }) {
      const answer = await call<FunctionAnswer>(
        'select trueup_repair.inspect($1, $2, $3::text[]) as answer',
        [container, record, changes.map(({ field }) => field)],
      )
      if (answer.kind !== 'found') throw notInPolicy(source, container)
      return { found: answer.found, values: answer.values, sideEffects: answer.sideEffects }
    },
    async apply(order) {
      const answer = await write<FunctionAnswer>(
        'select trueup_repair.apply($1, $2, $3, $4::jsonb, $5::timestamptz, $6::bigint) as answer',
        [
          order.repairId,
          order.container,
          order.record,
          JSON.stringify(order.changes.map(changeInColumns)),
          order.deadline.toISOString(),
          order.token,
        ],
      )
      return repairAnswer(source, answer)
    },
    settle: ({ repairId }) => call<Settlement>('select trueup_repair.settle($1) as answer', [repairId]),
    abandon: ({ repairId, container, record, token }) =>
      write<Settlement>('select trueup_repair.abandon($1, $2, $3, $4::bigint) as answer', [
        repairId,
        container,
        record,
        token,
      ]),
  }
}

function changeInColumns({ field, before, after }: RepairOrder['changes'][number]) {
  return { column: field, before: before ?? null, after: after ?? null }
}

function repairAnswer(source: string, answer: FunctionAnswer): RepairAnswer {
  switch (answer.kind) {
    case 'applied':
      return { kind: 'applied', at: new Date(answer.at) }
    case 'conflict':
      return { kind: 'conflict', found: answer.found }
    case 'refused':
      return { kind: 'refused', code: answer.code, message: answer.message }
    case 'found':
      throw unreadable(source)
  }
}

function answerIn<Row>(source: string, rows: readonly { readonly answer: Row }[]): Row {
  const [row] = rows
  if (row?.answer === undefined || row.answer === null) throw unreadable(source)
  return row.answer
}

function unreadable(source: string): SourceError {
  return new SourceError({
    source,
    code: 'answer-unreadable',
    message: 'The repair function did not answer as this version of Trueup expects.',
    fix: 'Have the owner of the database run what `trueup repair sql` prints.',
    retryable: false,
  })
}

function notInPolicy(source: string, container: string): SourceError {
  return new SourceError({
    source,
    code: 'permission-missing',
    message: `The repair policy of the database does not name ${container} with all of these columns.`,
    fix: 'Have the owner of the database run what `trueup repair sql` prints.',
    retryable: false,
  })
}
