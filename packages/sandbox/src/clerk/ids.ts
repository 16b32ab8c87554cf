import { seededRng } from '../server/rng.ts'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The prefixes of Clerk's ids. */
export type ClerkIdPrefix =
  | 'user'
  | 'idn'
  | 'org'
  | 'orgmem'
  | 'orginv'
  | 'role'
  | 'perm'
  | 'sess'
  | 'client'
  | 'ins'
  | 'app'
  | 'msg'
  | 'cplan'
  | 'cprice'
  | 'csub'
  | 'csubitem'
  | 'cpayer'
  | 'cpm'
  | 'cstmt'
  | 'cpayatt'
  | 'cpay'
  | 'ccredit'
  | 'cdisc'
  | 'ctrans'
  | 'feat'
  | 'prod'
  | 'whep'

/** Makes ids in Clerk's form, the same ones for the same seed: a prefix, `_2` and 26 letters or digits. */
export class ClerkIds {
  readonly #rng
  readonly #letters = Buffer.alloc(26)

  constructor(seed: string | number) {
    this.#rng = seededRng(`clerk-ids:${seed}`)
  }

  /** @example ids.next('user') // 'user_2k3…' */
  next(prefix: ClerkIdPrefix): string {
    for (let index = 0; index < 26; index += 1) {
      this.#letters[index] = base62.charCodeAt(Math.floor(this.#rng.next() * 62))
    }
    // Written at once: an id that is put together letter by letter stays a chain of 26 strings in memory.
    return `${prefix}_2${this.#letters.toString('latin1')}`
  }
}
