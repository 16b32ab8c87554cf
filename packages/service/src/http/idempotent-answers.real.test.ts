import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import type { Database } from '../store/database.ts'
import { openDatabase } from '../store/index.ts'
import { ApiError } from './api-error.ts'
import type { IdempotentAnswers } from './idempotent-answers.ts'
import { createIdempotentAnswers } from './idempotent-answers.ts'
import type { Principal } from './principal.ts'

const route = 'POST /api/v1/projects/{projectId}/checks'
const person: Principal = {
  kind: 'person',
  personId: 'per_1',
  email: 'ada@example.com',
  roles: new Map(),
  sessionFresh: false,
}
const machine: Principal = { kind: 'key', keyId: 'key_1', workspaceId: 'w', projectId: null, scope: 'read' }

describe('a request with an Idempotency-Key', () => {
  let place: TestDatabase
  let first: Database
  let second: Database
  let now = new Date('2026-11-21T09:00:00Z')
  const clock = { now: () => now }
  const pass = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1_000)
  }
  beforeAll(async () => {
    place = await createTestDatabase()
    first = await openDatabase({ databaseUrl: place.url, home: null, clock })
    second = await openDatabase({ databaseUrl: place.url, home: null, clock })
  })
  afterAll(async () => {
    await first?.close()
    await second?.close()
    await place?.drop()
  })
  const here = () => createIdempotentAnswers(first, clock)
  /** Another process on the same database. */
  const there = () => createIdempotentAnswers(second, clock)

  let keys = 0
  const newKey = () => `key-${++keys}`
  let runs = 0
  const run = async () => Response.json({ run: ++runs }, { status: 201, headers: { Location: '/x' } })
  interface Sent {
    readonly method?: string
    readonly principal?: Principal
    readonly body?: unknown
    readonly params?: unknown
    readonly isShownOnce?: boolean
    readonly workspaceId?: string
  }
  async function send(answers: IdempotentAnswers, key: string | null, sent: Sent = {}, act = run) {
    const { method = 'POST', principal = person, body = { kind: 'full' }, params = {}, isShownOnce } = sent
    const request = new Request('http://localhost/', {
      method,
      headers: key === null ? {} : { 'idempotency-key': key },
    })
    const tenant = { workspaceId: sent.workspaceId ?? 'w', projectId: 'p' }
    return await answers.once(request, route, { principal, tenant, params, body }, act, isShownOnce)
  }

  it('is carried out once, and answered alike again, by another process too', async () => {
    const key = newKey()
    const original = await send(here(), key)
    const again = await send(there(), key)
    expect(original.headers.get('idempotent-replayed')).toBeNull()
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect([again.status, again.headers.get('location')]).toEqual([201, '/x'])
    expect(await again.json()).toEqual(await original.json())
  })

  it.each([
    ['another body', { body: { kind: 'recent' } }],
    ['another address', { params: { projectId: 'q' } }],
  ])('is refused with %s', async (_what, other) => {
    const key = newKey()
    await send(here(), key)
    await expect(send(there(), key, other)).rejects.toMatchObject({ code: 'idempotency-key-reused' })
  })

  it('is another request where somebody else sends it, or about another workspace', async () => {
    const key = newKey()
    const before = runs
    await send(here(), key)
    await send(here(), key, { principal: machine })
    await send(here(), key, { workspaceId: 'v' })
    expect(runs - before).toBe(3)
  })

  it('is carried out by one of two processes that get it at once; the other says to wait', async () => {
    const key = newKey()
    const before = runs
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, place) => send(place % 2 ? here() : there(), key)),
    )
    expect(runs - before).toBe(1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'idempotency-key-busy', retryAfterSeconds: 2 })
    }
  })

  it('is carried out anew a minute after the process died that had it, whose late answer is not kept', async () => {
    const key = newKey()
    let finish: (answer: Response) => void = () => {}
    const dying = new Promise<Response>((resolve) => {
      finish = resolve
    })
    let late: Promise<Response> = dying
    await new Promise<void>((isAtWork) => {
      late = send(here(), key, {}, () => {
        isAtWork()
        return dying
      })
    })
    pass(59)
    await expect(send(there(), key)).rejects.toMatchObject({ code: 'idempotency-key-busy' })
    pass(2)
    const answered = await (await send(there(), key)).json()
    finish(Response.json({ run: 'late' }))
    await late
    expect(await (await send(there(), key)).json()).toEqual(answered)
  })

  it('may be sent again where it was refused, since that changed nothing', async () => {
    const key = newKey()
    const refuse = async () => {
      throw new ApiError({ code: 'conflict', message: '.', fix: '.' })
    }
    await expect(send(here(), key, {}, refuse)).rejects.toMatchObject({ code: 'conflict' })
    expect((await send(there(), key)).status).toBe(201)
  })

  it('that gave or took a secret is answered once, and nothing of it is kept', async () => {
    const key = newKey()
    const secret = async () =>
      Response.json({ key: 'tu_hunter2' }, { headers: { 'set-cookie': 'a=hunter2' } })
    await send(here(), key, { isShownOnce: true, body: { password: 'hunter2' } }, secret)
    await expect(
      send(there(), key, { isShownOnce: true, body: { password: 'hunter2' } }, secret),
    ).rejects.toMatchObject({ code: 'idempotency-key-spent' })
    const kept = await first.pool.query('select * from trueup.idempotent_answer where key = $1', [key])
    expect(kept.rows).toMatchObject([{ status: 200, answer: null, headers: null }])
    expect(JSON.stringify(kept.rows)).not.toContain('hunter2')
  })

  it('is forgotten after a day', async () => {
    const key = newKey()
    const before = runs
    await send(here(), key)
    pass(23 * 3_600)
    await send(here(), key)
    expect(runs - before).toBe(1)
    pass(2 * 3_600)
    await send(here(), key, { body: { kind: 'recent' } })
    expect(runs - before).toBe(2)
  })

  it.each(['', 'with space', 'ü', 'x'.repeat(256)])('is refused where the key is %j', async (key) => {
    const request = { headers: { get: () => key }, method: 'POST' } as unknown as Request
    const sent = { principal: person, tenant: { workspaceId: 'w', projectId: 'p' }, params: {}, body: {} }
    await expect(here().once(request, route, sent, run)).rejects.toMatchObject({ code: 'request-malformed' })
  })

  it.each([
    ['without a key', null, {}],
    ['that is no POST', newKey(), { method: 'PUT' }],
    ['of nobody, whom nothing tells from another', newKey(), { principal: { kind: 'nobody' } as const }],
  ])('%s is carried out each time', async (_what, key, sent) => {
    const before = runs
    await send(here(), key, sent)
    await send(here(), key, sent)
    expect(runs - before).toBe(2)
  })
})
