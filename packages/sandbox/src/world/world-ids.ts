import type { Rng } from '../server/rng.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const fiveDigits = 62 ** 5
/** Coprime to 62^5, so that counting up never gives the same five digits twice and does not look like counting. */
const stride = 7 ** 10

/** A supply of ids that never repeat within a world, the same ones for the same chance. */
export class WorldIds {
  readonly #rng: Rng
  #count = 0

  constructor(rng: Rng) {
    this.#rng = rng
  }

  /** An id as Stripe writes them: `cus_` and 14 letters and digits. */
  stripe(prefix: string): string {
    return `${prefix}_${this.#next()}`
  }

  /** An id as Clerk writes them: `user_2` and more. */
  clerk(prefix: string): string {
    return `${prefix}_2${this.#next()}`
  }

  #next(): string {
    this.#count += 1
    return this.#digits(5) + this.#digits(4) + base62((this.#count * stride) % fiveDigits, 5)
  }

  #digits(count: number): string {
    return base62(Math.floor(this.#rng.next() * 62 ** count), count)
  }
}

function base62(value: number, digits: number): string {
  let text = ''
  let rest = value
  for (let digit = 0; digit < digits; digit += 1) {
    text = alphabet[rest % 62] + text
    rest = Math.floor(rest / 62)
  }
  return text
}
