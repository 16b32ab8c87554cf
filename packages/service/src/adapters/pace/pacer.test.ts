import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PacerOptions, Setback } from './pacer.ts'
import { BudgetSpent, Pacer } from './pacer.ts'
import { VirtualTime } from './virtual-time.ts'

/** An error that says what kind of setback it is. */
class Refusal extends Error {
  readonly setback: Setback
  constructor(setback: Setback) {
    super(setback.kind)
    this.setback = setback
  }
}
const judge = (error: unknown): Setback => (error instanceof Refusal ? error.setback : { kind: 'final' })
const limited = (retryAfterMs: number | null = null) => new Refusal({ kind: 'limited', retryAfterMs })
const passing = () => new Refusal({ kind: 'passing' })

function pacing(options: Partial<PacerOptions> = {}) {
  const time = new VirtualTime()
  const pacer = new Pacer({
    clock: time.clock,
    timer: time.timer,
    rng: { next: () => 0.5 },
    perSecond: null,
    mostAtOnce: 16,
    ...options,
  })
  const sentAt: number[] = []
  let underWay = 0
  let mostUnderWay = 0
  /** A request that takes so long, and fails as `answers` say, one a try. */
  const send = (tookMs: number, answers: readonly (Refusal | null)[] = []) => {
    let tries = 0
    return pacer.run(async () => {
      sentAt.push(time.nowMs)
      mostUnderWay = Math.max(mostUnderWay, ++underWay)
      await time.timer.sleep(tookMs)
      underWay--
      const refusal = answers[tries++]
      if (refusal) throw refusal
      return tries
    }, judge)
  }
  return { time, pacer, send, sentAt, mostUnderWay: () => mostUnderWay }
}

function mostInAnySecond(sentAt: readonly number[]): number {
  return Math.max(0, ...sentAt.map((start) => sentAt.filter((at) => at >= start && at < start + 1000).length))
}

test('no stretch of one second holds more requests than the ceiling', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 120 }),
      async (perSecond, took) => {
        const { time, send, sentAt } = pacing({ perSecond })
        await time.runUntil(Promise.all(took.map((ms) => send(ms))))
        expect(mostInAnySecond(sentAt)).toBeLessThanOrEqual(perSecond)
        expect(sentAt).toHaveLength(took.length)
      },
    ),
    { numRuns: 30 },
  )
})

test('a ceiling is reached, not only kept', async () => {
  const { time, send } = pacing({ perSecond: 20 })
  await time.runUntil(Promise.all(Array.from({ length: 200 }, () => send(100))))
  expect(time.nowMs).toBeLessThan(10_500)
})

test('a call that sends two requests takes two places under the ceiling and counts as two', async () => {
  const { time, pacer } = pacing({ perSecond: 10 })
  const sentAt: number[] = []
  const send = () => pacer.run(async () => void sentAt.push(time.nowMs), judge, { cost: 2 })
  await time.runUntil(Promise.all(Array.from({ length: 20 }, send)))
  expect(mostInAnySecond(sentAt)).toBe(5)
  expect(pacer.sent).toBe(40)
})

test('the number under way grows while all goes well, up to the most that is allowed', async () => {
  const { time, send, mostUnderWay } = pacing({ mostAtOnce: 9 })
  await time.runUntil(Promise.all(Array.from({ length: 300 }, () => send(100))))
  expect(mostUnderWay()).toBe(9)
})

test('one burst of refusals halves the number under way once', async () => {
  const { time, send, sentAt } = pacing({ mostAtOnce: 16 })
  await time.runUntil(Promise.all(Array.from({ length: 300 }, () => send(100))))
  const before = sentAt.length
  await time.runUntil(Promise.all(Array.from({ length: 16 }, () => send(100, [limited()]))))
  const [refused, ...again] = [...new Set(sentAt.slice(before))]
  const sentTogether = (at: number | undefined) => sentAt.filter((other) => other === at).length
  expect([sentTogether(refused), sentTogether(again[0])]).toEqual([16, 8])
})

test('after a refusal nobody sends until the vendor says so', async () => {
  const { time, send, sentAt } = pacing()
  await time.runUntil(Promise.all([send(10, [limited(5000)]), send(10), send(2000), send(10), send(10)]))
  // The first four went out at once; what came after waited out the five seconds.
  expect(sentAt.slice(0, 4)).toEqual([0, 0, 0, 0])
  expect(sentAt.slice(4).every((at) => at >= 5010)).toBe(true)
})

test('a request that is refused again and again is given up after eight tries, each after a longer wait', async () => {
  const { time, send, sentAt, pacer } = pacing()
  const refused = send(0, Array(100).fill(limited()))
  await expect(time.runUntil(refused)).rejects.toThrow('limited')
  expect(pacer.sent).toBe(8)
  const gaps = sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0))
  expect(gaps).toEqual(gaps.toSorted((a, b) => a - b))
})

test('a pause that is longer than two minutes is not waited for', async () => {
  const { time, send, pacer } = pacing()
  await expect(time.runUntil(send(0, [limited(3_600_000)]))).rejects.toThrow('limited')
  expect(pacer.sent).toBe(1)
})

test('a request that fails in passing is tried five times; one that fails for good, once', async () => {
  const { time, send, pacer } = pacing()
  await expect(time.runUntil(send(0, Array(100).fill(passing())))).rejects.toThrow('passing')
  expect(pacer.sent).toBe(5)
  const final = new Refusal({ kind: 'final' })
  await expect(time.runUntil(send(0, [final]))).rejects.toBe(final)
  expect(pacer.sent).toBe(6)
})

test('waiting for another try holds no place', async () => {
  const { time, send, sentAt } = pacing({ mostAtOnce: 1 })
  await time.runUntil(Promise.all([send(10, [passing()]), send(10), send(10)]))
  // The others went ahead while the first one waited its 300 ms.
  expect(sentAt).toEqual([0, 10, 20, 310])
})

test('whoever waited longest goes first', async () => {
  const { time, pacer } = pacing({ mostAtOnce: 1 })
  const order: number[] = []
  const send = (name: number, tries: (Refusal | null)[]) =>
    pacer.run(async () => {
      order.push(name)
      await time.timer.sleep(10)
      const refusal = tries.shift()
      if (refusal) throw refusal
    }, judge)
  await time.runUntil(Promise.all([send(1, [limited()]), send(2, []), send(3, [limited()]), send(4, [])]))
  expect(order).toEqual([1, 1, 2, 3, 3, 4])
})

test('back-off differs by chance, between half and the whole of its step', async () => {
  await fc.assert(
    fc.asyncProperty(fc.double({ min: 0, max: 0.999, noNaN: true }), async (chance) => {
      const { time, send, sentAt } = pacing({ rng: { next: () => chance } })
      await time.runUntil(send(0, [passing(), passing()]))
      const [first = 0, second = 0, third = 0] = sentAt
      expect(second - first).toBeCloseTo(200 + 200 * chance, 6)
      expect(third - second).toBeCloseTo(400 + 400 * chance, 6)
    }),
  )
})

test('where a person waits, what came last is told as soon as the next try would take too long', async () => {
  for (const refusals of [
    [passing(), passing(), passing(), passing()],
    [limited(), limited(), limited(), limited()],
  ]) {
    const { time, send, sentAt } = pacing({ patienceMs: 1_000 })
    await expect(time.runUntil(send(0, refusals))).rejects.toThrow(refusals[0]?.message)
    expect(sentAt).toEqual([0, 300, 900])
    expect(time.nowMs).toBeLessThanOrEqual(1_000)
  }
  const { time, send, sentAt } = pacing({ patienceMs: 1_000 })
  await expect(time.runUntil(send(0, [limited(60_000)]))).rejects.toThrow('limited')
  expect(sentAt).toEqual([0])
})

test('whoever breaks off waits no longer, sends nothing more and leaves no timer behind', async () => {
  const { time, pacer } = pacing({ perSecond: 1, mostAtOnce: 1 })
  const stop = new AbortController()
  const run = (answer: () => Promise<void>) => pacer.run(answer, judge, { signal: stop.signal })
  const first = run(async () => {})
  const second = run(async () => {})
  await first
  stop.abort(new Error('broken off'))
  await expect(second).rejects.toThrow('broken off')
  await expect(run(async () => {})).rejects.toThrow('broken off')
  expect(pacer.sent).toBe(1)
  expect(time.sleeping).toBe(0)
})

test('one who breaks off does not hold up the others', async () => {
  const { time, pacer } = pacing({ perSecond: 1, mostAtOnce: 1 })
  const stop = new AbortController()
  const first = pacer.run(async () => 1, judge)
  const leaving = pacer.run(async () => 2, judge, { signal: stop.signal })
  const last = pacer.run(async () => 3, judge)
  leaving.catch(() => {})
  stop.abort()
  expect(await time.runUntil(Promise.all([first, last]))).toEqual([1, 3])
})

test('a spent budget of the day stops every request, retries too, until the day is over', async () => {
  const { time, send, pacer } = pacing({ perDay: 3 })
  await time.runUntil(send(10, [passing()]))
  const refused = time.runUntil(Promise.allSettled([send(10, [passing()]), send(10)]))
  expect(await refused).toMatchObject([
    { reason: expect.any(BudgetSpent) },
    { reason: expect.any(BudgetSpent) },
  ])
  expect(pacer.sent).toBe(3)
  expect(time.sleeping).toBe(0)
  await time.runUntil(time.timer.sleep(86_400_000 - time.nowMs - 1))
  await expect(send(10)).rejects.toMatchObject({ until: new Date(86_400_000) })
  await time.runUntil(time.timer.sleep(1))
  await time.runUntil(send(10))
  expect(pacer.sent).toBe(4)
})

test('a budget of the day is no more than kept: what fits in it is sent', async () => {
  const { time, send, pacer } = pacing({ perDay: 50, perSecond: 20 })
  const all = Promise.allSettled(Array.from({ length: 60 }, () => send(10)))
  const sent = (await time.runUntil(all)).filter(({ status }) => status === 'fulfilled')
  expect(sent).toHaveLength(50)
  expect(pacer.sent).toBe(50)
})

test('a clock that stands still stops nobody', async () => {
  const time = new VirtualTime()
  const stopped = { now: () => new Date(0) }
  const rng = { next: () => 0.5 }
  const pacer = new Pacer({ clock: stopped, timer: time.timer, rng, perSecond: 2, mostAtOnce: 4 })
  let tries = 0
  const send = () =>
    pacer.run(async () => {
      if (tries++ === 0) throw limited(3000)
    }, judge)
  await time.runUntil(Promise.all([send(), send(), send()]))
  expect(time.nowMs).toBeGreaterThanOrEqual(3000)
})
