import { expect, test } from 'vitest'
import { recordResults } from '../../bench/record-results.ts'
import { repairPoints } from '../../packages/service/src/repair/repair-points.ts'
import { buildCli } from '../support/build-cli.ts'
import type { KilledRepair } from '../support/repair-kills.ts'
import { RepairKills } from '../support/repair-kills.ts'

const rounds = Number(process.env.SOAK_ROUNDS ?? 1000)

test(`${rounds} repairs killed at every named point`, { timeout: 7_200_000 }, async () => {
  buildCli()
  const kills = await RepairKills.begin(11)
  const done: KilledRepair[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      const killed = await kills.round(round)
      done.push(killed)
      if (killed.wrong.length > 0 || round % 50 === 49) process.stdout.write(`${JSON.stringify(killed)}\n`)
    }
  } finally {
    await kills.end()
  }
  expect(done.filter(({ wrong }) => wrong.length > 0)).toEqual([])
  const states = [...new Set(done.map(({ state }) => state))].toSorted()
  const lines = repairPoints.map((point) => {
    const at = done.filter((killed) => killed.point === point)
    const counts = states.map((state) => at.filter((killed) => killed.state === state).length)
    return `| ${point} | ${at.length} | ${counts.join(' | ')} | ${at.filter(({ wrong }) => wrong.length > 0).length} |`
  })
  await recordResults(
    'soak: repairs',
    `SOAK_ROUNDS=${rounds} npm run soak:repairs`,
    [
      'The published program, killed with SIGKILL at each named point of a repair; then nothing, the statement of the',
      'dead process coming late (before or after it is settled), or the app writing something newer. Wrong would be: a',
      'value written twice, over a newer one, without its entries, an entry without a write, or a repair that is stuck.',
      '',
      `| killed at | repairs | ${states.join(' | ')} | wrong |`,
      `|---|---:|${states.map(() => '---:|').join('')}---:|`,
      ...lines,
    ].join('\n'),
  )
})
