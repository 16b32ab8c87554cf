import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { databaseError } from './database-error.ts'
import { fromJson } from './json-codec.ts'
import { migrate } from './migrate.ts'
import { appRole } from './migrations/0006-tenants.ts'
import { migrations } from './migrations/index.ts'
import type { StatementClient, Tenant } from './scoped-pool.ts'
import { everyTenant, scopedPool } from './scoped-pool.ts'
import type { Tables } from './tables.ts'

export type { Tenant } from './scoped-pool.ts'

/** An open database with the schema in place. */
export interface Database {
  /**
   * Statements about one workspace, or one project of it: row-level security lets them see no other row.
   *
   * @example
   * const db = database.scoped({ workspaceId, projectId }).withTables<AlertTables>()
   */
  scoped(tenant: Tenant): Kysely<Tables>
  /**
   * Statements about every workspace: for what is looked up before the tenant is known, such as the project of a
   * webhook or the hash of a key, and for what spans all of them. Seldom right.
   */
  readonly system: Kysely<Tables>
  /** The connections themselves, for libraries that bring statements of their own. */
  readonly pool: pg.Pool
  /** Nobody else cleans up after deletions, and there is one session: a statement waits for the transaction of another. */
  readonly isEmbedded: boolean
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
  { place, isEmbedded }: { readonly place: string; readonly isEmbedded: boolean },
): Promise<Database> {
  const pool = new pg.Pool({ ...config, types, application_name: 'trueup' })
  // An idle connection that ends is replaced by the pool; the next statement says so if there is no database left.
  pool.on('error', () => {})
  // One that ends while it is in use tells the statement that waits for it, and this listener: without one the process ends.
  pool.on('connect', (client) => client.on('error', () => {}))
  let role: string | null
  try {
    const client = await pool.connect()
    try {
      await migrate(client, migrations)
      role = await roleFor(client)
    } finally {
      client.release()
    }
  } catch (error) {
    await pool.end()
    throw databaseError(error, place)
  }
  const scoped = (tenant: Tenant) =>
    new Kysely<Tables>({
      dialect: new PostgresDialect({ pool: scopedPool(meaningful(pool, place), tenant, role) }),
    })
  return {
    scoped,
    system: scoped(everyTenant),
    pool,
    isEmbedded,
    close: () => pool.end(),
  }
}

/** The role that takes the place of this user where row-level security does not hold it; `null`: it does. */
async function roleFor(client: pg.ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ readonly bypasses: boolean }>(
    `select me.rolsuper or me.rolbypassrls and pg_has_role(app.oid, 'member') as bypasses
      from pg_roles me join pg_roles app on app.rolname = $1 where me.rolname = current_user`,
    [appRole],
  )
  return rows[0]?.bypasses ? appRole : null
}

/** Connections whose errors say what they mean, so that this is done in one place. */
function meaningful(pool: pg.Pool, place: string): () => Promise<StatementClient> {
  const explain = (error: unknown) => {
    throw databaseError(error, place)
  }
  return async () => {
    const client = await pool.connect().catch(explain)
    return {
      pipeline: client.pipeline,
      query: (text, parameters) => client.query(text, parameters && [...parameters]).catch(explain),
      release: (error) => client.release(error),
    }
  }
}
