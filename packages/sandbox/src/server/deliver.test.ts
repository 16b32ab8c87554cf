import { expect, test } from 'vitest'
import { ManualClock } from './clock.ts'
import { Deliverer, type DelivererOptions } from './deliver.ts'
import type { DeliveryFaultInput } from './delivery-fault.ts'
import type { Timer } from './timer.ts'
import { VirtualTime } from './virtual-time.ts'

interface Sent {
  readonly body: string
  readonly at: string
}

/** A deliverer whose receiver answers as told, in a time that the test moves. */
function sender(answers: readonly number[] = [], options: DelivererOptions = {}) {
  const clock = new ManualClock(new Date('2026-11-01T00:00:00Z'))
  const left = [...answers]
  const sent: Sent[] = []
  const waits: { readonly ms: number; readonly wake: () => void }[] = []
  const timer: Timer = {
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        waits.push({ ms, wake: resolve })
        signal?.addEventListener('abort', () => reject(signal.reason))
      }),
  }
  const http: typeof fetch = async (_, init) => {
    const headers = new Headers(init?.headers)
    sent.push({ body: String(init?.body), at: headers.get('signed-at') ?? '' })
    return new Response(null, { status: left.shift() ?? 200 })
  }
  const deliverer = new Deliverer({ seed: 1, clock, timer, http, ...options })
  const enqueue = (body: string, url = 'http://app.example/hook') =>
    deliverer.enqueue({
      id: `msg_${body}`,
      url,
      label: `letter.${body}`,
      body,
      headers: (_, time) => ({ 'signed-at': time.toISOString() }),
    })
  return { clock, deliverer, enqueue, sent, waits, bodies: () => sent.map(({ body }) => body) }
}

test('webhooks arrive in the order of their sending', async () => {
  const { deliverer, enqueue, bodies } = sender()
  for (const body of ['a', 'b', 'c', 'd']) enqueue(body)
  await deliverer.drain()
  expect(bodies()).toEqual(['a', 'b', 'c', 'd'])
})

test.each<[string, DeliveryFaultInput, readonly string[]]>([
  ['dropped', { kind: 'dropped', at: [2] }, ['a', 'c', 'd']],
  ['doubled', { kind: 'doubled', at: [2] }, ['a', 'b', 'b', 'c', 'd']],
  ['put off by one place', { kind: 'reordered', at: [1] }, ['b', 'a', 'c', 'd']],
  ['put off by two places', { kind: 'reordered', places: 2, at: [2] }, ['a', 'c', 'd', 'b']],
  ['late', { kind: 'late', delayMs: 60_000, event: 'letter.b' }, ['a', 'c', 'd', 'b']],
])('one %s', async (_, fault, expected) => {
  const { deliverer, enqueue, bodies } = sender()
  deliverer.faults.add(fault)
  for (const body of ['a', 'b', 'c', 'd']) enqueue(body)
  await deliverer.drain()
  expect(bodies()).toEqual(expected)
})

test('a dropped webhook stands in the log as dropped, a doubled one twice with one id', async () => {
  const { deliverer, enqueue } = sender()
  deliverer.faults.add({ kind: 'dropped', at: [1] })
  deliverer.faults.add({ kind: 'doubled', at: [2] })
  enqueue('a')
  enqueue('b')
  await deliverer.drain()
  expect(deliverer.deliveries().map(({ number, id, state }) => [number, id, state])).toEqual([
    [1, 'msg_a', 'dropped'],
    [2, 'msg_b', 'delivered'],
    [3, 'msg_b', 'delivered'],
  ])
})

test('a skewed webhook is signed with a time that is off', async () => {
  const { deliverer, enqueue, sent } = sender()
  deliverer.faults.add({ kind: 'skewed', skewMs: -600_000 })
  enqueue('a')
  await deliverer.drain()
  expect(sent[0]?.at).toBe('2026-10-31T23:50:00.000Z')
})

test('faults strike the same webhooks for the same seed', async () => {
  const run = async (seed: number) => {
    const { deliverer, enqueue, bodies } = sender([], { seed })
    deliverer.faults.add({ kind: 'dropped', rate: 0.3 })
    for (let index = 0; index < 50; index += 1) enqueue(String(index))
    await deliverer.drain()
    return bodies()
  }
  expect(await run(1)).toEqual(await run(1))
  expect(await run(1)).not.toEqual(await run(2))
})

test('a failed webhook waits for its time, and is then signed anew', async () => {
  const { clock, deliverer, enqueue, sent, waits } = sender([500])
  enqueue('a')
  await expect.poll(() => waits.length).toBe(1)
  expect(waits[0]?.ms).toBe(5000)
  expect(sent).toHaveLength(1)
  clock.advance(5000)
  waits[0]?.wake()
  await expect.poll(() => sent.length).toBe(2)
  expect(sent[1]?.at).toBe('2026-11-01T00:00:05.000Z')
  expect(deliverer.deliveries()[0]?.state).toBe('delivered')
})

test('a failed webhook does not hold up those behind it', async () => {
  const { deliverer, enqueue, bodies } = sender([500])
  enqueue('a')
  enqueue('b')
  await deliverer.drain()
  expect(bodies()).toEqual(['a', 'b', 'a'])
})

test('one endpoint’s failures do not touch another’s webhooks', async () => {
  const { deliverer, enqueue, bodies } = sender([500, 500, 500], { retriesMs: [1000] })
  enqueue('a', 'http://one.example')
  enqueue('b', 'http://two.example')
  await deliverer.drain()
  expect(bodies().toSorted()).toEqual(['a', 'a', 'b', 'b'])
  expect(deliverer.deliveries().map(({ state }) => state)).toContain('given-up')
  expect(deliverer.deliveries().map(({ state }) => state)).toContain('delivered')
})

test('what waits for an endpoint that is taken out is given up', async () => {
  const { deliverer, enqueue, waits, sent } = sender([500])
  enqueue('a')
  await expect.poll(() => waits.length).toBe(1)
  deliverer.cancel('http://app.example/hook')
  await deliverer.drain()
  expect(deliverer.deliveries()[0]?.state).toBe('given-up')
  expect(sent).toHaveLength(1)
})

test('after closing nothing is sent and nothing is taken', async () => {
  const { deliverer, enqueue, sent } = sender()
  deliverer.faults.add({ kind: 'late', delayMs: 1000 })
  enqueue('a')
  await deliverer.close()
  expect(sent).toEqual([])
  expect(() => enqueue('b')).toThrow(expect.objectContaining({ code: 'closed' }))
})

test('the log forgets the oldest that are settled', async () => {
  const { deliverer, enqueue } = sender([], { keep: 5 })
  for (let index = 0; index < 11; index += 1) {
    enqueue(String(index))
    await deliverer.drain()
  }
  expect(deliverer.deliveries().length).toBeLessThanOrEqual(10)
  expect(deliverer.deliveries().at(-1)?.body).toBe('10')
})

test('what fails is tried again at the published moments, and not before, however the time is moved', async () => {
  const time = new VirtualTime(new Date('2026-11-01T00:00:00Z'))
  const { deliverer, enqueue, sent } = sender([500, 500, 500, 200], { clock: time, timer: time })
  enqueue('a')
  await deliverer.quiet()
  const after = async (ms: number) => {
    await time.pass(ms, () => deliverer.quiet())
    return sent.map(({ at }) => at.slice(11, 19))
  }
  expect(await after(4_999)).toEqual(['00:00:00'])
  expect(await after(1)).toEqual(['00:00:00', '00:00:05'])
  expect(await after(299_000)).toHaveLength(2)
  expect(await after(86_400_000)).toEqual(['00:00:00', '00:00:05', '00:05:05', '00:35:05'])
  expect(deliverer.deliveries()).toMatchObject([{ state: 'delivered' }])
})
