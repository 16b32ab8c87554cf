/** The time, as the sandbox's parts read it. */
export interface Clock {
  now(): Date
}

/** The machine's own time. */
export const systemClock: Clock = { now: () => new Date() }

/**
 * A clock that stands still until it is moved, for worlds and tests whose time is a value.
 *
 * @example
 * const clock = new ManualClock(new Date('2026-01-01T00:00:00Z'))
 * clock.advance(60_000)
 */
export class ManualClock implements Clock {
  #now: number

  constructor(start: Date) {
    this.#now = start.getTime()
  }

  now(): Date {
    return new Date(this.#now)
  }

  /** Moves the time on by so many milliseconds. */
  advance(ms: number): void {
    this.#now += ms
  }

  /** Moves the time to a moment, backwards too. */
  set(now: Date): void {
    this.#now = now.getTime()
  }
}
