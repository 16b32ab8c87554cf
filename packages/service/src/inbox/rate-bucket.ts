/** How much is let through: so many at once, and so many a second after that. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

/** Lets through what a rate allows. Time is handed in, in milliseconds; a clock that goes back gives nothing. */
export class RateBucket {
  readonly #rate: Rate
  #left: number
  #at = Number.NEGATIVE_INFINITY

  constructor(rate: Rate) {
    this.#rate = rate
    this.#left = rate.burst
  }

  /** Takes one, if there is one. */
  take(nowMs: number): boolean {
    const passedMs = Number.isFinite(this.#at) ? Math.max(0, nowMs - this.#at) : 0
    this.#left = Math.min(this.#rate.burst, this.#left + (passedMs / 1000) * this.#rate.perSecond)
    this.#at = nowMs
    if (this.#left < 1) return false
    this.#left--
    return true
  }

  /** Whether everything that was taken came back: then nothing is lost by forgetting the bucket. */
  isFull(nowMs: number): boolean {
    return this.#left + ((nowMs - this.#at) / 1000) * this.#rate.perSecond >= this.#rate.burst
  }
}
