import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../packages/service/src/adapters/system.ts'
import { followIncidents } from '../packages/service/src/cause/follow-incidents.ts'
import { openDatabase } from '../packages/service/src/store/index.ts'
import { type ServedApp, serveApp } from './support/app-database.ts'
import type { RunningTestService } from './support/running-service.ts'
import { startTestService } from './support/running-service.ts'
import type { ApiClient } from './support/service.ts'
import { upgradePlans } from './support/upgrade-plans.ts'

/* What is behind incidents, what they cost and how many agree, as the API gives it: each thing is done to the sandbox's
   Stripe, to the app's tables or to the configuration, and a full check finds what came of it. */

/** Stripe's time here, so that its events are old enough to count as not delivered, and young enough to be signed. */
const behindMs = 4 * 60_000

let sandbox: Sandbox
let app: ServedApp
let broken: Awaited<ReturnType<typeof brokenEndpoint>>
let service: RunningTestService
let ada: ApiClient
let project: string
let stripe: Stripe

beforeAll(async () => {
  const now = new Date(Date.now() - behindMs)
  sandbox = await startSandbox({ world: 'saas', customers: 40, drift: 0, access: 'postgres', seed: 11, now })
  if (!sandbox.world.app) throw new Error('The app of this world has a database.')
  app = await serveApp('PostgreSQL', sandbox.world.app)
  broken = await brokenEndpoint()
  service = await startTestService({
    STRIPE_API_BASE: sandbox.stripe.url,
    CLERK_API_URL: sandbox.clerk.url,
    TRUEUP_ALLOW_PRIVATE_HOSTS: 'all',
    TRUEUP_ALLOW_DATABASE_PORTS: 'all',
  })
  ada = service.person()
  const { hostname: host, port } = new URL(sandbox.stripe.url)
  stripe = new Stripe(sandbox.stripe.secretKey, { host, port, protocol: 'http', telemetry: false })
  await ada.do('POST /api/v1/sign-up', {
    email: 'ada@example.com',
    name: 'Ada',
    password: 'correct horse battery staple',
    workspaceName: 'Engines',
  })
  const [{ workspaceId }] = (await ada.do('GET /api/v1/workspaces')).items
  project = (await ada.do(`POST /api/v1/workspaces/${workspaceId}/projects`, { name: 'App' })).id
  await ada.do(at('POST /sources'), { kind: 'stripe', key: sandbox.stripe.restrictedKey })
  await ada.do(at('POST /sources'), { kind: 'postgres', source: 'postgres', url: app.url })
  await ada.do(at('PUT /config'), { document: document(), expectedVersion: 0 })
  await ada.do(at('PATCH '), { state: 'live' })
})
afterAll(async () => {
  await service?.stop()
  await app?.close()
  await broken?.close()
  await sandbox?.close()
})

const at = (path: string) => path.replace(' ', ` /api/v1/projects/${project}`)
const document = () => ({ ...sandbox.config, policy: { ...sandbox.config.policy, settleMinutes: 0 } })

/** Asks until the answer is what is waited for. */
async function until<Body>(ask: () => Promise<Body>, isIt: (body: Body) => boolean): Promise<Body> {
  let last: Body | undefined
  await expect
    .poll(
      async () => {
        last = await ask()
        return isIt(last)
      },
      { timeout: 45_000, interval: 100 },
    )
    .toBe(true)
  return last as Body
}

async function check() {
  const { check: begun } = await ada.do(at('POST /checks'), { kind: 'full' })
  return await until(
    () => ada.do(at(`GET /checks/${begun.id}`)),
    ({ finishedAt }) => finishedAt !== null,
  )
}

/** What is open, once the cause of each is worked out. */
async function openIncidents() {
  const { items } = await until(
    () => ada.do(at('GET /incidents?state=open&limit=100')),
    (list) => list.items.length > 0 && list.items.every(({ cause }: { cause: unknown }) => cause !== null),
  )
  return items
}

const factsOf = ({ cause }: { cause: { evidence: { fact: string }[] } }) =>
  cause.evidence.map(({ fact }) => fact)

test('nothing is behind what is in order', async () => {
  expect(await check()).toMatchObject({ complete: true, counts: { drifts: 0, cannotTell: 0 } })
  expect(await ada.do(at('GET /causes'))).toEqual({ items: [], next: null, pending: 0 })
  const { total, days } = await ada.do(at('GET /money?days=7'))
  expect(total).toMatchObject({ lost: [], owed: [], recovered: [] })
  expect(days).toHaveLength(7)
  const parity = await ada.do(at('GET /parity?days=7'))
  expect(parity.now).toMatchObject({ share: 1, drifts: 0 })
  expect(parity.days.map((day: { parity: unknown }) => day.parity !== null)).toEqual([
    ...Array.from({ length: 6 }, () => false),
    true,
  ])
})

test('an incident whose customer has an event that an endpoint of the app refused says so', async () => {
  await ada.do(at('POST /webhooks/stripe/secrets'), { secret: sandbox.stripe.webhookSecret })
  sandbox.sendWebhooks({ stripe: broken.url })
  const [customer] = await upgradePlans(sandbox, 1)
  await broken.asked()
  await check()
  const incidents = await openIncidents()
  const found = incidents.find(({ customerId }: { customerId: string }) => customerId === customer)
  const day = new Date(Date.now() - behindMs).toISOString().slice(0, 10)
  expect(found.cause).toMatchObject({
    id: `event-not-delivered:${day}`,
    kind: 'event-not-delivered',
    confidence: 'likely',
    fix: expect.stringContaining('endpoint'),
  })
  expect(factsOf(found)).toEqual(
    expect.arrayContaining([
      'last-found-in-order',
      'event-undelivered',
      'app-not-changed-since',
      'drift-found',
    ]),
  )
})

test('an incident whose events were taken by every endpoint, while the app stayed, says so', async () => {
  broken.mend()
  const before = new Set((await openIncidents()).map(({ customerId }: { customerId: string }) => customerId))
  sandbox.sendWebhooks({ stripe: `${service.url}/api/webhooks/stripe/${project}` })
  await upgradePlans(sandbox, 3)
  await broken.asked()
  // The webhook has the customer checked; nobody asks for a check.
  const found = await until(
    async () =>
      (await openIncidents()).filter(({ customerId }: { customerId: string }) => !before.has(customerId)),
    (incidents) => incidents.length > 0,
  )
  const again = await until(
    () => ada.do(at(`POST /incidents/${found[0].id}/cause`)),
    ({ evidence }) => evidence.some(({ fact }: { fact: string }) => fact === 'event-delivered'),
  )
  expect(again).toMatchObject({ kind: 'event-without-effect', confidence: 'likely' })
})

test('a price that the catalogue does not know is the cause of its own incident, for certain', async () => {
  const price = await sellNewPrice()
  await check()
  const found = (await openIncidents()).find(({ kind }: { kind: string }) => kind === 'price-unmapped')
  expect(found.cause).toMatchObject({
    id: `price-without-mapping:${price}`,
    on: price,
    confidence: 'certain',
    sentence: expect.stringContaining(price),
  })
  expect(found.cause.fix).toContain('catalogue')
})

test('a record that was changed in the app, with nothing in billing that asked for it, was edited by hand', async () => {
  const [row = ''] = await payingUsers(1)
  await app.run(`update users set plan = 'free', is_premium = false, updated_at = now() where id = '${row}'`)
  await check()
  const found = (await openIncidents()).find(
    ({ subject }: { subject: { id: string } | null }) => subject?.id === row,
  )
  expect(found.cause).toMatchObject({ kind: 'manual-edit', confidence: 'likely' })
  expect(found.cause.on).toMatch(/^postgres \d{4}-\d\d-\d\dT\d\dh$/)
})

test('several that drift alike since a deploy have it as their one cause', async () => {
  const rows = (await payingUsers(5)).slice(0, 4)
  await ada.do(at('POST /deploys'), { version: 'v2.14.0', url: 'https://example.com/v2.14.0' })
  for (const row of rows) {
    await app.run(
      `update users set plan = 'free', is_premium = false, updated_at = now() where id = '${row}'`,
    )
  }
  await check()
  const groups = await until(
    () => ada.do(at('GET /causes')),
    ({ items, pending }) => pending === 0 && items.some(({ kind }: { kind: string }) => kind === 'deploy'),
  )
  const { items: deploys } = await ada.do(at('GET /deploys'))
  const group = groups.items.find(({ kind }: { kind: string }) => kind === 'deploy')
  expect(group).toMatchObject({
    on: `v2.14.0 of ${deploys[0].at.slice(0, 16)}Z`,
    confidence: 'likely',
    incidents: rows.length,
  })
  expect(group.moneyAtRisk.customer).not.toEqual([])
  const { items } = await ada.do(at(`GET /incidents?cause=${encodeURIComponent(group.id)}`))
  expect(items.map(({ subject }: { subject: { id: string } }) => subject.id).sort()).toEqual(rows.toSorted())
  const counts = await ada.do(at(`GET /incidents/counts?cause=${encodeURIComponent(group.id)}`))
  expect(counts).toMatchObject({ total: rows.length })
})

test('a version of the configuration under which others drift is their cause, while both sides stayed', async () => {
  const before = new Set((await openIncidents()).map(({ id }: { id: string }) => id))
  const { document: changed, customers } = await remapPrice()
  const { version } = await ada.do(at('PUT /config'), { document: changed, expectedVersion: 1 })
  await check()
  const found = (await openIncidents()).filter(({ id }: { id: string }) => !before.has(id))
  const touched = found.filter(({ customerId }: { customerId: string }) => customers.has(customerId))
  expect(touched.length).toBeGreaterThan(2)
  expect(new Set(found.map(({ cause }: { cause: { id: string } }) => cause.id))).toEqual(
    new Set([`config-change:version ${version}`]),
  )
  await ada.do(at('PUT /config'), { document: document(), expectedVersion: version })
  await check()
  const still = (await openIncidents()).map(({ id }: { id: string }) => id)
  expect(still.filter((id: string) => !before.has(id))).toEqual([])
})

test('a version that took the mapping of a price out is named beside the price without one', async () => {
  const { document: without, price } = await remapPrice({ drop: true })
  const before = await ada.do(at('GET /config'))
  const { version } = await ada.do(at('PUT /config'), { document: without, expectedVersion: before.version })
  await check()
  const found = (await openIncidents()).find(
    ({ identity }: { identity: { on: string } }) => identity.on === price,
  )
  expect(found.cause).toMatchObject({
    id: `price-without-mapping:${price}`,
    others: [{ id: `config-change:version ${version}`, confidence: 'certain' }],
  })
  await ada.do(at('PUT /config'), { document: document(), expectedVersion: version })
  await check()
})

test('money at risk, owed and recovered follows from what opened and what was put right', async () => {
  const [row = ''] = await payingUsers(1)
  const atRisk = async () =>
    (await ada.do(at('GET /incidents/counts?state=open&state=acknowledged'))).moneyAtRisk
  const clock = async () => await ada.do(at('GET /money?days=2'))
  const now = await atRisk()
  const before = await until(clock, ({ total }) => JSON.stringify(total.atRisk) === JSON.stringify(now))
  expect(before.days.at(-1).atRisk).toEqual(before.total.atRisk)
  await app.run(
    `update users set plan = '${planOf(row)}', is_premium = true, updated_at = now() where id = '${row}'`,
  )
  await check()
  const after = await until(
    clock,
    ({ total }) => JSON.stringify(total.atRisk) !== JSON.stringify(before.total.atRisk),
  )
  expect(after.total.atRisk).toEqual(await atRisk())
  expect(sumOf(after.total.recovered) - sumOf(before.total.recovered)).toBe(
    sumOf(before.total.atRisk.customer) - sumOf(after.total.atRisk.customer),
  )
  expect(sumOf(after.ever.owed)).toBeGreaterThanOrEqual(sumOf(before.ever.owed))
  const parity = await ada.do(at('GET /parity?days=2'))
  expect(parity.now.moneyAtRisk).toEqual(after.total.atRisk)
  expect(parity.now.share).toBeCloseTo(parity.now.agrees / parity.now.pairs, 10)
  expect(parity.now.share).toBeLessThan(1)
})

test('what is followed twice, as after a crash, counts once', async () => {
  const count = async () =>
    (
      await service.database.query(`select (select count(*)::int from trueup.money_turn) as turns,
        (select count(*)::int from trueup.incident_cause) as causes,
        (select count(*)::int from trueup.ledger_entry where act = 'cause-found') as entries`)
    ).rows[0]
  const before = await count()
  expect(before.turns).toBeGreaterThan(0)
  await service.database.query(`update trueup.ledger_follower set next_sequence = 0 where follower = 'cause'`)
  await check()
  await until(
    async () =>
      (
        await service.database.query(
          `select bool_and(place.next_sequence > (
          select max(sequence) from trueup.ledger_entry entry where entry.project_id = place.project_id
            and act = 'incident-opened')) as reached
        from trueup.ledger_follower place where follower = 'cause' and project_id = $1`,
          [project],
        )
      ).rows[0].reached,
    (reached) => reached === true,
  )
  expect(await count()).toEqual(before)
})

test('a cause is worked out again on demand, by what is known then', async () => {
  const [incident] = await openIncidents()
  const again = await ada.do(at(`POST /incidents/${incident.id}/cause`))
  expect(again).toMatchObject({ id: incident.cause.id, foundAt: incident.cause.foundAt })
  const { incident: shown } = await ada.do(at(`GET /incidents/${incident.id}`))
  expect(shown.cause).toEqual(again)
  expect((await ada.ask(at('POST /incidents/inc_nothing/cause'))).status).toBe(404)
})

test('the ledger names each cause that was found and each deploy, and nobody in what stands for good', async () => {
  const { rows } = await service.database.query(
    `select act, convert_from(entry, 'UTF8')::json as entry from trueup.ledger_entry
      where act in ('cause-found', 'deploy-marked')`,
  )
  const acts = rows.map(({ act }) => act)
  expect(acts).toEqual(expect.arrayContaining(['cause-found', 'deploy-marked']))
  for (const { entry } of rows.filter(({ act }) => act === 'cause-found')) {
    expect(Object.keys(entry.facts).sort()).toEqual(['cause', 'confidence', 'opening'])
    expect(JSON.stringify(entry.facts)).not.toMatch(/cus_|evt_|user:/)
  }
})

test('a pipeline marks deploys with a key that reads; one that is still to come is refused', async () => {
  const [{ workspaceId }] = (await ada.do('GET /api/v1/workspaces')).items
  const { key } = await ada.do(`POST /api/v1/workspaces/${workspaceId}/api-keys`, {
    name: 'CI',
    scope: 'read',
    projectId: project,
  })
  const pipeline = ada.withKey(key)
  const marked = await pipeline.do(at('POST /deploys'), {
    version: 'v2.15.0',
    at: '2026-01-01T10:00:00+02:00',
  })
  expect(marked).toMatchObject({ version: 'v2.15.0', at: '2026-01-01T08:00:00.000Z', url: null })
  const { items, next } = await pipeline.do(at('GET /deploys?limit=1'))
  expect(items[0].version).toBe('v2.14.0')
  expect((await pipeline.do(at(`GET /deploys?after=${next}`))).items).toEqual([marked])
  const refused = await pipeline.ask(at('POST /deploys'), { version: 'v3', at: '2100-01-01T00:00:00Z' })
  expect([refused.status, refused.body.code]).toEqual([422, 'deploy-in-future'])
  const script = await pipeline.ask(at('POST /deploys'), { version: 'v3', url: 'javascript:alert(1)' })
  expect([script.status, script.body.code]).toEqual([422, 'url-malformed'])
})

test('the list of causes goes on page by page, and takes no other word for a page or a cause', async () => {
  const all = await ada.do(at('GET /causes?state=open&state=resolved&state=acknowledged'))
  expect(all.items.length).toBeGreaterThan(2)
  const found: string[] = []
  let after = ''
  do {
    const page = await ada.do(at(`GET /causes?state=open&state=resolved&limit=1${after}`))
    found.push(...page.items.map(({ id }: { id: string }) => id))
    after = page.next === null ? '' : `&after=${encodeURIComponent(page.next)}`
  } while (after !== '')
  expect(found).toEqual(all.items.map(({ id }: { id: string }) => id))
  expect((await ada.ask(at('GET /causes?after=nothing'))).body.code).toBe('cursor-malformed')
  expect((await ada.ask(at('GET /incidents?cause=nothing'))).body.code).toBe('cause-malformed')
  expect((await ada.do(at('GET /incidents?cause=deploy:none'))).items).toEqual([])
})

test('nothing is made again of the ledger of a project that was erased', async () => {
  const [{ workspaceId }] = (await ada.do('GET /api/v1/workspaces')).items
  const database = await openDatabase({ databaseUrl: service.databaseUrl, home: '', clock: systemClock })
  const turns = async () =>
    (await service.database.query('select count(*)::int as count from trueup.money_turn')).rows[0].count
  const forget = async () => {
    for (const table of ['money_turn', 'incident_cause', 'ledger_follower']) {
      await service.database.query(`delete from trueup.${table} where project_id = $1`, [project])
    }
  }
  try {
    await forget()
    await followIncidents(database, { workspaceId, projectId: project })
    expect(await turns()).toBeGreaterThan(0)
    await service.database.query('update trueup.project set erased_at = now() where project_id = $1', [
      project,
    ])
    await forget()
    await followIncidents(database, { workspaceId, projectId: project })
    expect(await turns()).toBe(0)
  } finally {
    await database.close()
  }
})

/** Users who pay for a plan and have it, the same ones first each time, by the ids of their rows. */
async function payingUsers(count: number): Promise<readonly string[]> {
  const payers = new Set<unknown>()
  for await (const { customer, items } of stripe.subscriptions.list({ status: 'active', limit: 100 })) {
    if (items.data.length === 1) payers.add(customer)
  }
  const rows = sandbox.world.app?.users ?? []
  const paying = rows.filter(
    ({ is_premium, plan, stripe_customer_id }) => is_premium && plan && payers.has(stripe_customer_id),
  )
  return paying.map(({ id }) => id).slice(-count)
}

/** The plan that the app had written for a user in the beginning. */
function planOf(row: string): string {
  const plan = sandbox.world.app?.users.find(({ id }) => id === row)?.plan
  if (!plan) throw new Error(`The user ${row} had no plan.`)
  return plan
}

function sumOf(moneys: readonly { readonly amount: number }[]): number {
  return moneys.reduce((sum, { amount }) => sum + amount, 0)
}

/** The configuration with one price on another plan, or on none, and who pays that price. */
async function remapPrice({ drop = false } = {}) {
  const { plans, ...rest } = document().catalogue
  const changed = plans.map((plan) => ({ ...plan, prices: [...(plan.prices ?? [])] }))
  const byPrice = new Map<string, Set<string>>()
  for await (const { customer, items } of stripe.subscriptions.list({ status: 'active', limit: 100 })) {
    for (const { price } of items.data) {
      for (const name of [price.id, `lookup:${price.lookup_key}`]) {
        byPrice.set(name, (byPrice.get(name) ?? new Set()).add(String(customer)))
      }
    }
  }
  for (const plan of changed) {
    const price = plan.prices.find(
      (name) => (byPrice.get(name)?.size ?? 0) > 0 && (!drop || name.startsWith('price_')),
    )
    const other = changed.find(({ id, prices }) => id !== plan.id && prices.length > 0)
    if (price === undefined || !other) continue
    plan.prices = plan.prices.filter((name) => name !== price)
    if (!drop) other.prices.push(price)
    return {
      document: { ...document(), catalogue: { ...rest, plans: changed } },
      price,
      customers: byPrice.get(price) ?? new Set<string>(),
    }
  }
  throw new Error('No price of this world is paid by anybody.')
}

/** Sells a price that nobody mapped to a new customer. */
async function sellNewPrice(): Promise<string> {
  const product = await stripe.products.create({ name: 'Brand new' })
  const price = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 900,
    recurring: { interval: 'month' },
  })
  const customer = await stripe.customers.create({ email: 'new@example.com' })
  await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    collection_method: 'send_invoice',
    days_until_due: 30,
  })
  return price.id
}

/** An endpoint of the app that answers every webhook with an error. */
async function brokenEndpoint() {
  let count = 0
  let status = 500
  const server = createServer((request, response) => {
    request.resume()
    count += 1
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    asked: () => expect.poll(() => count, { timeout: 20_000 }).toBeGreaterThan(0),
    /** From now on it takes every webhook, and does nothing with it. */
    mend() {
      status = 200
      count = 0
    },
    close: () => new Promise((resolve) => server.close(() => resolve(undefined))),
  }
}
