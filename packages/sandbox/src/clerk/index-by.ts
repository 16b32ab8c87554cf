import type { Kept, Ordered } from './ordered.ts'

/** One id, or several: most keys have one, and a set for each of a million would take the memory of another world. */
type Ids = string | Set<string>

/** Finds things by another key than their id. Built on first use, so that a world that never asks never pays. */
export class IndexBy<T extends Kept> {
  readonly #things: Ordered<T>
  readonly #keysOf: (thing: T) => readonly string[]
  #byKey: Map<string, Ids> | null = null

  constructor(things: Ordered<T>, keysOf: (thing: T) => readonly string[]) {
    this.#things = things
    this.#keysOf = keysOf
  }

  /** The things with a key, oldest first. */
  find(key: string): readonly T[] {
    const ids = this.#built().get(key)
    if (ids === undefined) return []
    const found: T[] = []
    for (const id of typeof ids === 'string' ? [ids] : ids) {
      const thing = this.#things.get(id)
      if (thing !== undefined) found.push(thing)
    }
    return found.length < 2
      ? found
      : found.sort((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1))
  }

  count(key: string): number {
    const ids = this.#built().get(key)
    return ids === undefined ? 0 : typeof ids === 'string' ? 1 : ids.size
  }

  has(key: string): boolean {
    return this.#built().has(key)
  }

  /** Told of every change before it is made to the collection. */
  change(before: T | undefined, after: T | undefined): void {
    if (this.#byKey === null) return
    if (before !== undefined) {
      for (const key of this.#keysOf(before)) this.#leave(this.#byKey, key, before.id)
    }
    if (after !== undefined) this.#enter(this.#byKey, after)
  }

  #built(): Map<string, Ids> {
    if (this.#byKey === null) {
      this.#byKey = new Map()
      for (const thing of this.#things.all()) this.#enter(this.#byKey, thing)
    }
    return this.#byKey
  }

  #enter(byKey: Map<string, Ids>, thing: T): void {
    for (const key of this.#keysOf(thing)) {
      const ids = byKey.get(key)
      if (ids === undefined) byKey.set(key, thing.id)
      else if (typeof ids !== 'string') ids.add(thing.id)
      else if (ids !== thing.id) byKey.set(key, new Set([ids, thing.id]))
    }
  }

  #leave(byKey: Map<string, Ids>, key: string, id: string): void {
    const ids = byKey.get(key)
    if (typeof ids === 'object') ids.delete(id)
    if (ids === id || (typeof ids === 'object' && ids.size === 0)) byKey.delete(key)
  }
}
