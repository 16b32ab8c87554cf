import type { SubjectId } from '@trueup/core'
import { cancelItem, changeItem, useBillingCard as chargeCard, seededRng } from '@trueup/sandbox'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.ts'
import { memoryStore } from '../store/memory/memory-store.ts'
import { postgresStore } from '../store/postgres/index.ts'
import type { SqlStore } from '../store/sql/sql-store.ts'
import {
  aBuyer,
  type ClerkBillingApp,
  clerkTestCatalogue,
  declinedCard,
  goodCard,
  startClerkBillingApp,
} from '../testbed/clerk-billing-app.ts'
import { Mortal } from '../testbed/killable.ts'
import type { ClerkNotice } from './clerk-notice.ts'
import { createClerkBilling } from './create-clerk-billing.ts'

const actions = 40
/** How often the dangerous things happened, in all runs together. */
const met = { notices: 0, deaths: 0 }
let database: TestDatabase
let pool: pg.Pool
let store: SqlStore<pg.PoolClient>

beforeAll(async () => {
  database = await createTestDatabase({ empty: true })
  pool = new pg.Pool({ connectionString: database.url, max: 8 })
  pool.on('error', () => undefined)
  store = postgresStore(pool)
  await store.migrate()
  await pool.query('create table told (id text)')
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

/**
 * Payers buy, fail to pay, change their minds and leave, while webhooks are lost, doubled, late and out of order, Clerk
 * fails, and processes of the app die between any two steps.
 */
it.each(['one', 'two'])(
  'chaos %s: once it is quiet, everybody has what was promised, and was told once',
  async (seed) => {
    const rng = seededRng(`clerk chaos ${seed}`)
    const pick = <T>(list: readonly [T, ...T[]]): T => list[Math.floor(rng.next() * list.length)] ?? list[0]
    await pool.query('truncate told, trueup_billing.subjects, trueup_billing.events, trueup_billing.work')
    const hook = async ({ id }: ClerkNotice, { transaction }: { readonly transaction: pg.PoolClient }) => {
      await transaction.query('insert into told values ($1)', [id])
    }
    const hooks = { onPaymentFailed: hook, onTrialEnding: hook, onRecovered: hook, onCanceled: hook }
    const app = await startClerkBillingApp<pg.PoolClient>({
      seed,
      store,
      options: { ...hooks, maxAgeHours: 8_760 },
    })
    let deaths = 0
    let mortal = new Mortal()
    let process = app.billing
    const restart = () => {
      mortal = new Mortal()
      process = app.another({ store: mortal.store(app.store), clerk: mortal.clerk(app.clerk) })
    }
    restart()
    app.receiver.take = async (request) => {
      if (mortal.isDead) {
        deaths += 1
        restart()
        await releaseLeases()
      }
      if (rng.next() < 0.2) mortal.dieIn(1 + Math.floor(rng.next() * 12))
      // What is dead answers nothing, and the webhook is sent again.
      return process.webhooks.clerk(request).catch(() => new Response(null, { status: 500 }))
    }
    for (const kind of ['dropped', 'doubled'] as const) app.deliverers.clerk.faults.add({ kind, rate: 0.15 })
    app.deliverers.clerk.faults.add({ kind: 'reordered', places: 3, rate: 0.2 })
    const [first, second, third] = [await aBuyer(app), await aBuyer(app), await aBuyer(app)]
    const subjects: readonly [SubjectId, ...SubjectId[]] = [first, second, third]
    const failing = { route: '/v1/organizations/:id/billing/subscription', rate: 0.15 }
    app.faults.clerk.add({ kind: 'server-error', status: 500, ...failing })
    app.faults.clerk.add({ kind: 'rate-limited', ...failing })

    for (let n = 0; n < actions; n += 1) {
      act(app, pick(subjects), rng)
      if (rng.next() < 0.5) await app.drain()
      if (rng.next() < 0.2) await process.work().catch(() => undefined)
    }
    app.faults.clerk.clear()
    app.deliverers.clerk.faults.clear()
    await app.drain()
    await releaseLeases()
    // What no webhook brought is read by the sweep.
    const last = app.another()
    for (let n = 0; n < 3; n += 1) {
      app.clock.advance(26 * 3_600_000)
      await last.work()
    }
    const now = app.clock.now()
    expect((await last.waiting()).filter(({ dueAt }) => dueAt <= now)).toEqual([])
    const judged = createClerkBilling({
      clerk: app.clerk,
      store: memoryStore(),
      catalogue: clerkTestCatalogue,
      subject: 'organization',
      clock: app.clock,
    })
    for (const subject of subjects) {
      const fresh = await judged.resync(subject)
      const { plan, reason, entitlements, seats, trialEndsAt, endsAt } = await last.access(subject)
      const { plan: owed, ...rest } = fresh
      expect([subject.id, plan, reason]).toEqual([subject.id, owed, rest.reason])
      expect({ entitlements, seats, trialEndsAt, endsAt }).toEqual({
        entitlements: rest.entitlements,
        seats: rest.seats,
        trialEndsAt: rest.trialEndsAt,
        endsAt: rest.endsAt,
      })
      expect((await app.store.subject(subject))?.granted?.plan).toBe(plan)
    }
    const { rows } = await pool.query<{ id: string }>('select id from told')
    const told = rows.map(({ id }) => id)
    expect(told.length).toBe(new Set(told).size)
    met.notices += told.length
    met.deaths += deaths
    await app.close()
  },
)

it('met what it is about', () => {
  expect(met.notices).toBeGreaterThan(0)
  expect(met.deaths).toBeGreaterThan(0)
})

/** The leases of the dead run out by the database's own time, which nobody waits for here. */
async function releaseLeases(): Promise<void> {
  await pool.query('update trueup_billing.work set leased_until = null')
}

/** One thing that happens to a payer, where it can. */
function act(app: ClerkBillingApp<pg.PoolClient>, subject: SubjectId, rng: { next(): number }): void {
  const state = app.world.clerk
  const running = state.billing.live(subject.id, app.clock.now().getTime()).at(-1)
  const choice = Math.floor(rng.next() * 7)
  try {
    if (choice === 0) app.buy(subject, 'pro')
    else if (choice === 1) app.buy(subject, 'team', { seats: 1 + Math.floor(rng.next() * 9) })
    else if (choice === 2) chargeCard(state, subject.id, rng.next() < 0.5 ? declinedCard : goodCard)
    else if (choice === 3 && running) cancelItem(state, running.id, rng.next() < 0.3)
    else if (choice === 4 && running?.status === 'active')
      changeItem(state, running.id, { seats: { quantity: 2 } })
    else app.pass(Math.floor(rng.next() * 25))
  } catch (error) {
    // Bought already, declined, or over: Clerk refuses it, as it would.
    if (!(error instanceof Error && error.name === 'ClerkRefusal')) throw error
  }
}
