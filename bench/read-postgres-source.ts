// Reads the users of bench/postgres-source.ts as a check does, and prints how long that took. A process of its own, so that
// its memory can be told from that of what measures it. With BENCH_REST it reads until it is killed, prints the rows of
// each page, and rests after each so many times as long as the page took.
import { readFileSync } from 'node:fs'
import { parsePostgresMapping } from '@trueup/core'
import {
  openPostgres,
  ownMachinePolicy,
  parseConnectionString,
} from '../packages/service/src/adapters/postgres/connection/index.ts'
import { createPostgresSource } from '../packages/service/src/adapters/postgres/source.ts'
import { systemClock, systemRng, systemTimer } from '../packages/service/src/adapters/system.ts'

const { BENCH_URL = '', BENCH_CA = '', BENCH_MAPPING = '', BENCH_PAGE_ROWS, BENCH_REST } = process.env
const target = parseConnectionString(BENCH_URL, readFileSync(BENCH_CA, 'utf8'))
const { mapping } = parsePostgresMapping('user', JSON.parse(BENCH_MAPPING))
if (!target.ok || !mapping) throw new Error('The bench gave no connection string, or no mapping.')
const connection = openPostgres(target.value, {
  source: 'bench',
  timer: systemTimer,
  rng: systemRng,
  addresses: ownMachinePolicy,
})
const plan = { prices: [], products: [], lifetime: [], values: [], entitlements: [], seats: null }
const source = createPostgresSource({
  connection,
  clock: systemClock,
  timer: systemTimer,
  name: 'bench',
  mappings: { user: mapping },
  catalogue: {
    plans: [
      { ...plan, id: 'free' },
      { ...plan, id: 'pro' },
    ],
    addOns: [],
    seatPacks: [],
  },
  allowWriteRole: false,
  ...(BENCH_PAGE_ROWS ? { pageRows: Number(BENCH_PAGE_ROWS) } : {}),
})
while (BENCH_REST) {
  let askedAt = performance.now()
  for await (const page of source.read('users', [])) {
    process.stdout.write(`${page.rows.length}\n`)
    const restMs = (performance.now() - askedAt) * Number(BENCH_REST)
    if (restMs > 0) await systemTimer.sleep(restMs)
    askedAt = performance.now()
  }
}
const startedAt = process.hrtime.bigint()
let rows = 0
let values = 0
for await (const page of source.read('users', [])) {
  rows += page.rows.length
  for (const row of page.rows) values += row.granted.plan.state === 'value' ? 1 : 0
}
const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9
process.stdout.write(JSON.stringify({ rows, values, seconds }))
await connection.close()
