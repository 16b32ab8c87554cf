import type { Rng } from '../server/rng.ts'

const alphabet = Buffer.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')
const fiveDigits = 62 ** 5
/** Coprime to 62^5, so that counting up never gives the same five digits twice and does not look like counting. */
const stride = 7 ** 10
const digits = 14

/** A supply of ids that never repeat within a world, the same ones for the same chance. */
export class WorldIds {
  readonly #rng: Rng
  /** The prefix's letters with room for the digits. An id is written at once: put together, it would stay in pieces. */
  readonly #forms = new Map<string, Buffer>()
  #count = 0

  constructor(rng: Rng) {
    this.#rng = rng
  }

  /** An id as Stripe writes them: `cus_` and 14 letters and digits. */
  stripe(prefix: string): string {
    return this.#next(`${prefix}_`)
  }

  /** An id as Clerk writes them: `user_2` and more. */
  clerk(prefix: string): string {
    return this.#next(`${prefix}_2`)
  }

  /** A UUID of version 4. */
  uuid(): string {
    this.#count += 1
    const hex = (digits: number, value: number) => Math.floor(value).toString(16).padStart(digits, '0')
    const own = hex(8, (this.#count * stride) % 16 ** 8)
    // Six digits at a time: chance comes in 32 bits.
    const chance = Array.from({ length: 4 }, () => hex(6, this.#rng.next() * 16 ** 6)).join('')
    const variant = hex(1, 8 + this.#rng.next() * 4)
    return `${own}-${chance.slice(0, 4)}-4${chance.slice(4, 7)}-${variant}${chance.slice(7, 10)}-${chance.slice(10, 22)}`
  }

  #next(start: string): string {
    let form = this.#forms.get(start)
    if (form === undefined) {
      form = Buffer.from(start + '0'.repeat(digits))
      this.#forms.set(start, form)
    }
    this.#count += 1
    const end = form.length
    write(form, end - 9, 5, this.#rng.next() * 62 ** 5)
    write(form, end - 5, 4, this.#rng.next() * 62 ** 4)
    write(form, end, 5, (this.#count * stride) % fiveDigits)
    return form.toString('latin1')
  }
}

/** Writes a number to the base of 62 into so many places before `end`. */
function write(form: Buffer, end: number, places: number, value: number): void {
  let rest = Math.floor(value)
  for (let place = 1; place <= places; place += 1) {
    form[end - place] = alphabet[rest % 62] ?? 0
    rest = Math.floor(rest / 62)
  }
}
