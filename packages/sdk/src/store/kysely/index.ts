import type { Kysely, Transaction } from 'kysely'
import { CompiledQuery } from 'kysely'
import type { SqlDriver, SqlRow, SqlValue } from '../sql/driver.ts'
import type { SqlStore, SqlStoreOptions } from '../sql/sql-store.ts'
import { sqlStore } from '../sql/sql-store.ts'

export type { AppTable } from '../sql/app-table.ts'
export { migrationSql } from '../sql/migrations.ts'
export type { SqlStore, SqlStoreOptions } from '../sql/sql-store.ts'

/**
 * A store in PostgreSQL by the app's own Kysely. A transaction is Kysely's `Transaction`.
 *
 * @example
 * const store = kyselyStore(db)
 * await db.transaction().execute((trx) => billing.within(trx).webhooks.stripe(request))
 */
export function kyselyStore<Database>(
  db: Kysely<Database>,
  options?: SqlStoreOptions,
): SqlStore<Transaction<Database>> {
  const run = async (on: Kysely<Database>, sql: string, values: readonly SqlValue[]) =>
    (await on.executeQuery<SqlRow>(CompiledQuery.raw(sql, [...values]))).rows
  const driver: SqlDriver<Transaction<Database>> = {
    query: (sql, values) => run(db, sql, values),
    over: (trx) => ({ query: (sql, values) => run(trx, sql, values) }),
    transaction: (act) => db.transaction().execute(act),
  }
  return sqlStore(driver, options)
}
