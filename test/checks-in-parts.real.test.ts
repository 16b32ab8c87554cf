import type { ProjectStore, Store } from '@trueup/core'
import type { Sandbox } from '@trueup/sandbox'
import { seededRng, startSandbox } from '@trueup/sandbox'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemTimer } from '../packages/service/src/adapters/system.ts'
import { beginCheckInParts } from '../packages/service/src/check/parts/begin-check-in-parts.ts'
import { incidentsOfCheck, runCheckInParts } from '../packages/service/src/check/parts/run-check-in-parts.ts'
import { workOnCheck } from '../packages/service/src/check/parts/work-on-check.ts'
import { openStore } from '../packages/service/src/store/index.ts'
import { checkOfWorld } from './support/check-world.ts'
import { compareWithLabels } from './support/compare-labels.ts'
import { createTestDatabase } from './support/database.ts'
import { openTestStore } from './support/stores.ts'

/* Full checks that several workers read, on a server that they share, some of them killed: against the labels of a world. */

const now = new Date('2026-06-01T12:00:00Z')
const clock = { now: () => now }
const nothingWrong = { missed: [], falseAlarms: [] }

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ world: 'saas', customers: 800, seed: 2, now, rateLimits: false })
}, 240_000)
afterAll(() => sandbox.close())

class Killed extends Error {}

/** A worker that dies at some statement, before or after it was done. */
function mortal(project: ProjectStore, breaths: number): ProjectStore {
  let left = breaths
  const dying = (store: ProjectStore): ProjectStore =>
    new Proxy(store, {
      get(target, name, receiver) {
        if (name === 'heldBy') {
          const heldBy: ProjectStore['heldBy'] = (lease) => dying(target.heldBy(lease))
          return heldBy
        }
        const method: unknown = Reflect.get(target, name, receiver)
        if (typeof method !== 'function') return method
        return async (...args: readonly unknown[]) => {
          left -= 1
          if (left < 0 || (left === 0 && breaths % 2 === 0)) throw new Killed('killed')
          const answer: unknown = await Reflect.apply(method, target, args)
          if (left <= 0) throw new Killed('killed')
          return answer
        }
      },
    })
  return dying(project)
}

describe('workers that share a server', () => {
  test.each([1, 2, 3])(
    'find exactly the labelled drifts, however they are killed (seed %i)',
    async (seed) => {
      const database = await createTestDatabase()
      const server = new pg.Pool({ connectionString: database.url, max: 1 })
      // It is told that the database goes, though it was ended before.
      server.on('error', () => undefined)
      const stores: Store[] = []
      const open = async () => {
        const store = await openStore({ databaseUrl: database.url, home: null, clock })
        stores.push(store)
        return await store.project('world')
      }
      const rng = seededRng(`workers:${seed}`)
      const lives = Array.from({ length: 8 }, () => 2 + Math.floor(rng.next() * 30))
      let kills = 0
      // Whoever cannot be killed waits, so that a quick machine is not done before all were.
      let allAreDead = () => {}
      const deathOfAll = new Promise<void>((resolve) => {
        allAreDead = resolve
      })
      try {
        const first = await open()
        const { check } = await beginCheckInParts(checkOfWorld(sandbox, first, { now }), { dryRun: false })
        const worker = async (project: ProjectStore) => {
          for (;;) {
            const breaths = lives.pop()
            if (breaths === undefined) await deathOfAll
            const alive = breaths === undefined ? project : mortal(project, breaths)
            try {
              const dependencies = checkOfWorld(sandbox, alive, { now })
              const worked = await workOnCheck(dependencies, check.id, { timer: systemTimer, sideBySide: 2 })
              allAreDead()
              return worked
            } catch (error) {
              if (!(error instanceof Killed)) throw error
              kills += 1
              if (kills === 8) allAreDead()
              // As if a minute had passed: all leases have run out, also those of workers that live and are only late.
              await server.query(`update trueup.check_unit set leased_until = now() - interval '1 second'`)
            }
          }
        }
        const workers = await Promise.all([worker(first), worker(await open()), worker(await open())])
        expect(workers).toEqual(['finished', 'finished', 'finished'])
        expect(kills).toBe(8)
        const dependencies = checkOfWorld(sandbox, first, { now })
        const finished = await first.loadCheck(check.id)
        if (!finished) throw new Error('It was begun.')
        expect(Object.values(finished.parts).every(({ state }) => state === 'complete')).toBe(true)
        expect(finished.counts).toMatchObject({ customers: sandbox.labels.customers })
        expect(compareWithLabels(await incidentsOfCheck(dependencies, finished), sandbox.labels)).toEqual(
          nothingWrong,
        )
      } finally {
        for (const store of stores) await store.close()
        await server.end()
        await database.drop()
      }
    },
    120_000,
  )
})

test.each(['embedded', 'PostgreSQL'] as const)(
  'one process finds exactly the labelled drifts (%s store)',
  async (kind) => {
    const { store, close } = await openTestStore(kind, clock)
    try {
      const dependencies = checkOfWorld(sandbox, await store.project('world'), { now })
      const dry = await runCheckInParts(dependencies, { dryRun: true, timer: systemTimer })
      expect(compareWithLabels(dry.incidents, sandbox.labels)).toEqual(nothingWrong)
      const outcome = await runCheckInParts(dependencies, { dryRun: false, timer: systemTimer })
      expect(outcome.complete).toBe(true)
      expect(compareWithLabels(outcome.incidents, sandbox.labels)).toEqual(nothingWrong)
    } finally {
      await close()
    }
  },
  120_000,
)
