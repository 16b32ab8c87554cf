import type { Incident } from '@trueup/core'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCli } from './support/build-cli.ts'
import { createTestDatabase, type TestDatabase } from './support/database.ts'
import { type ApiClient, emptyHome, ServedService } from './support/service.ts'

/* Several processes of the service on one PostgreSQL, any of which may be killed. */

let sandbox: Sandbox
let database: TestDatabase
let home: Awaited<ReturnType<typeof emptyHome>>
let client: pg.Client
const processes: ServedService[] = []
const environment = () => ({
  TRUEUP_HOME: home.path,
  DATABASE_URL: database.url,
  STRIPE_API_BASE: sandbox.stripe.url,
  CLERK_API_URL: sandbox.clerk.url,
  TRUEUP_ENCRYPTION_KEY: `first:${Buffer.alloc(32, 3).toString('base64')}`,
  TRUEUP_LEDGER_KEY: Buffer.alloc(32, 5).toString('base64'),
  TRUEUP_PUBLIC_URL: 'http://trueup.test',
})
const start = async (role: 'web' | 'worker') => {
  const started = await ServedService.start(environment(), ['--role', role])
  processes.push(started)
  return started
}

beforeAll(async () => {
  buildCli()
  sandbox = await startSandbox({ world: 'saas', customers: 1_200, drift: 0.05, seed: 21 })
  database = await createTestDatabase()
  home = await emptyHome()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  for (const started of processes) started.kill('SIGKILL')
  await client?.end()
  await database?.drop()
  await home?.remove()
  await sandbox?.close()
})

describe('two web and three worker processes', () => {
  let web: ServedService[]
  let workers: ServedService[]
  let ada: ApiClient
  let project: string
  const at = (path: string) => path.replace(' ', ` /api/v1/projects/${project}`)
  const full = async (body: object = {}) =>
    (await ada.do(at('POST /checks'), { kind: 'full', ...body })).check.id as string
  const finished = async (id: string) => {
    await expect
      .poll(async () => (await ada.do(at(`GET /checks/${id}`))).finishedAt, {
        timeout: 120_000,
        interval: 250,
      })
      .not.toBeNull()
    return await ada.do(at(`GET /checks/${id}`))
  }
  const incidents = async () => {
    const found: Incident[] = []
    for (let after = ''; ; ) {
      const { items, next } = await ada.do(at(`GET /incidents?state=open&limit=100${after}`))
      found.push(...items)
      if (next === null) return found.map(({ kind, sentence }) => `${kind} ${sentence}`).sort()
      after = `&after=${encodeURIComponent(next)}`
    }
  }
  const rowsRead = async (id: string) => {
    const { rows } = await client.query(
      'select count(*)::int as n from trueup.observed_subject where check_number = $1',
      [id.replace('chk_', '')],
    )
    return rows[0].n as number
  }
  let byOne: readonly string[]

  test('answer the same, whichever is asked', async () => {
    web = [await start('web'), await start('web')]
    workers = [await start('worker')]
    const [first, second] = web.map((one) => one.person())
    if (!first || !second) throw new Error('Two processes answer.')
    ada = first
    await ada.do('POST /api/v1/sign-up', {
      ...{ email: 'ada@example.com', name: 'Ada', password: 'correct horse battery staple' },
      workspaceName: 'Engines',
    })
    await second.do('POST /api/v1/session', {
      email: 'ada@example.com',
      password: 'correct horse battery staple',
    })
    const [{ workspaceId }] = (await second.do('GET /api/v1/workspaces')).items
    project = (await second.do(`POST /api/v1/workspaces/${workspaceId}/projects`, { name: 'App' })).id
    await ada.do(at('POST /sources'), { kind: 'stripe', key: sandbox.stripe.restrictedKey })
    await ada.do(at('POST /sources'), { kind: 'clerk', key: sandbox.clerk.secretKey })
    const document = { ...sandbox.config, policy: { ...sandbox.config.policy, settleMinutes: 0 } }
    await second.do(at('PUT /config'), { document, expectedVersion: 0 })
    expect((await ada.do(at('GET /config'))).version).toBe(1)
  })

  test('find with one worker what there is to find', async () => {
    expect(await finished(await full())).toMatchObject({ complete: true })
    byOne = await incidents()
    expect(byOne.length).toBeGreaterThan(20)
  })

  test('spread a full check over three workers, and come to the same', async () => {
    workers.push(await start('worker'), await start('worker'))
    const id = await full()
    const check = await finished(id)
    expect(check.complete).toBe(true)
    expect(await incidents()).toEqual(byOne)
    const helped = workers.filter(({ log }) => log.split('\n').some((line) => line.includes(`"${id}"`)))
    expect(helped.length).toBeGreaterThan(1)
  })

  test('lose nothing when most of them are killed while a check runs', async () => {
    const id = await full()
    await expect.poll(() => rowsRead(id), { timeout: 60_000, interval: 50 }).toBeGreaterThan(0)
    for (const place of [0, 1]) {
      workers[place]?.kill('SIGKILL')
      workers[place] = await start('worker')
    }
    expect(await finished(id)).toMatchObject({ complete: true })
    expect(await incidents()).toEqual(byOne)
  }, 240_000)

  test('go on answering when a web process is killed', async () => {
    web[1]?.kill('SIGKILL')
    expect((await ada.do('GET /api/v1/me')).email).toBe('ada@example.com')
  })

  test('begin what is due by the clock once', async () => {
    await ada.do(at('PATCH '), { state: 'live' })
    await ada.do(at('GET /schedules'))
    await client.query(
      "update trueup.schedule set due_at = now() - interval '3 days' where task = 'full-check'",
    )
    const before = await client.query('select count(*)::int as n from trueup.check_run')
    await expect
      .poll(async () => (await client.query('select count(*)::int as n from trueup.check_run')).rows[0].n, {
        timeout: 60_000,
        interval: 250,
      })
      .toBe(before.rows[0].n + 1)
  })
})
