/** A range of times in Unix seconds, as list filters take it. An exact time is `{ gte: t, lte: t }`. */
export interface TimeRange {
  readonly gt?: number
  readonly gte?: number
  readonly lt?: number
  readonly lte?: number
}

/** Whether a time is within a range. */
export function rangeHolds({ gt, gte, lt, lte }: TimeRange, time: number): boolean {
  return (
    (gt === undefined || time > gt) &&
    (gte === undefined || time >= gte) &&
    (lt === undefined || time < lt) &&
    (lte === undefined || time <= lte)
  )
}

/** What a page is asked with. */
export interface PageQuery<T> {
  /** How many rows at most. */
  readonly limit: number
  /** Rows older than this one. */
  readonly startingAfter?: T
  /** Rows newer than this one. */
  readonly endingBefore?: T
  readonly created?: TimeRange
  /** Only the rows with this key in this index. */
  readonly by?: readonly [index: string, key: string]
  readonly where?: (row: T) => boolean
}

/** One page, newest first, whichever way it was asked for. */
export interface Page<T> {
  readonly rows: T[]
  readonly hasMore: boolean
}

export interface TableOptions<T> {
  /** When the row was made, in Unix seconds. Must never change. Default: the row's `created`, else 0. */
  readonly created?: (row: T) => number
  /** Fields to look up by. A row whose key is null is not in the index. */
  readonly indexes?: { readonly [name: string]: (row: T) => string | null | undefined }
}

// Above this many rows out of order it is cheaper to sort once than to move them in one by one.
const SORT_AFTER = 64

/**
 * Objects of one kind by id, listed newest first by (created, id) in time proportional to the page.
 *
 * Rows are the caller's own objects and may be changed in place, except for their id, `created` and the fields that
 * have an index: those change through `update`.
 *
 * @example
 * const customers = new Table<Customer>({ indexes: { email: (row) => row.email } })
 * customers.insert(makeCustomer({ id: 'cus_1', created: 1 }))
 * customers.page({ limit: 10, created: { gte: 1 } }).rows
 */
export class Table<T extends { id: string }> {
  readonly #byId = new Map<string, T>()
  /** Ascending by (created, id), except for the rows in `#late`. */
  readonly #rows: T[] = []
  /** Rows inserted out of order, waiting to be sorted in by the next read. */
  #late: T[] = []
  readonly #created: (row: T) => number
  readonly #indexes = new Map<
    string,
    { readonly keyOf: (row: T) => string | null | undefined; readonly rows: Map<string, T | T[]> }
  >()

  constructor(options: TableOptions<T> = {}) {
    this.#created = options.created ?? ((row) => (row as { created?: number }).created ?? 0)
    for (const [name, keyOf] of Object.entries(options.indexes ?? {})) {
      this.#indexes.set(name, { keyOf, rows: new Map() })
    }
  }

  get size(): number {
    return this.#byId.size
  }

  get(id: string): T | undefined {
    return this.#byId.get(id)
  }

  has(id: string): boolean {
    return this.#byId.has(id)
  }

  /**
   * Adds a row. Rows that come in order of creation cost nothing extra; others are sorted in by the next listing.
   *
   * @throws Error when the id is taken, since two objects with one id is a mistake of the sandbox itself.
   */
  insert(row: T): T {
    if (this.#byId.has(row.id))
      throw new Error(`The id ${row.id} is already in the table; ids are given once.`)
    this.#byId.set(row.id, row)
    const last = this.#rows.at(-1)
    if (last === undefined || this.#compare(last, row) < 0) this.#rows.push(row)
    else this.#late.push(row)
    for (const index of this.#indexes.values()) this.#addToIndex(index, row)
    return row
  }

  /** Changes fields of a row in place, keeping the indexes right. */
  update(row: T, patch: Partial<T>): T {
    const before = [...this.#indexes.values()].map((index) => index.keyOf(row))
    Object.assign(row, patch)
    let at = 0
    for (const index of this.#indexes.values()) {
      const old = before[at++]
      if (old === index.keyOf(row)) continue
      if (old !== null && old !== undefined) this.#takeFromIndex(index.rows, old, row)
      this.#addToIndex(index, row)
    }
    return row
  }

  /** Takes a row out. Tells whether it was there. */
  delete(id: string): boolean {
    const row = this.#byId.get(id)
    if (row === undefined) return false
    this.#settle()
    this.#byId.delete(id)
    this.#rows.splice(this.#position(this.#rows, row), 1)
    for (const index of this.#indexes.values()) {
      const key = index.keyOf(row)
      if (key !== null && key !== undefined) this.#takeFromIndex(index.rows, key, row)
    }
    return true
  }

  /** The rows with a key in an index, oldest first. */
  by(index: string, key: string): readonly T[] {
    const found = this.#index(index).rows.get(key)
    if (found === undefined) return []
    return Array.isArray(found) ? found : [found]
  }

  /** Every row, oldest first. */
  all(): readonly T[] {
    this.#settle()
    return this.#rows
  }

  /** One page of rows, newest first. */
  page(query: PageQuery<T>): Page<T> {
    let source: readonly T[]
    if (query.by === undefined) {
      this.#settle()
      source = this.#rows
    } else {
      source = this.by(query.by[0], query.by[1])
    }
    let [low, high] = this.#range(source, query.created)
    if (query.startingAfter !== undefined) high = Math.min(high, this.#position(source, query.startingAfter))
    if (query.endingBefore !== undefined) low = Math.max(low, this.#after(source, query.endingBefore))
    const rows: T[] = []
    const where = query.where
    const forwards = query.endingBefore !== undefined && query.startingAfter === undefined
    // One row more than asked for says whether there are more, without counting them.
    for (let step = 0, length = high - low; step < length; step++) {
      const row = source[forwards ? low + step : high - 1 - step]
      if (row === undefined || (where !== undefined && !where(row))) continue
      if (rows.length === query.limit) return { rows: forwards ? rows.reverse() : rows, hasMore: true }
      rows.push(row)
    }
    return { rows: forwards ? rows.reverse() : rows, hasMore: false }
  }

  #compare(one: T, other: T): number {
    const difference = this.#created(one) - this.#created(other)
    if (difference !== 0) return difference
    return one.id < other.id ? -1 : one.id > other.id ? 1 : 0
  }

  #settle(): void {
    const late = this.#late
    if (late.length === 0) return
    this.#late = []
    if (late.length <= SORT_AFTER) {
      for (const row of late) this.#rows.splice(this.#position(this.#rows, row), 0, row)
      return
    }
    for (const row of late) this.#rows.push(row)
    this.#rows.sort((one, other) => this.#compare(one, other))
  }

  /** The first position whose row is not before the given one. */
  #position(source: readonly T[], row: T): number {
    return lowerBound(source, (other) => this.#compare(other, row) < 0)
  }

  /** The first position whose row is after the given one. */
  #after(source: readonly T[], row: T): number {
    return lowerBound(source, (other) => this.#compare(other, row) <= 0)
  }

  #range(source: readonly T[], range: TimeRange | undefined): [low: number, high: number] {
    let low = 0
    let high = source.length
    if (range === undefined) return [low, high]
    const { gt, gte, lt, lte } = range
    if (gt !== undefined)
      low = Math.max(
        low,
        lowerBound(source, (row) => this.#created(row) <= gt),
      )
    if (gte !== undefined)
      low = Math.max(
        low,
        lowerBound(source, (row) => this.#created(row) < gte),
      )
    if (lt !== undefined)
      high = Math.min(
        high,
        lowerBound(source, (row) => this.#created(row) < lt),
      )
    if (lte !== undefined)
      high = Math.min(
        high,
        lowerBound(source, (row) => this.#created(row) <= lte),
      )
    return [low, high]
  }

  #index(name: string) {
    const index = this.#indexes.get(name)
    if (index === undefined)
      throw new Error(`The table has no index "${name}"; it has ${[...this.#indexes.keys()].join(', ')}.`)
    return index
  }

  // A key with one row holds the row itself: a million customers with one subscription each need no million arrays.
  #addToIndex(
    index: { readonly keyOf: (row: T) => string | null | undefined; readonly rows: Map<string, T | T[]> },
    row: T,
  ): void {
    const key = index.keyOf(row)
    if (key === null || key === undefined) return
    const found = index.rows.get(key)
    if (found === undefined) index.rows.set(key, row)
    else if (Array.isArray(found)) {
      const last = found.at(-1)
      if (last !== undefined && this.#compare(last, row) < 0) found.push(row)
      else found.splice(this.#position(found, row), 0, row)
    } else index.rows.set(key, this.#compare(found, row) < 0 ? [found, row] : [row, found])
  }

  #takeFromIndex(rows: Map<string, T | T[]>, key: string, row: T): void {
    const found = rows.get(key)
    if (!Array.isArray(found)) {
      if (found === row) rows.delete(key)
      return
    }
    const left = found.filter((other) => other !== row)
    const only = left[0]
    if (only === undefined) rows.delete(key)
    else rows.set(key, left.length === 1 ? only : left)
  }
}

function lowerBound<T>(rows: readonly T[], isBefore: (row: T) => boolean): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBefore(rows[middle] as T)) low = middle + 1
    else high = middle
  }
  return low
}
