import type { SqlDriver, SqlRow } from '../sql/driver.ts'
import type { SqlStore, SqlStoreOptions } from '../sql/sql-store.ts'
import { sqlStore } from '../sql/sql-store.ts'

export type { AppTable } from '../sql/app-table.ts'
export { migrationSql } from '../sql/migrations.ts'
export type { SqlStore, SqlStoreOptions } from '../sql/sql-store.ts'

/** What the store asks of a transaction client of Prisma. */
export interface PrismaTransaction {
  $queryRawUnsafe<T>(query: string, ...values: unknown[]): Promise<T>
}

/** What the store asks of Prisma's client over PostgreSQL. */
export interface PrismaDatabase<Transaction extends PrismaTransaction> extends PrismaTransaction {
  $transaction<T>(act: (transaction: Transaction) => Promise<T>): Promise<T>
}

/**
 * A store in PostgreSQL by the app's own Prisma client. A transaction is what `prisma.$transaction` gives.
 *
 * The store's tables live in a schema of their own, which Prisma's migrations leave alone.
 *
 * @example
 * const store = prismaStore(prisma)
 * await prisma.$transaction((tx) => billing.within(tx).webhooks.stripe(request))
 */
export function prismaStore<Transaction extends PrismaTransaction>(
  prisma: PrismaDatabase<Transaction>,
  options?: SqlStoreOptions,
): SqlStore<Transaction> {
  // "Unsafe" is Prisma's word for SQL that is not a template; values go as parameters all the same.
  const driver: SqlDriver<Transaction> = {
    query: (sql, values) => prisma.$queryRawUnsafe<SqlRow[]>(sql, ...values),
    over: (tx) => ({ query: (sql, values) => tx.$queryRawUnsafe<SqlRow[]>(sql, ...values) }),
    transaction: (act) => prisma.$transaction(act),
  }
  return sqlStore(driver, options)
}
