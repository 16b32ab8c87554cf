import type { Rng } from '../server/rng.ts'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Kinds whose ids are short; those of all others carry the account's mark as well. */
const SHORT = new Set(['cus', 'prod', 'si', 'discount', 'feat', 'ent', 'prodft', 'sub_sched'])

/**
 * Ids in Stripe's style, the same ones in the same order for the same seed. They grow with each call, so that objects
 * made in the same second are listed in the order in which they were made.
 *
 * @example new Ids(rng).next('cus') // 'cus_Q00001aX7k2LmP'
 */
export class Ids {
  readonly #rng: Rng
  readonly #mark: string
  #count = 0

  constructor(rng: Rng) {
    this.#rng = rng
    this.#mark = this.random(10)
  }

  /** The next id with this prefix. */
  next(prefix: string): string {
    this.#count += 1
    if (SHORT.has(prefix)) return `${prefix}_Q${base62(this.#count, 6)}${this.random(7)}`
    return `${prefix}_1${base62(this.#count, 6)}${this.#mark}${this.random(7)}`
  }

  /** So many random letters and digits, for secrets and the ends of ids. */
  random(length: number): string {
    let text = ''
    for (let i = 0; i < length; i++) text += DIGITS[Math.floor(this.#rng.next() * 62)]
    return text
  }
}

function base62(value: number, width: number): string {
  let text = ''
  let left = value
  for (let i = 0; i < width; i++) {
    text = DIGITS[left % 62] + text
    left = Math.floor(left / 62)
  }
  return text
}
