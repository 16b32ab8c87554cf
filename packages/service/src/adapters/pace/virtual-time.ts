import type { Clock, Timer } from '@trueup/core'

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/**
 * A clock and a timer that stand still together and are moved by hand, for tests of what waits.
 *
 * @example
 * const time = new VirtualTime()
 * const slept = time.timer.sleep(1000)
 * await time.runUntil(slept)
 * time.nowMs // 1000
 */
export class VirtualTime {
  nowMs = 0
  #sleepers: Sleeper[] = []

  readonly clock: Clock = { now: () => new Date(this.nowMs) }

  readonly timer: Timer = {
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const leave = () => {
          this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
          reject(signal?.reason)
        }
        const wake = () => {
          signal?.removeEventListener('abort', leave)
          resolve()
        }
        const sleeper = { at: this.nowMs + ms, wake }
        this.#sleepers.push(sleeper)
        signal?.addEventListener('abort', leave, { once: true })
      }),
  }

  /** Those who sleep now. */
  get sleeping(): number {
    return this.#sleepers.length
  }

  /** Moves the time from one waking to the next until the work is done. */
  async runUntil<T>(work: Promise<T>): Promise<T> {
    let done = false
    const settled = work.finally(() => {
      done = true
    })
    settled.catch(() => {})
    for (;;) {
      await settle()
      if (done) return settled
      const next = this.#sleepers.toSorted((a, b) => a.at - b.at)[0]
      if (!next) throw new Error('The work waits for something that no time brings.')
      this.#sleepers = this.#sleepers.filter((other) => other !== next)
      this.nowMs = Math.max(this.nowMs, next.at)
      next.wake()
    }
  }
}

/** Lets everything that is ready run. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
