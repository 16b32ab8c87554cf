import { z } from '@hono/zod-openapi'
import { describe, expect, it } from 'vitest'
import type { Role } from '../team/role.ts'
import type { Answered } from './create-api.ts'
import { createApi } from './create-api.ts'
import type { RouteKey } from './policy.ts'
import { policyRows } from './policy.ts'
import type { Principal } from './principal.ts'
import type { RateLimits } from './rate-limits.ts'
import { createRateLimits, defaultLimits } from './rate-limits.ts'
import type { Route, RouteRequest } from './route.ts'
import { route } from './route.ts'

/* What every request goes through before a route sees it. The routes here only say that they were reached. */

const allRoutes = (Object.keys(policyRows) as RouteKey[]).map((key) =>
  route(key, {
    summary: key,
    tag: 'Tests',
    isUnlimited: key === 'GET /healthz',
    answer: z.object({}),
    handle: async () => ({ body: {} }),
  }),
)
const projectRoute = 'GET /api/v1/projects/{projectId}'

interface Setting {
  readonly principal?: Principal
  /** Takes the place of the route of the same key. */
  readonly routes?: readonly Route[]
  readonly limits?: RateLimits
}

function apiOf({ principal = owner(), routes = [], limits = createRateLimits(defaultLimits) }: Setting = {}) {
  const lookedUp: string[] = []
  const answered: Answered[] = []
  const changed: string[] = []
  const replaced = new Map(routes.map((one) => [one.key, one]))
  let requests = 0
  const app = createApi({
    routes: allRoutes.map((one) => replaced.get(one.key) ?? one),
    resolvePrincipal: async () => principal,
    workspaceOf: async (projectId) => {
      lookedUp.push(projectId)
      return projectId === 'prj_ours' ? 'ours' : projectId === 'prj_theirs' ? 'theirs' : null
    },
    limits,
    idempotentAnswers: { once: async (_request, _route, _sent, run) => await run() },
    origins: ['https://trueup.example.com', 'https://screens.example.com'],
    addressOf: () => '203.0.113.7',
    requestId: () => `req_${++requests}`,
    elapsed: () => 0,
    onAnswered: (one) => void answered.push(one),
    onChanged: ({ projectId }) => void changed.push(projectId),
    version: '1.2.3',
  })
  const ask = async (request: string, init: RequestInit = {}) => {
    const [method = '', path = ''] = request.split(' ')
    return await app.request(`http://localhost${path}`, { method, ...init })
  }
  return { app, ask, lookedUp, answered, changed }
}

function owner(role: Role = 'owner'): Principal {
  return {
    kind: 'person',
    personId: 'per_1',
    email: 'ada@example.com',
    roles: new Map([['ours', role]]),
    sessionFresh: true,
  }
}

const key: Principal = {
  kind: 'key',
  keyId: 'key_1',
  workspaceId: 'ours',
  projectId: null,
  scope: 'read+repair',
}

function address(path: string): string {
  return path
    .replace('{projectId}', 'prj_ours')
    .replace('{workspaceId}', 'ours')
    .replaceAll(/\{\w+\}/g, 'x')
}

describe('the table of routes', () => {
  it('lets no route be made that has no row in it', () => {
    // @ts-expect-error: the table of who may do what has no such row
    const made = route('GET /api/v1/nowhere', { summary: '', tag: '', handle: async () => ({ status: 204 }) })
    expect(() => createApi({ ...unused, routes: [...allRoutes, made] })).toThrow(
      'Routes without a row of it: GET /api/v1/nowhere.',
    )
  })

  it('keeps the service from starting where a row has no route, or two', () => {
    const [first, ...others] = allRoutes
    expect(() => createApi({ ...unused, routes: others })).toThrow(
      'Rows of the policy table without a route: GET /healthz.',
    )
    expect(() => createApi({ ...unused, routes: first ? [first, ...allRoutes] : [] })).toThrow(
      'Rows with two routes: GET /healthz.',
    )
  })
})

describe('an address', () => {
  it.each([
    ['GET /api/v1/nothing', 404],
    ['GET /', 404],
    ['GET /api/v1/projects/', 404],
    ['GET /api/v1//projects', 404],
    ['GET //api/v1/projects', 404],
    ['GET /api/v1/projects/prj_ours/', 404],
    ['GET /API/v1/projects', 404],
    ['GET /api/v1/projects/../projects', 200],
    ['GET /api/v1/%70rojects', 200],
    ['GET /api/v1/projects/prj_ours%2F..%2Fprj_theirs', 404],
    ['GET /api/v1/projects/prj_ours%00', 404],
    ['GET /api/v1/projects/%00', 404],
    ['GET /api/v1/projects/prj_ours%20', 404],
    ["GET /api/v1/projects/prj_ours'", 404],
    ['GET /api/v1/projects/%E0%A4%A', 404],
    [`GET /api/v1/projects/${'p'.repeat(10_000)}`, 404],
    ['GET /api/v1/projects/prj_ours', 200],
    ['GET /api/v1/projects/prj_theirs', 404],
    ['GET /api/v1/projects/*', 404],
  ])('%s is answered with %i', async (request, status) => {
    const { ask, lookedUp } = apiOf()
    expect((await ask(request)).status).toBe(status)
    expect(lookedUp.filter((id) => !/^[\w-]{1,200}$/.test(id))).toEqual([])
  })

  it.each([
    ['DELETE /api/v1/projects', 'GET, HEAD'],
    ['OPTIONS /api/v1/projects/prj_ours', 'GET, HEAD, PATCH, DELETE'],
    ['TRACE /healthz', 'GET, HEAD'],
    ['PUT /api/openapi.json', 'GET, HEAD'],
    ['POST /api/v1/projects/prj_ours/incidents/counts', 'GET, HEAD'],
    ['PROPFIND /api/v1/session', 'POST, DELETE'],
  ])('%s is answered with 405 and what it takes', async (request, allow) => {
    const [method = '', path = ''] = request.split(' ')
    // A `Request` refuses to be made with some methods that a socket brings.
    const { app } = apiOf()
    const made = new Request(`http://localhost${path}`)
    const answer = await app.fetch(
      new Proxy(made, { get: (it, name) => (name === 'method' ? method : Reflect.get(it, name, it)) }),
    )
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow])
    expect(await answer.json()).toMatchObject({ code: 'method-unknown' })
  })

  it.each(['x-http-method-override', 'x-http-method', 'x-method-override'])(
    'is asked with its own method, whatever %s says',
    async (header) => {
      const { ask, answered } = apiOf({ principal: owner('viewer') })
      const answer = await ask('GET /api/v1/projects/prj_ours?_method=PATCH', {
        headers: { [header]: 'PATCH' },
      })
      expect(answer.status).toBe(200)
      expect(answered.map(({ route: asked }) => asked)).toEqual([projectRoute])
    },
  )

  it('takes HEAD for GET, asks the same of it, and ends what would make the body', async () => {
    let isEnded = false
    const endless = route(projectRoute, {
      summary: '',
      tag: '',
      produces: 'text/plain',
      handle: async () =>
        new Response(
          new ReadableStream({
            pull: (controller) => controller.enqueue(new Uint8Array(1)),
            cancel: () => {
              isEnded = true
            },
          }),
        ),
    })
    const answer = await apiOf({ routes: [endless] }).ask('HEAD /api/v1/projects/prj_ours')
    expect([answer.status, await answer.text(), isEnded]).toEqual([200, '', true])
    const refused = apiOf({ principal: { kind: 'nobody' } })
    expect((await refused.ask('HEAD /api/v1/projects/prj_ours')).status).toBe(401)
  })
})

describe('a request from a page', () => {
  const unsafe = (Object.keys(policyRows) as RouteKey[]).filter((one) => !one.startsWith('GET '))
  const pages: readonly (readonly [string, Readonly<Record<string, string>>, boolean])[] = [
    ['no page', {}, true],
    ['a page of the service', { origin: 'https://trueup.example.com' }, true],
    ['a page of another allowed origin', { origin: 'https://screens.example.com' }, true],
    [
      'an allowed origin that the browser calls another site',
      { origin: 'https://screens.example.com', 'sec-fetch-site': 'cross-site' },
      true,
    ],
    ['the same origin, without naming it', { 'sec-fetch-site': 'same-origin' }, true],
    ['the address bar', { 'sec-fetch-site': 'none' }, true],
    ['another origin', { origin: 'https://evil.example.com' }, false],
    [
      'another origin that says it is the same',
      { origin: 'https://evil.example.com', 'sec-fetch-site': 'same-origin' },
      false,
    ],
    ['an origin that begins alike', { origin: 'https://trueup.example.com.evil.example' }, false],
    ['the same host without TLS', { origin: 'http://trueup.example.com' }, false],
    ['an origin that is hidden', { origin: 'null' }, false],
    ['an empty origin', { origin: '' }, false],
    ['another site', { 'sec-fetch-site': 'cross-site' }, false],
    ['another host of the same site', { 'sec-fetch-site': 'same-site' }, false],
  ]

  it.each(pages)('from %s changes something only where that is ours', async (_name, headers, isAllowed) => {
    for (const principal of [owner(), { kind: 'nobody' } as const]) {
      const { ask } = apiOf({ principal })
      for (const one of unsafe) {
        const { status, body } = await told(await ask(address(one), { headers }))
        const isOtherSite = status === 403 && body.code === 'other-site'
        expect([one, isOtherSite], one).toEqual([one, !isAllowed])
      }
    }
  })

  it("with a key is nobody's cookie, so that it may come from anywhere", async () => {
    const { ask } = apiOf({ principal: key })
    const headers = { origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' }
    const answer = await ask('POST /api/v1/projects/prj_ours/repairs/propose', { headers })
    expect(answer.status).toBe(200)
  })

  it('is never told that another site may read an answer', async () => {
    const { ask } = apiOf()
    const headers = { origin: 'https://screens.example.com', 'access-control-request-method': 'PATCH' }
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await ask(`${method} /api/v1/projects/prj_ours`, { headers })
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })
})

describe('what was sent', () => {
  const body = z.strictObject({ name: z.string(), more: z.unknown().optional() })
  const taken: unknown[] = []
  const create = route('POST /api/v1/workspaces', {
    summary: '',
    tag: '',
    body,
    answer: z.object({}),
    async handle(request: RouteRequest<unknown, unknown, unknown>) {
      taken.push(request.body)
      return { body: {} }
    },
  })
  const send = async (text: string, headers: Record<string, string> = {}) => {
    const { ask } = apiOf({ routes: [create] })
    const init = { body: text, headers: { 'content-type': 'application/json', ...headers } }
    return await told(await ask('POST /api/v1/workspaces', init))
  }

  it.each([
    ['', 422, 'request-invalid'],
    ['{', 400, 'request-malformed'],
    ['null', 422, 'request-invalid'],
    ['{}', 422, 'request-invalid'],
    ['{"name":"A","admin":true}', 422, 'request-invalid'],
    ['{"name":"A","__proto__":{"isAdmin":true}}', 422, 'request-invalid'],
    ['{"name":"A","constructor":1}', 422, 'request-invalid'],
    ['{"name":"A\\u0000"}', 422, 'request-invalid'],
    ['{"name":"A\\ud800"}', 422, 'request-invalid'],
    ['{"name":"A","more":{"a\\u0000":1}}', 422, 'request-invalid'],
    ['{"name":"A","more":[[["\\udfff"]]]}', 422, 'request-invalid'],
    ['{"name":"A \\ud83d\\ude80"}', 200, undefined],
  ])('as %s is answered with %i', async (text, status, code) => {
    expect(await send(text)).toMatchObject({ status, body: code ? { code } : {} })
  })

  it('is JSON that says so, and no larger than a mebibyte, however it comes', async () => {
    expect(await send('{"name":"A"}', { 'content-type': 'text/plain' })).toMatchObject({ status: 400 })
    const large = JSON.stringify({ name: 'A'.repeat(1024 * 1024) })
    expect(await send(large)).toMatchObject({ status: 413, body: { code: 'body-too-large' } })
    const { app } = apiOf({ routes: [create] })
    const piecewise = new Request('http://localhost/api/v1/workspaces', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([large]).stream(),
      duplex: 'half',
    } as RequestInit)
    expect((await app.request(piecewise)).status).toBe(413)
  })

  it('is not nested deeper than what works on it can go down', async () => {
    const nested = (depth: number) => `{"name":"A","more":${'['.repeat(depth)}${']'.repeat(depth)}}`
    expect(await send(nested(50))).toMatchObject({ status: 200 })
    expect(await send(nested(300_000))).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('Nested more than 64 deep.') },
    })
  })

  it('names every field that is wrong at once', async () => {
    const { body: problem } = await send('{"name":1,"admin":true,"owner":true}')
    expect(problem.problems.map(({ at }: { at: string }) => at)).toEqual(['body.name', 'body'])
    expect(problem.problems[1]?.message).toContain('"admin", "owner"')
  })
})

describe('an answer', () => {
  it('names itself, is stored by nobody, and says what is left of the limit', async () => {
    const answer = await apiOf().ask('GET /api/v1/projects/prj_ours')
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-request-id': 'req_1',
      'cache-control': 'no-store',
      'ratelimit-limit': '600',
      'ratelimit-remaining': '599',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
    })
  })

  it('keeps the words of an error that was not written for readers, and says where to look', async () => {
    const broken = route(projectRoute, {
      summary: '',
      tag: '',
      answer: z.object({}),
      handle: async () => {
        throw new Error('password "hunter2" for postgres://db')
      },
    })
    const { ask, answered } = apiOf({ routes: [broken] })
    const answer = await told(await ask('GET /api/v1/projects/prj_ours'))
    expect(answer).toMatchObject({ status: 500, body: { code: 'failed', requestId: 'req_1' } })
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|postgres/)
    expect(answered).toMatchObject([{ status: 500, error: expect.any(Error), requestId: 'req_1' }])
  })

  it('beyond the limit is 429 with the seconds to wait, and for whoever is unknown 401 with how to be known', async () => {
    const limits = createRateLimits({ ofAddress: 100, ofPrincipal: 1 })
    const { ask } = apiOf({ principal: { kind: 'nobody' }, limits })
    const first = await ask('GET /api/v1/projects/prj_ours')
    expect([first.status, first.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="trueup"'])
    const second = await ask('GET /api/v1/projects/prj_ours')
    expect(second.status).toBe(429)
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await second.json()).toMatchObject({ code: 'too-many-requests' })
    for (let turn = 0; turn < 3; turn++) expect((await ask('GET /healthz')).status).toBe(200)
  })

  it('holds what the reference names and no more', async () => {
    const row = { id: 'chk_1', owner: { name: 'Ada', passwordHash: 'hunter2' }, lockedBy: 'worker-7' }
    const shape = z.object({ id: z.string(), owner: z.object({ name: z.string() }) })
    const generous = route(projectRoute, {
      summary: '',
      tag: '',
      answer: shape,
      handle: async () => ({ body: row }),
    })
    const answer = await told(await apiOf({ routes: [generous] }).ask('GET /api/v1/projects/prj_ours'))
    expect(answer).toEqual({ status: 200, body: { id: 'chk_1', owner: { name: 'Ada' } } })
  })

  it('that is not what the reference says is an error here, which is told without its values', async () => {
    const shape = z.object({ id: z.string().max(3) })
    const wrong = route(projectRoute, {
      summary: '',
      tag: '',
      answer: shape,
      handle: async () => ({ body: { id: 'hunter2' } }),
    })
    const { ask, answered } = apiOf({ routes: [wrong] })
    expect((await ask('GET /api/v1/projects/prj_ours')).status).toBe(500)
    expect(String(answered[0]?.error)).toBe(
      `Error: The answer of ${projectRoute} is not what the reference says: id (too_big).`,
    )
  })

  it('wakes who follows a project only where something of it was changed', async () => {
    const { ask, changed } = apiOf()
    await ask('GET /api/v1/projects/prj_ours')
    await ask('POST /api/v1/projects/prj_theirs/checks')
    await ask('POST /api/v1/workspaces')
    expect(changed).toEqual([])
    await ask('PATCH /api/v1/projects/prj_ours')
    expect(changed).toEqual(['prj_ours'])
  })

  it('is counted under its route, and under none where there is no such route', async () => {
    const { ask, answered } = apiOf()
    await ask('GET /api/v1/projects/prj_ours')
    await ask('GET /api/v1/who/knows?secret=1')
    expect(answered.map((one) => [one.route, one.status])).toEqual([
      [projectRoute, 200],
      ['none', 404],
    ])
  })
})

const unused = {
  resolvePrincipal: async () => owner(),
  workspaceOf: async () => null,
  limits: createRateLimits(defaultLimits),
  idempotentAnswers: { once: async () => new Response() },
  origins: [],
  addressOf: () => '',
  requestId: () => '',
  elapsed: () => 0,
  onAnswered: () => {},
  onChanged: () => {},
  version: '',
}

async function told(answer: Response) {
  const text = await answer.text()
  // biome-ignore lint/suspicious/noExplicitAny: expectations say what an answer holds
  return { status: answer.status, body: (text ? JSON.parse(text) : {}) as any }
}
