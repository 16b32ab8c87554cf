// How fast webhooks are taken, beside the least that anybody has to do who takes them: one signature and one insert.
// Both run on this machine against the same PostgreSQL, which waits for its disk, so what counts are the ratios. Results
// go to bench/RESULTS.md.
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { stripeEvent, stripeSecret } from '../packages/service/src/inbox/example-events.ts'
import { openTestInbox } from '../packages/service/src/inbox/test-inbox.ts'
import { startKillableCluster } from '../test/support/killable-cluster.ts'
import { recordResults } from './record-results.ts'

const seconds = Number(process.argv[2] ?? 15)
const customers = 5_000
const root = join(import.meta.dirname, '..')
let sent = 0
const ports = { bare: 23_101, ours: 23_102 }

interface Rate {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const cluster = await startKillableCluster()
try {
  const inbox = await openTestInbox({ databaseUrl: cluster.url })
  await inbox.project('prj_bench')
  await inbox.close()
  const lines: string[] = []
  for (const atOnce of [1, 16, 128]) {
    const bare = await measured(bareServer, ports.bare, atOnce)
    const ours = await measured(() => ourProcess('web'), ports.ours, atOnce)
    const worker = await ourProcess('worker')
    const busy = await measured(() => ourProcess('web'), ports.ours, atOnce)
    await end(worker)
    lines.push(line(atOnce, 'one signature and one insert', bare, bare))
    lines.push(line(atOnce, 'taken', ours, bare))
    lines.push(line(atOnce, 'taken, with a worker that checks who is due', busy, bare))
  }
  const table = [
    `Node ${process.versions.node}, ${cpus().length} cores; sender, one web process, worker and PostgreSQL on one machine; ${seconds} s each; ${customers} customers,`,
    'every event another one; events of 1 KB.',
    '',
    '| requests at a time | | events a second | p50 | p99 | rate, ratio | p99, ratio |',
    '|---:|---|---:|---:|---:|---:|---:|',
    ...lines,
  ].join('\n')
  process.stdout.write(`${table}\n`)
  await recordResults(
    'webhooks in',
    `npm run bench:webhooks${process.argv[2] ? ` -- ${seconds}` : ''}`,
    table,
  )
} finally {
  await cluster.stop()
}

function line(atOnce: number, what: string, rate: Rate, bare: Rate): string {
  const ratio = (part: number, whole: number) => (part / whole).toFixed(2)
  return `| ${atOnce} | ${what} | ${Math.round(rate.perSecond)} | ${rate.p50Ms.toFixed(1)} ms | ${rate.p99Ms.toFixed(1)} ms | ${ratio(rate.perSecond, bare.perSecond)} | ${ratio(rate.p99Ms, bare.p99Ms)} |`
}

function bareServer(): Promise<ChildProcess> {
  return started([join(root, 'bench/bare-intake.mjs'), cluster.url, String(ports.bare), stripeSecret])
}

function ourProcess(role: 'web' | 'worker'): Promise<ChildProcess> {
  const program = join(root, 'test/support/inbox-process.ts')
  return started([
    '-C',
    '@trueup/source',
    '--import',
    'jiti/register',
    program,
    role,
    cluster.url,
    String(ports.ours),
  ])
}

async function started(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve())
    child.once('close', (code) => reject(new Error(`${args.join(' ')} ended with ${code}`)))
  })
  return child
}

async function end(child: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGKILL')
  await closed
}

async function measured(start: () => Promise<ChildProcess>, port: number, atOnce: number): Promise<Rate> {
  const server = await start()
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  try {
    await sendFor(2, port, atOnce, agent)
    return await sendFor(seconds, port, atOnce, agent)
  } finally {
    agent.destroy()
    await end(server)
  }
}

async function sendFor(forSeconds: number, port: number, atOnce: number, agent: Agent): Promise<Rate> {
  const latencies: number[] = []
  const begun = performance.now()
  const until = begun + forSeconds * 1000
  const work = async () => {
    while (performance.now() < until) {
      const at = performance.now()
      await post(port, agent, ++sent)
      latencies.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  const took = (performance.now() - begun) / 1000
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0
  return { perSecond: latencies.length / took, p50Ms: at(0.5), p99Ms: at(0.99) }
}

async function post(port: number, agent: Agent, number: number): Promise<void> {
  const customer = number % customers
  const object = {
    ...{ id: `sub_${customer}`, object: 'subscription', customer: `cus_${customer}`, status: 'active' },
    metadata: { note: 'x'.repeat(500) },
  }
  const body = stripeEvent({ id: `evt_${process.pid}_${number}`, object, created: 1_790_000_000 + number })
  const timestamp = Math.floor(Date.now() / 1000)
  const signature = createHmac('sha256', stripeSecret).update(`${timestamp}.${body}`).digest('hex')
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sending = request(
      {
        ...{ host: '127.0.0.1', port, method: 'POST', agent, path: '/api/webhooks/stripe/prj_bench' },
        headers: {
          'stripe-signature': `t=${timestamp},v1=${signature}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        response.resume()
        response.once('end', () => resolve(response.statusCode))
      },
    )
    sending.once('error', reject)
    sending.end(body)
  })
  if (status !== 200) throw new Error(`An event was answered with ${status}.`)
}
