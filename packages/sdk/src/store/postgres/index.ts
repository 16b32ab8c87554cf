import type { SqlDriver, SqlRow, SqlValue } from '../sql/driver.ts'
import type { SqlStore, SqlStoreOptions } from '../sql/sql-store.ts'
import { sqlStore } from '../sql/sql-store.ts'

export type { AppTable } from '../sql/app-table.ts'
export { migrationSql } from '../sql/migrations.ts'
export type { SqlStore, SqlStoreOptions } from '../sql/sql-store.ts'

/** What the store asks of a client of `pg`. */
export interface PgClient {
  query(text: string, values: SqlValue[]): Promise<{ readonly rows: SqlRow[] }>
  release(error?: Error | boolean): void
}

/** What the store asks of a pool of `pg`, or of anything with its face, such as Neon's. */
export interface PgPool {
  query(text: string, values: SqlValue[]): Promise<{ readonly rows: SqlRow[] }>
  connect(): Promise<PgClient>
}

/** The clients of a pool. `connect` of `pg` has a second face, for callbacks. */
export type ClientOf<Pool> = Pool extends {
  connect: { (): Promise<infer Client>; (...callback: infer _): unknown }
}
  ? Client
  : Pool extends { connect(): Promise<infer Client> }
    ? Client
    : never

/**
 * A store in PostgreSQL by `pg`. A transaction is a client of the pool on which `begin` was sent.
 *
 * @example
 * const store = postgresStore(new pg.Pool({ connectionString: process.env.DATABASE_URL }))
 * await store.migrate()
 */
export function postgresStore<Pool extends PgPool>(
  pool: Pool,
  options?: SqlStoreOptions,
): SqlStore<ClientOf<Pool> & PgClient> {
  type Client = ClientOf<Pool> & PgClient
  // The pool's own clients, whose type a generic pool does not show.
  const connect = () => pool.connect() as Promise<Client>
  const driver: SqlDriver<Client> = {
    query: async (sql, values) => (await pool.query(sql, [...values])).rows,
    over: (client) => ({ query: async (sql, values) => (await client.query(sql, [...values])).rows }),
    async transaction(act) {
      const client = await connect()
      let broken: Error | undefined
      try {
        await client.query('begin', [])
        const result = await act(client)
        await client.query('commit', [])
        return result
      } catch (error) {
        broken = await rollBack(client)
        throw error
      } finally {
        // A client that cannot be rolled back is not given to anybody else.
        client.release(broken)
      }
    },
  }
  return sqlStore(driver, options)
}

async function rollBack(client: PgClient): Promise<Error | undefined> {
  try {
    await client.query('rollback', [])
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
