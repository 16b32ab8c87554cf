import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PolicyRow } from '../packages/service/src/http/policy.ts'
import { policyRows } from '../packages/service/src/http/policy.ts'
import type { RunningTestService } from './support/running-service.ts'
import { anAddress, startTestService } from './support/running-service.ts'
import type { Answer, ApiClient } from './support/service.ts'
import type { TwoWorkspaces } from './support/two-workspaces.ts'
import { stranger, twoWorkspaces } from './support/two-workspaces.ts'

/* Every route, asked by everybody, about what is theirs and what is not. What has to come of it is worked out here from
   the table of who may do what, not by the code that keeps it. */

/** Whoever asks, as far as the table cares. */
interface Asker {
  readonly name: string
  /** Asks anew with each call where that ends a session: it is then another one of the same person. */
  client(): Promise<ApiClient>
  readonly as:
    | { readonly kind: 'nobody' }
    | { readonly kind: 'person'; readonly role: (typeof ladder)[number]; readonly isFresh: boolean }
    | { readonly kind: 'key'; readonly scope: 'read' | 'read+repair' }
  readonly reaches: readonly Place[]
}

const ladder = ['viewer', 'member', 'admin', 'owner'] as const
const places = ['own', 'sibling', 'foreign', 'missing'] as const
type Place = (typeof places)[number]

/** Answers of the gate. Everything else comes from behind it. */
const refusals = [
  'signed-out',
  'key-unknown',
  'role-too-low',
  'key-too-narrow',
  'people-only',
  'confirmation-needed',
  'other-site',
]
/** What ends the session of who asks, or their membership: asked last, each with a session of its own. */
const endings = [
  'DELETE /api/v1/session',
  'DELETE /api/v1/me/sessions',
  'POST /api/v1/workspaces/{workspaceId}/leave',
]
/** Behind the gate these ask for a secret of their own, and answer like it. */
const guardThemselves = ['GET /metrics', 'POST /api/cron/{task}', 'PUT /api/v1/projects/{projectId}/subjects']

/** Called by programs, which show a secret of their own; no cookie opens it, so a page of another site gains nothing. */
const carryTheirOwnSecret = ['POST /api/cron/{task}', 'PUT /api/v1/projects/{projectId}/subjects']
const otherSites = [
  { origin: 'https://evil.example.com' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
]

const rows = Object.entries(policyRows)
const others = rows.filter(([key]) => !endings.includes(key))
const last = rows.filter(([key]) => endings.includes(key))

function namesTenant(key: string): boolean {
  return /\{(?:projectId|workspaceId)\}/.test(key)
}

/** A key of one project reaches nothing of the workspace around it. */
function isInReach({ as, reaches }: Asker, key: string, place: Place): boolean {
  if (!namesTenant(key)) return true
  const isOfOneProject = as.kind === 'key' && !reaches.includes('sibling') && reaches.includes('own')
  return reaches.includes(place) && !(isOfOneProject && key.includes('{workspaceId}'))
}

/** What the table says comes of a request: a code, or `through`. */
function expected({ as }: Asker, row: PolicyRow, isReached: boolean): string {
  if (row.role === 'nobody') return 'through'
  if (as.kind === 'nobody') return 'signed-out'
  if (!isReached) return 'not-found'
  if (as.kind === 'key') {
    if (row.key === 'never') return 'people-only'
    return row.key === 'read+repair' && as.scope === 'read' ? 'key-too-narrow' : 'through'
  }
  if (row.role !== 'anybody' && ladder.indexOf(as.role) < ladder.indexOf(row.role)) return 'role-too-low'
  return row.fresh && !as.isFresh ? 'confirmation-needed' : 'through'
}

const statusOfRefusal = (code: string): number =>
  ({ 'signed-out': 401, 'not-found': 404 })[code] ?? (refusals.includes(code) ? 403 : 0)

describe('the table of who may do what', () => {
  let service: RunningTestService
  let world: TwoWorkspaces
  let askers: readonly Asker[]

  beforeAll(async () => {
    service = await startTestService({ CRON_SECRET: 'a secret of the scheduler' })
    world = await twoWorkspaces(service)
    const person = async (
      name: string,
      role: (typeof ladder)[number],
      reaches: readonly Place[] = ['own', 'sibling'],
    ): Promise<Asker> => {
      const session = await world.signIn(name)
      const client = once(session, () => world.signIn(name))
      return { name, client, as: { kind: 'person', role, isFresh: true }, reaches }
    }
    const longAgo = async (name: string, role: (typeof ladder)[number]): Promise<Asker> => {
      const session = await world.signInLongAgo(name)
      const client = once(session, () => world.signInLongAgo(name))
      return {
        name: `${name}, signed in long ago`,
        client,
        as: { kind: 'person', role, isFresh: false },
        reaches: ['own', 'sibling'],
      }
    }
    const key = (
      name: string,
      client: ApiClient,
      scope: 'read' | 'read+repair',
      reaches: readonly Place[],
    ): Asker => ({ name, client: async () => client, as: { kind: 'key', scope }, reaches })
    const { keys } = world
    askers = [
      { name: 'nobody', client: async () => stranger(service), as: { kind: 'nobody' }, reaches: [] },
      await person('viewer', 'viewer'),
      await person('member', 'member'),
      await person('admin', 'admin'),
      await person('ada', 'owner'),
      await longAgo('other-admin', 'admin'),
      await longAgo('ada', 'owner'),
      key('key that reads', keys.read, 'read', ['own', 'sibling']),
      key('key that repairs', keys.repair, 'read+repair', ['own', 'sibling']),
      key('key of one project', keys.ofProject, 'read+repair', ['own']),
      await person('eve', 'owner', ['foreign']),
      key('key of another workspace', keys.foreign, 'read+repair', ['foreign']),
    ]
  })
  afterAll(async () => {
    await service?.stop()
  })

  /** The first call gives what is there, for all that does not end it. */
  function once(session: ApiClient, next: () => Promise<ApiClient>): () => Promise<ApiClient> {
    let isLast = false
    endingSoon.push(() => {
      isLast = true
    })
    return async () => (isLast ? await next() : session)
  }
  const endingSoon: (() => void)[] = []
  /** Every answer about what is out of reach, whether it is not there or another's. */
  const outOfReach = new Set<string>()

  function addressOf(key: string, place: Place, innerId = 'aaaaaaaaaaaaaaaaaaaaaaaa'): string {
    const { workspaceId, projectId, siblingId, foreignWorkspaceId, foreignProjectId } = world
    const ids = {
      own: { workspaceId, projectId },
      sibling: { workspaceId, projectId: siblingId },
      foreign: { workspaceId: foreignWorkspaceId, projectId: foreignProjectId },
      missing: { workspaceId: 'wsp_aaaaaaaaaaaaaaaaaaaaaaaa', projectId: 'prj_aaaaaaaaaaaaaaaaaaaaaaaa' },
    }[place]
    return key
      .replace('{workspaceId}', ids.workspaceId)
      .replace('{projectId}', ids.projectId)
      .replace('{provider}', 'stripe')
      .replaceAll(/\{\w+\}/g, innerId)
  }

  /** Asks for what no handler carries out: about things that are not there, with a field that nobody knows. */
  async function ask(
    client: ApiClient,
    key: string,
    place: Place,
    headers: Readonly<Record<string, string>> = {},
    innerId?: string,
  ): Promise<Answer<unknown>> {
    const body = /^(?:POST|PUT|PATCH) /.test(key) ? { fieldThatNobodyKnows: 1 } : undefined
    const address = addressOf(key, place, innerId)
    return await client.ask(address, body, { 'x-forwarded-for': anAddress(), ...headers })
  }

  /** How an answer differs from what the table says; `null`: it does not. */
  async function differenceOf(asker: Asker, [key, row]: readonly [string, PolicyRow], place: Place) {
    const answer = await ask(await asker.client(), key, place)
    const wanted = expected(asker, row, isInReach(asker, key, place))
    const { code = '' } = answer.body as { readonly code?: string }
    if (wanted === 'not-found') outOfReach.add(said(answer))
    const found = `${answer.status} ${code}`
    const isRight =
      wanted === 'through'
        ? guardThemselves.includes(key) ||
          (answer.status < 500 && !refusals.includes(code) && !isOutOfReach())
        : answer.status === statusOfRefusal(wanted) && code === wanted
    return isRight ? null : `${key} (${place}) by ${asker.name}: ${found}, not ${wanted}`

    /** What is not there inside of a project is named; a project that is out of reach is not. */
    function isOutOfReach() {
      return code === 'not-found' && !/\{(?!projectId|workspaceId)\w+\}/.test(key)
    }
  }

  function placesOf(key: string): readonly Place[] {
    if (key.includes('{projectId}')) return places
    return key.includes('{workspaceId}') ? ['own', 'foreign', 'missing'] : ['own']
  }

  it.each([
    'nobody',
    'viewer',
    'member',
    'admin',
    'ada',
    'other-admin, signed in long ago',
    'ada, signed in long ago',
    'key that reads',
    'key that repairs',
    'key of one project',
    'eve',
    'key of another workspace',
  ])('holds on every route for %s', async (name) => {
    const asker = askers.find((one) => one.name === name)
    if (!asker) throw new Error(`Nobody is called ${name}.`)
    const calls = others.flatMap((row) => placesOf(row[0]).map((place) => [row, place] as const))
    const differences = await inTurn(8, calls, ([row, place]) => differenceOf(asker, row, place))
    expect(differences.filter((one) => one !== null)).toEqual([])
  })

  it('answers for what is out of reach as for what is not there, to the letter', () => {
    expect([...outOfReach]).toEqual([expect.stringContaining('"not-found"')])
  })

  it('names no route that could name a project of another workspace than it names', () => {
    expect(rows.filter(([key]) => key.includes('{workspaceId}') && key.includes('{projectId}'))).toEqual([])
  })

  it('lists to a key of one project that project alone', async () => {
    const { items } = await world.keys.ofProject.do('GET /api/v1/projects')
    expect(items.map(({ id }: { id: string }) => id)).toEqual([world.projectId])
  })

  it('takes nothing that changes something from a page of another site', async () => {
    const unsafe = rows.filter(([key]) => !key.startsWith('GET '))
    const calls = unsafe.flatMap(([key]) => otherSites.map((headers) => [key, headers] as const))
    const taken = await inTurn(8, calls, async ([key, headers]) => {
      const { status, body } = await ask(world.owner, key, 'own', headers)
      if (carryTheirOwnSecret.includes(key)) return null
      const isRefused = status === 403 && (body as { code?: string }).code === 'other-site'
      return isRefused ? null : `${key} with ${JSON.stringify(headers)}: ${status}`
    })
    expect(taken.filter((one) => one !== null)).toEqual([])
  })

  it('refuses a field that nobody knows, in the body of every route that takes one', async () => {
    const document = await world.owner.do('GET /api/openapi.json')
    const takeBodies = rows.filter(([key]) => bodyOf(document, key))
    expect(takeBodies.length).toBeGreaterThan(40)
    const taken = await inTurn(8, takeBodies, async ([key]) => {
      const { status, body } = await ask(world.owner, key, 'own')
      return status === 422 ? null : `${key}: ${status} ${JSON.stringify(body)}`
    })
    expect(taken.filter((one) => one !== null)).toEqual([])
    const open = takeBodies.flatMap(([key]) => openObjectsIn(bodyOf(document, key), document, key))
    expect(open).toEqual([])
  })

  it.each([
    ['a NUL', '%00'],
    ['half of a character', '%ED%A0%80'],
    ['SQL', "'%20or%201=1%20--"],
    ['a way up', '..%2F..'],
    ['a broken escape', '%'],
    ['a character that turns the text around', '%E2%80%AE'],
    ['five thousand letters', 'a'.repeat(5_000)],
  ])('finds nothing under an id that is %s, and fails at none', async (_name, id) => {
    const asked = others.filter(
      ([key, row]) => /\{(?!projectId|workspaceId)\w+\}/.test(key) && row.role !== 'nobody',
    )
    const failed = await inTurn(8, asked, async ([key]) => {
      const client = world.owner
      const { status, body } = await ask(client, key, 'own', {}, id)
      const isNothing =
        status >= 400 || Object.values(body as object).every((one) => one === null || one?.length === 0)
      return status < 500 && isNothing ? null : `${key}: ${status}`
    })
    expect(failed.filter((one) => one !== null)).toEqual([])
  })

  it('answers with a problem where there is no such route or method', async () => {
    for (const [request, status] of [
      ['GET /api/v1/nothing', 404],
      ['GET /', 404],
      ['POST /api/v1//projects', 404],
      ['DELETE /api/v1/projects', 405],
      ['OPTIONS /api/v1/projects', 405],
    ] as const) {
      const answer = await world.owner.ask(request)
      expect([request, answer.status]).toEqual([request, status])
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  it('holds for what ends a session or a membership', async () => {
    for (const end of endingSoon) end()
    const differences: unknown[] = []
    for (const row of last) {
      for (const asker of askers) {
        for (const place of placesOf(row[0]).toReversed()) {
          differences.push(await differenceOf(asker, row, place))
        }
      }
    }
    expect(differences.filter((one) => one !== null)).toEqual([])
  })
})

/** An answer without what names it. */
function said({ status, headers, body }: Answer<unknown>): string {
  const { requestId, ...rest } = body as Record<string, unknown>
  const named = new Set(['date', 'x-request-id', 'ratelimit-remaining', 'ratelimit-reset', 'content-length'])
  return JSON.stringify([status, rest, [...headers].filter(([name]) => !named.has(name))])
}

/** Does something with each, so many at a time. */
async function inTurn<Item, Result>(
  many: number,
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const queue = items.values()
  await Promise.all(
    Array.from({ length: many }, async () => {
      for (const item of queue) results.push(await act(item))
    }),
  )
  return results
}

// biome-ignore lint/suspicious/noExplicitAny: a document of the standard, whose parts are looked for by name
type Document = any

function bodyOf(document: Document, key: string): unknown {
  const [method = '', path = ''] = key.split(' ')
  return document.paths[path]?.[method.toLowerCase()]?.requestBody?.content?.['application/json']?.schema
}

/** Objects of a shape that would take a field which it does not name. Maps, whose every value has a shape, are none. */
function openObjectsIn(schema: unknown, document: Document, at: string, seen = new Set<unknown>()): string[] {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return []
  seen.add(schema)
  if (Array.isArray(schema)) return schema.flatMap((one) => openObjectsIn(one, document, at, seen))
  const { $ref, type, properties, additionalProperties } = schema as Record<string, unknown>
  if (typeof $ref === 'string') {
    return openObjectsIn(document.components.schemas[$ref.split('/').at(-1) ?? ''], document, at, seen)
  }
  const isOpen = type === 'object' && properties !== undefined && additionalProperties !== false
  return [
    ...(isOpen ? [`${at}: ${Object.keys(properties ?? {}).join(', ')}`] : []),
    ...Object.entries(schema).flatMap(([name, inner]) =>
      openObjectsIn(inner, document, `${at}.${name}`, seen),
    ),
  ]
}
