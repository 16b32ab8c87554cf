import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ServedApp, serveApp } from './support/app-database.ts'
import { buildCli } from './support/build-cli.ts'
import { Folder } from './support/cli.ts'
import { createTestDatabase, type TestDatabase } from './support/database.ts'
import { type ApiClient, emptyHome, ServedService } from './support/service.ts'

/* What a team does with what a check found, through the API as the dashboard uses it. */

const password = 'correct horse battery staple'
const writer = `records_writer_${process.pid}`

interface Incident {
  readonly id: string
  readonly kind: string
  readonly severity: string
  readonly state: string
  readonly subject: { readonly type: string; readonly id: string } | null
  readonly customerId: string | null
  readonly history: readonly { readonly act: string; readonly by: string; readonly note: string | null }[]
}

let sandbox: Sandbox
let app: ServedApp
let database: TestDatabase
let home: Awaited<ReturnType<typeof emptyHome>>
let service: ServedService
let ada: ApiClient
let eve: ApiClient
let key: ApiClient
let keyText: string
let workspace: string
let project: string
let people: Readonly<Record<string, string>>
let firstCheck: string

const at = (path: string) => path.replace(' ', ` /api/v1/projects/${project}`)
const incidents = async (query = '') =>
  (await ada.do<{ items: readonly Incident[] }>(at(`GET /incidents?limit=100${query}`))).items
/** The events of a check until its end. */
const progress = async (checkId: string) =>
  await fetch(`${service.url}/api/v1/projects/${project}/checks/${checkId}/progress`, {
    headers: { authorization: `Bearer ${keyText}` },
  })

beforeAll(async () => {
  buildCli()
  sandbox = await startSandbox({ world: 'saas', customers: 80, drift: 0.2, access: 'postgres', seed: 5 })
  if (!sandbox.world.app) throw new Error('The app of this world has a database.')
  app = await serveApp('PostgreSQL', sandbox.world.app)
  database = await createTestDatabase()
  home = await emptyHome()
  service = await ServedService.start({
    TRUEUP_HOME: home.path,
    STRIPE_API_BASE: sandbox.stripe.url,
    CLERK_API_URL: sandbox.clerk.url,
    TRUEUP_ALLOW_PRIVATE_HOSTS: 'all',
    TRUEUP_ALLOW_DATABASE_PORTS: 'all',
    DATABASE_URL: database.url,
    TRUEUP_ENCRYPTION_KEY: `first:${Buffer.alloc(32, 3).toString('base64')}`,
  })
  ada = service.person()
  await ada.do('POST /api/v1/sign-up', {
    email: 'ada@example.com',
    name: 'Ada',
    password,
    workspaceName: 'Engines',
  })
  workspace = (await ada.do('GET /api/v1/workspaces')).items[0].workspaceId
  project = (await ada.do(`POST /api/v1/workspaces/${workspace}/projects`, { name: 'App' })).id
  await ada.do(at('POST /sources'), { kind: 'stripe', key: sandbox.stripe.restrictedKey })
  await ada.do(at('POST /sources'), { kind: 'postgres', source: 'postgres', url: app.url })
  const document = { ...sandbox.config, policy: { ...sandbox.config.policy, settleMinutes: 0 } }
  await ada.do(at('PUT /config'), { document, expectedVersion: 0 })
  eve = await invited('eve@example.com', 'member')
  const members = (await ada.do(`GET /api/v1/workspaces/${workspace}/members`)).items
  people = Object.fromEntries(
    members.map((member: { email: string; personId: string }) => [member.email, member.personId]),
  )
  const made = await ada.do(`POST /api/v1/workspaces/${workspace}/api-keys`, { name: 'ci', scope: 'read' })
  keyText = made.key
  key = service.person().withKey(keyText)
  const begun = await ada.ask(at('POST /checks'), { kind: 'full' })
  expect(begun.status).toBe(202)
  expect(begun.headers.get('location')).toBe(`/api/v1/projects/${project}/checks/${begun.body.check.id}`)
  firstCheck = begun.body.check.id
  await (await progress(firstCheck)).text()
})
afterAll(async () => {
  await service?.stop()
  await app?.run(`drop owned by ${writer}; drop role ${writer}`).catch(() => {})
  await app?.close()
  await database?.drop()
  await home?.remove()
  await sandbox?.close()
})

async function invited(email: string, role: string): Promise<ApiClient> {
  const invite = await ada.do(`POST /api/v1/workspaces/${workspace}/invites`, { email, role })
  const person = service.person()
  const token = new URL(invite.link ?? '').hash.slice(1)
  await person.do('POST /api/v1/invites/accept', { token, name: email.split('@')[0], password })
  return person
}

describe('incidents', () => {
  test('are listed, filtered, ordered, paged and counted', async () => {
    const all = await incidents()
    expect(all.length).toBeGreaterThan(3)
    const counts = await ada.do(at('GET /incidents/counts'))
    expect(counts.total).toBe(all.length)
    const [first] = all
    if (!first) throw new Error('Nothing was filed.')
    expect((await incidents(`&kind=${first.kind}`)).every(({ kind }) => kind === first.kind)).toBe(true)
    expect(await incidents('&state=ignored&state=resolved')).toEqual([])
    expect(
      (await incidents(`&about=${first.subject?.id ?? first.customerId}`)).map(({ id }) => id),
    ).toContain(first.id)
    for (const sort of ['severity', 'opened', 'seen', 'money']) {
      const paged: string[] = []
      for (let after = ''; ; ) {
        const page = await ada.do(at(`GET /incidents?limit=2&sort=${sort}${after}`))
        paged.push(...page.items.map(({ id }: Incident) => id))
        if (page.next === null) break
        after = `&after=${page.next}`
      }
      expect(paged.toSorted()).toEqual(all.map(({ id }) => id).toSorted())
    }
    const { next } = await ada.do(at('GET /incidents?limit=1&sort=money'))
    expect(await ada.ask(at(`GET /incidents?sort=opened&after=${next}`))).toMatchObject({
      status: 422,
      body: { code: 'request-invalid' },
    })
  })

  test('are acted on by members, one by one, and each act is entered under their name', async () => {
    const [one] = await incidents()
    const id = one?.id ?? ''
    const acted = (act: string, body: unknown) => eve.do(at(`POST /incidents/${id}/${act}`), body)
    expect(await acted('acknowledge', { note: 'on it' })).toMatchObject({ state: 'acknowledged' })
    expect(await acted('assign', { assignee: people['ada@example.com'] })).toMatchObject({
      assignee: people['ada@example.com'],
    })
    await acted('comment', { text: 'The webhook was down.' })
    expect(await acted('ignore', { reason: 'a partner', until: '2099-01-01T00:00:00+02:00' })).toMatchObject({
      state: 'ignored',
      ignoredUntil: '2098-12-31T22:00:00.000Z',
    })
    expect(await acted('reopen', {})).toMatchObject({ state: 'open', ignoredUntil: null })
    const whole = await ada.do(at(`GET /incidents/${id}`))
    expect(
      whole.incident.history.map(({ act, by }: Incident['history'][number]) => [act, by]).slice(1),
    ).toEqual(
      ['acknowledged', 'assigned', 'commented', 'ignored', 'reopened'].map((act) => [
        `incident-${act}`,
        `person:${people['eve@example.com']}`,
      ]),
    )
    expect(whole.plan.steps.length + whole.plan.changes.length).toBeGreaterThan(0)
    expect((await incidents(`&assignee=${people['ada@example.com']}`)).map((found) => found.id)).toEqual([id])
    const { items } = await ada.do(at(`GET /ledger?incident=${id}`))
    expect(items[0]).toMatchObject({ act: 'incident-reopened', by: `person:${people['eve@example.com']}` })
  })

  test('refuse what makes no sense with its own word, and those who may not', async () => {
    const [one] = await incidents()
    const path = at(`POST /incidents/${one?.id}/assign`)
    expect(await eve.ask(path, { assignee: 'per_nobody' })).toMatchObject({
      status: 422,
      body: { code: 'not-a-member' },
    })
    expect(await eve.ask(at('POST /incidents/inc_nobody/acknowledge'), {})).toMatchObject({
      status: 404,
      body: { code: 'incident-unknown' },
    })
    expect(await eve.ask(at(`POST /incidents/${one?.id}/ignore`), { reason: '' })).toMatchObject({
      status: 422,
    })
    expect(await key.ask(path, { assignee: null })).toMatchObject({
      status: 403,
      body: { code: 'key-too-narrow' },
    })
  })

  test('are acted on in bulk by a filter whose number was named, once for one Idempotency-Key', async () => {
    const open = await incidents('&state=open')
    const filter = { states: ['open'] }
    const act = { act: 'acknowledge' }
    expect(await eve.ask(at('POST /incidents/bulk'), { act, filter, count: 1 })).toMatchObject({
      status: 409,
      body: { code: 'count-differs' },
    })
    const body = { act, filter, count: open.length }
    const headers = { 'idempotency-key': 'bulk-1' }
    const first = await eve.ask(at('POST /incidents/bulk'), body, headers)
    expect(first.body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
      open.map(() => 'changed'),
    )
    const again = await eve.ask(at('POST /incidents/bulk'), body, headers)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.body).toEqual(first.body)
    const ids = [open[0]?.id, 'inc_nobody']
    const mixed = await eve.do(at('POST /incidents/bulk'), { act, ids, count: 2 })
    expect(mixed.items).toMatchObject([{ outcome: 'unchanged' }, { code: 'incident-unknown' }])
    expect(await eve.ask(at('POST /incidents/bulk'), { act, count: 0 })).toMatchObject({ status: 422 })
  })
})

describe('customers', () => {
  test('are found by id, name and e-mail, a page at a time', async () => {
    const all: string[] = []
    for (let after = ''; ; ) {
      const page = await ada.do(at(`GET /customers?limit=25${after}`))
      expect(page.checkId).toBe(firstCheck)
      all.push(...page.items.map(({ key: name }: { key: string }) => name))
      if (page.next === null) break
      after = `&after=${encodeURIComponent(page.next)}`
    }
    expect(all.length).toBeGreaterThan(50)
    expect(new Set(all).size).toBe(all.length)
    expect(all).toEqual(all.toSorted())
    const page = await ada.do(at('GET /customers?limit=100'))
    const one = page.items.find(({ customers }: { customers: readonly unknown[] }) => customers.length > 0)
    const [customer] = one.customers
    for (const text of [customer.id, customer.email?.toUpperCase(), customer.name].filter(Boolean)) {
      const found = await ada.do(at(`GET /customers?q=${encodeURIComponent(text)}`))
      expect(found.items).toContainEqual(one)
    }
    expect((await ada.do(at('GET /customers?q=nobody-is-called-this'))).items).toEqual([])
  })

  test('have a state with both bounds, what each source grants, and how old that is', async () => {
    const [drifting] = (await incidents()).filter(({ subject, customerId }) => subject && customerId)
    const path = `/customers/${drifting?.customerId}/state`
    const last = await ada.do(at(`GET ${path}`))
    expect(last).toMatchObject({ as: 'last-check', checkId: firstCheck, pairs: [{ verdict: 'drifts' }] })
    expect(last.incidents.map(({ id }: Incident) => id)).toContain(drifting?.id)
    expect(last.pairs[0].granted[0].source).toBe('postgres')
    expect(last.pairs[0].readings.map(({ side }: { side: string }) => side).toSorted()).toEqual([
      'access',
      'billing',
    ])
    const now = await ada.do(at(`GET ${path}?fresh=true`))
    expect(now).toMatchObject({
      as: 'now',
      checkId: null,
      pairs: [{ key: last.pairs[0].key, verdict: 'drifts' }],
    })
    expect(now.pairs[0].readings[0].ageSeconds).toBeLessThan(10)
    expect((await ada.ask(at('GET /customers/cus_nobody/state'))).status).toBe(404)
  })

  test('have a timeline of what was promised and granted', async () => {
    const [drifting] = (await incidents()).filter(({ subject }) => subject)
    const { subject } = drifting ?? {}
    const { steps } = await ada.do(at(`GET /customers/${subject?.type}:${subject?.id}/timeline`))
    expect(steps[0]).toMatchObject({ act: 'incident-opened', incident: expect.any(String) })
    expect(steps[0].access).toMatchObject({ owed: expect.anything(), granted: expect.anything() })
  })
})

describe('exceptions', () => {
  test('let an account have more until their end, which admins decide on', async () => {
    const unpaid = (await incidents()).find(({ kind }) => kind === 'access-without-payment')
    const until = new Date(Date.now() + 86_400_000).toISOString()
    const plans = sandbox.config.catalogue.plans
    const body = {
      subject: unpaid?.subject,
      allowed: { plan: plans.at(-1)?.id, entitlements: 'every', seats: 'unlimited' },
      reason: 'a partner',
      until,
    }
    expect(await eve.ask(at('POST /exceptions'), body)).toMatchObject({ body: { code: 'role-too-low' } })
    const made = await ada.do(at('POST /exceptions'), body)
    expect(made).toMatchObject({ owner: people['ada@example.com'], running: true, until })
    const checked = await ada.do(at('POST /checks'), { kind: 'single', customer: unpaid?.subject?.id })
    expect(checked.single).toMatchObject({
      resolved: [unpaid?.id],
      state: { pairs: [{ verdict: 'agrees' }] },
    })
    expect((await ada.do(at('GET /exceptions?endsWithinDays=7'))).items).toEqual([made])
    expect((await ada.do(at(`POST /exceptions/${made.id}/end`))).running).toBe(false)
    const again = await ada.do(at('POST /checks'), { kind: 'single', customer: unpaid?.subject?.id })
    expect(again.single).toMatchObject({ opened: [unpaid?.id] })
    const { items } = await ada.do(at(`GET /ledger?person=${unpaid?.subject?.type}:${unpaid?.subject?.id}`))
    const acts = items.map(({ act }: { act: string }) => act)
    expect(acts).toEqual(expect.arrayContaining(['exception-created', 'exception-ended']))
  })

  test('refuse a plan that is not sold and an owner who is nobody', async () => {
    const body = {
      subject: { type: 'user', id: 'u1' },
      allowed: { plan: 'gold' },
      reason: 'x',
      until: '2099-01-01T00:00:00Z',
    }
    expect(await ada.ask(at('POST /exceptions'), body)).toMatchObject({ body: { code: 'plan-not-sold' } })
    expect(await ada.ask(at('POST /exceptions'), { ...body, owner: 'per_nobody' })).toMatchObject({
      body: { code: 'not-a-member' },
    })
  })
})

describe('checks', () => {
  test('are listed, the newest first, and told while they run as events that end', async () => {
    const dry = await key.do(at('POST /checks'), { kind: 'full', dryRun: true })
    const response = await progress(dry.check.id)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const text = await response.text()
    const told = [...text.matchAll(/^event: check\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''))
    expect(told.length).toBeGreaterThan(1)
    expect(told.at(-1)).toMatchObject({ id: dry.check.id, phase: 'finished', dryRun: true })
    expect(text.endsWith('event: end\ndata: {}\n\n')).toBe(true)
    const { items } = await ada.do(at('GET /checks?kind=full'))
    expect(items.map(({ id }: { id: string }) => id)).toEqual([dry.check.id, firstCheck])
    expect((await ada.ask(at('GET /checks/chk_999999'))).status).toBe(404)
  })

  test('of what changed end, also where a full check has to take their place', async () => {
    const recent = await key.do(at('POST /checks'), { kind: 'recent' })
    expect(recent.check).toMatchObject({ kind: 'recent', finishedAt: null })
    const text = await (await progress(recent.check.id)).text()
    expect(text).toContain('event: end')
    const { document, version } = await ada.do(at('GET /config'))
    const policy = { ...document.policy, refunded: 'keep' }
    await ada.do(at('PUT /config'), { document: { ...document, policy }, expectedVersion: version })
    const full = await key.do(at('POST /checks'), { kind: 'recent' })
    expect(full.check).toMatchObject({ kind: 'full' })
    expect(await (await progress(full.check.id)).text()).toContain('event: end')
  })
})

describe('the ledger', () => {
  test('is exported with its proof, and verified offline with the public key alone', async () => {
    const { publicKey, origin } = await key.do(at('GET /ledger/key'))
    const { size, checkpoint } = await key.do(at('GET /ledger/checkpoint'))
    expect(checkpoint).toMatchObject({ size })
    const folder = new Folder(home.path, {})
    const verified = async (name: string, query: string) => {
      const file = join(home.path, name)
      const exported = await fetch(`${service.url}/api/v1/projects/${project}/ledger/export${query}`, {
        headers: { authorization: `Bearer ${keyText}` },
      })
      await writeFile(file, await exported.text())
      return await folder.json<{ ok: boolean; entries: number }>([
        'ledger',
        'verify',
        file,
        '--key',
        publicKey,
      ])
    }
    expect(await verified('whole.ndjson', '')).toMatchObject({ ok: true, entries: size })
    const [about] = (await incidents()).filter(({ subject }) => subject)
    const person = `${about?.subject?.type}:${about?.subject?.id}`
    const extract = await verified('extract.ndjson', `?person=${encodeURIComponent(person)}`)
    expect(extract).toMatchObject({ ok: true })
    expect(extract.entries).toBeLessThan(size)
    const ofOne = await verified('incident.ndjson', `?incident=${about?.id}`)
    const { items } = await key.do(at(`GET /ledger?limit=500&incident=${about?.id}`))
    expect(ofOne).toMatchObject({ ok: true, entries: items.length })
    expect(items.length).toBeGreaterThan(0)
    const both = await key.ask(at(`GET /ledger/export?incident=${about?.id}&person=user:user_1`))
    expect(both).toMatchObject({ status: 422, body: { code: 'request-invalid' } })
    expect(origin).toContain(project)
  })

  test('is exported for spreadsheets, where no cell is a formula', async () => {
    const [one] = await incidents()
    await eve.do(at(`POST /incidents/${one?.id}/comment`), { text: '=1+1' })
    const csv = await key.do<string>(at('GET /ledger/export?format=csv'))
    const lines = csv.split('\r\n')
    expect(lines[0]).toMatch(/^sequence,at,act,by/)
    expect(lines.length).toBeGreaterThan(10)
    for (const line of lines) expect(line).not.toMatch(/(?:^|,)"?[=+@]/)
  })

  test('is paged from the latest back to the first', async () => {
    const sequences: number[] = []
    for (let before = ''; ; ) {
      const page = await ada.do(at(`GET /ledger?limit=7${before}`))
      sequences.push(...page.items.map(({ sequence }: { sequence: number }) => sequence))
      if (page.next === null) break
      before = `&before=${page.next}`
    }
    expect(sequences).toEqual(sequences.map((_, place) => sequences.length - 1 - place))
  })
})

describe('repairs', () => {
  test('wait for persons other than a key where two are needed, and are rejected with a reason', async () => {
    expect(await ada.do(at('GET /repairs/brakes'))).toEqual({ switchedOff: [], heldBy: [] })
    await ada.do(at('POST /repairs/switch'), { to: 'off', reason: 'a holiday' })
    expect(await ada.do(at('GET /repairs/brakes'))).toMatchObject({
      switchedOff: [{ scope: 'project', by: `person:${people['ada@example.com']}`, reason: 'a holiday' }],
    })
    await ada.do(at('POST /repairs/switch'), { to: 'on', reason: 'back' })
    expect(await ada.ask(at('POST /repairs/release'), { reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'wrong-state' },
    })
    expect(await ada.ask(at('GET /repairs/rep_nobody'))).toMatchObject({ status: 404 })
    expect(await eve.ask(at('POST /repairs/propose'))).toMatchObject({ body: { code: 'role-too-low' } })
  })
})

describe('approvals of repairs', () => {
  interface Proposed {
    readonly id: string
    readonly state: string
    readonly approvalsNeeded: number
    readonly approvals: readonly { readonly by: string }[]
  }
  let repairs: readonly Proposed[]
  let machine: ApiClient
  beforeAll(async () => {
    await app.run(`create role ${writer} login password 'w';
      grant usage on schema public to ${writer}; grant select, update on all tables in schema public to ${writer}`)
    const url = new URL(app.url)
    url.username = writer
    url.password = 'w'
    await ada.do(at('POST /sources'), { kind: 'postgres-repairs', source: 'postgres', url: url.href })
    await ada.do(at('POST /repairs/propose'))
    repairs = (await ada.do<{ items: readonly Proposed[] }>(at('GET /repairs?limit=100&state=proposed')))
      .items
    const made = await ada.do(`POST /api/v1/workspaces/${workspace}/api-keys`, {
      name: 'repairs',
      scope: 'read+repair',
    })
    machine = service.person().withKey(made.key)
  })

  test('of one person can be a key, once; what was decided is not decided again', async () => {
    const one = repairs.find(({ approvalsNeeded }) => approvalsNeeded === 1)
    expect(await key.ask(at(`POST /repairs/${one?.id}/approve`), { count: 1 })).toMatchObject({
      body: { code: 'key-too-narrow' },
    })
    expect(await machine.ask(at(`POST /repairs/${one?.id}/approve`), { count: 2 })).toMatchObject({
      status: 409,
      body: { code: 'count-differs' },
    })
    const approved = await machine.do(at(`POST /repairs/${one?.id}/approve`), { count: 1 })
    expect(approved.items).toMatchObject([
      { state: 'approved', approvals: [{ by: expect.stringMatching(/^key:/) }] },
    ])
    expect(await machine.ask(at(`POST /repairs/${one?.id}/approve`), { count: 1 })).toMatchObject({
      status: 409,
    })
    const rejected = await ada.do(at(`POST /repairs/${one?.id}/reject`), { reason: 'by hand' })
    expect(rejected).toMatchObject({ id: one?.id, state: 'rejected' })
  })

  test('of two persons cannot be a key: whoever makes keys could be both', async () => {
    const six = repairs.filter(({ state, approvals }) => state === 'proposed' && approvals.length === 0)
    const ids = six.slice(-6).map(({ id }) => id)
    expect(ids).toHaveLength(6)
    const ask = { ids, count: 6 }
    expect(await machine.ask(at('POST /repairs/approve'), ask)).toMatchObject({
      status: 403,
      body: { code: 'people-only' },
    })
    const batch = await ada.do(at('POST /repairs/approve'), ask)
    expect(batch.items).toHaveLength(6)
    for (const repair of batch.items) {
      expect(repair).toMatchObject({ state: 'proposed', approvalsNeeded: 2, twoPersonReasons: ['many-rows'] })
    }
    const second = at(`POST /repairs/${ids[0]}/approve`)
    expect(await machine.ask(second, { count: 6 })).toMatchObject({ body: { code: 'people-only' } })
    expect(await ada.ask(second, { count: 6 })).toMatchObject({ body: { code: 'approved-already' } })
    const grace = await invited('grace@example.com', 'admin')
    const done = await grace.do(second, { count: 6 })
    expect(done.items.map(({ state }: Proposed) => state)).toEqual(ids.map(() => 'approved'))
  })
})

describe('an agent', () => {
  test('connects with a key that may only read, and sees the one project', async () => {
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${service.url}/api/mcp`), {
        requestInit: { headers: { authorization: `Bearer ${keyText}` } },
      }),
    )
    const { tools } = await client.listTools()
    expect(tools).toHaveLength(7)
    const listed = await client.callTool({ name: 'list_projects', arguments: {} })
    expect(listed.structuredContent).toMatchObject({ projects: [{ id: project, mayCheck: true }] })
    const found = await client.callTool({ name: 'list_incidents', arguments: { limit: 1 } })
    expect(found.structuredContent).toMatchObject({ incidents: [{ id: expect.any(String) }] })
    await client.close()
  })

  test('without a key is told to bring one, before any tool is asked', async () => {
    const answer = await service
      .person()
      .ask('POST /api/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/list' })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toContain('Bearer')
  })
})
