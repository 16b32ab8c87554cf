import { createServer, type Server } from 'node:http'
import type { MemoryRepairTarget, RepairOrder, RepairTarget, Timer } from '@trueup/core'
import { createMemoryRepairTarget } from '@trueup/core'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, test } from 'vitest'
import { Secret } from '../../secret.ts'
import { type AddressPolicy, hostedPolicy, ownMachinePolicy } from '../postgres/connection/index.ts'
import { type RepairWorld, repairTargetContract } from '../repair-target-contract.ts'
import { systemClock, systemTimer } from '../system.ts'
import { createCallbackTarget } from './callback-target.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const container = 'accounts'

interface Asked {
  readonly type: string
  readonly data: RepairOrder
}

/** An app as its owner would write it: it checks the signature with the reference library, and keeps a journal. */
async function startApp(records: MemoryRepairTarget, spoil: () => boolean = () => false): Promise<Listening> {
  return listen(
    createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const answer = (status: number, value: unknown) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
      }
      try {
        new Webhook(secret).verify(body, request.headers as Record<string, string>)
      } catch {
        answer(401, {})
        return
      }
      const { type, data } = JSON.parse(body) as Asked
      const order = { ...data, deadline: new Date(data.deadline) }
      if (type === 'repair.inspect') return answer(200, await records.inspect(order))
      if (type === 'repair.settle') return answer(200, { result: await records.settle(order) })
      if (type === 'repair.abandon') return answer(200, { result: await records.abandon(order) })
      const done = await records.apply(order)
      if (spoil()) {
        request.socket.destroy()
        return
      }
      if (done.kind === 'applied') return answer(200, { result: 'applied', at: done.at })
      if (done.kind === 'conflict') return answer(409, { result: 'conflict', found: done.found })
      return answer(422, { result: 'refused', code: done.code, message: done.message })
    }),
  )
}

interface Listening {
  readonly url: string
  close(): Promise<void>
}

const servers: Listening[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function listen(server: Server): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The app listens on no port.')
  return {
    url: `http://127.0.0.1:${address.port}/hooks/repairs`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function open(
  url: string,
  more: {
    readonly secret?: string
    readonly addresses?: AddressPolicy
    readonly found?: readonly string[]
    readonly timer?: Timer
  } = {},
): RepairTarget {
  const { found } = more
  return createCallbackTarget({
    source: 'app',
    url,
    secret: new Secret(more.secret ?? secret),
    addresses: more.addresses ?? ownMachinePolicy,
    clock: systemClock,
    timer: more.timer ?? systemTimer,
    ...(found ? { lookup: async () => found } : {}),
  })
}

function memoryOf(capAnHour: number): MemoryRepairTarget {
  return createMemoryRepairTarget({
    clock: systemClock,
    records: { [container]: {} },
    capAnHour,
    allows: (_, { field, after }) =>
      field === 'plan' ? after === 'free' || after === 'pro' : field === 'premium',
  })
}

const order: RepairOrder = {
  repairId: 'rep.1',
  source: 'app',
  container,
  record: 'u_1',
  changes: [{ field: 'plan', before: 'free', after: 'pro' }],
  deadline: new Date('2100-01-01T00:00:00Z'),
  token: 1,
}

describe('a callback to the app', () => {
  repairTargetContract(
    { memory: 'journal', isAtomic: true, hasCap: true, knowsMapping: false },
    async ({ capAnHour }) => {
      const records = memoryOf(capAnHour)
      let added = 0
      let isAnswerLost = false
      const app = await startApp(records, () => {
        const isLost = isAnswerLost
        isAnswerLost = false
        return isLost
      })
      const world: RepairWorld = {
        open: () => open(app.url),
        container,
        missing: 'nobody',
        fields: { plan: 'plan', premium: 'premium' },
        forbiddenField: 'email',
        async add(fields) {
          const record = `u_${++added}`
          records.write(container, record, { ...fields })
          return record
        },
        read: async (record) => records.read(container, record) ?? {},
        async write(record, field, value) {
          records.write(container, record, { ...records.read(container, record), [field]: value })
        },
        now: () => systemClock.now(),
        loseNextAnswer: () => {
          isAnswerLost = true
        },
        close: () => app.close(),
      }
      return world
    },
  )

  test('an app with another secret takes no order', async () => {
    const records = memoryOf(25)
    records.write(container, 'u_1', { plan: 'free' })
    const app = await started(startApp(records))
    const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
    await expect(open(app.url, { secret: other }).apply(order)).rejects.toMatchObject({
      code: 'key-rejected',
    })
    expect(records.journal).toEqual([])
  })

  test('a secret that is too short is refused before anything is sent', () => {
    expect(() => open('https://app.example.com', { secret: 'whsec_c2hvcnQ=' })).toThrow('24 bytes')
  })

  test('nothing is sent after the deadline', async () => {
    const answer = await open('https://app.example.com/', { found: [] }).apply({
      ...order,
      deadline: new Date(0),
    })
    expect(answer).toMatchObject({ kind: 'refused', code: 'deadline-passed' })
  })

  test.each<[string, number, Record<string, string>, string, string]>([
    ['a redirect is not followed', 307, { location: 'http://127.0.0.1:1/' }, '{}', 'answer-unreadable'],
    ['an error of the app is no answer', 500, {}, '{}', 'source-failed'],
    ['too many requests is no answer', 429, {}, '{}', 'rate-limited'],
    ['success without the shape of an answer is none', 200, {}, '{"ok":true}', 'answer-unreadable'],
    ['success that is no JSON is none', 200, {}, '<html>', 'answer-unreadable'],
    ['a conflict that tells no values is no answer', 409, {}, '{"result":"conflict"}', 'answer-unreadable'],
    [
      'a refusal for an unknown reason is no answer',
      422,
      {},
      '{"result":"refused","code":"x"}',
      'answer-unreadable',
    ],
    [
      'an endless answer is cut off',
      200,
      {},
      `{"result":"applied","at":"${'0'.repeat(70_000)}"}`,
      'answer-unreadable',
    ],
  ])('%s', async (_, status, headers, body, code) => {
    const app = await started(
      listen(createServer((_request, response) => void response.writeHead(status, headers).end(body))),
    )
    await expect(open(app.url).apply(order)).rejects.toMatchObject({ name: 'SourceError', code })
  })

  test('an endpoint that never answers is not waited for', async () => {
    const app = await started(listen(createServer(() => {})))
    const timer: Timer = { sleep: async () => {} }
    await expect(open(app.url, { timer }).apply(order)).rejects.toMatchObject({ code: 'unreachable' })
  })

  test('an endpoint without a journal says so', async () => {
    const app = await started(listen(createServer((_, response) => void response.writeHead(501).end())))
    expect(await open(app.url).settle(order)).toBe('cannot-be-told')
    expect(await open(app.url).abandon(order)).toBe('cannot-be-told')
  })

  test.each<[string, string, AddressPolicy, readonly string[]]>([
    [
      'a private address where only public ones are allowed',
      'https://app.example.com/',
      hostedPolicy,
      ['10.0.0.1'],
    ],
    [
      'a name with one private answer',
      'https://app.example.com/',
      hostedPolicy,
      ['93.184.216.34', '127.0.0.1'],
    ],
    ['the address of a cloud’s secrets', 'https://169.254.169.254/', hostedPolicy, []],
    ['a public address without encryption', 'http://app.example.com/', ownMachinePolicy, ['93.184.216.34']],
    ['another port of a public address', 'https://app.example.com:5432/', hostedPolicy, ['93.184.216.34']],
    ['a name that leads nowhere', 'https://app.example.com/', ownMachinePolicy, []],
  ])('does not go to %s', async (_, url, addresses, found) => {
    await expect(open(url, { addresses, found }).apply(order)).rejects.toMatchObject({ code: 'unreachable' })
  })

  test.each(['ftp://app.example.com', 'app.example.com', 'https://me:secret@app.example.com'])(
    'does not take %s as an address',
    (url) => {
      expect(() => open(url)).toThrow('no address that can be used')
    },
  )
})

async function started(app: Promise<Listening>): Promise<Listening> {
  const listening = await app
  servers.push(listening)
  return listening
}
