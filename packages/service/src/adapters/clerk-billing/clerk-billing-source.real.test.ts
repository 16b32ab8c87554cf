import { inspect } from 'node:util'
import type { BillingSource } from '@trueup/core'
import { SourceError } from '@trueup/core'
import type { FaultInput, Listening } from '@trueup/sandbox'
import {
  ClerkState,
  changeItem,
  createClerkApp,
  createOrganization,
  createUser,
  Faults,
  listen,
  ManualClock,
  makeFeature,
  makeMoney,
  makePlan,
  subscribe,
  withFaults,
} from '@trueup/sandbox'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '../../secret.ts'
import { billingSourceContract, Stored } from '../billing-source-contract.ts'
import { systemRng, systemTimer } from '../system.ts'
import { createClerkBillingSource } from './source.ts'

const secretKey = 'sk_test_monitorCanary7b1d'
const clock = new ManualClock(new Date('2026-06-01T12:00:00Z'))
const state = new ClerkState({ seed: 'clerk billing source', clock })
const faults = new Faults({ seed: 5 })
const plans = {
  free: makePlan({ id: 'cplan_free', slug: 'free_user', is_default: true }),
  pro: makePlan({
    id: 'cplan_pro',
    slug: 'pro',
    fee: makeMoney(2000),
    annual_fee: makeMoney(19_200),
    features: [makeFeature({ id: 'feat_1', slug: 'reports' })],
  }),
}
const payers: string[] = []
let server: Listening

beforeAll(async () => {
  server = await listen(withFaults(createClerkApp({ state, keys: [secretKey] }), { faults, vendor: 'clerk' }))
  state.billing.plans.set(plans.free.id, plans.free)
  for (let number = 0; number < 1210; number++) {
    // Many are made in the same millisecond, as an import makes them.
    if (number % 40 === 0) clock.advance(60_000)
    const { id } = createUser(state, { emails: [`person${number}@example.com`] })
    subscribe(state, id, plans.pro)
    payers.push(id)
  }
  // One of them ended a plan and took another.
  subscribe(state, payers[7] ?? '', plans.pro, { plan_period: 'annual' })
})
afterAll(() => server.close())
afterEach(() => {
  faults.clear()
  faults.requests.clear()
})

/** Waits a twentieth of what it is asked for, so that back-off takes no minutes. */
const hurried = { sleep: (ms: number, signal?: AbortSignal) => systemTimer.sleep(ms / 20, signal) }

interface Opened {
  readonly key?: string
  readonly apiUrl?: string
  readonly features?: boolean
}

function open(options: Opened = {}): BillingSource {
  return createClerkBillingSource({
    key: new Secret(options.key ?? secretKey),
    apiUrl: options.apiUrl ?? server.url,
    clock: { now: () => new Date('2026-06-02T12:00:00Z') },
    timer: hurried,
    rng: systemRng,
    http: fetch,
    features: options.features ?? false,
  })
}

async function read(source: BillingSource): Promise<Stored<'subscriptions'>> {
  const stored = new Stored('subscriptions')
  await stored.read(source)
  return stored
}

const allItems = () => state.billing.items().map(({ id }) => id)
const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

describe('Clerk Billing', () => {
  billingSourceContract(async () => ({
    open,
    ids: {
      prices: ['cplan_free', 'cplan_pro', 'cplan_pro:annual'],
      refunds: [],
      disputes: [],
      subscriptions: allItems(),
      customers: [],
      purchases: [],
    },
    customers: { payer: payers[7] ?? '', deleted: null, unknown: 'user_never' },
    revokeKeyFrom: (from) => void faults.add({ kind: 'key-revoked', from }),
    restoreKey: () => faults.clear(),
  }))

  test('each item stands beside the user who pays for it', async () => {
    for await (const { rows } of open().read('subscriptions', [])) {
      for (const { fact, customer } of rows) expect(customer?.id).toBe(fact.customerId)
    }
  })

  test('whoever never subscribed is a customer without anything', async () => {
    const { id } = createUser(state, { emails: ['new@example.com'] })
    expect(await open().readCustomer(id)).toMatchObject({
      pointed: { id, found: 'read' },
      customer: { id, metadata: { user_id: id } },
      facts: [],
    })
  })

  test('an organization that pays is a customer of its own', async () => {
    const creator = createUser(state, { emails: ['boss@example.com'] })
    const { id } = createOrganization(state, { name: 'Acme', created_by: creator.id })
    const team = makePlan({ id: 'cplan_team', slug: 'team', for_payer_type: 'org', fee: makeMoney(9900) })
    subscribe(state, id, team, { seats: { quantity: 12 } })
    expect(await open().readCustomer(id)).toMatchObject({
      customer: { id, name: 'Acme', metadata: { organization_id: id } },
      facts: [{ customerId: id, seats: 12, price: { lookupKey: 'team' } }],
    })
  })

  test('what is no id of Clerk is unknown without being asked for', async () => {
    const source = open()
    expect(await source.readCustomer('cus_1')).toMatchObject({ pointed: { found: 'unknown' } })
    expect(source.requests()).toBe(0)
  })

  test('features of plans are read where the project wants them', async () => {
    const featuresOf = async (features: boolean) =>
      (await open({ features }).readCustomer(payers[0] ?? '')).facts[0]
    expect(await featuresOf(true)).toMatchObject({ features: ['reports'] })
    expect(await featuresOf(false)).toMatchObject({ features: [] })
  })

  test('items of the plan that everybody has are left in Clerk; those of another free plan are read', async () => {
    const { id } = createUser(state, { emails: ['free@example.com'] })
    subscribe(state, id, plans.free)
    const isRead = async () => (await read(open())).ids.some((item) => own.includes(item))
    const own = state.billing.subscriptions.get(id)?.subscription_items.map((item) => item.id) ?? []
    expect(await isRead()).toBe(false)
    const partner = makePlan({ id: 'cplan_partner', slug: 'partner' })
    state.billing.plans.set(partner.id, partner)
    expect(await isRead()).toBe(true)
    state.billing.plans.delete(partner.id)
  })

  test('tells whose items changed since a moment, and up to when that is known', async () => {
    const since = clock.now()
    clock.advance(3_600_000)
    const [changed = '', other = ''] = [payers[3], payers[4]]
    const [item] = state.billing.subscriptions.get(changed)?.subscription_items ?? []
    changeItem(state, item?.id ?? '', { status: 'past_due', past_due_at: state.now() })
    const told: string[] = []
    let until: Date | null = null
    for await (const page of open().changedSince?.(new Date(since.getTime() + 1_800_000)) ?? []) {
      told.push(...page.customerIds)
      until ??= page.until
    }
    expect(told).toContain(changed)
    expect(told).not.toContain(other)
    expect(until).toEqual(new Date('2026-06-02T12:00:00Z'))
  })

  test('an instance without plans is told so, before anything is compared', async () => {
    const empty = await listen(createClerkApp({ state: new ClerkState(), keys: [secretKey] }))
    const source = open({ apiUrl: empty.url })
    expect(await source.test()).toContainEqual(expect.objectContaining({ name: 'plans', state: 'warning' }))
    await empty.close()
    expect(await open().test()).toContainEqual(
      expect.objectContaining({
        name: 'plans',
        state: 'ok',
        found: expect.stringContaining('plans are sold'),
      }),
    )
  })
})

describe('a Clerk that misbehaves is read whole', () => {
  const profiles: readonly { readonly name: string; readonly fault: FaultInput }[] = [
    { name: 'limits requests', fault: { kind: 'rate-limited', retryAfterSeconds: 1, rate: 0.2 } },
    { name: 'fails with 500', fault: { kind: 'server-error', rate: 0.3 } },
    { name: 'fails with 502 and a page of HTML', fault: { kind: 'server-error', status: 502, rate: 0.3 } },
    { name: 'resets connections', fault: { kind: 'reset', rate: 0.3 } },
    { name: 'cuts bodies off', fault: { kind: 'cut-body', rate: 0.3 } },
    { name: 'answers slowly', fault: { kind: 'slow', delayMs: 20, where: 'middle', rate: 0.3 } },
    { name: 'gives half pages that look whole', fault: { kind: 'short-page', from: 2, rate: 0.3 } },
    { name: 'is out of order for a while', fault: { kind: 'outage', from: 2, limit: 3 } },
  ]
  test.each(profiles)('when it $name, and every request is counted', async ({ fault }) => {
    faults.add(fault)
    const source = open()
    const stored = await read(source)
    const paid = state.billing.items().filter(({ plan }) => plan.id !== 'cplan_free')
    expect([...new Set(stored.ids)].toSorted()).toEqual(paid.map(({ id }) => id).toSorted())
    expect(source.requests()).toBe(faults.requests.total)
  })
})

describe('a Clerk that cannot be read is said to be so', () => {
  const cases: readonly { readonly name: string; readonly fault: FaultInput; readonly code: string }[] = [
    { name: 'limits every request', fault: { kind: 'rate-limited', from: 3 }, code: 'rate-limited' },
    { name: 'is out of order', fault: { kind: 'outage', from: 3 }, code: 'source-failed' },
    { name: 'resets every connection', fault: { kind: 'reset', from: 3 }, code: 'unreachable' },
    { name: 'cuts every body off', fault: { kind: 'cut-body', from: 3 }, code: 'unreachable' },
    { name: 'revokes the key', fault: { kind: 'key-revoked', from: 3 }, code: 'key-rejected' },
  ]
  test.each(cases)('when it $name: $code', async ({ fault, code }) => {
    faults.add(fault)
    const stored = new Stored('subscriptions')
    const error = await failure(stored.read(open()))
    expect(error).toBeInstanceOf(SourceError)
    expect(error).toMatchObject({ source: 'clerk-billing', code })
    expect(stored.isDone).toBe(false)
  })

  test('the words for a refused key and for a limit are those of Clerk itself', async () => {
    expect(await failure(open({ key: 'sk_test_another' }).test())).toMatchObject({
      code: 'key-rejected',
      message: 'Clerk rejected the secret key (HTTP 401)',
    })
    faults.add({ kind: 'rate-limited' })
    expect(await failure(open().test())).toMatchObject({
      code: 'rate-limited',
      message: 'Clerk rate limit hit (HTTP 429)',
      retryable: true,
    })
  })

  test('the key stands in no message, no cause and nothing that is printed, whatever goes wrong', async () => {
    const kinds = ['rate-limited', 'outage', 'reset', 'cut-body', 'key-revoked'] as const
    for (const kind of kinds) {
      faults.add({ kind })
      const source = open()
      const error = await failure(source.test())
      expect(inspect([error, source], { depth: null, showHidden: true })).not.toContain('Canary')
      expect(JSON.stringify([error, source])).not.toContain('Canary')
      faults.clear()
    }
  })
})

test('payers who are deleted while items are read hide none of the others', async () => {
  const seen: string[] = []
  const gone: string[] = []
  const newest = [...payers].reverse()
  for await (const { rows } of open().read('subscriptions', [])) {
    seen.push(...rows.map(({ fact }) => fact.id))
    if (gone.length >= 9) continue
    for (const payer of newest.splice(0, 3)) {
      gone.push(payer)
      state.billing.subscriptions.delete(payer)
    }
  }
  const missed = state.billing
    .items()
    .filter(({ id, plan }) => plan.id !== 'cplan_free' && !seen.includes(id))
  expect(missed).toEqual([])
})
