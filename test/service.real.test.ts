import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Incident } from '@trueup/core'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repairFunctionSql } from '../packages/service/src/adapters/postgres/repair/repair-function-sql.ts'
import { repairTablesOf } from '../packages/service/src/adapters/postgres/repair/repair-tables.ts'
import { parseConfig } from '../packages/service/src/config/parse-config.ts'
import { type ServedApp, serveApp } from './support/app-database.ts'
import { buildCli } from './support/build-cli.ts'
import { createTestDatabase, type TestDatabase } from './support/database.ts'
import { type ApiClient, emptyHome, ServedService } from './support/service.ts'
import { upgradePlans } from './support/upgrade-plans.ts'

/* The service as a team sets it up: from nothing, through the API alone, to a drift that is found, told and mended. */

const role = `service_repairs_${process.pid}`
const password = 'correct horse battery staple'

describe.each(['PostgreSQL', 'embedded'] as const)('a service on %s', (place) => {
  let sandbox: Sandbox
  let app: ServedApp
  let database: TestDatabase | null
  let home: Awaited<ReturnType<typeof emptyHome>>
  let service: ServedService
  let inbox: Receiver
  let ada: ApiClient
  let workspace: string
  let project: string

  beforeAll(async () => {
    buildCli()
    sandbox = await startSandbox({ world: 'saas', customers: 40, drift: 0, access: 'both', seed: 11 })
    if (!sandbox.world.app) throw new Error('The app of this world has a database.')
    app = await serveApp('PostgreSQL', sandbox.world.app)
    inbox = await receiver()
    database = place === 'PostgreSQL' ? await createTestDatabase() : null
    home = await emptyHome()
    service = await ServedService.start({
      TRUEUP_HOME: home.path,
      STRIPE_API_BASE: sandbox.stripe.url,
      CLERK_API_URL: sandbox.clerk.url,
      TRUEUP_ALLOW_PRIVATE_HOSTS: 'all',
      TRUEUP_ALLOW_DATABASE_PORTS: 'all',
      ...(database
        ? {
            DATABASE_URL: database.url,
            TRUEUP_ENCRYPTION_KEY: `first:${Buffer.alloc(32, 3).toString('base64')}`,
          }
        : {}),
    })
    ada = service.person()
  })
  afterAll(async () => {
    await service?.stop()
    await inbox?.close()
    await app?.run(`drop schema if exists trueup_repair cascade`).catch(() => {})
    await app
      ?.run(`drop owned by ${role}, ${role}_owner; drop role ${role}; drop role ${role}_owner`)
      .catch(() => {})
    await app?.close()
    await database?.drop()
    await home?.remove()
    await sandbox?.close()
  })
  const at = (path: string) => path.replace(' ', ` /api/v1/projects/${project}`)
  /** Asks until the answer is what is waited for. */
  const until = async <Body>(ask: () => Promise<Body>, isIt: (body: Body) => boolean): Promise<Body> => {
    let last: Body | undefined
    await expect
      .poll(
        async () => {
          last = await ask()
          return isIt(last)
        },
        { timeout: 45_000, interval: 100 },
      )
      .toBe(true)
    return last as Body
  }
  const check = async (body: unknown) => {
    const { check: begun } = await ada.do(at('POST /checks'), body)
    return await until(
      () => ada.do(at(`GET /checks/${begun.id}`)),
      ({ finishedAt }) => finishedAt !== null,
    )
  }

  test('makes its first owner, who makes a project', async () => {
    await ada.do('POST /api/v1/sign-up', {
      email: 'ada@example.com',
      name: 'Ada',
      password,
      workspaceName: 'Engines',
    })
    const { items } = await ada.do('GET /api/v1/workspaces')
    expect(items).toMatchObject([{ name: 'Engines', role: 'owner' }])
    workspace = items[0].workspaceId
    project = (await ada.do(`POST /api/v1/workspaces/${workspace}/projects`, { name: 'App' })).id
    expect(await ada.do('GET /api/v1/projects')).toMatchObject({ items: [{ id: project, name: 'App' }] })
  })

  test('connects Stripe, Clerk and the app database after it tried them, and keeps nothing of a key that is none', async () => {
    const wrong = await ada.ask(at('POST /sources'), { kind: 'stripe', key: 'pk_test_publishable' })
    expect(wrong.status).toBe(422)
    expect((await ada.do(at('GET /sources'))).items).toEqual([])
    await ada.do(at('POST /sources'), { kind: 'stripe', key: sandbox.stripe.restrictedKey })
    await ada.do(at('POST /sources'), { kind: 'clerk', key: sandbox.clerk.secretKey })
    await ada.do(at('POST /sources'), { kind: 'postgres', source: 'postgres', url: app.url })
    const { items } = await ada.do(at('GET /sources'))
    expect(items.map(({ name }: { name: string }) => name).sort()).toEqual(['clerk', 'postgres', 'stripe'])
    expect(JSON.stringify(items)).not.toContain(sandbox.stripe.restrictedKey)
  })

  test('takes the configuration, and shows in a dry run that nothing drifts', async () => {
    const document = { ...sandbox.config, policy: { ...sandbox.config.policy, settleMinutes: 0 } }
    await ada.do(at('PUT /config'), { document, expectedVersion: 0 })
    const { counts } = await check({ kind: 'full', dryRun: true })
    expect(counts).toMatchObject({ customers: expect.any(Number) })
    expect((await ada.do(at('GET /incidents'))).items).toEqual([])
  })

  test('goes live: a full check, webhooks, an alert channel that is tried', async () => {
    await ada.do(at('PATCH '), { state: 'live' })
    const done = await check({ kind: 'full' })
    expect(done.complete).toBe(true)
    await ada.do(at('POST /webhooks/stripe/secrets'), { secret: sandbox.stripe.webhookSecret })
    sandbox.sendWebhooks({ stripe: `${service.url}/api/webhooks/stripe/${project}` })
    const channel = await ada.do(at('POST /alerts/channels'), {
      name: 'Ops',
      config: { kind: 'slack', url: inbox.url },
    })
    await ada.do(at('POST /alerts/rules'), {
      name: 'All',
      channels: [channel.id],
      minSeverity: 'low',
      gatherSeconds: 0,
    })
    const tried = await ada.do(at(`POST /alerts/channels/${channel.id}/test`))
    expect(tried).toMatchObject({ sent: true, status: 200 })
    await inbox.told(/Trueup/)
  })

  test('files an incident for a change in Stripe that a webhook tells of, and tells of it', async () => {
    const [customer] = await upgradePlans(sandbox, 1)
    const { items } = await until(
      () => ada.do(at('GET /incidents?state=open')),
      (list) => list.items.length > 0,
    )
    const found = items.map((incident: Incident) => [incident.kind, incident.customerId])
    expect(found).toContainEqual(['plan-too-low', customer])
    expect(new Set(found.map(([, about]: readonly string[]) => about))).toEqual(new Set([customer]))
    await inbox.told(/plan lower than|lower plan|on a plan/i)
  })

  test('repairs what a person approves, verifies it, and tells that it is over', async () => {
    await installRepairs(app, sandbox)
    await ada.do(at('POST /sources'), {
      kind: 'postgres-repairs',
      source: 'postgres',
      url: repairUrl(app),
    })
    await ada.do(at('POST /sources'), { kind: 'clerk-repairs', key: sandbox.clerk.secretKey })
    await ada.do(at('POST /repairs/propose'))
    const { items } = await ada.do(at('GET /repairs'))
    const bob = await memberOf('bob@example.com', 'admin')
    const eve = await memberOf('eve@example.com', 'member')
    expect(items.length).toBeGreaterThan(0)
    for (const { id, takesAway } of items) {
      expect(takesAway).toBe(false)
      const refused = await eve.ask(at(`POST /repairs/${id}/approve`), { count: 1 })
      expect(refused.body.code).toBe('role-too-low')
      await bob.do(at(`POST /repairs/${id}/approve`), { count: 1 })
      await bob.do(at(`POST /repairs/${id}/apply`))
      expect(await ada.do(at(`GET /repairs/${id}`))).toMatchObject({ state: 'verified' })
    }
    await until(
      () => ada.do(at('GET /incidents?state=open')),
      (list) => list.items.length === 0,
    )
    await inbox.told(/resolved|ended|is over/i)
  })

  test('has every act in its ledger', async () => {
    const { items } = await ada.do(at('GET /ledger?limit=100'))
    const acts = items.map(({ act }: { act: string }) => act)
    for (const act of [
      'source-connected',
      'policy-changed',
      'check-finished',
      'incident-opened',
      'repair-approved',
      'repair-verified',
      'incident-resolved',
    ]) {
      expect(acts).toContain(act)
    }
  })

  test('stops when it is told to, with everything at rest', async () => {
    expect(await service.stop()).toBe(0)
    expect(service.log).not.toContain('"level":"error"')
  })

  async function memberOf(email: string, as: string): Promise<ApiClient> {
    const invite = await ada.do(`POST /api/v1/workspaces/${workspace}/invites`, { email, role: as })
    const person = service.person()
    const token = new URL(invite.link ?? '').hash.slice(1)
    await person.do('POST /api/v1/invites/accept', { token, name: email.split('@')[0], password })
    return person
  }
})

async function installRepairs(app: ServedApp, sandbox: Sandbox): Promise<void> {
  const { access, catalogue } = parseConfig(sandbox.config)
  const mappings = access.flatMap((source) =>
    source.kind === 'postgres' ? [source.mappings.user, source.mappings.organization] : [],
  )
  const tables = repairTablesOf(
    mappings.filter((mapping) => mapping !== undefined),
    catalogue,
  )
  await app.run(repairFunctionSql({ tables, role }))
  await app.run(`alter role ${role} password 'writes'`)
}

function repairUrl(app: ServedApp): string {
  const { host, port, database } = new pg.Client({ connectionString: app.url })
  return `postgres://${role}:writes@${host}:${port}/${database}?sslmode=disable`
}

interface Receiver {
  readonly url: string
  /** Resolves when a message that matches has come. */
  told(pattern: RegExp): Promise<void>
  close(): Promise<void>
}

/** Takes messages as a chat's incoming webhook does. */
async function receiver(): Promise<Receiver> {
  const messages: string[] = []
  const server = createServer(async (request, response) => {
    messages.push(await textOf(request))
    response.end('ok')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    told: (pattern) =>
      expect.poll(() => messages.join('\n'), { timeout: 45_000, interval: 100 }).toMatch(pattern),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}
