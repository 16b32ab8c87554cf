import { setTimeout as wait } from 'node:timers/promises'
import type { Clock, Http, Rng, Timer } from '@trueup/core'

/** The ports of time, chance and the network, as this machine has them. Nothing else reads them. */
export const systemClock: Clock = { now: () => new Date() }

export const systemTimer: Timer = {
  async sleep(ms, signal) {
    await wait(ms, undefined, signal ? { signal } : {})
  },
}

export const systemRng: Rng = { next: () => Math.random() }

export const systemHttp: Http = (...request) => fetch(...request)
