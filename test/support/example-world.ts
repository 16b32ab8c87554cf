import { type CheckRun, createMemoryStore, type Incident } from '@trueup/core'
import pg from 'pg'
import Stripe from 'stripe'
import { type Example, startExample } from '../../examples/team-notes/src/start-example.ts'
import monitorConfig from '../../examples/team-notes/trueup.config.ts'
import { runCheck } from '../../packages/service/src/check/run-check.ts'
import { type AppConnection, checkOfWorld, connectToApp } from './check-world.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { relayTo } from './relay.ts'

/** What a check of the example came to. */
export interface Checked {
  readonly incidents: readonly Incident[]
  readonly check: CheckRun
}

/** The example app as it runs for people, with the account it sells through, and the monitor beside it. */
export interface ExampleWorld {
  readonly example: Example
  /** The account's owner, in Stripe's Dashboard or with a script. */
  readonly stripe: Stripe
  /** Somebody with the database's password. */
  readonly pool: pg.Pool
  /** A full check: Stripe, Clerk and the app's tables, read as the monitor reads them. */
  check(options?: { readonly acceptChanges?: boolean }): Promise<Checked>
  /** Asks the sandbox for what the vendors cannot be asked to do. */
  control(vendor: 'stripe' | 'clerk', method: 'POST' | 'DELETE', path: string, body?: object): Promise<void>
  close(): Promise<void>
}

/** Every life of the example begins here. */
const birth = new Date('2026-01-05T09:00:00Z')

export async function startExampleWorld(): Promise<ExampleWorld> {
  const database: TestDatabase = await createTestDatabase({ empty: true })
  const example = await startExample({ port: 0, databaseUrl: database.url, now: birth, workEveryMs: null })
  const pool = new pg.Pool({ connectionString: database.url })
  // It is told that the database goes, though it was ended before.
  pool.on('error', () => undefined)
  const role = await makeReader(pool, database.url)
  const { sandbox } = example
  const { hostname, port } = new URL(sandbox.stripe.url)
  const store = createMemoryStore()
  return {
    example,
    pool,
    stripe: new Stripe(sandbox.stripe.secretKey, {
      host: hostname,
      port: Number(port),
      protocol: 'http',
      telemetry: false,
    }),
    async check({ acceptChanges = false } = {}) {
      const now = new Date(sandbox.world.stripe.now() * 1000)
      const dependencies = checkOfWorld(
        { ...sandbox, config: monitorConfig } as unknown as typeof sandbox,
        await store.project('example'),
        { now, settleMinutes: 0, app: role.app },
      )
      const options = { dryRun: false, asOf: now, fresh: true, acceptChanges }
      const { incidents, check } = await runCheck(dependencies, options)
      return { incidents, check }
    },
    async control(vendor, method, path, body) {
      const response = await fetch(`${sandbox[vendor].url}/_sandbox/${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    },
    async close() {
      await role.close()
      await store.close()
      await example.close()
      await pool.end()
      await database.drop()
    },
  }
}

/** A role that may read the mapped columns and nothing else, as `trueup connect postgres` has it made. */
async function makeReader(
  pool: pg.Pool,
  databaseUrl: string,
): Promise<{ readonly app: AppConnection; close(): Promise<void> }> {
  const { database } = new pg.Client({ connectionString: databaseUrl })
  const name = `reader_${database}`
  const columns = 'key, id, customer_id, plan, paid, trial_ends_at, entitlements, seats, deleted_at'
  await pool.query(`create role ${name} login password 'read-only';
    grant usage on schema trueup_billing to ${name};
    grant select (${columns}) on trueup_billing.subjects to ${name}`)
  const relay = await relayTo(databaseUrl)
  const app = connectToApp({
    url: `postgres://${name}:read-only@127.0.0.1:${relay.port}/${database}?sslmode=disable`,
  })
  return {
    app,
    async close() {
      await app.close()
      await relay.close()
      await pool.query(`drop owned by ${name}; drop role ${name}`)
    },
  }
}
