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

interface Line {
  readonly customers: number
  readonly database: 'PostgreSQL' | 'embedded'
  readonly bareSeconds: number
  readonly stripePages: number
  readonly seconds: number
  readonly stripeRequests: number
  readonly clerkRequests: number
  readonly peakMegabytes: number
  readonly incidents: number
}

/** What a bare client took: its time, and the pages of Stripe's lists that it fetched, none twice. */
interface Bare {
  readonly seconds: number
  readonly stripePages: number
}

const cluster = await startCluster()
const lines: Line[] = []
let databases = 0
try {
  for (const customers of sizes) {
    const sandbox = await startSandboxProcess(customers, seed)
    try {
      const bare = await measureBare(sandbox)
      for (const database of ['PostgreSQL', 'embedded'] as const) {
        const line = await measureChecks(sandbox, customers, database, bare)
        lines.push(line)
        console.log(
          `${customers} customers, ${database}: ${line.seconds.toFixed(1)} s, bare client ${line.bareSeconds.toFixed(1)} s, ` +
            `ratio ${(line.seconds / line.bareSeconds).toFixed(2)}, ${line.peakMegabytes} MB, ${line.stripeRequests} Stripe requests`,
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
  const [, median] = await threeByTime(async () => {
    const { seconds, stdout } = await measure([join(import.meta.dirname, 'bare-client.mjs')], {
      ...vendorEnvironment(sandbox),
      LIST_CUSTOMERS: '1',
    })
    return { seconds, stripePages: JSON.parse(stdout).stripeRequests }
  })
  return median
}

/** The median of three by its time, with the most memory that any of them held. */
async function measureChecks(...of: Parameters<typeof measureCheck>): Promise<Line> {
  const runs = await threeByTime(() => measureCheck(...of))
  return { ...runs[1], peakMegabytes: Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes)) }
}

/** Runs something three times: a machine that others use too is a tenth quicker or slower the next time. */
async function threeByTime<Run extends { readonly seconds: number }>(
  run: () => Promise<Run>,
): Promise<readonly [Run, Run, Run]> {
  const runs: [Run, Run, Run] = [await run(), await run(), await run()]
  return runs.sort((a, b) => a.seconds - b.seconds)
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
      incidents: report.incidents.length,
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** One for each run, since a check after another has less to write. */
async function emptyDatabase(): Promise<string> {
  const name = `bench_${++databases}`
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
    `Node ${process.versions.node}, ${cpus().length} cores; sandbox, database and check on one machine; processes measured whole, start included; the median of three runs each, and the most memory of any.`,
    '',
    '| customers | database | check | bare client | ratio | Stripe requests | pages in Stripe | beyond | Clerk requests | peak memory | incidents |',
    '|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...lines.map(
      (line) =>
        `| ${line.customers.toLocaleString('en-US')} | ${line.database} | ${line.seconds.toFixed(1)} s | ${line.bareSeconds.toFixed(1)} s | ${(line.seconds / line.bareSeconds).toFixed(2)} | ${line.stripeRequests} | ${line.stripePages} | ${(100 * (line.stripeRequests / line.stripePages - 1)).toFixed(1)} % | ${line.clerkRequests} | ${line.peakMegabytes} MB | ${line.incidents} |`,
    ),
  ].join('\n')
}
