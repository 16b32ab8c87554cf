import type { Rng, Timer } from '@trueup/core'
import type { AddressPolicy } from './address-policy.ts'
import type { ConnectionTarget } from './connection-target.ts'

/** What may be handed to a statement as `$1`, `$2`, ...; what goes into a `json` column is handed over as its text. */
export type Parameter =
  | string
  | number
  | bigint
  | boolean
  | Date
  | null
  | readonly string[]
  | readonly number[]

/** A row as texts: each value as PostgreSQL writes it (ISO dates in UTC, `t`/`f`, `{a,b}`), `null` for SQL's null. */
export type TextRow = readonly (string | null)[]

/** What one statement may take at most. Defaults: 100,000 rows, 64 MiB, 10 s. */
export interface ReadLimits {
  readonly rows?: number
  readonly bytes?: number
  readonly timeMs?: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads with one statement each. The search path is `pg_catalog, pg_temp`, so tables and functions of the app are
 * written with their schema. Values: `int2 int4 float4 float8 oid` are numbers; `int8` and `numeric` strings, exact;
 * `bool` boolean; `timestamptz` a `Date` (milliseconds; `infinity` stays a string); `json jsonb` parsed; arrays of
 * text, uuid and numbers arrays; all else the text that PostgreSQL writes (`date`, `timestamp`, enums, uuid, ...).
 */
export interface PostgresReader {
  /** Rows as objects by column name. */
  read<Row>(text: string, parameters?: readonly Parameter[], limits?: ReadLimits): Promise<readonly Row[]>
  /** Rows as arrays of texts, for reading in bulk: nothing is parsed, so this takes a fraction of the time. */
  readTexts(text: string, parameters?: readonly Parameter[], limits?: ReadLimits): Promise<readonly TextRow[]>
}

/**
 * A database of the app, read-only. Each `read` is a transaction of its own; what the database or the network dropped
 * is tried again a few times.
 */
export interface PostgresConnection extends PostgresReader {
  readonly target: ConnectionTarget
  /** Host, port and database, for messages. */
  readonly place: string
  /** Transactions begun so far, those tried again included. */
  requests(): number
  /** Several reads in one snapshot. Never run twice: when the connection is lost, so is the snapshot. */
  inReadOnly<T>(act: (snapshot: PostgresReader) => Promise<T>): Promise<T>
  /** Ends all sessions; what is under way fails with `closed`. */
  close(): Promise<void>
}

/** What a statement that may change rows answers. */
export interface Answer<Row> {
  readonly rows: readonly Row[]
  /** Rows changed (or read). */
  readonly count: number
}

/** One transaction that may write. The search path is the role's own, since triggers of the app may count on it. */
export interface PostgresWriter extends PostgresReader {
  run<Row>(text: string, parameters?: readonly Parameter[], limits?: ReadLimits): Promise<Answer<Row>>
}

/** A database of the app with the credentials for repairs. */
export interface PostgresRepairConnection extends PostgresConnection {
  /**
   * Runs `act` in one transaction (read committed), commits when it resolves and rolls back when it rejects. Never
   * tried again. When the connection was lost after COMMIT was sent the reason is `commit-unknown`: it may have
   * happened or not. With every other error nothing was committed.
   */
  inTransaction<T>(act: (writer: PostgresWriter) => Promise<T>): Promise<T>
}

/** All addresses of a name. Rejects when there are none. */
export type Lookup = (host: string) => Promise<readonly string[]>

export interface PostgresOptions {
  /** The name of the access source or repair target, for errors. */
  readonly source: string
  readonly timer: Timer
  readonly rng: Rng
  readonly addresses: AddressPolicy
  /** Default: the resolver of this machine. */
  readonly lookup?: Lookup
  /** Gives up whatever is under way, for all reads. */
  readonly signal?: AbortSignal | undefined
  /** From the first look-up to a session that is ready, all in all. Default 10 s. */
  readonly connectMs?: number
  /** For a statement that says nothing of its own, and for those that begin and end a transaction. Default 10 s. */
  readonly answerMs?: number
}
