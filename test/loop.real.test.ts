import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCheck } from '../packages/service/src/check/run-check.ts'
import { checkOfWorld } from './support/check-world.ts'
import { compareWithLabels } from './support/compare-labels.ts'
import { faultProfiles, setFaults } from './support/faults.ts'
import { openTestStore, storeKinds } from './support/stores.ts'

const now = new Date('2026-06-01T12:00:00Z')
const clock = { now: () => now }
const nothingWrong = { missed: [], falseAlarms: [] }

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ world: 'saas', customers: 600, seed: 1, now, rateLimits: false })
})
afterAll(() => sandbox.close())

async function clearFaults(): Promise<void> {
  for (const { url } of [sandbox.stripe, sandbox.clerk])
    await fetch(`${url}/_sandbox/faults`, { method: 'DELETE' })
}

describe('a check of a generated world', () => {
  for (const kind of storeKinds) {
    test(`finds exactly the labelled drifts (${kind} store)`, async () => {
      const { store, close } = await openTestStore(kind, clock)
      try {
        const project = await store.project('world')
        const outcome = await runCheck(checkOfWorld(sandbox, project, { now }), { dryRun: false })
        expect(outcome.complete).toBe(true)
        expect(compareWithLabels(outcome.incidents, sandbox.labels)).toEqual(nothingWrong)
        expect(outcome.check.counts).toMatchObject({
          customers: sandbox.labels.customers,
          settling: sandbox.labels.settling.length,
        })
      } finally {
        await close()
      }
    })
  }

  test('files the same drift once, however often it is checked', async () => {
    const { store, close } = await openTestStore('memory', clock)
    try {
      const project = await store.project('world')
      const first = await runCheck(checkOfWorld(sandbox, project, { now }), { dryRun: false })
      const second = await runCheck(checkOfWorld(sandbox, project, { now }), { dryRun: false })
      // The brake counts what is new, and nothing is new the second time.
      const ids = (outcome: typeof first) =>
        outcome.incidents
          .filter(({ kind }) => kind !== 'mass-drift')
          .map(({ id }) => id)
          .toSorted()
      expect(ids(second)).toEqual(ids(first))
      expect(second.incidents.every(({ openings }) => openings === 1)).toBe(true)
    } finally {
      await close()
    }
  })

  test('a dry run files nothing and says the same', async () => {
    const { store, close } = await openTestStore('memory', clock)
    try {
      const project = await store.project('world')
      const outcome = await runCheck(checkOfWorld(sandbox, project, { now }), { dryRun: true })
      expect(compareWithLabels(outcome.incidents, sandbox.labels)).toEqual(nothingWrong)
      expect(await project.incidents({ limit: 10 })).toEqual([])
    } finally {
      await close()
    }
  })
})

describe('a check of vendors that misbehave', () => {
  for (const { name, faults, survivable } of faultProfiles) {
    for (const sides of [['stripe'], ['clerk']] as const) {
      test(`${survivable ? 'finds the same' : 'says that it is incomplete, and nothing wrong'} when ${name} (${sides})`, async () => {
        const { store, close } = await openTestStore('memory', clock)
        await setFaults(sandbox, sides, faults)
        try {
          const project = await store.project('world')
          const outcome = await runCheck(checkOfWorld(sandbox, project, { now }), { dryRun: false })
          const { missed, falseAlarms } = compareWithLabels(outcome.incidents, sandbox.labels)
          expect(outcome.complete).toBe(survivable)
          expect(falseAlarms.filter((alarm) => !alarm.startsWith('source-unreadable'))).toEqual([])
          if (survivable) expect(missed).toEqual([])
          else expect(falseAlarms.some((alarm) => alarm.startsWith('source-unreadable'))).toBe(true)
        } finally {
          await clearFaults()
          await close()
        }
      })
    }
  }
})
