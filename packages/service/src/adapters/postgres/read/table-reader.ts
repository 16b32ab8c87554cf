import type { Catalogue, Clock, PostgresMapping, SubjectReading, SubjectType, Timer } from '@trueup/core'
import { postgresRowReader, SourceError, tablePath } from '@trueup/core'
import type { Parameter, PostgresConnection, PostgresReader, TextRow } from '../connection/index.ts'
import { PostgresError } from '../connection/index.ts'
import { assertReadable } from '../schema/judge-state.ts'
import { readServerVersion } from '../schema/server-version.ts'
import { shapeOf } from '../schema/shape.ts'
import { readDatabaseState, type TableState, type WantedTable } from '../schema/table-state.ts'
import { wantedTables } from '../schema/wanted-tables.ts'
import { rowDecoder } from './decode-row.ts'
import { pageSql, type RowsWanted } from './page-sql.ts'
import { retrying } from './retry.ts'

export interface TableReaderOptions {
  readonly connection: PostgresConnection
  readonly clock: Clock
  readonly timer: Timer
  readonly type: SubjectType
  readonly mapping: PostgresMapping
  readonly catalogue: Catalogue
  /** The name of the source. */
  readonly source: string
  /** Rows of a page. */
  readonly pageRows: number
  /** Counts a transaction. */
  sent(): void
}

/** Rows of one statement, read. */
export interface ReadRows {
  readonly readings: readonly SubjectReading[]
  /** The key of the last row; `null` when there was none. */
  readonly last: string | null
  /** Whether there may be more. */
  readonly isFull: boolean
}

/** What a value is cut to where a page is too large to be read: enough for every id and every plan. */
const longestValue = 2000

/**
 * Reads rows of one mapped table. Every answer comes with proof that it can be trusted: in the same snapshot, after
 * the rows, the tables are looked at, and an answer from a table that changed, hides rows or is out of date is an
 * error instead. The statement holds a lock that keeps the table what it is until then.
 */
export class TableReader {
  readonly source: string
  readonly mapping: PostgresMapping
  readonly #wanted: readonly [WantedTable, ...WantedTable[]]
  readonly #options: TableReaderOptions
  #version: number | null = null

  constructor(options: TableReaderOptions) {
    this.#options = options
    this.source = options.source
    this.mapping = options.mapping
    this.#wanted = wantedTables(options.mapping)
  }

  /**
   * The tables as they are now.
   *
   * @param known The shape that they must have; `null`: any in which they can be read.
   * @throws SourceError when they cannot be read whole
   */
  async look(known: string | null): Promise<readonly TableState[]> {
    return await this.inSnapshot((reader) => this.#look(reader, known))
  }

  /**
   * Runs something that asks nothing of tables in one read-only transaction, again when it failed for a reason that
   * passes.
   *
   * @throws SourceError
   */
  async inSnapshot<T>(act: (reader: PostgresReader) => Promise<T>): Promise<T> {
    const { connection, timer, sent } = this.#options
    return await retrying(timer, () => {
      sent()
      return connection.inReadOnly(act)
    })
  }

  /**
   * Asks something of tables that were looked at, as {@link inSnapshot}.
   *
   * @throws SourceError `schema-changed` and its like where the tables are the reason that it failed
   */
  async ask<T>(tables: readonly TableState[], act: (reader: PostgresReader) => Promise<T>): Promise<T> {
    const hasView = tables.some(({ kind }) => kind === 'view')
    try {
      return await this.inSnapshot(async (reader) => {
        if (hasView) await reader.read(refuseHiddenRows)
        return await act(reader)
      })
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error
      if (changes.includes(error.reason)) await this.look(shapeOf(tables))
      throw hasView && error.reason === 'permission-missing' ? this.#rowsHidden(error) : error
    }
  }

  /**
   * Reads rows of tables that were looked at.
   *
   * @throws SourceError also when the tables are not any more what they were then
   */
  async rows(
    tables: readonly TableState[],
    rows: RowsWanted,
    parameters: readonly Parameter[],
    limit = this.#options.pageRows,
  ): Promise<ReadRows> {
    const { clock } = this.#options
    const [own] = tables
    if (!own) throw new Error('Rows are read from tables that were looked at.')
    const readAt = clock.now()
    const page = await this.#page(tables, rows, parameters, limit)
    const decode = rowDecoder(this.mapping, own)
    const read = postgresRowReader(this.#options)
    return {
      readings: page.map((cells) => read(decode(cells), readAt)),
      last: page.at(-1)?.[0] ?? null,
      isFull: page.length >= limit,
    }
  }

  async #page(
    tables: readonly TableState[],
    rows: RowsWanted,
    parameters: readonly Parameter[],
    limit: number,
  ): Promise<readonly TextRow[]> {
    const shape = shapeOf(tables)
    const read = (longest: number | null) =>
      this.ask(tables, async (reader) => {
        const sql = pageSql({ mapping: this.mapping, tables, rows, limit, longest })
        const page = await reader.readTexts(sql, parameters, { rows: limit })
        await this.#look(reader, shape)
        return page
      })
    try {
      return await read(null)
    } catch (error) {
      // One value that is huge shall stop no reading, so every value is cut short then.
      if (error instanceof PostgresError && error.reason === 'answer-too-large')
        return await read(longestValue)
      throw error
    }
  }

  async #look(reader: PostgresReader, known: string | null): Promise<readonly TableState[]> {
    this.#version ??= await readServerVersion(reader)
    const state = await readDatabaseState(reader, this.#version, this.#wanted)
    return assertReadable(state, this.#wanted, { source: this.source, known })
  }

  #rowsHidden(cause: unknown): SourceError {
    return new SourceError({
      source: this.source,
      code: 'rows-hidden',
      message: `Row-level security of a table that the view ${tablePath(this.mapping)} is made from may hide rows.`,
      fix: 'Let the owner of the view see every row of that table (as its owner, or with BYPASSRLS), or map the table itself.',
      retryable: false,
      cause,
    })
  }
}

/**
 * What a view hides its catalog entry does not tell. With this setting PostgreSQL itself refuses to answer where
 * row-level security of a table beneath would leave rows out.
 */
const refuseHiddenRows = `select pg_catalog.set_config('row_security', 'off', true)`

/** What a statement fails with when the schema changed between the look and the statement. */
const changes: readonly string[] = [
  'table-missing',
  'column-missing',
  'schema-missing',
  'type-mismatch',
  'function-missing',
  'permission-missing',
]
