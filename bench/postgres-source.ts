// How long it takes to read a table of users of the app, beside the least that anybody has to do who reads the same
// columns: COPY ... TO STDOUT by psql, over the same encrypted connection. Both run on this machine in one run, so what
// counts are the ratios; so it is with what a writer on that table notices meanwhile. Results go to bench/RESULTS.md.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startSecureCluster } from '../test/support/secure-cluster.ts'
import { measure } from './measure.ts'
import { recordResults } from './record-results.ts'

const rows = Number(process.argv[2] ?? 1_000_000)
const password = 'bench-4711'
const mapping = {
  table: 'users',
  key: 'id',
  subject: 'clerk_user_id',
  customerId: 'stripe_customer_id',
  plan: 'plan',
  premium: 'is_premium',
  trialEndsAt: 'trial_ends_at',
  deletedAt: 'deleted_at',
  updatedAt: 'updated_at',
}
/** What an app with some users at once does. */
const pacedPerSecond = 200
const columns = Object.values(mapping).slice(1)

const cluster = await startSecureCluster()
try {
  const ca = join(cluster.folder, 'authority.pem')
  writeFileSync(ca, cluster.authority)
  await fill()
  const copies = [await copySeconds(ca), await copySeconds(ca), await copySeconds(ca)]
  const copy = median(copies)
  const reads = [await readSource(ca), await readSource(ca), await readSource(ca)]
  const read = median(reads.map(({ seconds }) => seconds))
  const peak = Math.max(...reads.map(({ peakMegabytes }) => peakMegabytes))
  const idle = { free: await write(null, 5), paced: await write(pacedPerSecond, 5) }
  const busy = {
    free: await whileReading(ca, (stop) => write(null, 60, stop)),
    paced: await whileReading(ca, (stop) => write(pacedPerSecond, 60, stop)),
  }
  // The reader takes a core of this machine, which it would not take of the app's: what reads nothing takes it too.
  const spun = {
    free: await whileSpinning(() => write(null, 5)),
    paced: await whileSpinning(() => write(pacedPerSecond, 5)),
  }
  const table = [
    `Node ${process.versions.node}, ${cpus().length} cores, ${(await cluster.run('show server_version'))[0]?.server_version}; server, reader and writer on one machine, TLS; ${rows.toLocaleString('en-US')} rows, ${columns.length} mapped columns of 12; medians of three.`,
    '',
    '| | seconds | rows a second | ratio |',
    '|---|---:|---:|---:|',
    `| COPY ... TO STDOUT by psql | ${copy.toFixed(2)} | ${perSecond(copy)} | 1 |`,
    `| full read into readings | ${read.toFixed(2)} | ${perSecond(read)} | ${(read / copy).toFixed(1)} |`,
    '',
    `Peak memory of the reading process, with all that is loaded: ${peak} MB.`,
    '',
    'A writer on that table: alone, beside a process that keeps one core busy and reads nothing, and while the table is read.',
    '',
    '| | alone | beside a busy core | while it is read | read / busy |',
    '|---|---:|---:|---:|---:|',
    ...lines('as fast as it can', idle.free, spun.free, busy.free),
    ...lines(`${pacedPerSecond} a second`, idle.paced, spun.paced, busy.paced),
  ].join('\n')
  process.stdout.write(`${table}\n`)
  await recordResults(
    'postgres source',
    `npm run bench:postgres${process.argv[2] ? ` -- ${rows}` : ''}`,
    table,
  )
} finally {
  await cluster.stop()
}

interface Written {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

async function fill(): Promise<void> {
  await cluster.run(`
    create role bench login password '${password}';
    create table users (
      id bigint generated always as identity primary key, clerk_user_id text unique, stripe_customer_id text, plan text,
      is_premium boolean, trial_ends_at timestamptz, deleted_at timestamptz, updated_at timestamptz,
      name text, email text, bio text, last_seen_at timestamptz
    );
    insert into users (clerk_user_id, stripe_customer_id, plan, is_premium, trial_ends_at, updated_at, name, email, bio)
      select 'user_' || md5(n::text), case when n % 3 > 0 then 'cus_' || substr(md5(n::text), 1, 14) end,
        case when n % 3 > 0 then 'pro' else 'free' end, n % 3 > 0,
        case when n % 10 = 0 then now() + interval '7 days' end, now() - n * interval '1 second',
        'Person ' || n, 'person' || n || '@example.com', repeat('x', 120)
      from generate_series(1, ${rows}) n`)
  await cluster.run('vacuum analyze users')
  await cluster.run(`grant select (${columns.join(', ')}) on users to bench`)
}

async function copySeconds(ca: string): Promise<number> {
  const startedAt = process.hrtime.bigint()
  const child = spawn(
    'psql',
    ['-X', '-q', '-c', `copy (select ${columns.join(', ')} from public.users) to stdout`, '-o', '/dev/null'],
    {
      env: {
        ...process.env,
        PGHOST: 'localhost',
        PGPORT: String(cluster.port),
        PGUSER: 'bench',
        PGPASSWORD: password,
        PGDATABASE: 'postgres',
        PGSSLMODE: 'verify-full',
        PGSSLROOTCERT: ca,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`psql ended with ${code}.`)
  return Number(process.hrtime.bigint() - startedAt) / 1e9
}

async function readSource(ca: string): Promise<{ readonly seconds: number; readonly peakMegabytes: number }> {
  const root = join(import.meta.dirname, '..')
  const { stdout, peakMegabytes } = await measure(
    [join(root, 'node_modules/jiti/lib/jiti-cli.mjs'), join(import.meta.dirname, 'read-postgres-source.ts')],
    {
      BENCH_URL: `postgres://bench:${password}@localhost:${cluster.port}/postgres`,
      BENCH_CA: ca,
      BENCH_MAPPING: JSON.stringify(mapping),
    },
  )
  const read: { rows: number; values: number; seconds: number } = JSON.parse(stdout)
  if (read.rows !== rows || read.values !== rows) throw new Error(`${read.rows} rows were read: ${stdout}`)
  return { seconds: read.seconds, peakMegabytes }
}

/** One statement after the other, each on a row of its own choosing, for so long or until told. */
async function write(perSecond: number | null, seconds: number, stop?: AbortSignal): Promise<Written> {
  const client = new pg.Client({
    host: cluster.folder,
    port: cluster.port,
    user: 'postgres',
    database: 'postgres',
  })
  await client.connect()
  const took: number[] = []
  const startedAt = performance.now()
  for (let count = 0; performance.now() - startedAt < seconds * 1000 && !stop?.aborted; count++) {
    const due = perSecond === null ? 0 : startedAt + (count * 1000) / perSecond
    if (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, due - performance.now()))
    const id = 1 + Math.floor(Math.random() * rows)
    const sentAt = performance.now()
    await client.query({
      name: 'touch',
      text: 'update users set last_seen_at = now() where id = $1',
      values: [id],
    })
    took.push(performance.now() - sentAt)
  }
  const total = (performance.now() - startedAt) / 1000
  await client.end()
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
  return { perSecond: took.length / total, p50Ms: at(0.5), p99Ms: at(0.99) }
}

/** The writer runs for as long as the table is read; reading begins again until it has run for a while. */
async function whileReading(ca: string, act: (stop: AbortSignal) => Promise<Written>): Promise<Written> {
  const stop = new AbortController()
  const written = act(stop.signal)
  const startedAt = performance.now()
  do {
    await readSource(ca)
  } while (performance.now() - startedAt < 5000)
  stop.abort()
  return await written
}

async function whileSpinning(act: () => Promise<Written>): Promise<Written> {
  const spinner = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })
  const ended = new Promise((resolve) => spinner.once('close', resolve))
  try {
    return await act()
  } finally {
    spinner.kill('SIGKILL')
    await ended
  }
}

function lines(name: string, alone: Written, spun: Written, read: Written): readonly string[] {
  const line = (what: string, of: (written: Written) => number, unit: string) =>
    `| ${name}: ${what} | ${[alone, spun, read].map((written) => `${of(written).toFixed(2)}${unit}`).join(' | ')} | ${(of(read) / of(spun)).toFixed(2)} |`
  return [
    line('updates a second', (written) => written.perSecond, ''),
    line('p50', (written) => written.p50Ms, ' ms'),
    line('p99', (written) => written.p99Ms, ' ms'),
  ]
}

function perSecond(seconds: number): string {
  return Math.round(rows / seconds).toLocaleString('en-US')
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
