import type { Clock, Rng, Timer } from '@trueup/core'

/** The machine's own time. */
export const systemClock: Clock = { now: () => new Date() }

/** Chance of the machine. */
export const systemRng: Rng = { next: () => Math.random() }

/** Waiting by the runtime's timers. */
export const systemTimer: Timer = {
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      const timeout = setTimeout(resolve, ms)
      signal?.addEventListener('abort', () => {
        clearTimeout(timeout)
        reject(signal.reason)
      })
    }),
}
