import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import { describe, expect, test } from 'vitest'
import { runCheck } from '../packages/service/src/check/run-check.ts'
import { runSingleCheck } from '../packages/service/src/check/single/run-single-check.ts'
import { type ServedApp, serveApp } from './support/app-database.ts'
import { checkOfWorld, connectToApp } from './support/check-world.ts'
import { compareWithLabels } from './support/compare-labels.ts'
import { openTestStore, type StoreKind } from './support/stores.ts'

const now = new Date('2026-06-01T12:00:00Z')
const clock = { now: () => now }

/** A business that sells through Clerk Billing, with the database of its app, and a project that reads both. */
async function during<Answer>(
  {
    seed,
    customers,
    store: kind,
  }: { readonly seed: number; readonly customers: number; readonly store: StoreKind },
  act: (world: {
    readonly sandbox: Sandbox
    readonly served: ServedApp
    readonly dependencies: ReturnType<typeof checkOfWorld>
  }) => Promise<Answer>,
): Promise<Answer> {
  const sandbox = await startSandbox({ world: 'clerk-billing', customers, seed, now })
  if (!sandbox.world.app) throw new Error('The app of this world has a database.')
  const served = await serveApp('embedded', sandbox.world.app)
  const app = connectToApp(served)
  const { store, close } = await openTestStore(kind, clock)
  try {
    const project = await store.project('world')
    return await act({ sandbox, served, dependencies: checkOfWorld(sandbox, project, { now, app }) })
  } finally {
    await close()
    await app.close()
    await served.close()
    await sandbox.close()
  }
}

describe('a check of an app that sells through Clerk Billing', () => {
  test.each([
    [1, 'PostgreSQL'],
    [2, 'embedded'],
    [3, 'memory'],
  ] as const)('finds exactly the labelled drifts (seed %i, %s store)', async (seed, store) => {
    await during({ seed, customers: 240, store }, async ({ sandbox, dependencies }) => {
      const outcome = await runCheck(dependencies, { dryRun: false })
      expect(outcome.complete).toBe(true)
      expect(compareWithLabels(outcome.incidents, sandbox.labels)).toEqual({ missed: [], falseAlarms: [] })
      expect(outcome.check.counts).toMatchObject({ customers: sandbox.labels.customers })
      expect(outcome.check.requests.stripe).toBeUndefined()
    })
  })

  test('of one subject says what the check of all says, whether or not anybody pointed to its customer', async () => {
    await during({ seed: 5, customers: 120, store: 'memory' }, async ({ sandbox, dependencies }) => {
      const drifts = sandbox.labels.drifts.filter(({ component }) => component !== 'brake')
      for (const { kind, subject, customer } of drifts) {
        if (subject === null && customer === null) continue
        const asked = subject === null ? { customerId: customer ?? '' } : { subject }
        const outcome = await runSingleCheck(dependencies, asked, { dryRun: true })
        if (outcome.superseded) throw new Error('Nobody else checks this subject.')
        expect([subject ?? customer, outcome.drifts.map((drift) => drift.kind)]).toEqual([
          subject ?? customer,
          [kind],
        ])
      }
    })
  })
})
