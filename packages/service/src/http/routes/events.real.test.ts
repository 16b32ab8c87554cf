import { afterAll, beforeAll, expect, it } from 'vitest'
import { signedRequest, stripeEvent } from '../../inbox/example-events.ts'
import type { ProjectTenant } from '../../inbox/tables.ts'
import type { TestInbox } from '../../inbox/test-inbox.ts'
import { openTestInbox } from '../../inbox/test-inbox.ts'
import type { RouteKey } from '../policy.ts'
import type { Principal } from '../principal.ts'
import type { Route } from '../route.ts'
import { eventRoutes } from './events.ts'

const ada: Principal = {
  kind: 'person',
  personId: 'per_1',
  email: 'ada@example.com',
  roles: new Map([['default', 'owner']]),
  sessionFresh: true,
}
const base = '/api/v1/projects/{projectId}'

let inbox: TestInbox
let tenant: ProjectTenant
let routes: readonly Route[]
beforeAll(async () => {
  inbox = await openTestInbox({})
  tenant = await inbox.project('prj_1')
  routes = eventRoutes({ ...inbox.secrets, jobs: inbox.jobs })
  for (const n of [1, 2, 3]) {
    const object = { id: `sub_${n}`, customer: `cus_${n}`, client_secret: 'sub_secret_4711' }
    await inbox.receive(signedRequest('stripe', stripeEvent({ id: `evt_${n}`, object })), 'stripe', 'prj_1')
  }
})
afterAll(() => inbox.close())

// biome-ignore lint/suspicious/noExplicitAny: the tests say by their expectations what an answer holds
type Anything = any

/** Asks a route as the API does, and holds its answer to the shape that the reference shows. */
async function ask(
  key: RouteKey,
  { body, params = {}, query = {} }: { body?: unknown; params?: object; query?: object } = {},
): Promise<Anything> {
  const route = routes.find((candidate) => candidate.key === key)
  if (!route) throw new Error(`There is no route ${key}.`)
  const read = (shape: Route['body'], value: unknown) => (shape ? shape.parse(value) : {})
  const answer = await route.handle({
    principal: ada,
    tenant,
    params: read(route.params, { projectId: tenant.projectId, ...params }),
    query: read(route.query, query),
    body: read(route.body, body),
    raw: new Request('http://127.0.0.1/'),
    address: '127.0.0.1',
    signal: new AbortController().signal,
  })
  if (answer instanceof Response || !('body' in answer)) return null
  return route.answer?.parse(answer.body)
}

it('events are listed in pages, and filtered', async () => {
  const first = await ask(`GET ${base}/events`, { query: { limit: '2' } })
  const second = await ask(`GET ${base}/events`, { query: { limit: '2', after: first.next } })
  const ids = [...first.items, ...second.items].map(({ id }: { id: string }) => id)
  expect([ids, second.next]).toEqual([['evt_3', 'evt_2', 'evt_1'], null])
  const found = await ask(`GET ${base}/events`, {
    query: { about: 'cus_2', pending: 'true', verdict: 'acted-on' },
  })
  expect(found.items).toMatchObject([{ id: 'evt_2', target: { kind: 'customer', id: 'cus_2' } }])
  expect((await ask(`GET ${base}/events`, { query: { missing: 'true' } })).items).toEqual([])
})

it('one event shows what stood in it without secrets, and can be replayed', async () => {
  const params = { provider: 'stripe', eventId: 'evt_1' }
  const event = await ask(`GET ${base}/events/{provider}/{eventId}`, { params })
  expect(event).toMatchObject({ id: 'evt_1', payload: { data: { object: { client_secret: '[secret]' } } } })
  const replayed = await ask(`POST ${base}/events/{provider}/{eventId}/replay`, { params })
  expect(replayed).toEqual({ target: { kind: 'customer', id: 'cus_1' } })
  const none = { params: { provider: 'stripe', eventId: 'evt_none' } }
  await expect(ask(`GET ${base}/events/{provider}/{eventId}`, none)).rejects.toMatchObject({
    code: 'not-found',
  })
})

it('a signing secret is added, shown by its label only, and removed', async () => {
  const params = { provider: 'stripe' }
  const secret = `whsec_${'k'.repeat(28)}7788`
  const added = await ask(`POST ${base}/webhooks/{provider}/secrets`, { params, body: { secret } })
  expect(added).toMatchObject({ label: 'whsec_…7788', addedBy: 'person:per_1' })
  const shown = await ask(`GET ${base}/webhooks`)
  expect(JSON.stringify(shown)).not.toContain(secret.slice(6, 20))
  expect(shown.endpoints.map(({ path }: { path: string }) => path)).toEqual([
    '/api/webhooks/stripe/prj_1',
    '/api/webhooks/clerk/prj_1',
  ])
  await ask(`DELETE ${base}/webhooks/{provider}/secrets/{secretId}`, {
    params: { ...params, secretId: added.id },
  })
  const after = await ask(`GET ${base}/webhooks`)
  expect(after.endpoints[0].secrets).toHaveLength(1)
})

it('who is due is shown; only what was set aside is given new tries', async () => {
  const due = await ask(`GET ${base}/due-checks`)
  expect(due).toMatchObject({ due: 3, setAside: 0, items: [{ state: 'due' }, {}, {}] })
  const target = { kind: 'customer', id: 'cus_1' }
  await expect(ask(`POST ${base}/due-checks/retry`, { body: { target } })).rejects.toMatchObject({
    code: 'target-unknown',
  })
})
