import type {
  Parameter,
  PostgresOptions,
  PostgresReader,
  PostgresWriter,
  ReadLimits,
  TextRow,
} from './postgres-connection.ts'
import type { PostgresError } from './postgres-error.ts'
import { objectsOf } from './row-values.ts'
import type { Session, StatementLimits } from './session.ts'
import type { RawAnswer } from './statement.ts'
import { Uncommitted } from './uncommitted.ts'
import { problem } from './wire-problem.ts'

/** What a statement may take where its caller says nothing. */
const mostRows = 100_000
const mostBytes = 64 * 1024 * 1024
const mostMs = 10_000
/** There is nothing to do for the server then; one that takes longer is left. */
const rollBackMs = 2000

/**
 * Everything is set for the transaction alone, so that it also holds where a pooler gives each transaction another
 * session. Dates come in one spelling whatever the role's defaults are, and nothing
 * that hangs can hold the app up: a statement ends after 5 s, a wait for a lock after 1 s, and a transaction that is
 * forgotten after 10 s.
 */
const settings = [
  "set local statement_timeout = '5s'",
  "set local lock_timeout = '1s'",
  "set local idle_in_transaction_session_timeout = '10s'",
  "set local datestyle = 'ISO, YMD'",
  "set local intervalstyle = 'iso_8601'",
  "set local timezone = 'UTC'",
  "set local bytea_output = 'hex'",
  'set local extra_float_digits = 1',
]

/**
 * Names mean PostgreSQL's own and nothing else, so that nobody who may create functions in the app's database has them
 * run with what this role may read.
 */
const ownNamesOnly = 'set local search_path = pg_catalog, pg_temp'

export const beginSnapshot = [
  'begin isolation level repeatable read, read only',
  ...settings,
  ownNamesOnly,
].join('; ')
/** Without that: triggers of the app run in here too, and many find its tables by the search path. */
export const beginWriting = ['begin isolation level read committed, read write', ...settings].join('; ')

/** What holds for statements that say nothing of their own. */
export type TransactionDefaults = Pick<PostgresOptions, 'signal' | 'answerMs'>

/** One transaction on one session, and what is sent within it. */
export class Transaction implements PostgresWriter {
  readonly #session: Session
  readonly #defaults: TransactionDefaults
  readonly #explain: (error: unknown) => PostgresError
  #isOver = false
  /** What ended the session within the transaction. */
  #loss: PostgresError | null = null

  /** @param explain says in our words what went wrong; everything that is thrown here went through it */
  constructor(session: Session, defaults: TransactionDefaults, explain: (error: unknown) => PostgresError) {
    this.#session = session
    this.#defaults = defaults
    this.#explain = explain
  }

  async begin(how: string): Promise<void> {
    await this.#send(how, null, {})
  }

  /**
   * @throws PostgresError `commit-unknown` when COMMIT was sent and no answer came; with any other reason nothing was
   *   committed.
   */
  async commit(): Promise<void> {
    this.#isOver = true
    const { tags } = await this.#sendCommit()
    // A transaction in which a statement failed is rolled back by COMMIT, and says so here alone.
    if (tags[0] !== 'COMMIT') throw this.#explain(new Uncommitted('rolled-back'))
  }

  /** Ends it without a trace; `false` when the session was lost, so that the server does it. */
  async rollBack(): Promise<boolean> {
    this.#isOver = true
    try {
      await this.#session.run('rollback', null, {
        ...this.#limits({ timeMs: this.#rollBackMs() }),
        signal: undefined,
      })
      return true
    } catch {
      // The session is thrown away, which ends the transaction too.
      return false
    }
  }

  async read<Row>(text: string, parameters: readonly Parameter[] = [], limits: ReadLimits = {}) {
    return this.#objectsOf<Row>(await this.#run(text, parameters, limits))
  }

  async readTexts(
    text: string,
    parameters: readonly Parameter[] = [],
    limits: ReadLimits = {},
  ): Promise<readonly TextRow[]> {
    return (await this.#run(text, parameters, limits)).rows
  }

  async run<Row>(text: string, parameters: readonly Parameter[] = [], limits: ReadLimits = {}) {
    const answer = await this.#run(text, parameters, limits)
    const count = Number(/ (\d+)$/.exec(answer.tags[0] ?? '')?.[1] ?? 0)
    return { rows: this.#objectsOf<Row>(answer), count }
  }

  #rollBackMs(): number {
    return Math.min(rollBackMs, this.#defaults.answerMs ?? rollBackMs)
  }

  #objectsOf<Row>(answer: RawAnswer): readonly Row[] {
    try {
      return objectsOf<Row>(answer)
    } catch {
      // PostgreSQL sends no JSON that cannot be parsed.
      throw this.#explain(problem('garbage'))
    }
  }

  async #run(text: string, parameters: readonly Parameter[], limits: ReadLimits): Promise<RawAnswer> {
    if (this.#isOver) throw this.#explain(problem('closed'))
    return await this.#send(text, parameters, limits)
  }

  async #send(text: string, parameters: readonly Parameter[] | null, limits: ReadLimits): Promise<RawAnswer> {
    try {
      return await this.#session.run(text, parameters, this.#limits(limits))
    } catch (error) {
      const explained = this.#explain(error)
      if (!isAnswer(explained)) this.#loss = explained
      throw explained
    }
  }

  async #sendCommit(): Promise<RawAnswer> {
    // With the session went the transaction, even if whoever ran the statement took no notice.
    if (this.#loss) throw this.#loss
    if (!this.#session.isOpen) throw this.#explain(problem('lost'))
    try {
      // Nothing but the time limit stops waiting for this answer.
      return await this.#session.run('commit', null, { ...this.#limits({}), signal: undefined })
    } catch (error) {
      const explained = this.#explain(error)
      throw isAnswer(explained) ? explained : this.#explain(new Uncommitted('unknown', error))
    }
  }

  #limits(own: ReadLimits): StatementLimits {
    const { rows = mostRows, bytes = mostBytes, timeMs = this.#defaults.answerMs ?? mostMs } = own
    const signals = [this.#defaults.signal, own.signal].filter((given) => given !== undefined)
    return { rows, bytes, timeMs, signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0] }
  }
}

/** Whether the server refused a statement, and the session stands. */
function isAnswer({ sqlstate, reason }: PostgresError): boolean {
  return sqlstate !== null && reason !== 'connection-lost'
}

/** A reader of one transaction, without the means to end it or to write. */
export function readerOf(transaction: Transaction): PostgresReader {
  return {
    read: (...statement) => transaction.read(...statement),
    readTexts: (...statement) => transaction.readTexts(...statement),
  }
}
