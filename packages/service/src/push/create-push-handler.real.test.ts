import type { Server } from 'node:http'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { ProjectStore, PushedMappings } from '@trueup/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestStore, storeKinds } from '../../../../test/support/stores.ts'
import { Secret } from '../secret.ts'
import { StoreError } from '../store/index.ts'
import { createPushHandler } from './create-push-handler.ts'
import { signPush } from './signature.ts'

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`
const [secret, oldSecret] = [secretOf(1), secretOf(2)]
const mappings: PushedMappings = {
  user: { components: ['plan'] },
  organization: { components: ['plan'] },
}
const now = new Date('2026-06-01T12:00:00Z')
const clock = { now: () => now }
const maxBodyBytes = 64 * 1024
const json = 'application/json'
const ndjson = 'application/x-ndjson'

const aUser = (id: string, parts: object = {}) => ({ type: 'user', id, plan: 'free', ...parts })

interface Answer {
  readonly status: number
  readonly type: string | null
  readonly body: Readonly<Record<string, unknown>>
}

describe.each(storeKinds)('pushing over HTTP to the store: %s', (kind) => {
  let opened: Awaited<ReturnType<typeof openTestStore>>
  let project: ProjectStore
  let server: Server
  let url: string
  let projects = 0
  let failure: Error | null
  let told: unknown[]
  beforeAll(async () => {
    opened = await openTestStore(kind, clock)
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    project = await opened.store.project(`push-${++projects}`)
    failure = null
    told = []
    const handle = createPushHandler({
      targets: [{ name: 'app', mappings }],
      store: {
        ...project,
        finishPush: async (finish) => {
          const result = await project.finishPush(finish)
          if (failure) throw failure
          return result
        },
      },
      secrets: [new Secret(secret), new Secret(oldSecret)],
      clock,
      maxBodyBytes,
      onError: (error) => told.push(error),
    })
    server = serve(handle)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/projects/p/subjects`
    return async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  const send = async (
    body: string | Uint8Array,
    options: { readonly type?: string; readonly headers?: object; readonly method?: string } = {},
  ): Promise<Answer> => {
    const signed = signPush({ secret, id: 'msg_1', body, now })
    const method = options.method ?? 'PUT'
    const response = await fetch(url, {
      method,
      headers: { 'content-type': options.type ?? json, ...signed, ...options.headers },
      ...(method === 'GET' ? {} : { body }),
    })
    const text = await response.text()
    return { status: response.status, type: response.headers.get('content-type'), body: JSON.parse(text) }
  }
  const push = (about: object, subjects: readonly unknown[] = []) =>
    send(JSON.stringify({ push: { id: 'p1', mode: 'full', last: true, ...about }, subjects }))
  const held = async () =>
    (await project.pushedSubjects('app', 'user', null, 1000)).map(({ subject }) => subject.id)

  it('a full push in one request is shown once it is answered', async () => {
    const answer = await push({}, [aUser('a'), aUser('b')])
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      push: 'p1',
      source: 'app',
      mode: 'full',
      state: 'finished',
      received: 2,
      nextSequence: 2,
      result: {
        mode: 'full',
        received: 2,
        older: 0,
        kept: 0,
        before: 0,
        after: 2,
        finishedAt: now.toISOString(),
      },
    })
    expect(await held()).toEqual(['a', 'b'])
    expect((await project.pushedSource('app'))?.lastFullAt).toEqual(now)
  })

  it('a full push in several requests is shown with the last one', async () => {
    const first = await push({ sequence: 1, last: false }, [aUser('a')])
    expect(first.body).toMatchObject({ state: 'open', received: 1, nextSequence: 2, result: null })
    await push({ sequence: 2, last: false }, [aUser('b')])
    expect(await held()).toEqual([])
    expect((await push({ sequence: 3, last: true }, [aUser('c')])).body).toMatchObject({
      state: 'finished',
      received: 3,
    })
    expect(await held()).toEqual(['a', 'b', 'c'])
  })

  it('lines do the same as one object', async () => {
    const lines = [{ push: { id: 'p1', mode: 'full', last: true } }, aUser('a'), aUser('ä漢')]
    const body = `\uFEFF${lines.map((line) => JSON.stringify(line)).join('\r\n')}\r\n\r\n`
    expect((await send(body, { type: `${ndjson}; charset=utf-8` })).status).toBe(200)
    expect(await held()).toEqual(['a', 'ä漢'])
  })

  it('an incremental push adds, replaces and marks as deleted', async () => {
    await push({}, [aUser('a'), aUser('b')])
    const gone = { type: 'user', id: 'b', deleted: true }
    const answer = await push({ id: 'p2', mode: 'incremental', last: undefined }, [aUser('c'), gone])
    expect(answer.body).toMatchObject({ state: 'finished', result: { before: 2, after: 2 } })
    expect(await held()).toEqual(['a', 'b', 'c'])
  })

  it('a push that is sent again after a lost answer is answered as the first time', async () => {
    failure = new StoreError({ code: 'connection-lost', message: 'secret place', fix: '', retryable: true })
    const lost = await push({}, [aUser('a')])
    expect([lost.status, lost.body.code]).toEqual([503, 'store-unavailable'])
    expect(JSON.stringify(lost.body)).not.toContain('secret place')
    expect(told).toEqual([failure])
    failure = null
    const again = await push({}, [aUser('a')])
    expect(again.body).toMatchObject({ state: 'finished', received: 1 })
    expect(await push({}, [aUser('a')])).toEqual(again)
    expect(await held()).toEqual(['a'])
  })

  it('what goes wrong unforeseen is not told to the sender', async () => {
    failure = new Error('secret place')
    const answer = await push({}, [aUser('a')])
    expect([answer.status, answer.body.code]).toEqual([500, 'unexpected'])
    expect(JSON.stringify(answer.body)).not.toContain('secret place')
    expect(told).toEqual([failure])
  })

  it('a push that is broken off and begun again under a new id leaves nothing of the first', async () => {
    await push({}, [aUser('a')])
    await push({ id: 'p2', last: false }, [aUser('b')])
    await push({ id: 'p3', last: false }, [aUser('c')])
    expect((await push({ id: 'p2', sequence: 2 }, [aUser('d')])).body.code).toBe('push-superseded')
    expect((await push({ id: 'p3', sequence: 2 }, [aUser('e')])).status).toBe(200)
    expect(await held()).toEqual(['c', 'e'])
  })

  it('of two full pushes at once, one is shown whole', async () => {
    const pushing = async (id: string) => {
      for (const sequence of [1, 2, 3, 4]) {
        const { status } = await push({ id, sequence, last: sequence === 4 }, [aUser(`${id}-${sequence}`)])
        if (status !== 200) return status
      }
      return 200
    }
    const statuses = await Promise.all([pushing('x'), pushing('y')])
    // Where one was through before the other began, both were taken, one after the other.
    expect([
      [200, 200],
      [200, 409],
    ]).toContainEqual(statuses.toSorted())
    const wholes = ['x', 'y'].map((id) => [1, 2, 3, 4].map((sequence) => `${id}-${sequence}`))
    expect(wholes.filter((_, place) => statuses[place] === 200)).toContainEqual(await held())
  })

  it('ten requests with the same part at once write it once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => push({}, [aUser('a')])))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await held()).toEqual(['a'])
  })

  it('a full push that would take most away is refused, and taken when it is said to be right', async () => {
    await push(
      {},
      ['a', 'b', 'c'].map((id) => aUser(id)),
    )
    const refused = await push({ id: 'p2' }, [aUser('a')])
    expect([refused.status, refused.body.code]).toEqual([409, 'push-too-small'])
    expect(await held()).toEqual(['a', 'b', 'c'])
    expect((await push({ id: 'p2', allowShrink: true }, [aUser('a')])).status).toBe(200)
    expect(await held()).toEqual(['a'])
  })

  it('a full push stands in the ledger, an incremental one does not', async () => {
    await push({}, [aUser('a')])
    await push({ id: 'p2', mode: 'incremental' }, [aUser('b')])
    const drafts: unknown[] = []
    await project.sequenceEntries(10, (given) => {
      drafts.push(...given)
      return []
    })
    expect(drafts).toEqual([
      {
        key: 'subjects-imported:app:p1',
        act: 'subjects-imported',
        at: now,
        by: 'push:app',
        about: { source: 'app' },
        facts: { mode: 'full', received: 1, older: 0, kept: 0, before: 0, after: 1 },
        personal: null,
      },
    ])
  })

  // What is refused before the store is asked needs no database.
  describe.runIf(kind === 'memory')('is refused, and nothing is written, when', () => {
    const whole = JSON.stringify({ push: { id: 'p1', mode: 'full', last: true }, subjects: [aUser('a')] })
    const said = (about: object) => JSON.stringify({ push: about })
    const of = (...subjects: readonly unknown[]) =>
      JSON.stringify({ push: { id: 'p1', mode: 'full', last: true }, subjects })
    type Row = readonly [
      what: string,
      body: string | Uint8Array,
      options: Parameters<typeof send>[1],
      status: number,
      code: string,
    ]
    const rows: readonly Row[] = [
      ['it is a GET', '', { method: 'GET' }, 405, 'method-not-allowed'],
      ['it is a POST', whole, { method: 'POST' }, 405, 'method-not-allowed'],
      ['it is plain text', whole, { type: 'text/plain' }, 415, 'media-type-unsupported'],
      ['it is compressed', whole, { headers: { 'content-encoding': 'gzip' } }, 415, 'encoding-unsupported'],
      ['it is too large', `${whole}${' '.repeat(maxBodyBytes)}`, {}, 413, 'body-too-large'],
      ['it is not signed', whole, { headers: { 'webhook-signature': '' } }, 401, 'signature-missing'],
      [
        'it was signed long ago',
        whole,
        { headers: { 'webhook-timestamp': '1780310000' } },
        401,
        'signature-expired',
      ],
      [
        'it was signed for another body',
        whole,
        { headers: { ...signPush({ secret, id: 'm', body: 'x', now }) } },
        401,
        'signature-invalid',
      ],
      [
        'it is signed with another secret',
        whole,
        { headers: { ...signPush({ secret: secretOf(3), id: 'm', body: whole, now }) } },
        401,
        'signature-invalid',
      ],
      ['it is empty', '', {}, 400, 'body-unreadable'],
      ['it is cut in half', whole.slice(0, -20), {}, 400, 'body-unreadable'],
      ['it is not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), {}, 400, 'body-unreadable'],
      ['it is a list', '[]', {}, 400, 'body-unreadable'],
      ['it is nested without end', '['.repeat(maxBodyBytes), {}, 400, 'body-unreadable'],
      [
        'it has more than push and subjects',
        '{"push":{},"subjects":[],"__proto__":{}}',
        {},
        400,
        'body-unreadable',
      ],
      [
        'its subjects are an object',
        '{"push":{"id":"p1","mode":"full","last":true},"subjects":{}}',
        {},
        400,
        'body-unreadable',
      ],
      ['its first line is a subject', JSON.stringify(aUser('a')), { type: ndjson }, 400, 'body-unreadable'],
      [
        'a line is half',
        `${said({ id: 'p1', mode: 'full', last: true })}\n{"type":"us`,
        { type: ndjson },
        400,
        'body-unreadable',
      ],
      ['it says no push', '{"subjects":[]}', {}, 422, 'push-invalid'],
      ['it says no id', said({ mode: 'full', last: true }), {}, 422, 'push-invalid'],
      ['its id holds a line break', said({ id: 'p\n1', mode: 'full', last: true }), {}, 422, 'push-invalid'],
      ['it says no mode', said({ id: 'p1', last: true }), {}, 422, 'push-invalid'],
      [
        'a full one does not say whether it is the last',
        said({ id: 'p1', mode: 'full' }),
        {},
        422,
        'push-invalid',
      ],
      [
        'its sequence is 0',
        said({ id: 'p1', mode: 'full', last: true, sequence: 0 }),
        {},
        422,
        'push-invalid',
      ],
      [
        'its source is another',
        said({ id: 'p1', mode: 'full', last: true, source: 'apq' }),
        {},
        422,
        'push-invalid',
      ],
      [
        'it says something unknown',
        said({ id: 'p1', mode: 'full', last: true, final: true }),
        {},
        422,
        'push-invalid',
      ],
      ['a record has an unknown field', of(aUser('a', { customer_id: 'cus_1' })), {}, 422, 'records-invalid'],
      ['a record is no object', of(aUser('a'), null), {}, 422, 'records-invalid'],
      ['a record has U+0000 in its id', of(aUser('a\u0000')), {}, 422, 'records-invalid'],
      [
        'a record sets a prototype',
        '{"push":{"id":"p1","mode":"full","last":true},"subjects":[{"type":"user","id":"a","plan":"free","__proto__":{"plan":"pro"}}]}',
        {},
        422,
        'records-invalid',
      ],
      ['a subject stands in it twice', of(aUser('a'), aUser('a')), {}, 422, 'subject-duplicate'],
      ['it is full and brings nobody', of(), {}, 409, 'push-too-small'],
      [
        'its first part is missing',
        JSON.stringify({ push: { id: 'p1', mode: 'full', last: true, sequence: 2 }, subjects: [] }),
        {},
        409,
        'push-unknown',
      ],
    ]
    it.each(rows)('%s', async (_what, body, options, status, code) => {
      const answer = await send(body, options)
      expect([answer.status, answer.body.code]).toEqual([status, code])
      expect(answer.type).toBe('application/problem+json')
      expect(answer.body).toMatchObject({
        type: `urn:trueup:problem:${code}`,
        status,
        title: expect.any(String),
        detail: expect.any(String),
        fix: expect.any(String),
      })
      expect(await held()).toEqual([])
      expect((await project.pushedSource('app'))?.lastFullAt ?? null).toBeNull()
    })
  })

  it('a record that cannot be taken is named with its place and a likely fix', async () => {
    const lines = [
      { push: { id: 'p1', mode: 'full', last: true } },
      aUser('a'),
      aUser('b', { customer_id: 'x' }),
    ]
    const answer = await send(lines.map((line) => JSON.stringify(line)).join('\n'), { type: ndjson })
    expect(answer.body).toMatchObject({
      errorCount: 1,
      errors: [
        {
          code: 'field-unknown',
          at: 'line 3',
          found: 'the field "customer_id"',
          fix: 'Did you mean customerId?',
        },
      ],
    })
  })

  it('of many records that cannot be taken, the first twenty are named', async () => {
    const { body } = await push(
      {},
      Array.from({ length: 50 }, () => ({ type: 'user', id: '' })),
    )
    expect(body.errors).toHaveLength(20)
    expect(body.errorCount).toBe(100)
  })

  it('a part out of its order says which one is waited for', async () => {
    await push({ last: false }, [aUser('a')])
    const answer = await push({ sequence: 3 }, [aUser('c')])
    expect(answer.body).toMatchObject({ code: 'sequence-unexpected', nextSequence: 2 })
  })

  it('another content under an id that was used is refused', async () => {
    await push({}, [aUser('a')])
    expect((await push({}, [aUser('b')])).body.code).toBe('part-differs')
    expect((await push({ mode: 'incremental' }, [aUser('a')])).body.code).toBe('mode-differs')
    expect((await push({ sequence: 2 }, [aUser('c')])).body.code).toBe('push-finished')
    expect(await held()).toEqual(['a'])
  })

  it('the old secret is good as long as it is there', async () => {
    const body = JSON.stringify({ push: { id: 'p1', mode: 'full', last: true }, subjects: [aUser('a')] })
    const headers = signPush({ secret: oldSecret, id: 'm', body, now })
    expect((await send(body, { headers })).status).toBe(200)
  })

  it('a body that never ends is cut at the limit', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const sending = httpRequest(url, { method: 'PUT', headers: { 'content-type': ndjson } }, (response) => {
        response.resume()
        sending.destroy()
        resolve(response.statusCode ?? 0)
      })
      sending.on('error', reject)
      const line = Buffer.alloc(16 * 1024, ' ')
      const more = () => {
        while (!sending.destroyed && sending.write(line));
      }
      sending.on('drain', more)
      more()
    })
    expect(status).toBe(413)
  })
})

describe('a push handler', () => {
  it('is not made without a secret', () => {
    const options = { targets: [], store: {} as ProjectStore, secrets: [], clock }
    expect(() => createPushHandler(options)).toThrow(expect.objectContaining({ code: 'option-invalid' }))
  })
})

/** An HTTP server in front of a handler that speaks `Request` and `Response`. */
function serve(handle: (request: Request) => Promise<Response>): Server {
  return createServer(async (incoming, outgoing) => {
    const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD'
    const request = new Request(`http://localhost${incoming.url}`, {
      method: incoming.method ?? 'GET',
      headers: Object.entries(incoming.headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]),
      ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: 'half' } : {}),
    } as RequestInit)
    const response = await handle(request)
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(await response.text())
  })
}
