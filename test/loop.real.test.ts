import { createMemoryStore } from '@trueup/core'
import { startSandbox } from '@trueup/sandbox'
import { afterAll, describe, expect, test } from 'vitest'
import { runCheck } from '../packages/service/src/check/run-check.ts'
import { checkOfWorld } from './support/check-world.ts'
import { compareWithLabels } from './support/compare-labels.ts'

const now = new Date('2026-06-01T12:00:00Z')
const nothingWrong = { missed: [], falseAlarms: [] }

describe('a check of a generated world', () => {
  for (const seed of [1, 2, 3]) {
    test(`finds exactly the labelled drifts (seed ${seed})`, async () => {
      const sandbox = await startSandbox({ world: 'saas', customers: 600, seed, now, rateLimits: false })
      try {
        const project = await createMemoryStore().project('world')
        const outcome = await runCheck(checkOfWorld(sandbox, project, { now }), { dryRun: false })
        expect(outcome.complete).toBe(true)
        expect(compareWithLabels(outcome.incidents, sandbox.labels)).toEqual(nothingWrong)
      } finally {
        await sandbox.close()
      }
    })
  }
})
