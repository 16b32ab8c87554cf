import { problem } from './wire-problem.ts'

/** Longer than any row that access is read from. */
const longestMessage = 16 * 1024 * 1024
/** All but rows are short: errors and notices are the longest, and they are not shown. */
const longestOther = 256 * 1024
const dataRow = 'D'.charCodeAt(0)
/** A letter and a length. */
const headerLength = 5

/**
 * Puts a server's messages together from the pieces that they come in. However small the pieces are, no more is kept
 * than some twice the message that is not whole yet.
 */
export class BackendMessages {
  #unfinished = Buffer.alloc(0)
  #held = 0
  /** Bytes that are needed before anything can be read on: a whole message, or its beginning. */
  #needed = headerLength

  /**
   * The whole messages that are there now; `null` while not even one is.
   *
   * @throws WireProblem `message-too-long` as soon as a message says so, `garbage` when it says less than nothing
   */
  add(bytes: Buffer): Buffer | null {
    const all = this.#held === 0 ? bytes : this.#append(bytes)
    const end = all.length < this.#needed ? 0 : this.#endOfWhole(all)
    if (end > 0 || this.#held === 0) this.#hold(all.subarray(end))
    return end === 0 ? null : all.subarray(0, end)
  }

  /** What is handed on is never written to again: what comes after it gets memory of its own. */
  #hold(rest: Buffer): void {
    this.#held = rest.length
    if (rest.length > 0) this.#unfinished = Buffer.from(rest)
  }

  #append(bytes: Buffer): Buffer {
    const length = this.#held + bytes.length
    if (length > this.#unfinished.length) {
      const larger = Buffer.alloc(Math.max(length, 2 * this.#unfinished.length))
      this.#unfinished.copy(larger, 0, 0, this.#held)
      this.#unfinished = larger
    }
    bytes.copy(this.#unfinished, this.#held)
    this.#held = length
    return this.#unfinished.subarray(0, length)
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
