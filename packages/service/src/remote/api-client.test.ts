import { inspect } from 'node:util'
import type { Http, Timer } from '@trueup/core'
import { describe, expect, test } from 'vitest'
import { Secret } from '../secret.ts'
import { ApiClient } from './api-client.ts'

const url = 'https://trueup.example.com'
const key = 'tu_the-key-itself'

interface Asked {
  readonly method: string
  readonly path: string
  readonly idempotencyKey: string | null
  readonly authorization: string | null
}

/** A service that gives these answers one after the other, and a clock on which waiting takes no time. */
function clientOf(...answers: (Response | Error)[]) {
  const asked: Asked[] = []
  const waited: number[] = []
  const http: Http = async (input, init) => {
    const headers = new Headers(init?.headers)
    asked.push({
      method: init?.method ?? 'GET',
      path: String(input).slice(url.length),
      idempotencyKey: headers.get('idempotency-key'),
      authorization: headers.get('authorization'),
    })
    const answer = answers.shift() ?? new Error('asked once more than was expected')
    if (answer instanceof Error) throw answer
    return answer
  }
  const timer: Timer = {
    sleep: (ms, signal) =>
      // What waits for an answer that is too late never ends here; what waits before trying again ends at once.
      ms >= 30_000
        ? new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
        : Promise.resolve(void waited.push(ms)),
  }
  let drawn = 0
  const randomBytes = (count: number) => {
    drawn += 1
    return new Uint8Array(count).fill(drawn)
  }
  const { signal } = new AbortController()
  return {
    client: new ApiClient({ url, key: new Secret(key), http, timer, randomBytes, signal }),
    asked,
    waited,
  }
}

const problem = (status: number, code: string, headers: Readonly<Record<string, string>> = {}) =>
  Response.json({ code, detail: `What ${code} is.`, fix: 'Mend it.' }, { status, headers })
const refused = async (act: Promise<unknown>) => {
  const error: unknown = await act.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return error as Error & { readonly code: string; readonly fix: string; readonly status: number | null }
}

describe('asking a service', () => {
  test('a busy service is asked again after what it says, and no sooner', async () => {
    const { client, asked, waited } = clientOf(
      problem(429, 'too-many-requests', { 'retry-after': '7' }),
      problem(503, 'unavailable', { 'retry-after': '2' }),
      Response.json({ id: 1 }),
    )
    expect(await client.get('/x')).toEqual({ id: 1 })
    expect(waited).toEqual([7_000, 2_000])
    expect(asked.map(({ authorization }) => authorization)).toEqual(Array(3).fill(`Bearer ${key}`))
  })

  test('it is not asked for ever, nor waited for longer than a minute', async () => {
    const busy = Array.from({ length: 9 }, () => problem(503, 'unavailable', { 'retry-after': '1' }))
    const { client, asked } = clientOf(...busy)
    expect(await refused(client.get('/x'))).toMatchObject({ code: 'unavailable', status: 503 })
    expect(asked).toHaveLength(6)
    const far = clientOf(problem(429, 'too-many-requests', { 'retry-after': '3600' }))
    expect(await refused(far.client.get('/x'))).toMatchObject({ code: 'too-many-requests' })
    expect(far.waited).toEqual([])
  })

  test('an act that is sent again has the same Idempotency-Key, and the next act another', async () => {
    const { client, asked } = clientOf(
      problem(409, 'idempotency-key-busy', { 'retry-after': '2' }),
      Response.json({}),
      new Response(null, { status: 204 }),
    )
    await client.post('/acts', { a: 1 })
    await client.post('/acts', { a: 1 })
    const keys = asked.map(({ idempotencyKey }) => idempotencyKey)
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
  })

  test.each([
    [403, 'key-too-narrow'],
    [404, 'not-found'],
    [409, 'count-differs'],
    [500, 'failed'],
  ])('%i %s is told in the words of the service, and not sent again', async (status, code) => {
    const { client, asked } = clientOf(problem(status, code))
    expect(await refused(client.post('/acts'))).toMatchObject({
      code,
      status,
      message: `What ${code} is.`,
      fix: 'Mend it.',
    })
    expect(asked).toHaveLength(1)
  })

  test('what is wrong with a request is told one by one', async () => {
    const { client } = clientOf(
      Response.json(
        {
          code: 'request-invalid',
          detail: 'It is wrong.',
          problems: [{ at: 'body.count', message: 'Too small' }],
        },
        { status: 422 },
      ),
    )
    expect((await refused(client.post('/acts'))).message).toBe('It is wrong.\nbody.count: Too small')
  })

  test.each([
    ['a page', new Response('<html>Sign in</html>', { headers: { 'content-type': 'text/html' } })],
    [
      'JSON that breaks off',
      new Response('{"items": [', { headers: { 'content-type': 'application/json' } }),
    ],
    ['an error of a proxy', new Response('Bad gateway', { status: 502 })],
  ])('%s is no answer of a service', async (_, answer) => {
    expect(await refused(clientOf(answer).client.get('/x'))).toMatchObject({ code: 'answer-unreadable' })
  })

  test('a list is read page by page, and no further than is wanted', async () => {
    const pages = () => [
      Response.json({ items: [1, 2], next: 'b' }),
      Response.json({ items: [3], next: null }),
    ]
    const all = clientOf(...pages())
    expect(await all.client.list('/x', { state: ['open', 'ignored'], about: undefined })).toEqual([1, 2, 3])
    expect(all.asked.map(({ path }) => path)).toEqual([
      '/x?state=open&state=ignored&limit=100',
      '/x?state=open&state=ignored&after=b&limit=100',
    ])
    const two = clientOf(...pages())
    expect(await two.client.list('/x', {}, 2)).toEqual([1, 2])
    expect(two.asked.map(({ path }) => path)).toEqual(['/x?limit=2'])
  })

  test('no error, and nothing that is printed of the client, holds the key', async () => {
    const cause = Object.assign(new Error(`getaddrinfo failed for ${key}`), { code: 'ENOTFOUND' })
    const { client } = clientOf(new TypeError(`fetch failed with ${key}`, { cause }))
    const error = await refused(client.get('/x'))
    expect(error).toMatchObject({ code: 'server-unreachable' })
    expect(inspect([error, client], { depth: 9, showHidden: true })).not.toContain(key)
  })
})
