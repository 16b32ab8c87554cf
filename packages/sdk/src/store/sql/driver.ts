/** What is handed to a database; everything else is written as one of these and cast in SQL. */
export type SqlValue = string | number | boolean | null

/** One row, by the names of its columns. */
export type SqlRow = Readonly<Record<string, unknown>>

/** Something that runs SQL for PostgreSQL, with parameters as `$1`. */
export interface SqlConnection {
  query(sql: string, values: readonly SqlValue[]): Promise<readonly SqlRow[]>
}

/** How a database library runs SQL, and what it calls a transaction. */
export interface SqlDriver<Transaction> extends SqlConnection {
  /** Runs `act` in a transaction, committed when it resolves and rolled back when it rejects. */
  transaction<T>(act: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Runs SQL inside a transaction. */
  over(transaction: Transaction): SqlConnection
}
