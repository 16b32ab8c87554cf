// How long it takes to read a table of users of the app, beside the least that anybody has to do who reads the same
// columns: COPY ... TO STDOUT by psql, over the same encrypted connection. Both run on this machine in one run, so what
// counts are the ratios; so it is with what a writer on that table notices meanwhile, before and during by turns, so
// that whatever else the machine does meets both. Results go to bench/RESULTS.md.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startSecureCluster } from '../test/support/secure-cluster.ts'
import { measure } from './measure.ts'
import { recordResults } from './record-results.ts'
import { median, medianOf, type Written, write } from './writer.ts'

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
const turns = 5
const turnSeconds = 4
/** Who else is at work while somebody writes. */
const besides = {
  nobody: null,
  'the reader': { BENCH_REST: '0' },
  'the reader, pages of 1,000 rows': { BENCH_REST: '0', BENCH_PAGE_ROWS: '1000' },
  'the reader, after each page a rest as long as it took': { BENCH_REST: '1' },
  'a process that keeps a core busy and reads nothing': 'spins',
} as const
type Beside = keyof typeof besides
const columns = Object.values(mapping).slice(1)

const readerArgs = [
  join(import.meta.dirname, '../node_modules/jiti/lib/jiti-cli.mjs'),
  join(import.meta.dirname, 'read-postgres-source.ts'),
]

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
  const machine = `Node ${process.versions.node}, ${cpus().length} cores, ${(await cluster.run('show server_version'))[0]?.server_version}; server, reader and writer on one machine, TLS; ${rows.toLocaleString('en-US')} rows, ${columns.length} mapped columns of 12`
  await report('postgres source', [
    `${machine}; medians of three.`,
    '',
    '| | seconds | rows a second | ratio |',
    '|---|---:|---:|---:|',
    `| COPY ... TO STDOUT by psql | ${copy.toFixed(2)} | ${perSecond(copy)} | 1 |`,
    `| full read into readings | ${read.toFixed(2)} | ${perSecond(read)} | ${(read / copy).toFixed(1)} |`,
    '',
    `Peak memory of the reading process, with all that is loaded: ${peak} MB.`,
  ])
  const load = loadavg()[0] ?? 0
  const paced = await byTurns(ca, pacedPerSecond)
  const free = await byTurns(ca, null)
  await report('postgres source: who writes meanwhile', [
    `${machine}; medians of ${turns} turns of ${turnSeconds} seconds. The reader's own process and the writer's share the cores with the`,
    `database here, and so did other programs: the load average was ${load.toFixed(1)} when it began.`,
    '',
    `A writer on that table that sends ${pacedPerSecond} updates a second, before the table is read and while it is:`,
    '',
    ...beforeAndDuring(paced),
    '',
    'For information, the same beside others:',
    '',
    ...inCompany(paced),
    '',
    'For information, a writer that sends as many updates as it can:',
    '',
    ...inCompany(free),
  ])
} finally {
  await cluster.stop()
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

function readerEnv(ca: string): Readonly<Record<string, string>> {
  return {
    BENCH_URL: `postgres://bench:${password}@localhost:${cluster.port}/postgres`,
    BENCH_CA: ca,
    BENCH_MAPPING: JSON.stringify(mapping),
  }
}

async function readSource(ca: string): Promise<{ readonly seconds: number; readonly peakMegabytes: number }> {
  const { stdout, peakMegabytes } = await measure(readerArgs, readerEnv(ca))
  const read: { rows: number; values: number; seconds: number } = JSON.parse(stdout)
  if (read.rows !== rows || read.values !== rows) throw new Error(`${read.rows} rows were read: ${stdout}`)
  return { seconds: read.seconds, peakMegabytes }
}

async function report(name: string, lines: readonly string[]): Promise<void> {
  const text = lines.join('\n')
  process.stdout.write(`${text}\n\n`)
  await recordResults(name, `npm run bench:postgres${process.argv[2] ? ` -- ${rows}` : ''}`, text)
}

interface Company {
  readonly written: Written
  /** Rows that were read meanwhile. */
  readonly rowsRead: number
}

type Companies = ReadonlyMap<Beside, Company>

/** The writer beside each in turn, several times over. */
async function byTurns(ca: string, perSecond: number | null): Promise<Companies> {
  const seen = new Map<Beside, Company[]>()
  for (let turn = 0; turn < turns; turn++) {
    for (const name of Object.keys(besides) as Beside[]) {
      const company = await writeBeside(ca, besides[name], perSecond)
      seen.set(name, [...(seen.get(name) ?? []), company])
    }
  }
  return new Map(
    [...seen].map(([name, companies]) => {
      const written = medianOf(companies.map((company) => company.written))
      return [name, { written, rowsRead: median(companies.map(({ rowsRead }) => rowsRead)) }]
    }),
  )
}

/** Writes for one turn while a process of its own reads, or spins; it ends with the turn. */
async function writeBeside(
  ca: string,
  beside: (typeof besides)[Beside],
  perSecond: number | null,
): Promise<Company> {
  const writing = () => write(cluster, { rows, perSecond, seconds: turnSeconds })
  if (beside === null) return { written: await writing(), rowsRead: 0 }
  const args = beside === 'spins' ? ['-e', `console.log('spins'); for (;;);`] : readerArgs
  const child = spawn(process.execPath, args, {
    env: beside === 'spins' ? process.env : { ...process.env, ...readerEnv(ca), ...beside },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const lines = createInterface({ input: child.stdout })
  let rowsRead = 0
  lines.on('line', (line) => {
    rowsRead += Number(line) || 0
  })
  try {
    const isUnderWay = new Promise<true>((resolve) => lines.once('line', () => resolve(true)))
    if (!(await Promise.race([isUnderWay, ended]))) throw new Error('The reader ended before it began.')
    rowsRead = 0
    const written = await writing()
    return { written, rowsRead }
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}

function beforeAndDuring(companies: Companies): readonly string[] {
  const before = companies.get('nobody')?.written
  const during = companies.get('the reader')?.written
  if (!before || !during) throw new Error('The writer wrote beside nobody, and beside the reader.')
  const line = (what: string, of: (written: Written) => number, unit: string) => {
    const change = (of(during) / of(before) - 1) * 100
    return `| ${what} | ${of(before).toFixed(2)}${unit} | ${of(during).toFixed(2)}${unit} | ${change > 0 ? '+' : ''}${change.toFixed(1)} % |`
  }
  return [
    '| | before | while it is read | change |',
    '|---|---:|---:|---:|',
    line('updates a second', ({ perSecond }) => perSecond, ''),
    line('median', ({ p50Ms }) => p50Ms, ' ms'),
    line('p99', ({ p99Ms }) => p99Ms, ' ms'),
  ]
}

function inCompany(companies: Companies): readonly string[] {
  return [
    '| beside | rows read a second | updates a second | median | p99 |',
    '|---|---:|---:|---:|---:|',
    ...[...companies].map(
      ([name, { written, rowsRead }]) =>
        `| ${name} | ${Math.round(rowsRead / turnSeconds).toLocaleString('en-US')} | ${written.perSecond.toFixed(2)} | ${written.p50Ms.toFixed(2)} ms | ${written.p99Ms.toFixed(2)} ms |`,
    ),
  ]
}

function perSecond(seconds: number): string {
  return Math.round(rows / seconds).toLocaleString('en-US')
}
