import { cpus } from 'node:os'
import { expect, test } from 'vitest'
import { recordResults } from '../../bench/record-results.ts'
import { runStorm } from '../support/webhook-storm.ts'

const deliveries = Number(process.env.SOAK_DELIVERIES ?? 1_000_000)
const kills = Number(process.env.SOAK_KILLS ?? Math.min(90, Math.max(9, Math.round(deliveries / 11_000))))

test(`${deliveries} webhooks with ${kills} kills`, { timeout: 4 * 3_600_000 }, async () => {
  const storm = await runStorm({ seed: 11, deliveries, customers: Math.max(500, deliveries / 50), kills })
  process.stdout.write(`${JSON.stringify({ ...storm, wrong: storm.wrong.slice(0, 20) }, null, 2)}\n`)
  const { web, worker, database } = storm.kills
  await recordResults(
    'soak: webhooks',
    `SOAK_DELIVERIES=${deliveries} npm run soak:webhooks`,
    [
      `Node ${process.versions.node}, ${cpus().length} cores, with the sender and PostgreSQL on the same machine. Two web processes and two workers, killed`,
      'with SIGKILL one after the other, and PostgreSQL too. What is not answered with success is sent again. Wrong would be:',
      'an event that was acknowledged and is not kept, one without its effect or with two, two effects of one change that',
      'was told twice, or a forged one that was taken.',
      '',
      '| deliveries | events | doubles | forged | sent again | kills of web, worker, database | checks | a second | p50 | p99 | wrong |',
      '|---:|---:|---:|---:|---:|---|---:|---:|---:|---:|---:|',
      `| ${[
        storm.sent,
        storm.events,
        storm.doubles,
        storm.forged,
        storm.retried,
        `${web}, ${worker}, ${database}`,
        storm.checks,
        Math.round(storm.sent / storm.seconds),
        `${storm.p50Ms.toFixed(0)} ms`,
        `${storm.p99Ms.toFixed(0)} ms`,
        storm.wrong.length,
      ].join(' | ')} |`,
      '',
      'Times are those of 64 requests at a time, while nothing had been killed for five seconds; the rate is over all of the run.',
    ].join('\n'),
  )
  expect(storm.wrong.slice(0, 20)).toEqual([])
})
