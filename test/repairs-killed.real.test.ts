import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repairPoints } from '../packages/service/src/repair/repair-points.ts'
import { buildCli } from './support/build-cli.ts'
import { RepairKills } from './support/repair-kills.ts'

/* The short form of `npm run soak:repairs`: once at every named point. */

describe('a repair whose process is killed', () => {
  let kills: RepairKills
  beforeAll(async () => {
    buildCli()
    kills = await RepairKills.begin(12)
  })
  afterAll(() => kills.end())

  test.each(repairPoints.map((point, round) => [point, round] as const))(
    'at %s: is written once or never, with its entries, and nothing is stuck',
    async (point, round) => {
      const killed = await kills.round(round)
      expect(killed).toMatchObject({ point, wrong: [] })
    },
  )
})
