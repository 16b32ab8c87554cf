import type { CheckRun } from '@trueup/core'
import type { AccessKeeping, AppDatabase, Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCheck } from '../packages/service/src/check/run-check.ts'
import { type AppDatabaseKind, type ServedApp, serveApp } from './support/app-database.ts'
import { checkOfWorld, connectToApp } from './support/check-world.ts'
import { compareWithLabels, notSo } from './support/compare-labels.ts'
import { setFaults } from './support/faults.ts'
import { openTestStore, type StoreKind } from './support/stores.ts'

const now = new Date('2026-06-01T12:00:00Z')
const clock = { now: () => now }
const nothingWrong = { missed: [], falseAlarms: [] }

async function start(access: AccessKeeping, seed: number): Promise<{ sandbox: Sandbox; app: AppDatabase }> {
  const sandbox = await startSandbox({ world: 'saas', customers: 400, drift: 0.1, access, seed, now })
  const { app } = sandbox.world
  if (!app) throw new Error('The app of this world has no database.')
  return { sandbox, app }
}

/** Checks a world once, and says what it found, beside the truth. */
async function check(sandbox: Sandbox, served: ServedApp, storeKind: StoreKind) {
  const { store, close } = await openTestStore(storeKind, clock)
  const app = connectToApp(served)
  try {
    const project = await store.project('world')
    const outcome = await runCheck(checkOfWorld(sandbox, project, { now, app }), { dryRun: false })
    return { outcome, ...compareWithLabels(outcome.incidents, sandbox.labels) }
  } finally {
    await app.close()
    await close()
  }
}

describe.each([
  ['in its own database', 'postgres'],
  ['in its own database and in Clerk', 'both'],
] as const)('a check of an app that keeps access %s', (_where, access) => {
  test.each([
    ['PostgreSQL', 'PostgreSQL', 1],
    ['embedded', 'embedded', 2],
  ] as const)(
    'finds exactly the labelled drifts (%s store and app)',
    async (storeKind, appKind: AppDatabaseKind, seed) => {
      const { sandbox, app } = await start(access, seed)
      const served = await serveApp(appKind, app)
      try {
        const { outcome, missed, falseAlarms } = await check(sandbox, served, storeKind)
        expect(outcome.complete).toBe(true)
        expect({ missed, falseAlarms }).toEqual(nothingWrong)
        const expected: Partial<CheckRun['counts']> = {
          customers: sandbox.labels.customers,
          settling: sandbox.labels.settling.length,
        }
        expect(outcome.check.counts).toMatchObject(expected)
      } finally {
        await served.close()
        await sandbox.close()
      }
    },
  )
})

describe('a check of an app with a database and a mirror, when one of them misbehaves', () => {
  let sandbox: Sandbox
  let served: ServedApp
  beforeAll(async () => {
    const world = await start('both', 3)
    sandbox = world.sandbox
    served = await serveApp('PostgreSQL', world.app)
  })
  afterAll(async () => {
    await served.close()
    await sandbox.close()
  })

  test('finds the same when the first connections to the database break in the middle of an answer', async () => {
    served.breakNext(2, 20_000)
    const { outcome, missed, falseAlarms } = await check(sandbox, served, 'memory')
    expect(outcome.complete).toBe(true)
    expect({ missed, falseAlarms }).toEqual(nothingWrong)
  })

  test.each([
    [
      'every connection to the database breaks',
      async () => {
        served.breakNext(1_000_000, 20_000)
        return async () => served.breakNext(0, 0)
      },
    ],
    [
      'the column of the plan was given another name in the database',
      async () => {
        await served.run('alter table users rename column plan to plan_name')
        return () => served.run('alter table users rename column plan_name to plan')
      },
    ],
    [
      'an outage of Clerk begins half-way',
      async () => {
        await setFaults(sandbox, ['clerk'], [{ kind: 'outage', from: 4 }])
        return async () => {
          await fetch(`${sandbox.clerk.url}/_sandbox/faults`, { method: 'DELETE' })
        }
      },
    ],
    [
      'row-level security hides every row of the database',
      async () => {
        await served.run('alter table users enable row level security')
        return () => served.run('alter table users disable row level security')
      },
    ],
  ] as const)('says that it is incomplete, and nothing wrong, when %s', async (_fault, begin) => {
    const end = await begin()
    try {
      const { outcome, falseAlarms } = await check(sandbox, served, 'memory')
      expect(outcome.complete).toBe(false)
      expect(notSo(falseAlarms, sandbox.labels)).toEqual([])
      expect(falseAlarms.some((alarm) => alarm.startsWith('source-unreadable'))).toBe(true)
    } finally {
      await end()
    }
  })
})
