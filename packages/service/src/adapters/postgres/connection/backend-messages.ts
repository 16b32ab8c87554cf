import { problem } from './wire-problem.ts'

/** Longer than any row that access is read from. */
const longestMessage = 16 * 1024 * 1024
/** All but rows are short: errors and notices are the longest, and they are not shown. */
const longestOther = 256 * 1024
const dataRow = 'D'.charCodeAt(0)

/** Puts a server's messages together from the pieces that they come in, each copied at most once. */
export class BackendMessages {
  #pieces: Buffer[] = []
  #held = 0
  /** Bytes that are needed before anything can be read on: a whole message, or its beginning. */
  #needed = headerLength

  /**
   * The whole messages that are there now; `null` while not even one is.
   *
   * @throws WireProblem `message-too-long` as soon as a message says so, `garbage` when it says less than nothing
   */
  add(bytes: Buffer): Buffer | null {
    this.#pieces.push(bytes)
    this.#held += bytes.length
    if (this.#held < this.#needed) return null
    const all = this.#pieces.length === 1 ? bytes : Buffer.concat(this.#pieces, this.#held)
    const end = this.#endOfWhole(all)
    this.#pieces = end < all.length ? [all.subarray(end)] : []
    this.#held = all.length - end
    return end === 0 ? null : all.subarray(0, end)
  }

  #endOfWhole(all: Buffer): number {
    this.#needed = headerLength
    let at = 0
    while (all.length - at >= headerLength) {
      const length = all.readUInt32BE(at + 1)
      if (length < 4) throw problem('garbage')
      if (length > (all[at] === dataRow ? longestMessage : longestOther)) throw problem('message-too-long')
      if (at + 1 + length > all.length) {
        this.#needed = 1 + length
        break
      }
      at += 1 + length
    }
    return at
  }
}

/** A letter and a length. */
const headerLength = 5
