import { ManualClock } from './clock.ts'
import type { Timer } from './timer.ts'

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/**
 * A clock and a timer that stand still together until they are moved: what waits, such as a webhook that is to be tried
 * again in five hours, wakes when its moment is reached and not before.
 *
 * @example
 * const time = new VirtualTime(new Date('2026-01-01T00:00:00Z'))
 * const deliverer = new Deliverer({ clock: time, timer: time })
 * await time.pass(5 * 3_600_000, () => deliverer.quiet())
 */
export class VirtualTime extends ManualClock implements Timer {
  #sleepers: Sleeper[] = []

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      const leave = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
        reject(signal?.reason)
      }
      const wake = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const sleeper: Sleeper = { at: this.now().getTime() + ms, wake }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  /**
   * Lets so many milliseconds pass, from one waking to the next.
   *
   * @param settled Waits, after each waking and at the end, until what was woken has done its work.
   */
  async pass(ms: number, settled: () => Promise<void>): Promise<void> {
    const end = this.now().getTime() + ms
    await settled()
    for (;;) {
      const next = this.#sleepers.toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined || next.at > end) break
      this.#sleepers = this.#sleepers.filter((other) => other !== next)
      this.set(new Date(Math.max(next.at, this.now().getTime())))
      next.wake()
      await settled()
    }
    this.set(new Date(end))
    await settled()
  }
}
