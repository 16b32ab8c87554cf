import type { Timer } from '@trueup/core'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { systemTimer } from '../adapters/system.ts'
import { createEventWriter } from './batch-events.ts'
import { createEndpointDirectory } from './endpoints.ts'
import { clerkSecret, signedRequest, stripeEvent, stripeSecret } from './example-events.ts'
import { objectAt } from './fields.ts'
import type { WebhookReceiverOptions } from './receive-webhook.ts'
import { createWebhookReceiver } from './receive-webhook.ts'
import type { ProjectTenant } from './tables.ts'
import type { TestInbox } from './test-inbox.ts'
import { openTestInbox } from './test-inbox.ts'

describe('what is sent to the address of webhooks', () => {
  let inbox: TestInbox
  let tenant: ProjectTenant
  beforeAll(async () => {
    inbox = await openTestInbox({})
    tenant = await inbox.project('prj_1')
  })
  afterAll(() => inbox.close())

  const receiver = (options: Partial<WebhookReceiverOptions> = {}) =>
    createWebhookReceiver({ ...inbox, timer: systemTimer, onError: () => {}, ...options })
  const codeOf = async (response: Response) => {
    const body: unknown = await response.json()
    return [response.status, objectAt(body)?.code]
  }
  const kept = async (eventId: string) => {
    const { rows } = await sql`select from trueup.inbox_event where event_id = ${eventId}`.execute(
      inbox.database.system,
    )
    return rows.length
  }
  const padded = (id: string, bytes: number) => {
    const bare = stripeEvent({ id, object: { id: 'sub_1', customer: 'cus_1', note: '' } })
    return bare.replace('"note": ""', `"note": "${'x'.repeat(bytes - bare.length)}"`)
  }
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  const withHeader = (name: string, value: string) => {
    const request = signedRequest('stripe', stripeEvent({ id: 'evt_h' }))
    request.headers.set(name, value)
    return request
  }

  it.each<[string, () => Request, readonly [number, string | undefined]]>([
    [
      'an event of a mebibyte',
      () => signedRequest('stripe', padded('evt_mib', 1024 * 1024)),
      [200, undefined],
    ],
    [
      'a byte more',
      () => signedRequest('stripe', padded('evt_more', 1024 * 1024 + 1)),
      [413, 'body-too-large'],
    ],
    [
      'headers of more than 8 KiB',
      () => withHeader('x-long', 'x'.repeat(8 * 1024)),
      [431, 'headers-too-large'],
    ],
    ['a compressed body', () => withHeader('content-encoding', 'gzip'), [415, 'encoding-unsupported']],
    [
      'signed JSON that nests 64 deep',
      () =>
        signedRequest(
          'stripe',
          stripeEvent({ id: 'evt_d', object: { id: 'x', customer: 'c', n: JSON.parse(nested(61)) } }),
        ),
      [200, undefined],
    ],
    ['signed JSON that nests deeper', () => signedRequest('stripe', nested(65)), [400, 'body-unreadable']],
    ['signed text that is no JSON', () => signedRequest('stripe', 'hello'), [400, 'body-unreadable']],
    [
      'signed JSON that is no event',
      () => signedRequest('stripe', '{"id":"cus_1"}'),
      [400, 'body-unreadable'],
    ],
    [
      'nothing at all',
      () => new Request('http://localhost/', { method: 'POST' }),
      [400, 'signature-missing'],
    ],
  ])('%s', async (_, request, [status, code]) => {
    const response = await receiver()(request(), 'stripe', tenant.projectId)
    expect(await codeOf(response)).toEqual([status, code])
  })

  it('a body that takes more than ten seconds is not waited for', async () => {
    const waited: number[] = []
    const timer: Timer = {
      sleep: async (ms, signal) => {
        if (ms < 1_000) return await systemTimer.sleep(ms, signal)
        waited.push(ms)
      },
    }
    let isCancelled = false
    const slow = new ReadableStream({
      cancel() {
        isCancelled = true
      },
    })
    const request = new Request('http://localhost/', {
      method: 'POST',
      body: slow,
      duplex: 'half',
    } as RequestInit)
    const response = await receiver({ timer })(request, 'stripe', tenant.projectId)
    expect(await codeOf(response)).toEqual([408, 'body-too-slow'])
    expect([waited, isCancelled]).toEqual([[10_000], true])
  })

  it('a body that is announced as too large is not read', async () => {
    const request = new Request('http://localhost/', {
      method: 'POST',
      headers: { 'content-length': String(1024 * 1024 + 1) },
      body: new ReadableStream({ pull: () => Promise.reject(new Error('It was read.')) }),
      duplex: 'half',
    } as RequestInit)
    expect(await codeOf(await receiver()(request, 'stripe', tenant.projectId))).toEqual([
      413,
      'body-too-large',
    ])
  })

  it('signed events above the rate of an endpoint are told to come later; forged ones take nothing of it', async () => {
    const receive = receiver({ rateOfEndpoint: { perSecond: 0, burst: 2 } })
    const forged = () => signedRequest('stripe', stripeEvent({ id: 'evt_f' }), { secret: `${stripeSecret}x` })
    for (let n = 0; n < 50; n++) await receive(forged(), 'stripe', tenant.projectId)
    const statuses: number[] = []
    for (const id of ['evt_r1', 'evt_r2', 'evt_r3']) {
      const response = await receive(signedRequest('stripe', stripeEvent({ id })), 'stripe', tenant.projectId)
      statuses.push(response.status)
      if (response.status === 429) expect(response.headers.get('retry-after')).toBe('5')
    }
    expect(statuses).toEqual([200, 200, 429])
    expect(await kept('evt_r3')).toBe(0)
  })

  it('more than a process can hold is told to come later', async () => {
    const writer = createEventWriter({ ...inbox, timer: systemTimer, mostWaiting: 3 })
    const receive = receiver({ writer })
    const responses = await Promise.all(
      [1, 2, 3, 4, 5].map((n) =>
        receive(signedRequest('stripe', stripeEvent({ id: `evt_w${n}` })), 'stripe', tenant.projectId),
      ),
    )
    expect(responses.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 503, 503])
  })

  it('an event that the database refuses fails alone, not with the others of its batch', async () => {
    await inbox.database.pool.query(
      `alter table trueup.inbox_event add constraint no_poison check (object_id <> 'poison')`,
    )
    const objects = ['sub_1', 'poison', 'sub_2'].map((id) => ({ id, customer: `cus_of_${id}` }))
    const receive = receiver()
    const responses = await Promise.all(
      objects.map((object) =>
        receive(
          signedRequest('stripe', stripeEvent({ id: `evt_${object.id}`, object })),
          'stripe',
          tenant.projectId,
        ),
      ),
    )
    expect(responses.map(({ status }) => status)).toEqual([200, 503, 200])
  })

  it('the endpoints of Stripe and Clerk have nothing to do with each other', async () => {
    const crossed = signedRequest('stripe', stripeEvent({ id: 'evt_x' }), { secret: clerkSecret })
    expect(await codeOf(await receiver()(crossed, 'stripe', tenant.projectId))).toEqual([
      400,
      'signature-invalid',
    ])
  })

  it('what leads nowhere costs a bounded number of looks at the database', async () => {
    const endpoints = createEndpointDirectory({
      ...inbox,
      clock: { now: () => new Date('2026-11-21T10:00:00Z') },
    })
    const found = await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => endpoints.find('stripe', `prj_none_${n}`)),
    )
    expect(found.filter((one) => one === null)).toHaveLength(400)
    expect(found.filter((one) => one === 'busy')).toHaveLength(600)
    expect(await endpoints.find('stripe', tenant.projectId)).toBe('busy')
  })
})

it('an event that cannot be stored is answered with 503, and taken when it comes again', async () => {
  const server = await createTestDatabase()
  const inbox = await openTestInbox({ databaseUrl: server.url })
  const tenant = await inbox.project('prj_1')
  const send = () =>
    inbox.receive(signedRequest('stripe', stripeEvent({ id: 'evt_1' })), 'stripe', tenant.projectId)
  expect(
    (
      await inbox.receive(
        signedRequest('stripe', stripeEvent({ id: 'evt_0', created: 1_795_000_001 })),
        'stripe',
        'prj_1',
      )
    ).status,
  ).toBe(200)
  await inbox.database.pool.query('alter table trueup.due_check rename to due_check_away')
  const refused = await send()
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30'])
  expect(await refused.text()).not.toMatch(/due_check|relation|prj_1/)
  const { rows } = await sql`select from trueup.inbox_event where event_id = 'evt_1'`.execute(
    inbox.database.system,
  )
  expect(rows).toHaveLength(0)
  await inbox.database.pool.query('alter table trueup.due_check_away rename to due_check')
  expect((await send()).status).toBe(200)
  await inbox.close()
  await server.drop()
})
