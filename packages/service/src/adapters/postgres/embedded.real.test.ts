import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ServedDatabase, serveEmbedded } from '../../cli/demo/serve-embedded.ts'
import { StoredSubjects } from '../access-source-contract.ts'
import { systemClock, systemRng, systemTimer } from '../system.ts'
import {
  openPostgres,
  ownMachinePolicy,
  type PostgresConnection,
  parseConnectionString,
} from './connection/index.ts'
import { mappingOf, noWaiting, twoPlans } from './example-app.ts'
import { createPostgresSource } from './source.ts'

let database: ServedDatabase
let connection: PostgresConnection
beforeAll(async () => {
  database = await serveEmbedded()
  await database.run([
    'create table users (id int primary key, plan text)',
    `insert into users select n, 'pro' from generate_series(1, 25) n`,
    'create role reader login',
    'grant select on users to reader',
  ])
  const parsed = parseConnectionString(database.urlFor('reader'), null)
  if (!parsed.ok) throw new Error(parsed.refusal.found)
  const ports = { source: 'app', timer: systemTimer, rng: systemRng, addresses: ownMachinePolicy }
  connection = openPostgres(parsed.value, ports)
})
afterAll(async () => {
  await connection?.close()
  await database?.close()
})

test('the embedded database, a PostgreSQL 18, is read as any other', async () => {
  const source = createPostgresSource({
    connection,
    clock: systemClock,
    timer: noWaiting,
    name: 'app',
    mappings: { user: mappingOf('user', { table: 'users', key: 'id', plan: 'plan' }) },
    catalogue: twoPlans,
    allowWriteRole: true,
    pageRows: 10,
  })
  expect((await source.test()).filter(({ state }) => state === 'failed')).toEqual([])
  const stored = new StoredSubjects('users')
  await stored.read(source)
  expect(stored.ids).toHaveLength(25)
  expect(stored.isDone).toBe(true)
})
