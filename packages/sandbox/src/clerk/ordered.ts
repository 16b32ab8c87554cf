/** What a collection needs of its things. */
export interface Kept {
  readonly id: string
  readonly created_at: number
}

function compare(a: Kept, b: Kept): number {
  return a.created_at - b.created_at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

/**
 * Things by id and in order of creation (ties by id). A page costs as much as its length, a look-up by time or after
 * an id a binary search, wherever in the million it starts.
 */
export class Ordered<T extends Kept> {
  readonly #byId = new Map<string, T>()
  #inOrder: T[] = []
  #sorted = true

  get size(): number {
    return this.#byId.size
  }

  get(id: string): T | undefined {
    return this.#byId.get(id)
  }

  /** Adds a thing, or puts it in the place of the one with its id. */
  put(thing: T): void {
    const before = this.#byId.get(thing.id)
    if (before !== undefined) {
      const index = this.indexOf(before)
      if (before.created_at === thing.created_at) {
        this.#byId.set(thing.id, thing)
        this.#inOrder[index] = thing
        return
      }
      this.#inOrder.splice(index, 1)
    }
    this.#byId.set(thing.id, thing)
    const last = this.#inOrder.at(-1)
    // Sorting waits until the first read, so that loading a world costs one sort.
    if (last !== undefined && compare(last, thing) > 0) this.#sorted = false
    this.#inOrder.push(thing)
  }

  delete(id: string): T | undefined {
    const thing = this.#byId.get(id)
    if (thing === undefined) return undefined
    this.#inOrder.splice(this.indexOf(thing), 1)
    this.#byId.delete(id)
    return thing
  }

  /** All, oldest first. To be read, not changed. */
  all(): readonly T[] {
    if (!this.#sorted) {
      this.#inOrder.sort(compare)
      this.#sorted = true
    }
    return this.#inOrder
  }

  /** Where a kept thing stands in {@link all}. */
  indexOf(thing: Kept): number {
    return this.#search((each) => compare(each, thing) >= 0)
  }

  /** How many were created before a time. */
  countBefore(time: number): number {
    return this.#search((each) => each.created_at >= time)
  }

  /** How many were created at a time or before it. */
  countUntil(time: number): number {
    return this.#search((each) => each.created_at > time)
  }

  /** The first index for which the test holds; it must hold for all after it. */
  #search(test: (each: T) => boolean): number {
    const all = this.all()
    let low = 0
    let high = all.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (test(all[middle] as T)) high = middle
      else low = middle + 1
    }
    return low
  }
}
