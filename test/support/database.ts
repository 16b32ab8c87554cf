import pg from 'pg'
import { inject } from 'vitest'
import { openStore } from '../../packages/service/src/store/index.ts'

/** A database of its own for one test file. */
export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

/**
 * Creates a database, to be dropped when the file is done: a copy of the run's template, which has the schema, or an
 * empty one. Only files named `*.real.test.ts` have a server for it.
 *
 * @example
 * const database = await createTestDatabase()
 * const store = await openStore({ databaseUrl: database.url, home, clock })
 */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const server = inject('testDatabase')
  const name = `trueup_test_${process.pid}_${process.hrtime.bigint()}`
  await onServer(server.url, async (client) => {
    if (!empty) await ensureTemplate(client, server)
    await client.query(`create database "${name}" template "${empty ? 'template0' : server.template}"`)
  })
  return {
    url: inDatabase(server.url, name),
    drop: () =>
      onServer(server.url, (client) => client.query(`drop database if exists "${name}" with (force)`)),
  }
}

/** The first file that needs the template makes it; it has its name only once it is whole. */
async function ensureTemplate(
  client: pg.Client,
  { url, template }: { readonly url: string; readonly template: string },
): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [template])
  if (rowCount) return
  const draft = `${template}_draft`
  await client.query(`drop database if exists "${draft}" with (force)`)
  await client.query(`create database "${draft}" template template0`)
  const store = await openStore({
    databaseUrl: inDatabase(url, draft),
    home: '/nonexistent',
    clock: { now: () => new Date() },
  })
  await store.close()
  await client.query(`alter database "${draft}" rename to "${template}"`)
}

/** The same server's database of this name. */
function inDatabase(url: string, name: string): string {
  return url.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`)
}

/** A database that is being copied may have no other user, so files that come at the same time take turns. */
async function onServer(url: string, act: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(20260114)')
    await act(client)
  } finally {
    await client.end()
  }
}
