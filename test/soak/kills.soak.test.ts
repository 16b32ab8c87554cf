import { startSandbox } from '@trueup/sandbox'
import { expect, test } from 'vitest'
import { recordResults } from '../../bench/record-results.ts'
import { checkWithKills } from '../support/check-with-kills.ts'
import type { StoreKind } from '../support/stores.ts'

const rounds = Number(process.env.SOAK_ROUNDS ?? 20)
const customers = Number(process.env.SOAK_CUSTOMERS ?? 4000)
const now = new Date('2026-06-01T12:00:00Z')

test(`${rounds} checks killed at random, again and again until they finish`, {
  timeout: 3_600_000,
}, async () => {
  const sandbox = await startSandbox({ world: 'saas', customers, seed: 3, now, rateLimits: false })
  const lines: string[] = []
  try {
    for (let round = 0; round < rounds; round++) {
      const kind: StoreKind = round % 2 === 0 ? 'PostgreSQL' : 'embedded'
      const result = await checkWithKills(sandbox, kind, { seed: round, now, mostKills: 6 })
      lines.push(
        `| ${round} | ${kind} | ${result.kills} | ${result.pageRequests} | ${result.pageRequestsAtMost} | ${result.missed.length} | ${result.falseAlarms.length} |`,
      )
      process.stdout.write(`${lines.at(-1)}\n`)
      expect(result.missed).toEqual([])
      expect(result.falseAlarms).toEqual([])
      expect(result.pageRequests).toBeLessThanOrEqual(result.pageRequestsAtMost)
    }
  } finally {
    await sandbox.close()
  }
  const head = [
    `SIGKILL after a random time, then started again, until the check finishes; ${customers} customers.`,
    'A killed run may have fetched one page for each cursor that was not stored yet; those are the only ones read again.',
    '',
    '| round | store | kills | page requests | at most | missed | false alarms |',
    '|---:|---|---:|---:|---:|---:|---:|',
  ]
  await recordResults(
    'soak: kills',
    `SOAK_ROUNDS=${rounds} SOAK_CUSTOMERS=${customers} npm run soak:kills`,
    [...head, ...lines].join('\n'),
  )
})
