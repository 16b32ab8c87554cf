import { type SQL, sql } from 'drizzle-orm'
import type { SqlDriver, SqlRow, SqlValue } from '../sql/driver.ts'
import type { SqlStore, SqlStoreOptions } from '../sql/sql-store.ts'
import { sqlStore } from '../sql/sql-store.ts'

export type { AppTable } from '../sql/app-table.ts'
export { migrationSql } from '../sql/migrations.ts'
export type { SqlStore, SqlStoreOptions } from '../sql/sql-store.ts'

/** What the store asks of a transaction of Drizzle. */
export interface DrizzleTransaction {
  execute(query: SQL): PromiseLike<unknown>
}

/** What the store asks of Drizzle over PostgreSQL: node-postgres, postgres.js, Neon, PGlite. */
export interface DrizzleDatabase<Transaction extends DrizzleTransaction> extends DrizzleTransaction {
  transaction<T>(act: (transaction: Transaction) => Promise<T>): Promise<T>
}

/**
 * A store in PostgreSQL by the app's own Drizzle. A transaction is what `db.transaction` gives.
 *
 * @example
 * const store = drizzleStore(drizzle(pool))
 * await db.transaction((tx) => billing.within(tx).webhooks.stripe(request))
 */
export function drizzleStore<Transaction extends DrizzleTransaction>(
  db: DrizzleDatabase<Transaction>,
  options?: SqlStoreOptions,
): SqlStore<Transaction> {
  const driver: SqlDriver<Transaction> = {
    query: async (text, values) => rowsOf(await db.execute(withValues(text, values))),
    over: (tx) => ({ query: async (text, values) => rowsOf(await tx.execute(withValues(text, values))) }),
    transaction: (act) => db.transaction(act),
  }
  return sqlStore(driver, options)
}

/** Drizzle numbers parameters by itself, so that each `$n` becomes a parameter where it stands. */
function withValues(text: string, values: readonly SqlValue[]): SQL {
  const parts = text.split(/\$(\d+)/)
  return sql.join(
    parts.map((part, place) => (place % 2 === 0 ? sql.raw(part) : sql`${values[Number(part) - 1] ?? null}`)),
  )
}

/** node-postgres and PGlite give a result with rows, postgres.js the rows. */
function rowsOf(result: unknown): readonly SqlRow[] {
  const rows = Array.isArray(result) ? result : Reflect.get(Object(result), 'rows')
  return Array.isArray(rows) ? rows : []
}
