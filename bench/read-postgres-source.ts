// Reads the users of bench/postgres-source.ts once, as a check does, and prints how long that took. A process of its own,
// so that its memory can be told from that of what measures it.
import { readFileSync } from 'node:fs'
import { parsePostgresMapping } from '@trueup/core'
import {
  openPostgres,
  ownMachinePolicy,
  parseConnectionString,
} from '../packages/service/src/adapters/postgres/connection/index.ts'
import { createPostgresSource } from '../packages/service/src/adapters/postgres/source.ts'
import { systemClock, systemRng, systemTimer } from '../packages/service/src/adapters/system.ts'

const { BENCH_URL = '', BENCH_CA = '', BENCH_MAPPING = '' } = process.env
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
})
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
