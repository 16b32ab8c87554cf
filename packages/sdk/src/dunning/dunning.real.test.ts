import type { SubjectId } from '@trueup/core'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.ts'
import type { BillingOptions } from '../options.ts'
import { postgresStore } from '../store/postgres/index.ts'
import type { SqlStore } from '../store/sql/sql-store.ts'
import { Mortal } from '../testbed/killable.ts'
import { makeOrganization, startTestApp, type TestApp } from '../testbed/test-app.ts'
import type { Notice } from './notice.ts'

let database: TestDatabase
let pool: pg.Pool
let store: SqlStore<pg.PoolClient>
let app: TestApp<pg.PoolClient>
beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  pool = new pg.Pool({ connectionString: database.url, max: 8 })
  pool.on('error', () => undefined)
  store = postgresStore(pool)
  await store.migrate()
  await pool.query('create table told (id text)')
})
beforeEach(() =>
  pool.query(
    'truncate told, trueup_billing.subjects, trueup_billing.events, trueup_billing.work, trueup_billing.cursors',
  ),
)
afterEach(() => app.close())
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const hooks: Partial<BillingOptions<pg.PoolClient>> = (() => {
  const tell = async ({ id }: Notice, { transaction }: { readonly transaction: pg.PoolClient }) => {
    await transaction.query('insert into told values ($1)', [id])
  }
  return { onPaymentFailed: tell, onTrialEnding: tell, onRecovered: tell, onCanceled: tell }
})()
const told = async (): Promise<readonly string[]> =>
  (await pool.query<{ id: string }>('select id from told')).rows.map(({ id }) =>
    id.replace(/:(in|sub)_\w+/, ''),
  )

const day = 86_400_000
function pass(days: number): void {
  for (let n = 0; n < days; n += 1) {
    app.clock.advance(day)
    app.engine.catchUp()
  }
}

async function subscribed(
  options: Partial<BillingOptions<pg.PoolClient>> = hooks,
  trialDays = 0,
): Promise<SubjectId> {
  app = await startTestApp<pg.PoolClient>({ store, options })
  const subject = await makeOrganization(app)
  const customer = await app.billing.customer(subject)
  const method = await app.stripe.paymentMethods.attach('pm_card_visa', { customer })
  await app.stripe.subscriptions.create({
    customer,
    items: [{ price: 'price_1ProMonthly' }],
    default_payment_method: method.id,
    ...(trialDays > 0 ? { trial_period_days: trialDays } : {}),
  })
  await app.drain()
  return subject
}
const only = () => {
  const [subscription] = app.world.stripe.subscriptions.all()
  if (!subscription) throw new Error('There is a subscription.')
  return subscription
}
const card = (outcome: 'succeeds' | 'insufficient_funds') =>
  app.world.stripe.paymentOutcomes.set(only().default_payment_method ?? '', outcome)

it('each failed attempt, the recovery and the end are told once, by webhooks alone', async () => {
  await subscribed()
  card('insufficient_funds')
  for (let n = 0; n < 38; n += 1) {
    pass(1)
    await app.drain()
  }
  const { data: failures } = await app.stripe.events.list({ types: ['invoice.payment_failed'] })
  expect(failures.length).toBeGreaterThan(1)
  expect(await told()).toEqual(failures.map((_, place) => `payment-failed:${place + 1}`))
  card('succeeds')
  for (let n = 0; n < 12; n += 1) {
    pass(1)
    await app.drain()
  }
  expect(only().status).toBe('active')
  await app.stripe.subscriptions.cancel(only().id)
  await app.drain()
  expect((await told()).slice(failures.length)).toEqual(['recovered', 'canceled'])
})

it('without any webhook they are told by billing.work()', async () => {
  await subscribed()
  await app.billing.work()
  for (const { id } of app.world.stripe.webhookEndpoints.all()) await app.stripe.webhookEndpoints.del(id)
  card('insufficient_funds')
  pass(32)
  await app.billing.work()
  expect(await told()).toEqual([expect.stringMatching(/^payment-failed:\d$/)])
})

it('a trial that ends is told three days before, by the clock alone', async () => {
  await subscribed(hooks, 14)
  app.clock.advance(11 * day - 60_000)
  await app.billing.work()
  expect(await told()).toEqual([])
  app.clock.advance(60_000)
  await app.billing.work()
  await app.billing.work()
  expect(await told()).toEqual([expect.stringMatching(/^trial-ending:/)])
})

it('a hook says when the money is tried again, and where the card is changed', async () => {
  const seen: unknown[] = []
  await subscribed({
    onPaymentFailed: async (notice, { portalUrl }) => {
      seen.push({ ...notice, url: await portalUrl('/billing') })
    },
  })
  card('insufficient_funds')
  pass(31)
  await app.drain()
  expect(seen).toMatchObject([
    {
      attempt: 1,
      amountDue: 2900,
      currency: 'usd',
      nextAttemptAt: expect.any(Date),
      url: expect.stringContaining(`${app.urls.stripe}/p/session/`),
    },
  ])
})

it('a hook that throws is called again, and what it wrote is gone', async () => {
  let calls = 0
  await subscribed({
    onCanceled: async ({ id }, { transaction }) => {
      calls += 1
      await transaction.query('insert into told values ($1)', [id])
      if (calls < 3) throw new Error('The mailer is away.')
    },
  })
  await app.stripe.subscriptions.cancel(only().id)
  await app.drain()
  for (let n = 0; n < 4; n += 1) {
    app.clock.advance(60_000)
    await app.billing.work()
  }
  expect(calls).toBe(3)
  expect(await told()).toEqual(['canceled'])
})

it('a process that dies between any two steps tells everything once', async () => {
  await subscribed()
  await app.billing.work()
  card('insufficient_funds')
  for (const { id } of app.world.stripe.webhookEndpoints.all()) await app.stripe.webhookEndpoints.del(id)
  pass(31)
  app.clock.advance(700_000)
  let deaths = 0
  for (let step = 1; step < 200; step += 1) {
    const mortal = new Mortal()
    mortal.dieIn(step)
    const billing = app.another({
      stripe: app.stripeOver(mortal.http),
      clerk: mortal.clerk(app.clerk),
      store: mortal.store(store),
    })
    await billing.work().catch(() => undefined)
    if (!mortal.isDead) break
    deaths += 1
    // The lease of the dead runs out, and the time of what it put off comes.
    await pool.query('update trueup_billing.work set leased_until = null')
    app.clock.advance(601_000)
  }
  expect(deaths).toBeGreaterThan(10)
  expect(await told()).toEqual([expect.stringMatching(/^payment-failed:\d$/)])
})

it('of a card nothing is kept, though the vendor sends its last digits', async () => {
  await subscribed()
  card('insufficient_funds')
  pass(31)
  await app.drain()
  const sent = JSON.stringify(app.deliverers.stripe.deliveries())
  expect(sent).toContain('4242')
  const tables = ['subjects', 'events', 'work', 'cursors']
  const rows = await Promise.all(tables.map((table) => pool.query(`select * from trueup_billing.${table}`)))
  const kept = JSON.stringify(rows.map((result) => result.rows))
  expect(kept).toContain('sub_')
  expect(kept).not.toMatch(/4242|last4|exp_month|fingerprint|pm_1/)
})
