import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock, Http, Rng, Timer } from '@trueup/core'

/** The ports of time, chance and the network, as this machine has them. Nothing else reads them. */
export const systemClock: Clock = { now: () => new Date() }

/** Milliseconds that only go forward, for how long something took. */
export const systemElapsed = (): number => performance.now()

export const systemTimer: Timer = {
  async sleep(ms, signal) {
    await wait(ms, undefined, signal ? { signal } : {})
  },
}

export const systemRng: Rng = { next: () => Math.random() }

/** Chance that nobody can foresee, for keys and salts. */
export const systemRandomBytes = (count: number): Uint8Array => randomBytes(count)

export const systemHttp: Http = (...request) => fetch(...request)

/** The name of this machine, by which processes know whether they share it. */
export const systemMachine = (): string => hostname()
