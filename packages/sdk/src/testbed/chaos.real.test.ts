import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.ts'
import { postgresStore } from '../store/postgres/index.ts'
import { chaosAppTable, chaosTables, runChaos } from './chaos.ts'

let database: TestDatabase
let pool: pg.Pool
beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  pool = new pg.Pool({ connectionString: database.url, max: 8 })
  // The database goes away under connections that are still closing.
  pool.on('error', () => undefined)
  await postgresStore(pool).migrate()
  await pool.query(chaosTables)
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const seeds = (process.env.SDK_CHAOS_SEEDS ?? '1,2').split(',').map(Number)
const actions = Number(process.env.SOAK_ACTIONS ?? 50)

it.each(seeds)(
  'after lost, doubled and late webhooks, failing vendors and killed processes access equals the promise: seed %d',
  async (seed) => {
    const store = postgresStore(pool, { appTable: chaosAppTable })
    const { wrong, met } = await runChaos({ seed, pool, store, actions })
    expect(wrong).toEqual([])
    expect(met.killed).toBeGreaterThan(0)
    expect(met.paid).toBeGreaterThan(0)
  },
  120_000,
)
