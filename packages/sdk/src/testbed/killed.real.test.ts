import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { SubjectId } from '@trueup/core'
import { seededRng } from '@trueup/sandbox'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.ts'
import { postgresStore } from '../store/postgres/index.ts'
import { startTestApp, type TestApp } from './test-app.ts'

const kills = Number(process.env.SDK_KILLS ?? 4)
let database: TestDatabase
let pool: pg.Pool
let app: TestApp<pg.PoolClient>
beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  pool = new pg.Pool({ connectionString: database.url })
  pool.on('error', () => undefined)
})
afterEach(() => app.close())
afterAll(async () => {
  await pool.end()
  await database.drop()
})

/** Runs a process of the app, and kills it at its nth step; `null`: it runs to its end. */
function run(ids: readonly string[], killAt: number | null): Promise<'done' | 'killed'> {
  const given = [
    database.url,
    new URL(app.urls.stripe).port,
    app.urls.clerk,
    app.clock.now().toISOString(),
    ...ids,
  ]
  const child = spawn(
    process.execPath,
    [
      '-C',
      '@trueup/source',
      '--import',
      'jiti/register',
      join(import.meta.dirname, 'app-process.ts'),
      ...given,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let steps = 0
  let said = ''
  let complaints = ''
  child.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  child.stdout.on('data', (chunk) => {
    said += chunk
    steps = said.split('step').length - 1
    if (killAt !== null && steps >= killAt) child.kill('SIGKILL')
  })
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve('killed')
      else if (code === 0 && said.includes('done')) resolve('done')
      else reject(new Error(`The process ended with ${code}: ${complaints}`))
    })
  })
}

it(`processes killed ${kills} times leave one customer a subject, and the last one finishes everything`, async () => {
  const store = postgresStore(pool)
  await store.migrate()
  app = await startTestApp<pg.PoolClient>({ store, webhooks: false })
  const user = await app.clerk.users.createUser({
    emailAddress: ['a@example.com'],
    skipPasswordRequirement: true,
  })
  const subjects: SubjectId[] = []
  for (let n = 0; n < 6; n += 1) {
    const { id } = await app.clerk.organizations.createOrganization({ name: `Team ${n}`, createdBy: user.id })
    subjects.push({ type: 'organization', id })
  }
  const ids = subjects.map(({ id }) => id)
  const rng = seededRng('killed processes')
  let killed = 0
  for (let n = 0; n < kills; n += 1) {
    // Two at once, of which each dies at a step of its own.
    const ends = await Promise.all([1, 2].map(() => run(ids, 1 + Math.floor(rng.next() * 60))))
    killed += ends.filter((end) => end === 'killed').length
    await pool.query('update trueup_billing.work set leased_until = null')
  }
  expect(killed).toBeGreaterThan(0)
  expect(await run(ids, null)).toBe('done')
  const customers = app.world.stripe.customers.all()
  expect(customers.map(({ metadata }) => metadata.organization_id).sort()).toEqual([...ids].sort())
  expect(await app.billing.waiting()).toEqual([])
  for (const { id } of subjects) {
    const organization = await app.clerk.organizations.getOrganization({ organizationId: id })
    const customer = customers.find(({ metadata }) => metadata.organization_id === id)
    expect(organization.privateMetadata).toEqual({ stripe_customer_id: customer?.id })
    expect(organization.publicMetadata).toMatchObject({ billing: { plan: 'free' } })
  }
})
