import type { SubjectId } from '@trueup/core'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/database.ts'
import type { Problem } from '../../options.ts'
import { aBuyer, startClerkBillingApp } from '../../testbed/clerk-billing-app.ts'
import { clerkRequest, stripeRequest } from '../../testbed/signed-request.ts'
import { makeOrganization, startTestApp, type TestApp } from '../../testbed/test-app.ts'
import { postgresStore } from '../postgres/index.ts'
import type { AppTable } from './app-table.ts'

const teams: AppTable = {
  table: 'public.teams',
  key: 'clerk_org_id',
  customerId: 'stripe_customer_id',
  plan: 'plan',
  paid: 'is_premium',
  reason: 'plan_status',
  trialEndsAt: 'trial_ends_at',
  entitlements: { column: 'features', type: 'text[]' },
  seats: 'seats',
}
let database: TestDatabase
let pool: pg.Pool
let app: TestApp<pg.PoolClient>
const problems: Problem[] = []
beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  pool = new pg.Pool({ connectionString: database.url })
  pool.on('error', () => undefined)
  await postgresStore(pool).migrate()
  await pool.query(`create table teams (
    id serial primary key, clerk_org_id text unique, name text not null, stripe_customer_id text, plan text not null default 'free',
    is_premium boolean, plan_status text, trial_ends_at timestamptz, features text[], seats integer)`)
})
beforeEach(async () => {
  problems.length = 0
  await pool.query(
    'truncate teams, trueup_billing.subjects, trueup_billing.events, trueup_billing.work, trueup_billing.cursors',
  )
  app = await startTestApp<pg.PoolClient>({
    store: postgresStore(pool, { appTable: teams }),
    webhooks: false,
    options: { onProblem: (problem) => void problems.push(problem) },
  })
})
afterEach(() => app.close())
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const addTeam = (subject: SubjectId, customer: string | null = null) =>
  pool.query('insert into teams (clerk_org_id, name, stripe_customer_id) values ($1, $2, $3)', [
    subject.id,
    'Acme',
    customer,
  ])
const team = async ({ id }: SubjectId) =>
  (await pool.query('select * from teams where clerk_org_id = $1', [id])).rows[0]
async function subscribe(customer: string) {
  const method = await app.stripe.paymentMethods.attach('pm_card_visa', { customer })
  return app.stripe.subscriptions.create({
    customer,
    items: [{ price: 'price_1TeamMonthly', quantity: 4 }],
    default_payment_method: method.id,
  })
}

it("what is granted is written into the app's own row, and the rest of it is left alone", async () => {
  const subject = await makeOrganization(app)
  await addTeam(subject)
  const customer = await app.billing.customer(subject)
  expect(await team(subject)).toMatchObject({ stripe_customer_id: customer, plan: 'free', is_premium: null })
  const { id } = await subscribe(customer)
  await app.billing.resync(subject)
  expect(await team(subject)).toMatchObject({
    name: 'Acme',
    plan: 'team',
    is_premium: true,
    plan_status: 'paid',
    trial_ends_at: null,
    features: ['export', 'reports', 'sso'],
    seats: 4,
  })
  await app.stripe.subscriptions.cancel(id)
  await app.billing.resync(subject)
  expect(await team(subject)).toMatchObject({
    plan: 'free',
    is_premium: false,
    plan_status: 'inactive',
    seats: null,
  })
})

it('a row that is not there yet is work that is kept, told of, and done when it is', async () => {
  const subject = await makeOrganization(app)
  await subscribe(await app.billing.customer(subject))
  await app.billing.resync(subject)
  for (let n = 0; n < 8; n += 1) {
    app.clock.advance(601_000)
    await app.billing.work()
  }
  expect(problems).toMatchObject([{ code: 'row-missing', subject }])
  expect((await app.billing.waiting()).find(({ kind }) => kind === 'row')).toMatchObject({
    setAside: false,
    lastError: expect.stringContaining('row-missing'),
  })
  await addTeam(subject)
  app.clock.advance(601_000)
  await app.billing.work()
  expect(await team(subject)).toMatchObject({ plan: 'team', seats: 4 })
})

it('a row of an organization whose end is the first that is heard of it is not waited for', async () => {
  const subject = await makeOrganization(app)
  await app.clerk.organizations.deleteOrganization(subject.id)
  const event = { type: 'organization.deleted', object: 'event', data: { id: subject.id, deleted: true } }
  const { status } = await app.billing.webhooks.clerk(
    clerkRequest(event, { now: app.clock.now(), id: 'msg_1' }),
  )
  expect(status).toBe(200)
  expect(await app.billing.resync(subject)).toMatchObject({ plan: 'free', reason: 'deleted' })
  expect(await app.billing.waiting()).toEqual([])
})

it('a customer that the row names already is taken over', async () => {
  const subject = await makeOrganization(app)
  const { id } = await app.stripe.customers.create({ email: 'before@example.com' })
  await addTeam(subject, id)
  expect(await app.billing.customer(subject)).toBe(id)
  await subscribe(id)
  expect(await app.billing.resync(subject)).toMatchObject({ plan: 'team' })
  expect(app.world.stripe.customers.size).toBe(1)
})

it("a webhook is stored in the app's own transaction, and ends with it", async () => {
  const subject = await makeOrganization(app)
  await addTeam(subject)
  await subscribe(await app.billing.customer(subject))
  await app.billing.resync(subject)
  const { data } = await app.stripe.events.list({ types: ['customer.subscription.created'] })
  const request = () => stripeRequest(data[0], { now: app.clock.now() })
  const client = await pool.connect()
  const kept = async () => (await pool.query('select from trueup_billing.events')).rowCount
  const before = await kept()
  await client.query('begin')
  expect((await app.billing.within(client).webhooks.stripe(request())).status).toBe(200)
  expect(await app.billing.within(client).access(subject)).toMatchObject({ plan: 'team' })
  await client.query('rollback')
  expect(await kept()).toBe(before)
  await client.query('begin')
  await app.billing.within(client).webhooks.stripe(request())
  await client.query('commit')
  client.release()
  expect(await kept()).toBeGreaterThan(before ?? 0)
})

it.each([[{ ...teams, table: 'teams; drop table teams' }], [{ ...teams, plan: 'plan" = 1 --' }]])(
  'a name that is none is refused at once: %#',
  (appTable) => {
    expect(() => postgresStore(pool, { appTable })).toThrow(
      expect.objectContaining({ code: 'options-invalid' }),
    )
  },
)

it('a store whose tables were never made says so', async () => {
  const store = postgresStore(pool, { schema: 'elsewhere' })
  await expect(store.subject({ type: 'user', id: 'user_1' })).rejects.toMatchObject({
    code: 'store-not-migrated',
  })
})

it('of an app on Clerk Billing what is granted is written, and a customer of Stripe is left as it was', async () => {
  const store = postgresStore(pool, { appTable: teams })
  const selling = await startClerkBillingApp<pg.PoolClient>({ store, webhooks: false })
  const [one, other] = [await aBuyer(selling), await aBuyer(selling)]
  await addTeam(one)
  await addTeam(other, 'cus_before')
  selling.buy(one, 'pro')
  selling.buy(other, 'team', { seats: 4 })
  await selling.billing.resync(one)
  await selling.billing.resync(other)
  expect(await team(one)).toMatchObject({
    plan: 'pro',
    is_premium: true,
    plan_status: 'paid',
    stripe_customer_id: null,
    features: ['export', 'reports'],
  })
  expect(await team(other)).toMatchObject({ plan: 'team', seats: 4, stripe_customer_id: 'cus_before' })
  await selling.close()
})
