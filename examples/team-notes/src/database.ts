import type { PgPool } from '@trueup/sdk/postgres'
import pg from 'pg'
import { openEmbedded } from './embedded-database.ts'

/** The app's database: what the SDK's store asks for, and an end. */
export interface Database {
  readonly pool: PgPool
  close(): Promise<void>
}

const tables = `
  create table if not exists notes (
    id bigint generated always as identity primary key,
    organization_id text not null,
    text text not null,
    written_at timestamptz not null default now()
  );
  create table if not exists failed_payments (
    organization_id text primary key,
    amount_due bigint not null,
    currency text not null,
    next_attempt_at timestamptz
  );`

/** Opens a PostgreSQL by its address, or one inside of this process that keeps nothing, and makes the app's tables. */
export async function openDatabase(url: string | null): Promise<Database> {
  const database = url === null ? await openEmbedded() : openPool(url)
  for (const table of tables.split(';\n')) await database.pool.query(table, [])
  return database
}

function openPool(url: string): Database {
  const pool = new pg.Pool({ connectionString: url, max: 5 })
  // A connection that breaks while nobody uses it is replaced by the next; unheard, it would end the app.
  pool.on('error', (error) => process.stderr.write(`${error.message}\n`))
  return { pool, close: () => pool.end() }
}
