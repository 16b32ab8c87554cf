import type { Clock, Rng, Timer } from '@trueup/core'

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
  /** Requests a second that are never exceeded; `null`: as many as the vendor lets through. */
  readonly perSecond: number | null
  /** Requests under way at once, at most. */
  readonly mostAtOnce: number
}

const fewestAtOnce = 1
const startAtOnce = 4
const limitedTries = 8
const passingTries = 5
const firstDelayMs = 400
const longestDelayMs = 20_000

/**
 * Sends requests to one account as fast as its vendor bears: the number under way grows by one with each round of
 * successes and is halved when the vendor says that it is too many. A limited request waits as long as the vendor
 * says, or else longer each time, with jitter, and everybody waits with it.
 *
 * Requests are counted, retries among them.
 */
export class Pacer {
  readonly #options: PacerOptions
  #atOnce = startAtOnce
  #underWay = 0
  #successes = 0
  #sent = 0
  #nextSlotMs = 0
  #quietUntilMs = 0
  readonly #waiting: (() => void)[] = []

  constructor(options: PacerOptions) {
    this.#options = options
  }

  /** Requests sent so far. */
  get sent(): number {
    return this.#sent
  }

  /**
   * Runs a request until it succeeds, fails for good, or has failed too often.
   *
   * @param judge Says what kind of setback an error is.
   * @param cost Requests that one run sends, where a client library sends more than one.
   */
  async run<T>(request: () => Promise<T>, judge: (error: unknown) => Setback, cost = 1): Promise<T> {
    let limited = 0
    let passing = 0
    for (;;) {
      await this.#enter(cost)
      try {
        const answer = await request()
        this.#succeeded()
        return answer
      } catch (error) {
        const setback = judge(error)
        if (setback.kind === 'final') throw error
        if (setback.kind === 'limited') {
          if (++limited >= limitedTries) throw error
          this.#slowDown(setback.retryAfterMs ?? this.#delayMs(limited))
        } else {
          if (++passing >= passingTries) throw error
          await this.#options.timer.sleep(this.#delayMs(passing))
        }
      } finally {
        this.#leave()
      }
    }
  }

  async #enter(cost: number): Promise<void> {
    while (this.#underWay >= this.#atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#underWay++
    const wait = this.#slot(cost)
    if (wait > 0) await this.#options.timer.sleep(wait)
    this.#sent += cost
  }

  /** How long until a request may go out, under the ceiling and outside the quiet after a limit. */
  #slot(cost: number): number {
    const { clock, perSecond } = this.#options
    const now = clock.now().getTime()
    const at = Math.max(now, this.#nextSlotMs, this.#quietUntilMs)
    if (perSecond !== null) this.#nextSlotMs = at + (1000 / perSecond) * cost
    return at - now
  }

  #leave(): void {
    this.#underWay--
    this.#waiting.shift()?.()
  }

  #succeeded(): void {
    if (++this.#successes < this.#atOnce) return
    this.#successes = 0
    if (this.#atOnce >= this.#options.mostAtOnce) return
    this.#atOnce++
    this.#waiting.shift()?.()
  }

  #slowDown(quietMs: number): void {
    this.#atOnce = Math.max(fewestAtOnce, Math.floor(this.#atOnce / 2))
    this.#successes = 0
    const until = this.#options.clock.now().getTime() + quietMs
    this.#quietUntilMs = Math.max(this.#quietUntilMs, until)
  }

  /** Twice as long each time, with half of it left to chance so that many do not come back at once. */
  #delayMs(failures: number): number {
    const whole = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1))
    return whole / 2 + (whole / 2) * this.#options.rng.next()
  }
}
