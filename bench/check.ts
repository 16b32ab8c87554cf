// How long a full check takes beside the least that anybody has to do who reads both accounts, and how much memory it
// needs. Everything runs on this machine in one run, so what counts are the ratios. Results go to bench/RESULTS.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startCluster } from '../test/support/cluster.ts'
import { bin, measure, type RunningSandbox, startSandboxProcess } from './measure.ts'
import { recordResults } from './record-results.ts'

const seed = 7
const sizes = (process.argv[2] ?? '1000,10000,100000').split(',').map(Number)

const databases = ['PostgreSQL', 'embedded'] as const

/**
 * A round is a bare client and a check on each database, one right after the other: a machine that others use too is a
 * tenth quicker or slower a few minutes later.
 */
const roundCount = 5

interface Line {
  readonly customers: number
  readonly database: (typeof databases)[number]
  readonly bareSeconds: number
  readonly stripePages: number
  readonly seconds: number
  readonly stripeRequests: number
  readonly clerkRequests: number
  /** The most memory that the process held: of one round, or the median of all. */
  readonly peakMegabytes: number
  /** The most of any round. */
  readonly mostMegabytes: number
  readonly incidents: number
}

/** What a bare client took: its time, and the pages of Stripe's lists that it fetched, none twice. */
interface Bare {
  readonly seconds: number
  readonly stripePages: number
}

const cluster = await startCluster()
const lines: Line[] = []
let databaseCount = 0
try {
  for (const customers of sizes) {
    const sandbox = await startSandboxProcess(customers, seed)
    try {
      const checks: Line[] = []
      for (let round = 0; round < roundCount; round++) {
        const bare = await measureBare(sandbox)
        for (const database of databases) checks.push(await measureCheck(sandbox, customers, database, bare))
      }
      for (const database of databases) {
        const line = medianLine(checks.filter((each) => each.database === database))
        lines.push(line)
        console.log(
          `${customers} customers, ${database}: ${line.seconds.toFixed(1)} s, bare client ${line.bareSeconds.toFixed(1)} s, ` +
            `ratio ${ratioOf(line).toFixed(2)}, ${line.peakMegabytes} MB (at most ${line.mostMegabytes}), ${line.stripeRequests} Stripe requests`,
        )
      }
    } finally {
      await sandbox.stop()
    }
  }
} finally {
  await cluster.stop()
}
await recordResults('check', `npm run bench${process.argv[2] ? ` -- ${process.argv[2]}` : ''}`, table())

async function measureBare(sandbox: RunningSandbox): Promise<Bare> {
  const { seconds, stdout } = await measure([join(import.meta.dirname, 'bare-client.mjs')], {
    ...vendorEnvironment(sandbox),
    LIST_CUSTOMERS: '1',
  })
  return { seconds, stripePages: JSON.parse(stdout).stripeRequests }
}

function ratioOf({ seconds, bareSeconds }: Line): number {
  return seconds / bareSeconds
}

/** The round whose ratio is the median, with the median of the memory and the most of it. */
function medianLine(rounds: readonly Line[]): Line {
  const memory = rounds.map(({ peakMegabytes }) => peakMegabytes).toSorted((a, b) => a - b)
  const median = rounds.toSorted((a, b) => ratioOf(a) - ratioOf(b))[rounds.length >> 1]
  const [peakMegabytes, mostMegabytes] = [memory[memory.length >> 1], memory.at(-1)]
  if (!median || !peakMegabytes || !mostMegabytes) throw new Error('There is at least one round.')
  return { ...median, peakMegabytes, mostMegabytes }
}

async function measureCheck(
  sandbox: RunningSandbox,
  customers: number,
  database: Line['database'],
  bare: Bare,
): Promise<Line> {
  const home = mkdtempSync(join(tmpdir(), 'trueup-bench-'))
  const config = join(home, 'trueup.config.json')
  writeFileSync(config, JSON.stringify(sandbox.config))
  try {
    const { seconds, peakMegabytes, stdout } = await measure(
      [bin, 'check', '--json', '--settle', '0', '--quiet', '--config', config],
      {
        ...vendorEnvironment(sandbox),
        TRUEUP_HOME: home,
        ...(database === 'PostgreSQL' ? { DATABASE_URL: await emptyDatabase() } : {}),
      },
      [0, 1],
    )
    const report = JSON.parse(stdout)
    if (!report.complete) throw new Error(`The check was incomplete: ${JSON.stringify(report.unread)}`)
    return {
      customers,
      database,
      bareSeconds: bare.seconds,
      stripePages: bare.stripePages,
      seconds,
      stripeRequests: report.requests.stripe,
      clerkRequests: report.requests.clerk,
      peakMegabytes,
      mostMegabytes: peakMegabytes,
      incidents: report.incidents.length,
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** One for each run, since a check after another has less to write. */
async function emptyDatabase(): Promise<string> {
  const name = `bench_${++databaseCount}`
  const client = new pg.Client({ connectionString: cluster.url })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return cluster.url.replace('/postgres?', `/${name}?`)
}

function vendorEnvironment(sandbox: RunningSandbox): Record<string, string> {
  return {
    STRIPE_API_BASE: sandbox.stripe.url,
    STRIPE_API_KEY: sandbox.stripe.restrictedKey,
    CLERK_API_URL: sandbox.clerk.url,
    CLERK_SECRET_KEY: sandbox.clerk.secretKey,
  }
}

function table(): string {
  return [
    `Node ${process.versions.node}, ${cpus().length} cores; sandbox, database and check on one machine; processes measured whole, start included; of ${roundCount} rounds, each a bare client and the checks after it, the one with the median ratio. Memory varies by a tenth from one run to the next, so its median stands beside the most.`,
    '',
    '| customers | database | check | bare client | ratio | Stripe requests | pages in Stripe | beyond | Clerk requests | peak memory | at most | incidents |',
    '|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...lines.map(
      (line) =>
        `| ${line.customers.toLocaleString('en-US')} | ${line.database} | ${line.seconds.toFixed(1)} s | ${line.bareSeconds.toFixed(1)} s | ${ratioOf(line).toFixed(2)} | ${line.stripeRequests} | ${line.stripePages} | ${(100 * (line.stripeRequests / line.stripePages - 1)).toFixed(1)} % | ${line.clerkRequests} | ${line.peakMegabytes} MB | ${line.mostMegabytes} MB | ${line.incidents} |`,
    ),
  ].join('\n')
}
