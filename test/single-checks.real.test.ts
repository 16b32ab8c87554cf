import type { Incident, ProjectStore } from '@trueup/core'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runRecentCheck } from '../packages/service/src/check/recent/run-recent-check.ts'
import { runCheck } from '../packages/service/src/check/run-check.ts'
import type { Asked } from '../packages/service/src/check/single/run-single-check.ts'
import { runSingleCheck } from '../packages/service/src/check/single/run-single-check.ts'
import { checkOfWorld } from './support/check-world.ts'
import type { StoreKind } from './support/stores.ts'
import { openTestStore } from './support/stores.ts'

/* Single and recent checks against the sandbox, over HTTP, with stores on real databases. */

const now = new Date('2026-06-01T12:00:00Z')
const clock = { now: () => now }

async function inStore(kind: StoreKind, work: (project: ProjectStore) => Promise<void>): Promise<void> {
  const { store, close } = await openTestStore(kind, clock)
  try {
    await work(await store.project('world'))
  } finally {
    await close()
  }
}

function stripeOf({ stripe }: Sandbox): Stripe {
  const { hostname, port } = new URL(stripe.url)
  return new Stripe(stripe.secretKey, {
    ...{ host: hostname, port: Number(port), protocol: 'http' as const },
    ...{ maxNetworkRetries: 0, telemetry: false },
  })
}

/** Everything about incidents but when they were seen. */
async function incidentsOf(project: ProjectStore) {
  const incidents = await project.incidents({ limit: 10_000 })
  return incidents.map(({ id, state, sentence, touched }: Incident) => ({ id, state, sentence, touched }))
}

async function openOf(project: ProjectStore): Promise<readonly string[]> {
  const incidents = await project.incidents({ states: ['open'], limit: 10_000 })
  return incidents
    .filter(({ kind }) => kind !== 'mass-drift')
    .map(({ identity }) => `${identity.kind} ${identity.on} ${identity.component}`)
    .toSorted()
}

describe('after a full check of a generated world', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await startSandbox({ world: 'saas', customers: 150, seed: 3, now, rateLimits: false })
  })
  afterAll(() => sandbox.close())

  test.each(['memory', 'PostgreSQL'] as const)(
    'single checks of everybody change nothing (%s store)',
    async (kind) => {
      await inStore(kind, async (project) => {
        const dependencies = checkOfWorld(sandbox, project, { now })
        await runCheck(dependencies, { dryRun: false })
        const known = await incidentsOf(project)
        expect(known.length).toBeGreaterThan(4)
        for (const asked of await everybody(sandbox, project)) {
          await runSingleCheck(dependencies, asked, { dryRun: false })
        }
        expect(await incidentsOf(project)).toEqual(known)
      })
    },
    240_000,
  )
})

/** All customers that billing lists, and all subjects of the last check. */
async function everybody(sandbox: Sandbox, project: ProjectStore): Promise<readonly Asked[]> {
  const asked: Asked[] = []
  for await (const { id } of stripeOf(sandbox).customers.list({ limit: 100 })) asked.push({ customerId: id })
  const customerIds = asked.flatMap((one) => ('customerId' in one ? [one.customerId] : []))
  const met = await project.acquaintances(null, { customerIds, subjects: [] }, 20)
  return [...asked, ...met.map(({ subject }) => ({ subject }))]
}

describe('after something changed in billing', () => {
  let sandbox: Sandbox
  let stripe: Stripe
  beforeEach(async () => {
    sandbox = await startSandbox({ world: 'saas', customers: 60, seed: 5, now, rateLimits: false })
    stripe = stripeOf(sandbox)
    return () => sandbox.close()
  })

  /** Customers with a live subscription and nothing wrong with them. */
  async function healthyPayers(
    project: ProjectStore,
    count: number,
  ): Promise<readonly Stripe.Subscription[]> {
    const incidents = await project.incidents({ limit: 1000 })
    const told = new Set(
      incidents.flatMap(({ customerId, touched, identity }) => [customerId, identity.on, ...touched]),
    )
    const healthy: Stripe.Subscription[] = []
    for await (const one of stripe.subscriptions.list({ status: 'active', limit: 100 })) {
      const customerId = String(one.customer)
      if (
        !told.has(customerId) &&
        (await stripe.subscriptions.list({ customer: customerId, status: 'all' })).data.length === 1
      ) {
        healthy.push(one)
      }
      if (healthy.length === count) return healthy
    }
    throw new Error('The world has too few customers who pay and have it.')
  }

  /** Has a customer pay for more than the app knows of. */
  async function upgrade({ id, items }: Stripe.Subscription): Promise<void> {
    const [item] = items.data
    if (!item) throw new Error('A subscription has an item.')
    await stripe.subscriptions.update(id, { items: [{ id: item.id, price: 'price_1EnterpriseMonthly' }] })
  }

  test.each(['memory', 'embedded', 'PostgreSQL'] as const)(
    'a single check of the customer finds what a full check would (%s store)',
    async (kind) => {
      await inStore(kind, async (project) => {
        const dependencies = checkOfWorld(sandbox, project, { now, settleMinutes: 0 })
        await runCheck(dependencies, { dryRun: false })
        const before = await openOf(project)
        const [payer] = await healthyPayers(project, 1)
        if (!payer) throw new Error('There is one.')
        await upgrade(payer)
        const sent = dependencies.billing.requests()
        const outcome = await runSingleCheck(
          dependencies,
          { customerId: String(payer.customer) },
          { dryRun: false },
        )
        expect(outcome).toMatchObject({ superseded: false, pairs: [{ customerIds: [payer.customer] }] })
        // The customer, its subscriptions and purchases, and what went back of a payment.
        expect(dependencies.billing.requests() - sent).toBeLessThanOrEqual(6)
        const bySingle = await openOf(project)
        await runCheck(dependencies, { dryRun: false, fresh: true })
        expect(await openOf(project)).toEqual(bySingle)
        expect(bySingle).toEqual(expect.arrayContaining([...before]))
        expect(bySingle.length).toBe(before.length + 1)
      })
    },
    120_000,
  )

  test('a recent check looks at those of whom there are events, and finds what a full check would', async () => {
    await inStore('PostgreSQL', async (project) => {
      const dependencies = checkOfWorld(sandbox, project, { now, settleMinutes: 0 })
      await runCheck(dependencies, { dryRun: false })
      const first = await runRecentCheck(dependencies, { dryRun: false, most: 10_000 })
      expect(first.kind).toBe('checked')
      const payers = await healthyPayers(project, 3)
      for (const payer of payers) await upgrade(payer)
      const outcome = await runRecentCheck(dependencies, { dryRun: false, most: 10_000 })
      if (outcome.kind !== 'checked') throw new Error(outcome.message)
      expect(outcome.changed.customers).toBeGreaterThanOrEqual(3)
      expect(outcome.opened).toHaveLength(3)
      const byRecent = await openOf(project)
      await runCheck(dependencies, { dryRun: false, fresh: true })
      expect(await openOf(project)).toEqual(byRecent)
    })
  }, 120_000)
})
