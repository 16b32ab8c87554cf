import type { PostgresPool, PostgresPoolClient } from 'kysely'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { databaseError } from './database-error.ts'
import { fromJson } from './json-codec.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import type { Tables } from './tables.ts'

/** An open database with the schema in place. */
export interface Connection {
  readonly db: Kysely<Tables>
  readonly vacuumsItself: boolean
  close(): Promise<void>
}

const { JSON: json, INT8: int8 } = pg.types.builtins

/** Columns come back as what was written to them: `json` with its dates, counts as numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary' && oid === json) return fromJson
    if (format !== 'binary' && oid === int8) return Number
    return pg.types.getTypeParser(oid, format)
  },
}

/**
 * Opens a database through the `pg` driver and brings its schema up to date.
 *
 * @param place the database as errors name it, without its password
 * @throws StoreError
 */
export async function connect(
  config: pg.PoolConfig,
  { place, vacuumsItself }: { readonly place: string; readonly vacuumsItself: boolean },
): Promise<Connection> {
  const pool = new pg.Pool({ ...config, types, application_name: 'trueup' })
  // An idle connection that ends is replaced by the pool; the next statement says so if there is no database left.
  pool.on('error', () => {})
  try {
    const client = await pool.connect()
    try {
      await migrate(client, migrations)
    } finally {
      client.release()
    }
  } catch (error) {
    await pool.end()
    throw databaseError(error, place)
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: meaningful(pool, place) }) })
  const close = async () => {
    await db.destroy()
    await pool.end()
  }
  return { db, vacuumsItself, close }
}

/** A pool whose errors say what they mean, so that this is done in one place. */
function meaningful(pool: pg.Pool, place: string): PostgresPool {
  const explain = (error: unknown) => {
    throw databaseError(error, place)
  }
  return {
    connect: async (): Promise<PostgresPoolClient> => {
      const client = await pool.connect().catch(explain)
      // Kysely passes a cursor only to stream rows, which nothing here does.
      const query: unknown = (text: string, parameters: readonly unknown[]) =>
        client.query(text, [...parameters]).catch(explain)
      return { query: query as PostgresPoolClient['query'], release: () => client.release() }
    },
    // Kysely ends a pool only if it ran a statement; whoever made the pool ends it.
    end: async () => {},
  }
}
