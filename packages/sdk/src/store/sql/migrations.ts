import type { SqlConnection } from './driver.ts'
import { quoted } from './identifier.ts'

/** The schema of the store unless said otherwise. */
export const defaultSchema = 'trueup_billing'

/** Numbered, forward only; each is a list of statements. A version that was released never changes. */
const migrations: readonly ((schema: string) => readonly string[])[] = [
  (schema) => [
    `create table ${schema}.subjects (
      key text primary key,
      type text not null check (type in ('user', 'organization')),
      id text not null,
      customer_id text unique,
      plan text,
      paid boolean not null default false,
      reason text,
      trial_ends_at timestamptz,
      entitlements jsonb,
      seats integer,
      read_at timestamptz,
      deleted_at timestamptz,
      record text not null
    )`,
    `comment on table ${schema}.subjects is
      'What each subject may use. record is what counts; the other columns are for looking at and for joins.'`,
    `create index subjects_read_at on ${schema}.subjects (read_at nulls first) where customer_id is not null`,
    `create table ${schema}.events (
      source text not null check (source in ('stripe', 'clerk')),
      key text not null,
      event_id text not null,
      type text not null,
      received_at timestamptz not null,
      primary key (source, key)
    )`,
    `create index events_received_at on ${schema}.events (received_at)`,
    `create table ${schema}.work (
      key text primary key,
      kind text not null,
      subject_type text,
      subject_id text,
      detail text,
      due_at timestamptz not null,
      generation integer not null default 1,
      attempts integer not null default 0,
      set_aside boolean not null default false,
      last_error text,
      lease text,
      leased_until timestamptz
    )`,
    `create index work_due_at on ${schema}.work (due_at) where not set_aside`,
    `create table ${schema}.cursors (name text primary key, value text not null)`,
  ],
]

/**
 * The SQL of all migrations, for those who keep migrations of their own. `store.migrate()` does the same and finds what
 * was done.
 */
export function migrationSql(schema: string = defaultSchema): string {
  const name = quoted(schema)
  return `${[...foundation(name), ...migrations.flatMap((migration, place) => [...migration(name), recordOf(name, place + 1)])].join(';\n')};\n`
}

/** Brings the schema to this version, one process at a time; to be called within a transaction. */
export async function migrate(connection: SqlConnection, schema: string): Promise<void> {
  const name = quoted(schema)
  // Any number, the same for everyone: those who come at the same time take turns.
  await connection.query('select pg_advisory_xact_lock($1)::text as locked', [20_261_121])
  for (const statement of foundation(name)) await connection.query(statement, [])
  const rows = await connection.query(`select version from ${name}.migrations`, [])
  const done = new Set(rows.map(({ version }) => Number(version)))
  for (const [place, migration] of migrations.entries()) {
    if (done.has(place + 1)) continue
    for (const statement of migration(name)) await connection.query(statement, [])
    await connection.query(recordOf(name, place + 1), [])
  }
}

function foundation(schema: string): readonly string[] {
  return [
    `create schema if not exists ${schema}`,
    `create table if not exists ${schema}.migrations (version integer primary key, applied_at timestamptz not null default now())`,
  ]
}

function recordOf(schema: string, version: number): string {
  return `insert into ${schema}.migrations (version) values (${version})`
}
