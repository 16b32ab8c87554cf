import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { recordResults } from '../../bench/record-results.ts'
import { postgresStore } from '../../packages/sdk/src/store/postgres/index.ts'
import type { ChaosReport } from '../../packages/sdk/src/testbed/chaos.ts'
import { chaosAppTable, chaosTables, runChaos } from '../../packages/sdk/src/testbed/chaos.ts'
import { createTestDatabase } from '../support/database.ts'

const seeds = Number(process.env.SOAK_SEEDS ?? 200)
const actions = Number(process.env.SOAK_ACTIONS ?? 80)
/** No life begins after so many minutes, where somebody waits for the machine. Default: all are lived. */
const minutes = Number(process.env.SOAK_MINUTES ?? Number.POSITIVE_INFINITY)
const sideBySide = 3

test(`${seeds} lives of an app, each of ${actions} happenings`, { timeout: 6 * 3_600_000 }, async () => {
  expect(inject('testDatabase').url).not.toBe('')
  const seen: ChaosReport[] = []
  const until = performance.now() + minutes * 60_000
  let seed = 0
  // Much of a life is waiting, so that several are lived side by side, each with a database of its own.
  const live = async () => {
    const database = await createTestDatabase({ empty: true })
    const pool = new pg.Pool({ connectionString: database.url, max: 8 })
    pool.on('error', () => undefined)
    const store = postgresStore(pool, { appTable: chaosAppTable })
    await store.migrate()
    await pool.query(chaosTables)
    while (seed < seeds && performance.now() < until) {
      seed += 1
      const report = await runChaos({ seed, pool, store, actions })
      seen.push(report)
      // Told at once, and the others go on: a long run shows everything that it meets.
      for (const wrong of report.wrong) process.stderr.write(`seed ${report.seed}: ${wrong}\n`)
      if (seen.length % 20 === 0) process.stderr.write(`${seen.length} lives\n`)
    }
    await pool.end()
    await database.drop()
  }
  await Promise.all(Array.from({ length: sideBySide }, live))
  const wrong = seen.flatMap((report) => report.wrong.map((each) => `seed ${report.seed}: ${each}`))
  expect(wrong, `SDK_CHAOS_SEEDS=... and SOAK_ACTIONS=${actions} live one of them again`).toEqual([])
  await recordResults(
    'soak: sdk',
    `SOAK_SEEDS=${seen.length} SOAK_ACTIONS=${actions} npm run soak:sdk`,
    reportOf(seen),
  )
})

function reportOf(seen: readonly ChaosReport[]): string {
  const names = [...new Set(seen.flatMap(({ met }) => Object.keys(met)))].sort()
  const sum = (name: string) => seen.reduce((total, { met }) => total + (met[name] ?? 0), 0)
  return [
    'Lives of an app wired by `@trueup/sdk`: organizations made, renamed and deleted, checkouts (also two at once), cards',
    'that fail and work again, cancellations, disputes, months that pass; with webhooks lost (15 %), doubled, out of order',
    'and late, twin events, both vendors answering 429, 500 (with and without effect) and not at all, two processes that',
    'die between any two steps, and leases that run out under whoever holds them. After quiet: access within what is owed',
    'and allowed, the app’s row and the mirror equal to it, one customer and at most one live subscription a subject, no',
    'hook twice, nothing acknowledged and not kept, nothing left waiting.',
    '',
    '| met | times |',
    '|---|---:|',
    ...names.map((name) => `| ${name} | ${sum(name)} |`),
    '',
    `${seen.length} lives, 0 in which anything of this did not hold.`,
  ].join('\n')
}
