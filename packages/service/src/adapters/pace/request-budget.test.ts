import { createMemoryStore } from '@trueup/core'
import { describe, expect, test } from 'vitest'
import { Pacer } from './pacer.ts'
import { sharedBudget } from './request-budget.ts'
import { VirtualTime } from './virtual-time.ts'

async function shared(perSecond: number) {
  const time = new VirtualTime()
  const store = await createMemoryStore({ clock: time.clock }).project('app')
  return { time, open: () => sharedBudget({ store, source: 'stripe', timer: time.timer, perSecond }) }
}

/** The most that were sent in any second. */
function mostInASecond(sentAt: readonly number[]): number {
  return Math.max(...sentAt.map((from) => sentAt.filter((at) => at >= from && at < from + 1000).length))
}

describe('a budget that processes share', () => {
  test('lets all of them together send no more than it holds and fills with', async () => {
    const { time, open } = await shared(20)
    const sentAt: number[] = []
    const processes = Array.from({ length: 3 }, async () => {
      const budget = open()
      const { clock, timer } = time
      const pacer = new Pacer({
        ...{ clock, timer, rng: { next: () => 0.5 }, perSecond: 20, mostAtOnce: 16, budget },
      })
      const send = () =>
        pacer.run(
          async () => {
            sentAt.push(time.nowMs)
            await timer.sleep(50)
          },
          () => ({ kind: 'final' }),
        )
      await Promise.all(Array.from({ length: 40 }, send))
    })
    await time.runUntil(Promise.all(processes))
    expect(sentAt).toHaveLength(120)
    // What comes in a second, what the bucket holds, and what each of the three has drawn and not sent.
    expect(mostInASecond(sentAt)).toBeLessThanOrEqual(20 + 4 + 3 * 4)
    expect(time.nowMs).toBeGreaterThanOrEqual(5000)
  })

  test('serves those who wait in their order, and more at once than a draw brings', async () => {
    const { time, open } = await shared(5)
    const budget = open()
    const served: number[] = []
    const takes = [3, 1, 4].map((count) => budget.take(count).then(() => served.push(count)))
    await time.runUntil(Promise.all(takes))
    expect(served).toEqual([3, 1, 4])
  })

  test('whoever gives up waiting holds nobody up', async () => {
    const { time, open } = await shared(1)
    const budget = open()
    await time.runUntil(budget.take(1))
    const stop = new AbortController()
    const given = budget.take(1, stop.signal)
    const next = budget.take(1)
    stop.abort(new Error('stop'))
    await expect(time.runUntil(given)).rejects.toThrow('stop')
    await time.runUntil(next)
  })
})
