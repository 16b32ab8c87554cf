/** A power of two; half of the slots are filled at most. */
const firstSlots = 1024
/** Of a block of ids; one that is longer has a block of its own. */
const blockBytes = 64 * 1024

/**
 * A set of ids that lies outside of the heap. A hundred thousand ids of Stripe take 3 MB; in a `Set` they take 6 MB, and
 * a heap that is collected when it is twice what lives takes 12 MB for them.
 *
 * An id that UTF-8 cannot hold (half of a surrogate pair) is never found in it.
 *
 * @example
 * const known = new IdSet()
 * known.add('cus_1')
 * known.has('cus_1')   // true
 */
export class IdSet {
  /** The place of each id, from 1; 0 is an empty slot. */
  #slots = new Uint32Array(firstSlots)
  /** The ids one after another, each with its length in front of it. Blocks, since what grows by doubling is half empty. */
  #blocks: Buffer[] = []
  /** Where the last block ends so far. */
  #end = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  has(id: string): boolean {
    return this.#slots[this.#slotOf(id)] !== 0
  }

  add(id: string): void {
    const slot = this.#slotOf(id)
    if (this.#slots[slot] !== 0) return
    this.#slots[slot] = this.#append(id) + 1
    this.#size += 1
    if (this.#size * 2 > this.#slots.length) this.#growSlots()
  }

  /** The slot that holds the id, or the empty one where it belongs. */
  #slotOf(id: string): number {
    const mask = this.#slots.length - 1
    for (let slot = hashOf(id) & mask; ; slot = (slot + 1) & mask) {
      const place = this.#slots[slot] ?? 0
      if (place === 0 || this.#idAt(place - 1) === id) return slot
    }
  }

  #idAt(place: number): string {
    const block = this.#blocks[Math.floor(place / blockBytes)]
    if (!block) throw new Error(`A set of ids has no place ${place}.`)
    const begin = (place % blockBytes) + 4
    return block.toString('utf8', begin, begin + block.readUInt32LE(begin - 4))
  }

  #append(id: string): number {
    const needed = 4 + Buffer.byteLength(id)
    let block = this.#blocks.at(-1)
    if (!block || block.length < this.#end + needed) {
      block = Buffer.allocUnsafeSlow(Math.max(blockBytes, needed))
      this.#blocks.push(block)
      this.#end = 0
    }
    const begin = this.#end
    block.writeUInt32LE(needed - 4, begin)
    block.write(id, begin + 4)
    this.#end = begin + needed
    return (this.#blocks.length - 1) * blockBytes + begin
  }

  #growSlots(): void {
    const places = this.#slots
    this.#slots = new Uint32Array(places.length * 2)
    for (const place of places) {
      if (place !== 0) this.#slots[this.#slotOf(this.#idAt(place - 1))] = place
    }
  }
}

/** FNV-1a, of the UTF-16 units. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < id.length; index++) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}
