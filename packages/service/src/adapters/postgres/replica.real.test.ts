import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cluster, startCluster } from '../../../../../test/support/cluster.ts'
import { type Relay, relayTo } from '../../../../../test/support/relay.ts'
import { type Replica, startReplica } from '../../../../../test/support/replica.ts'
import { systemClock, systemRng, systemTimer } from '../system.ts'
import { openPostgres, ownMachinePolicy, type PostgresConnection } from './connection/index.ts'
import { mappingOf, noWaiting, twoPlans } from './example-app.ts'
import { readServerVersion } from './schema/server-version.ts'
import { readDatabaseState } from './schema/table-state.ts'
import { createPostgresSource } from './source.ts'

let primary: Cluster
const open: { stop(): Promise<void> }[] = []
beforeAll(async () => {
  primary = await startCluster()
  await run(
    primary.url,
    `create table users (id int primary key, plan text); insert into users values (1, 'pro')`,
  )
})
afterAll(async () => {
  for (const each of open.splice(0)) await each.stop()
  await primary?.stop()
})

async function run(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function connect(replica: Replica): Promise<PostgresConnection> {
  const relay: Relay = await relayTo(replica.url)
  const connection = openPostgres(
    {
      user: 'postgres',
      password: null,
      host: '127.0.0.1',
      port: relay.port,
      database: 'postgres',
      tls: { kind: 'off' },
      endpoint: 'direct',
    },
    { source: 'app', timer: systemTimer, rng: systemRng, addresses: ownMachinePolicy },
  )
  open.unshift({ stop: () => connection.close() }, { stop: () => relay.close() }, replica)
  return connection
}

function sourceOn(connection: PostgresConnection) {
  return createPostgresSource({
    connection,
    clock: systemClock,
    timer: noWaiting,
    name: 'app',
    mappings: { user: mappingOf('user', { table: 'users', key: 'id', plan: 'plan' }) },
    catalogue: twoPlans,
    allowWriteRole: true,
  })
}

describe('a replica', () => {
  test('that follows is read, with a warning, and counts as up to date for only as long as it keeps up', async () => {
    const replica = await startReplica(primary.url, { follows: true })
    const connection = await connect(replica)
    const source = sourceOn(connection)
    await untilFollowing(replica)
    const ids: string[] = []
    for await (const page of source.read('users', [])) ids.push(...page.rows.map(({ subject }) => subject.id))
    expect(ids).toEqual(['1'])
    expect(await source.test()).toContainEqual(
      expect.objectContaining({
        name: 'replica',
        state: 'warning',
        found: expect.stringContaining('behind'),
      }),
    )
    const version = await readServerVersion(connection)
    expect(await readDatabaseState(connection, version, [])).toMatchObject({
      inRecovery: true,
      lagSeconds: 0,
    })

    await run(replica.url, 'select pg_wal_replay_pause()')
    await run(primary.url, `update users set plan = 'free'; select pg_switch_wal()`)
    await until(async () => (await readDatabaseState(connection, version, [])).lagSeconds !== 0)
  })

  test('that never received anything since it started is not read: nobody can tell how old it is', async () => {
    const replica = await startReplica(primary.url, { follows: false })
    const source = sourceOn(await connect(replica))
    await expect(async () => {
      for await (const _ of source.read('users', [])) break
    }).rejects.toMatchObject({ code: 'replica-lagging', retryable: true })
    expect(await source.test()).toContainEqual(
      expect.objectContaining({
        name: 'replica',
        state: 'failed',
        found: expect.stringContaining('nobody can tell'),
      }),
    )
    await expect(source.readSubjects([{ type: 'user', id: '1' }])).rejects.toMatchObject({
      code: 'replica-lagging',
    })
  })
})

/** Until it receives, and has replayed all of it. */
async function untilFollowing(replica: Replica): Promise<void> {
  await until(async () => {
    const [row] = await run(
      replica.url,
      'select exists (select from pg_stat_wal_receiver) and pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn() as follows',
    )
    return row?.follows === true
  })
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20))
}
