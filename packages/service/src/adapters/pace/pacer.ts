import type { Clock, Rng, Timer } from '@trueup/core'
import type { RequestBudget } from './request-budget.ts'

/** What to do about a request that failed. */
export type Setback =
  /** The vendor asks for less: slow down for everybody, then try again. */
  | { readonly kind: 'limited'; readonly retryAfterMs: number | null }
  /** It may work the next time. */
  | { readonly kind: 'passing' }
  | { readonly kind: 'final' }

export interface PacerOptions {
  readonly clock: Clock
  readonly timer: Timer
  readonly rng: Rng
  /** Requests that no stretch of one second exceeds; `null`: as many as the vendor lets through. */
  readonly perSecond: number | null
  /** Requests in 24 hours, counted from the first; then none is sent. Default: as many as there are. */
  readonly perDay?: number | null
  /** Requests under way at once, at most. */
  readonly mostAtOnce: number
  /**
   * How long one request waits for a better answer, all its tries together, where a person waits for it. Default: as
   * long as its tries take.
   */
  readonly patienceMs?: number | null
  /** Drawn from before each request, where other processes send to the same account. Default: nobody else does. */
  readonly budget?: RequestBudget | null
}

/** The requests of a day are spent: this one was not sent. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent'
  readonly perDay: number
  /** When the next day begins. */
  readonly until: Date

  constructor(perDay: number, until: Date) {
    super(`The budget of ${perDay} requests a day is spent until ${until.toISOString()}.`)
    this.perDay = perDay
    this.until = until
  }
}

export interface RunOptions {
  /** Requests that one run sends, where a client library sends more than one. Default 1. */
  readonly cost?: number
  /** Gives up waiting and trying again; a request under way is left to end. */
  readonly signal?: AbortSignal | undefined
}

const fewestAtOnce = 1
const startAtOnce = 4
const limitedTries = 8
const passingTries = 5
const firstDelayMs = 400
const longestDelayMs = 20_000
/** A vendor that asks for a longer pause than this is not waited for: the check says so, and goes on another time. */
const longestObeyedMs = 120_000
/** How much of the time that a late timer lost may be made up for by sending closer together. */
const catchUpMs = 50
const secondMs = 1000
const dayMs = 86_400_000

interface Waiting {
  readonly cost: number
  readonly go: () => void
  readonly refuse: (reason: BudgetSpent) => void
}

/**
 * Sends requests to one account as fast as its vendor bears: the number under way grows by one with each round of
 * successes and is halved when the vendor says that it is too many. A limited request waits as long as the vendor
 * says, or else longer each time, with jitter, and everybody waits with it. Nobody holds a place while waiting, and
 * whoever has waited longest goes first.
 *
 * Requests are counted, retries among them.
 *
 * @example
 * const pacer = new Pacer({ clock, timer, rng, perSecond: 20, mostAtOnce: 16 })
 * const page = await pacer.run(() => stripe.prices.list({ limit: 100 }), judgeStripeError)
 */
export class Pacer {
  readonly #options: PacerOptions
  #atOnce = startAtOnce
  #underWay = 0
  #successes = 0
  #sent = 0
  /** Counts the times that the pace was slowed, so that one burst of refusals slows it once. */
  #slowings = 0
  /** The latest time that the clock or the timer has told. */
  #timeMs = 0
  #nextMs = 0
  #quietUntilMs = 0
  /** When the requests of the last second were sent. */
  #recent: number[] = []
  /** When the day of the budget ends, and the requests that were sent in it. */
  #dayEndsMs = 0
  #sentInDay = 0
  readonly #queue: Waiting[] = []
  #wake: AbortController | null = null

  constructor(options: PacerOptions) {
    this.#options = options
    this.#atOnce = Math.min(startAtOnce, options.mostAtOnce)
  }

  /** Requests sent so far. */
  get sent(): number {
    return this.#sent
  }

  /**
   * Runs a request until it succeeds, fails for good, or has failed too often; then what it threw last is thrown.
   *
   * @param judge Says what kind of setback an error is.
   * @throws the signal's reason when it is aborted while waiting; BudgetSpent when the requests of the day are.
   */
  async run<T>(
    request: () => Promise<T>,
    judge: (error: unknown) => Setback,
    options: RunOptions = {},
  ): Promise<T> {
    const { cost = 1, signal } = options
    const { patienceMs = null } = this.#options
    let limited = 0
    let passing = 0
    let waitedMs = 0
    const isTooLong = (waitMs: number) => {
      waitedMs += waitMs
      return patienceMs !== null && waitedMs > patienceMs
    }
    for (;;) {
      await this.#options.budget?.take(cost, signal)
      await this.#turn(cost, limited + passing > 0, signal)
      const slowings = this.#slowings
      let delayMs = 0
      try {
        const answer = await request()
        this.#speedUp()
        return answer
      } catch (error) {
        const setback = judge(error)
        if (setback.kind === 'final') throw error
        if (setback.kind === 'limited') {
          const asked = setback.retryAfterMs
          const quietMs = asked === null ? this.#delayMs(++limited) : this.#askedMs(asked, ++limited)
          this.#slowDown(slowings, Math.min(quietMs, longestObeyedMs))
          if (limited >= limitedTries || quietMs > longestObeyedMs || isTooLong(quietMs)) throw error
        } else {
          if (++passing >= passingTries) throw error
          delayMs = this.#delayMs(passing)
          if (isTooLong(delayMs)) throw error
        }
      } finally {
        this.#underWay--
        this.#dispatch()
      }
      if (delayMs > 0) await this.#options.timer.sleep(delayMs, signal)
    }
  }

  /** Waits for a place. A request that was tried before has waited longest, so it goes first. */
  #turn(cost: number, again: boolean, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1)
        if (this.#queue.length === 0) this.#wake?.abort()
        reject(signal?.reason)
      }
      const waiting: Waiting = {
        cost,
        go: () => {
          signal?.removeEventListener('abort', leave)
          resolve()
        },
        refuse: (reason) => {
          signal?.removeEventListener('abort', leave)
          reject(reason)
        },
      }
      signal?.addEventListener('abort', leave, { once: true })
      if (again) this.#queue.unshift(waiting)
      else this.#queue.push(waiting)
      this.#dispatch()
    })
  }

  /** Lets go whoever may go now, and sees to it that the next is let go in time. */
  #dispatch(): void {
    while (this.#underWay < this.#atOnce) {
      const [first] = this.#queue
      if (!first) return
      const spent = this.#budgetSpent(first.cost)
      if (spent) {
        this.#queue.shift()
        if (this.#queue.length === 0) this.#wake?.abort()
        first.refuse(spent)
        continue
      }
      const waitMs = this.#waitMs(first.cost)
      if (waitMs > 0) {
        this.#dispatchIn(waitMs)
        return
      }
      this.#queue.shift()
      this.#underWay++
      this.#note(first.cost)
      first.go()
    }
  }

  #dispatchIn(waitMs: number): void {
    if (this.#wake) return
    const wake = new AbortController()
    this.#wake = wake
    const until = this.#now() + waitMs
    const slept = this.#options.timer.sleep(waitMs, wake.signal).then(() => {
      // A timer that rang is believed, also where a clock stands still or was put back: else nobody would ever go.
      this.#timeMs = Math.max(this.#timeMs, until)
    })
    const goOn = () => {
      this.#wake = null
      this.#dispatch()
    }
    // The sleep is broken off only when nobody waits any more.
    slept.then(goOn, goOn)
  }

  #now(): number {
    this.#timeMs = Math.max(this.#timeMs, this.#options.clock.now().getTime())
    return this.#timeMs
  }

  /** How long until a request may go out, under the ceiling and outside the quiet after a limit. */
  #waitMs(cost: number): number {
    const now = this.#now()
    const at = Math.max(now, this.#quietUntilMs, this.#nextMs, this.#secondFreeAt(cost, now))
    // Timers know whole milliseconds and drop the rest, which would be too early.
    return Math.ceil(at - now)
  }

  /** When the last second will have room for so many requests more. */
  #secondFreeAt(cost: number, now: number): number {
    const { perSecond } = this.#options
    if (perSecond === null) return now
    this.#recent = this.#recent.filter((at) => at > now - secondMs)
    const over = Math.min(this.#recent.length + cost - perSecond, this.#recent.length)
    const leaving = over > 0 ? this.#recent[over - 1] : undefined
    return leaving === undefined ? now : leaving + secondMs
  }

  /** What to say to a request that the day has no room for. */
  #budgetSpent(cost: number): BudgetSpent | null {
    const { perDay = null } = this.#options
    if (perDay === null) return null
    const now = this.#now()
    if (now >= this.#dayEndsMs) {
      this.#dayEndsMs = now + dayMs
      this.#sentInDay = 0
    }
    return this.#sentInDay + cost > perDay ? new BudgetSpent(perDay, new Date(this.#dayEndsMs)) : null
  }

  #note(cost: number): void {
    this.#sent += cost
    this.#sentInDay += cost
    const { perSecond } = this.#options
    if (perSecond === null) return
    const now = this.#now()
    for (let sent = 0; sent < cost; sent++) this.#recent.push(now)
    this.#nextMs = Math.max(this.#nextMs, now - catchUpMs) + (secondMs / perSecond) * cost
  }

  #speedUp(): void {
    if (++this.#successes < this.#atOnce) return
    this.#successes = 0
    this.#atOnce = Math.min(this.#options.mostAtOnce, this.#atOnce + 1)
  }

  /** @param slowings How often the pace had been slowed when the refused request was sent. */
  #slowDown(slowings: number, quietMs: number): void {
    const until = this.#now() + quietMs
    this.#quietUntilMs = Math.max(this.#quietUntilMs, until)
    this.#successes = 0
    if (slowings !== this.#slowings) return
    this.#slowings++
    this.#atOnce = Math.max(fewestAtOnce, Math.floor(this.#atOnce / 2))
  }

  /** What the vendor asks for, or longer where it was not enough, and never less. */
  #askedMs(askedMs: number, failures: number): number {
    return askedMs + (failures > 1 ? this.#delayMs(failures) : this.#options.rng.next() * firstDelayMs)
  }

  /** Twice as long each time, with half of it left to chance so that many do not come back at once. */
  #delayMs(failures: number): number {
    const whole = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1))
    return whole / 2 + (whole / 2) * this.#options.rng.next()
  }
}
