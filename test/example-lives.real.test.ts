import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findPlanted, plantedDrifts } from './support/example-drifts.ts'
import { liveInExample } from './support/example-lives.ts'
import { type ExampleWorld, startExampleWorld } from './support/example-world.ts'

/* The long run of the same is `npm run soak:example`. */

let world: ExampleWorld
beforeAll(async () => {
  world = await startExampleWorld()
})
afterAll(() => world?.close())

/** Far more than they take: a machine that is busy with something else is no failure. */
const patience = { timeout: 240_000 }

it('after lives of all kinds the monitor finds no drift in the example', patience, async () => {
  const { met, wrong } = await liveInExample(world, {
    seed: 'short',
    stories: 12,
    rounds: 3,
    daysEach: 14,
    acts: 5,
  })
  expect(wrong).toEqual([])
  expect(met.bought).toBeGreaterThan(4)
  const { incidents, check } = await world.check()
  expect(incidents.map(({ sentence }) => sentence)).toEqual([])
  expect(check.counts).toMatchObject({ drifts: 0, cannotTell: 0, settling: 0 })
  expect(check.counts?.agrees).toBeGreaterThan(8)
})

it('and then each drift that is planted by hand, and nothing else', patience, async () => {
  const found = await findPlanted(world)
  expect(found).toEqual(Object.fromEntries(plantedDrifts.map((drift) => [drift.name, drift.found])))
})

it('under the configuration that the guide shows', () => {
  const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
  expect(read('docs/sdk/monitor.md')).toContain(read('examples/team-notes/trueup.config.ts'))
})
