// How long it takes from a change in Stripe to its incident, by webhook; and a full check by one, two and four workers.
// Everything runs on this machine. Results go to bench/RESULTS.md.
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSandbox } from '@trueup/sandbox'
import pg from 'pg'
import { startCluster } from '../test/support/cluster.ts'
import { type ApiClient, ServedService } from '../test/support/service.ts'
import { upgradePlans } from '../test/support/upgrade-plans.ts'
import { startSandboxProcess } from './measure.ts'
import { recordResults } from './record-results.ts'
import { median } from './writer.ts'

const customers = Number(process.argv[2] ?? 10_000)
const changes = Number(process.argv[3] ?? 30)
const password = 'correct horse battery staple'

const cluster = await startCluster()
const home = mkdtempSync(join(tmpdir(), 'trueup-bench-'))
const running: ServedService[] = []

interface Vendors {
  readonly stripe: { readonly url: string; readonly restrictedKey: string }
  readonly clerk: { readonly url: string; readonly secretKey: string }
  readonly config: unknown
}

async function start(database: string, { stripe, clerk }: Vendors, role: string): Promise<ServedService> {
  const started = await ServedService.start(
    {
      TRUEUP_HOME: home,
      DATABASE_URL: database,
      STRIPE_API_BASE: stripe.url,
      CLERK_API_URL: clerk.url,
      TRUEUP_ENCRYPTION_KEY: `bench:${Buffer.alloc(32, 3).toString('base64')}`,
      TRUEUP_LEDGER_KEY: Buffer.alloc(32, 5).toString('base64'),
    },
    ['--role', role],
  )
  running.push(started)
  return started
}

/** Makes a project that is connected and live. */
async function setUp(service: ServedService, { stripe, clerk, config }: Vendors) {
  const api = service.person()
  await api.do('POST /api/v1/sign-up', { email: 'a@example.com', name: 'A', password, workspaceName: 'W' })
  const [{ workspaceId }] = (await api.do('GET /api/v1/workspaces')).items
  const { id } = await api.do(`POST /api/v1/workspaces/${workspaceId}/projects`, { name: 'App' })
  const project = `/api/v1/projects/${id}`
  await api.do(`POST ${project}/sources`, { kind: 'stripe', key: stripe.restrictedKey })
  await api.do(`POST ${project}/sources`, { kind: 'clerk', key: clerk.secretKey })
  const { policy, ...rest } = config as { readonly policy?: object }
  const document = { ...rest, policy: { ...policy, settleMinutes: 0 } }
  await api.do(`PUT ${project}/config`, { document, expectedVersion: 0 })
  return { api, id, project }
}

async function fullCheck(api: ApiClient, project: string): Promise<number> {
  const began = performance.now()
  const { id } = (await api.do(`POST ${project}/checks`, { kind: 'full' })).check
  while ((await api.do(`GET ${project}/checks/${id}`)).finishedAt === null) await pause(200)
  return (performance.now() - began) / 1_000
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function newDatabase(name: string): Promise<string> {
  const client = new pg.Client({ connectionString: cluster.url })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return cluster.url.replace(/^(\w+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`)
}

async function measureNudges(): Promise<readonly number[]> {
  const sandbox = await startSandbox({ world: 'saas', customers: 2_000, drift: 0, seed: 3 })
  const database = await newDatabase('nudges')
  const service = await start(database, sandbox, 'all')
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  // Looked at in the database, since the API lets nobody ask so often.
  const isFiled = async (customer: string) => {
    const { rows } = await client.query(
      `select from trueup.incident where state = 'open' and incident::jsonb ->> 'customerId' = $1`,
      [customer],
    )
    return rows.length > 0
  }
  const { api, id, project } = await setUp(service, sandbox)
  await fullCheck(api, project)
  await api.do(`PATCH ${project}`, { state: 'live' })
  await api.do(`POST ${project}/webhooks/stripe/secrets`, { secret: sandbox.stripe.webhookSecret })
  sandbox.sendWebhooks({ stripe: `${service.url}/api/webhooks/stripe/${id}` })
  const took: number[] = []
  await upgradePlans(sandbox, changes, async (customer) => {
    const began = performance.now()
    while (!(await isFiled(customer))) await pause(10)
    took.push(performance.now() - began)
  })
  await client.end()
  await service.stop()
  await sandbox.close()
  return took.toSorted((a, b) => a - b)
}

async function measureWorkers(): Promise<readonly { readonly workers: number; readonly seconds: number }[]> {
  const sandbox = await startSandboxProcess(customers, 7)
  const database = await newDatabase('workers')
  const web = await start(database, sandbox, 'web')
  const { api, project } = await setUp(web, sandbox)
  const workers: ServedService[] = []
  const times: { readonly workers: number; readonly seconds: number }[] = []
  for (const count of [1, 2, 4]) {
    while (workers.length < count) workers.push(await start(database, sandbox, 'worker'))
    // The first check after a start also warms the processes up.
    await fullCheck(api, project)
    times.push({ workers: count, seconds: await fullCheck(api, project) })
  }
  for (const one of [web, ...workers]) await one.stop()
  await sandbox.stop()
  return times
}

try {
  const took = await measureNudges()
  const workers = await measureWorkers()
  const [one] = workers
  const text = `Node ${process.versions.node}, ${cpus().length} cores; sandbox, PostgreSQL and all processes on one machine.

From a change in Stripe to its incident, by webhook, ${took.length} changes one after the other, without settling: median
${Math.round(median(took))} ms, 95 of 100 within ${Math.round(took[Math.floor(took.length * 0.95)] ?? 0)} ms.

A full check of ${customers.toLocaleString('en-US')} customers, each the second with so many workers:

| workers | seconds | beside one |
|---:|---:|---:|
${workers.map(({ workers: count, seconds }) => `| ${count} | ${seconds.toFixed(1)} | ${(seconds / (one?.seconds ?? 1)).toFixed(2)} |`).join('\n')}
`
  await recordResults('service', `npm run bench:service -- ${customers} ${changes}`, text)
  process.stdout.write(text)
} finally {
  for (const one of running) one.kill('SIGKILL')
  await cluster.stop()
  rmSync(home, { recursive: true, force: true })
}
