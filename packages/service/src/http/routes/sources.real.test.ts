import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectWorld } from '../../../../../test/support/project-world.ts'
import { openProjectWorld } from '../../../../../test/support/project-world.ts'
import { openTestTeam } from '../../../../../test/support/team.ts'
import { createSchedules } from '../../schedule/schedules.ts'
import type { RouteKey } from '../policy.ts'
import type { Principal } from '../principal.ts'
import type { Route } from '../route.ts'
import { configRoutes } from './config.ts'
import { projectRoutes } from './projects.ts'
import { sourceRoutes } from './sources.ts'

const ada: Principal = {
  kind: 'person',
  personId: 'per_1',
  email: 'ada@example.com',
  roles: new Map([['default', 'owner']]),
  sessionFresh: true,
}
const base = '/api/v1/projects/{projectId}'

let world: ProjectWorld
let routes: readonly Route[]
beforeAll(async () => {
  world = await openProjectWorld({ customers: 120 })
  const projects = { projects: world.service }
  const schedules = createSchedules({ database: world.database, clock: world.service.clock })
  const demos = { end: async () => {} }
  const team = await openTestTeam(world.database)
  routes = [
    ...projectRoutes({ ...projects, schedules, demos, team }),
    ...sourceRoutes({ ...projects, team }),
    ...configRoutes(projects),
  ]
})
afterAll(() => world.close())

// biome-ignore lint/suspicious/noExplicitAny: the tests say by their expectations what an answer holds
type Anything = any

/** Asks a route as the API does, and holds its answer to the shape that the reference shows. */
async function ask(
  key: RouteKey,
  {
    body,
    params = {},
    query = {},
    principal = ada,
  }: { body?: unknown; params?: object; query?: object; principal?: Principal } = {},
): Promise<Anything> {
  const route = routes.find((candidate) => candidate.key === key)
  if (!route) throw new Error(`There is no route ${key}.`)
  const read = (shape: Route['body'], value: unknown) => (shape ? shape.parse(value) : {})
  const answer = await route.handle({
    principal,
    tenant: world.tenant,
    params: read(route.params, { projectId: world.tenant.projectId, workspaceId: 'default', ...params }),
    query: read(route.query, query),
    body: read(route.body, body),
    raw: new Request('http://127.0.0.1/'),
    address: '127.0.0.1',
    signal: new AbortController().signal,
  })
  if (answer instanceof Response || !('body' in answer)) return null
  return route.answer?.parse(answer.body)
}

describe('a project is set up through the API alone', () => {
  it('from its keys to a configuration that is proposed and taken', async () => {
    const { sandbox, app } = world
    const connect = (body: object) => ask(`POST ${base}/sources`, { body })
    expect(await connect({ kind: 'stripe', key: sandbox.stripe.restrictedKey })).toMatchObject({
      name: 'stripe',
      failure: null,
    })
    expect(await connect({ kind: 'clerk', key: sandbox.clerk.secretKey })).toMatchObject({ name: 'clerk' })
    expect(await connect({ kind: 'postgres', url: app.url })).toMatchObject({
      name: 'postgres',
      kind: 'postgres',
    })

    const { items: prices } = await ask(`GET ${base}/setup/prices`)
    expect(prices.length).toBeGreaterThan(3)
    expect(prices.every((price: Anything) => price.currency.length === 3)).toBe(true)

    const fields = await ask(`GET ${base}/setup/clerk-fields`)
    expect(fields.message).toBeNull()
    expect(fields.users.proposals).toContainEqual(expect.objectContaining({ field: 'customerId' }))
    expect(fields.users.fields[0]).toMatchObject({ seen: expect.any(Number), sampled: expect.any(Number) })

    const database = await ask(`POST ${base}/setup/databases/{name}`, {
      params: { name: 'postgres' },
      body: {},
    })
    expect(database).toMatchObject({ ok: true, role: { canWrite: false } })
    expect(database.proposals.user[0]).toMatchObject({ table: 'users' })

    const { document, learnedFrom } = await ask(`POST ${base}/setup/config`)
    expect(learnedFrom).toBeGreaterThan(10)
    expect(await ask(`POST ${base}/config/validate`, { body: { document } })).toMatchObject({
      valid: true,
      problems: [],
    })
    expect(
      await ask(`PUT ${base}/config`, { body: { document, expectedVersion: 0, note: 'as proposed' } }),
    ).toMatchObject({
      version: 1,
      author: expect.stringMatching(/^person:[^@]+$/),
    })
    const { items: sources } = await ask(`GET ${base}/sources`)
    expect(sources.map(({ name }: Anything) => name)).toEqual(['clerk', 'postgres', 'stripe'])
    expect(sources[2]).toMatchObject({ lastUsedFor: 'setting up' })
    expect((await ask(`GET ${base}/secret-uses`)).items.length).toBeGreaterThan(2)
    expect(await ask('PATCH /api/v1/projects/{projectId}', { body: { state: 'live' } })).toMatchObject({
      state: 'live',
    })
    const shown = JSON.stringify([sources, document, database.connection, await ask(`GET ${base}/config`)])
    for (const secret of [sandbox.stripe.restrictedKey, sandbox.clerk.secretKey, new URL(app.url).password]) {
      expect(shown).not.toContain(secret)
    }
  })

  it('prints the SQL for repairs of what is mapped, with a way in whose password is shown this once', async () => {
    const repairSql = () =>
      ask(`POST ${base}/setup/databases/{name}/repair-sql`, { params: { name: 'postgres' }, body: {} })
    const [first, second] = [await repairSql(), await repairSql()]
    expect(first.sql).toContain('trueup_repair.apply')
    expect(first.sql).toContain('users')
    expect(first.uninstall).toContain('drop schema')
    const { username, password, host } = new URL(first.connectionString)
    expect([username, host]).toEqual(['trueup_repair', new URL(world.app.url).host])
    expect(first.sql).not.toContain(password)
    expect(first.connectionString).not.toBe(second.connectionString)
  })

  it('shows what is wrong with a configuration, and what differs between its versions', async () => {
    const { document } = await ask(`GET ${base}/config`)
    const wrong = { ...document, match: [] }
    expect(await ask(`POST ${base}/config/validate`, { body: { document: wrong } })).toMatchObject({
      valid: false,
      problems: [{ code: 'match-missing', path: 'match' }],
    })
    const other = { ...document, policy: { ...document.policy, refunded: 'drop' } }
    await ask(`PUT ${base}/config`, { body: { document: other, expectedVersion: 1 } })
    expect((await ask(`GET ${base}/config/diff`, { query: { from: 1, to: 2 } })).items).toEqual([
      { path: 'policy.refunded', before: 'review', after: 'drop' },
    ])
    const page = await ask(`GET ${base}/config/versions`, { query: { limit: 1 } })
    expect(page).toMatchObject({ items: [{ version: 2 }], next: '2' })
    expect(await ask(`GET ${base}/config/versions`, { query: { limit: 1, after: page.next } })).toMatchObject(
      {
        items: [{ version: 1 }],
        next: null,
      },
    )
    expect(
      await ask(`POST ${base}/config/versions/{version}/revert`, {
        params: { version: '1' },
        body: { expectedVersion: 2 },
      }),
    ).toMatchObject({ version: 3, revertsTo: 1 })
  })

  it('lists the projects that somebody can reach, and no other', async () => {
    const list = async (principal: Principal) =>
      (await ask('GET /api/v1/projects', { principal })).items.map(({ id }: Anything) => id)
    const { id } = await ask('POST /api/v1/workspaces/{workspaceId}/projects', { body: { name: 'Second' } })
    expect(await list(ada)).toEqual([world.tenant.projectId, id])
    expect(await list({ ...ada, roles: new Map() })).toEqual([])
    const key = { kind: 'key', keyId: 'key_1', workspaceId: 'default', scope: 'read' } as const
    expect(await list({ ...key, projectId: null })).toEqual([world.tenant.projectId, id])
    expect(await list({ ...key, projectId: id })).toEqual([id])
  })

  it('lets go of every credential at once, and remembers what they were used for', async () => {
    expect(await ask(`DELETE ${base}/sources`)).toEqual({ disconnected: ['clerk', 'postgres', 'stripe'] })
    expect(await ask(`GET ${base}/sources`)).toEqual({ items: [] })
    const { items } = await ask(`GET ${base}/secret-uses`)
    expect(new Set(items.map(({ name }: Anything) => name))).toEqual(new Set(['clerk', 'postgres', 'stripe']))
  })
})
