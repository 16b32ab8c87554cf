import type { Cursor, Lease } from '@trueup/core'

/**
 * The cursors of one piece. An adapter numbers the cursors that it splits off by how many it was given; what it is given
 * is a share of the part's, so its numbers are translated: each cursor is known to the check by an id of its own, made
 * of the lease's token, which nobody else has.
 */
export class UnitCursors {
  readonly #token: number
  #isWhole: boolean
  /** By the check's id, in the order in which they came. */
  #cursors: Map<string, Cursor>
  /** The check's id by the adapter's. */
  #ids = new Map<string, string>()
  #reading = 0

  constructor({ cursors, isWhole, token }: Lease) {
    this.#token = token
    this.#isWhole = isWhole
    this.#cursors = new Map(cursors.map((cursor) => [cursor.id, cursor]))
  }

  /** Whether nothing is left of a piece that is not its whole part. */
  get isOver(): boolean {
    return !this.#isWhole && this.#live().length === 0
  }

  /** The cursors as the adapter is to have them. A whole part is known to it as it is. */
  local(): readonly Cursor[] {
    this.#reading += 1
    if (this.#isWhole) return [...this.#cursors.values()]
    const live = this.#live()
    this.#ids = new Map(live.map(({ id }, place) => [String(place), id]))
    return live.map((cursor, place) => ({ ...cursor, id: String(place) }))
  }

  /** Takes over the cursors of a page, and gives them as the check is to keep them. */
  move(cursors: readonly Cursor[]): readonly Cursor[] {
    const moved = cursors.map((cursor) => ({ ...cursor, id: this.#idOf(cursor.id) }))
    for (const cursor of moved) this.#cursors.set(cursor.id, cursor)
    return moved
  }

  /** The ids of the piece's cursors that are not done; `null` for a whole part, whose cursors are all that there are. */
  ownIds(): readonly string[] | null {
    return this.#isWhole ? null : this.#live().map(({ id }) => id)
  }

  /** Every other cursor, to be given away; none where there is but one. */
  half(): readonly string[] {
    return this.#live()
      .filter((_, place) => place % 2 === 1)
      .map(({ id }) => id)
  }

  /** Keeps what is not given away, and gives the ids of what is kept. */
  keep(given: readonly string[]): readonly string[] {
    this.#isWhole = false
    this.#cursors = new Map(
      this.#live()
        .filter(({ id }) => !given.includes(id))
        .map((cursor) => [cursor.id, cursor]),
    )
    return [...this.#cursors.keys()]
  }

  #live(): readonly Cursor[] {
    return [...this.#cursors.values()].filter(({ done }) => !done)
  }

  #idOf(local: string): string {
    if (this.#isWhole) return local
    const known = this.#ids.get(local) ?? `${this.#token}.${this.#reading}.${local}`
    this.#ids.set(local, known)
    return known
  }
}
