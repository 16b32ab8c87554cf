import type pg from 'pg'
import type { Migration } from './migrations/index.ts'
import { StoreError } from './store-error.ts'

/** Any number, the same for every version, so that two processes that start together take turns. */
const migrationLock = 7_385_114_201

/**
 * Brings the schema `trueup` up to these steps: forward only, each step in a transaction of its own, under a lock that
 * lets one process at a time. Where all were taken already, that is all it looks at.
 *
 * @throws StoreError `schema-newer` when the database holds steps that this version does not know.
 */
export async function migrate(client: pg.ClientBase, migrations: readonly Migration[]): Promise<void> {
  if (await isUpToDate(client, migrations)) return
  await inLock(client, async () => {
    await client.query('create schema if not exists trueup')
    await client.query(`create table if not exists trueup.migration (
      number integer primary key,
      name text not null,
      applied_at timestamptz not null default now()
    )`)
  })
  for (const migration of migrations) {
    await inLock(client, async () => {
      const newest = await newestApplied(client)
      refuseNewer(newest, migrations)
      if (newest.number >= migration.number) return
      await client.query(migration.sql)
      await client.query('insert into trueup.migration (number, name) values ($1, $2)', [
        migration.number,
        migration.name,
      ])
    })
  }
}

async function isUpToDate(client: pg.ClientBase, migrations: readonly Migration[]): Promise<boolean> {
  const { rows } = await client.query("select to_regclass('trueup.migration') is not null as exists")
  return rows[0].exists && (await newestApplied(client)).number === migrations.at(-1)?.number
}

async function inLock(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('begin')
  try {
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock])
    await work()
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

async function newestApplied(client: pg.ClientBase): Promise<{ number: number; name: string }> {
  const { rows } = await client.query<{ number: number; name: string }>(
    'select number, name from trueup.migration order by number desc limit 1',
  )
  return rows[0] ?? { number: 0, name: 'none' }
}

function refuseNewer(newest: { number: number; name: string }, migrations: readonly Migration[]): void {
  const known = migrations.at(-1)?.number ?? 0
  if (newest.number <= known) return
  throw new StoreError({
    code: 'schema-newer',
    message: `The database is at schema step ${newest.number} (${newest.name}); this version of trueup knows steps up to ${known}.`,
    fix: 'Run the version of trueup that wrote it, or a newer one. Schemas only go forward.',
  })
}
