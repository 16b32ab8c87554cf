import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  askThrough,
  findPgBouncer,
  pgBouncerVersion,
  startPgBouncer,
} from '../../../../../../test/support/pgbouncer.ts'
import { type SecureCluster, startSecureCluster } from '../../../../../../test/support/secure-cluster.ts'
import { systemRng, systemTimer } from '../../system.ts'
import { openPostgresForRepairs, ownMachinePolicy, parseConnectionString } from './index.ts'

const program = findPgBouncer()
const about =
  program === null
    ? 'NOT RUN: PgBouncer is not installed (apt-get install pgbouncer)'
    : `through ${pgBouncerVersion(program)}`
const logins = { app: 'Geheim-1234' }

describe.skipIf(program === null)(`a pooler in transaction mode, ${about}`, () => {
  let cluster: SecureCluster
  let pooler: Awaited<ReturnType<typeof startPgBouncer>>
  beforeAll(async () => {
    cluster = await startSecureCluster()
    await cluster.run(`
      create role app login password 'Geheim-1234';
      create table public.users (id int primary key, plan text);
      insert into public.users select n, 'pro' from generate_series(1, 500) n;
      grant select, update on public.users to app`)
    if (program !== null) pooler = await startPgBouncer(cluster, program, logins)
  })
  afterAll(async () => {
    await pooler?.stop()
    await cluster?.stop()
  })

  function app() {
    const text = `postgres://app:Geheim-1234@localhost:${pooler.port}/postgres`
    const parsed = parseConnectionString(text, cluster.authority)
    if (!parsed.ok) throw new Error(parsed.refusal.found)
    const options = { source: 'app', timer: systemTimer, rng: systemRng, addresses: ownMachinePolicy }
    return openPostgresForRepairs(parsed.value, { ...options, lookup: async () => ['127.0.0.1'] })
  }

  test('reads side by side, with several clients on one session of the server', async () => {
    const clients = [app(), app(), app()]
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, n) => {
        const client = clients[n % clients.length] ?? app()
        return client.readTexts('select plan, $1::int from public.users where id = $1', [n + 1])
      }),
    )
    expect(answers).toEqual(answers.map((_, n) => [['pro', String(n + 1)]]))
    for (const client of clients) await client.close()
    const sessions = await cluster.run("select 1 from pg_stat_activity where usename = 'app'")
    expect(sessions).toHaveLength(1)
  })

  test('what is set for a transaction is gone with it', async () => {
    const client = app()
    const within = await client.readTexts(
      "select current_setting('statement_timeout'), current_setting('search_path')",
    )
    expect(within).toEqual([['5s', 'pg_catalog, pg_temp']])
    expect(await askThrough(pooler.port, logins, 'show statement_timeout')).toEqual([
      { statement_timeout: '0' },
    ])
    expect(await askThrough(pooler.port, logins, 'show transaction_read_only')).toEqual([
      { transaction_read_only: 'off' },
    ])
    await client.close()
  })

  test('no prepared statement is left in the session', async () => {
    const client = app()
    await client.read('select plan from public.users where id = $1', [1])
    expect(await askThrough(pooler.port, logins, 'select name from pg_prepared_statements')).toEqual([])
    await client.close()
  })

  test('a snapshot of several reads and a repair are each one transaction', async () => {
    const client = app()
    const seen = await client.inReadOnly(async (reader) => {
      const count = () => reader.readTexts("select count(*) from public.users where plan = 'free'")
      const before = await count()
      await cluster.run("update public.users set plan = 'free' where id = 1")
      return [before, await count()]
    })
    expect(seen).toEqual([[['0']], [['0']]])
    const answer = await client.inTransaction((writer) =>
      writer.run("update public.users set plan = 'pro' where id = $1 and plan = 'free'", [1]),
    )
    expect(answer.count).toBe(1)
    await client.close()
  })

  test('a session that the server ends behind the pooler is replaced', async () => {
    const client = app()
    await client.read('select 1')
    await cluster.run("select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'app'")
    expect(await client.read('select 1 as one')).toEqual([{ one: 1 }])
    await client.close()
  })
})
