import { expect, it } from 'vitest'
import { runStorm } from './support/webhook-storm.ts'

it('no acknowledged webhook is lost, none has two effects and none forged is taken, whatever is killed', {
  timeout: 120_000,
}, async () => {
  const storm = await runStorm({ seed: 3, deliveries: 3_000, customers: 300, kills: 3 })
  expect(storm.wrong).toEqual([])
  expect(storm.kills).toEqual({ web: 1, worker: 1, database: 1 })
  expect(storm.retried).toBeGreaterThan(0)
  expect(storm.doubles).toBeGreaterThan(500)
  expect(storm.forged).toBeGreaterThan(100)
})
