import { setMaxListeners } from 'node:events'
import type { Cursor, Page } from '@trueup/core'

/**
 * A stretch of a list, newest first: what was created from `from` (inclusive) to `to` (exclusive), in the list's own
 * unit of time, read on from after the object `after`, which was created at `at`.
 */
export interface Range {
  readonly from: number | null
  readonly to: number | null
  readonly after: string | null
  readonly at: number | null
}

/** One page of a list, as it is fetched. */
export interface FetchedPage<Row> {
  readonly rows: readonly Row[]
  /** Whether the vendor says that there is more after this page. */
  readonly hasMore: boolean
  /** Whether the page held as many objects as were asked for. */
  readonly full: boolean
  /** The last object of the page, from which the next one goes on; `null` when the page is empty. */
  readonly last: { readonly id: string; readonly created: number } | null
  /** When the first object of the page was created. */
  readonly firstCreated: number | null
}

export type FetchPage<Row> = (range: Range, signal: AbortSignal) => Promise<FetchedPage<Row>>

export interface ReadRangesOptions {
  /** Cursors that read at once, at most. */
  readonly sideBySide: number
  /** Nothing that was created before this is read. Default: everything is. */
  readonly from?: number | null
  /** The earliest time at which anything can have been created, so that the first range can be halved. */
  readonly oldest: number
}

/** Pages that are read before a range is split or an end is doubted, so that short lists cost no request more. */
const pagesOfShortList = 4
/** Pages that must be left, by the pace of the last one, for a split to be worth a request. */
const pagesLeftToSplit = 60
/** Pages, by the pace of the last one, that a cursor keeps at most when its range is split. */
const mostPagesKept = 1000

/** A cursor that reads, and where it stands. */
interface Live {
  readonly id: string
  range: Range
  /** Pages read so far, in this run and before it. */
  pages: number
  /** Pages that it still has before it, by the pace of its last one; `null` before any was read. */
  left: number | null
}

interface Arrived<Row> {
  readonly live: Live
  readonly page: FetchedPage<Row>
}

/**
 * Reads a list that is ordered by creation, newest first, with several cursors side by side. It begins with one; when
 * there is room for another, one of the cursors that have most before them gives away the older part of its range. So
 * the age of the oldest object need not be known, and a part that turns out to be empty costs one request.
 *
 * A page goes with the cursors to be stored beside it: the one that read it, moved on, and the one split off from it.
 * A cursor reads on only once the consumer has taken its page, so that a reading that is cut off repeats at most one
 * page of each; meanwhile the other cursors' pages come in. What came in is handed on together, up to half of the
 * cursors' pages, so that one half is stored while the other half is fetched. When the consumer stops, or a page
 * cannot be read, the pages on their way are given up.
 *
 * The end of a list is not taken on one answer's word where a wrong one would be dear: a full page that says it is
 * the last, and in longer lists any page that does, is read on from once more.
 *
 * @throws what `fetchPage` throws.
 *
 * @example
 * for await (const page of readRanges(fetchPrices, cursors, { sideBySide: 6, oldest: 0 })) await store(page)
 */
export async function* readRanges<Row>(
  fetchPage: FetchPage<Row>,
  cursors: readonly Cursor[],
  options: ReadRangesOptions,
): AsyncGenerator<Page<Row>> {
  let due = begin(cursors, options.from ?? null)
  const ranges = new Ranges(cursors, due, options)
  const stop = new AbortController()
  // One page may send a request for each of its rows, and each listens.
  setMaxListeners(0, stop.signal)
  const arrivals = new Arrivals<Row>((range) => fetchPage(range, stop.signal))
  try {
    for (;;) {
      for (const cursor of due) arrivals.await(cursor)
      if (arrivals.isOver) return
      const arrived = await arrivals.next(Math.ceil(options.sideBySide / 2))
      const moves = arrived.map(({ live, page }) => ranges.move(live, page))
      yield {
        rows: arrived.length === 1 ? (arrived[0]?.page.rows ?? []) : arrived.flatMap(({ page }) => page.rows),
        cursors: moves.flatMap(({ changed }) => changed),
      }
      due = moves.flatMap((move) => move.due)
    }
  } finally {
    stop.abort(new Error('The reading was broken off.'))
  }
}

/** Pages on their way, and those that have come in. */
class Arrivals<Row> {
  readonly #pageOf: (range: Range) => Promise<FetchedPage<Row>>
  readonly #arrived: Arrived<Row>[] = []
  #underWay = 0
  #failure: { readonly error: unknown } | null = null
  #wake: () => void = () => {}

  constructor(fetch: (range: Range) => Promise<FetchedPage<Row>>) {
    this.#pageOf = fetch
  }

  get isOver(): boolean {
    return this.#underWay === 0 && this.#arrived.length === 0 && this.#failure === null
  }

  await(live: Live): void {
    this.#underWay++
    this.#pageOf(live.range)
      .then(
        (page) => this.#arrived.push({ live, page }),
        (error: unknown) => {
          this.#failure ??= { error }
        },
      )
      .finally(() => {
        this.#underWay--
        this.#wake()
      })
  }

  /** What has come in, up to this many pages; a failure only once everything that came in before was handed on. */
  async next(most: number): Promise<readonly Arrived<Row>[]> {
    while (this.#arrived.length === 0 && this.#failure === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const arrived = this.#arrived.splice(0, this.#failure ? this.#arrived.length : most)
    if (arrived.length === 0 && this.#failure) throw this.#failure.error
    return arrived
  }
}

/** Who reads which part of the list. */
class Ranges {
  readonly #options: ReadRangesOptions
  readonly #live: Set<Live>
  #made: number
  #pages: number

  constructor(stored: readonly Cursor[], live: readonly Live[], options: ReadRangesOptions) {
    this.#options = options
    this.#live = new Set(live)
    this.#made = Math.max(1, stored.length)
    this.#pages = stored.reduce((sum, cursor) => sum + parse(cursor).pages, 0)
  }

  /** Moves a cursor on behind its page: the cursors to be stored with the page, and those that read on after it. */
  move(
    cursor: Live,
    page: FetchedPage<unknown>,
  ): { readonly changed: readonly Cursor[]; readonly due: readonly Live[] } {
    cursor.pages++
    this.#pages++
    if (isEnd(page, this.#pages)) {
      this.#live.delete(cursor)
      return { changed: [cursorOf(cursor, true)], due: [] }
    }
    if (page.hasMore && !page.last) throw new Error('A page that others follow must hold an object.')
    if (page.last) cursor.range = { ...cursor.range, after: page.last.id, at: page.last.created }
    cursor.left = pagesLeft(cursor, page, this.#options)
    if (!this.#isToBeSplit(cursor)) return { changed: [cursorOf(cursor, false)], due: [cursor] }
    const middle = middleOf(cursor, this.#options)
    const older: Live = {
      id: String(this.#made++),
      range: { from: cursor.range.from, to: middle, after: null, at: null },
      pages: 0,
      left: null,
    }
    this.#live.add(older)
    cursor.range = { ...cursor.range, from: middle }
    cursor.left = null
    return { changed: [cursorOf(older, false), cursorOf(cursor, false)], due: [older, cursor] }
  }

  /** Each split costs a request or two, so it is made where it keeps another cursor busy for longest. */
  #isToBeSplit({ left }: Live): boolean {
    if (this.#live.size >= this.#options.sideBySide || this.#pages < pagesOfShortList || left === null)
      return false
    const most = Math.max(...[...this.#live].map((live) => live.left ?? 0))
    return left >= pagesLeftToSplit && left >= most / 2
  }
}

/** The cursors that are not done, or the first one of a new reading. */
function begin(cursors: readonly Cursor[], from: number | null): readonly Live[] {
  if (cursors.length > 0) return cursors.filter(({ done }) => !done).map(parse)
  return [{ id: '0', range: { from, to: null, after: null, at: null }, pages: 0, left: null }]
}

function isEnd(page: FetchedPage<unknown>, pages: number): boolean {
  if (page.hasMore) return false
  return page.last === null || (!page.full && pages <= pagesOfShortList)
}

/** By how far the page reached; `null` where it is the last, or does not say. */
function pagesLeft(
  { range }: Live,
  page: FetchedPage<unknown>,
  { oldest }: ReadRangesOptions,
): number | null {
  if (!page.hasMore || range.at === null || page.firstCreated === null) return null
  return timeLeft(range, oldest) / Math.max(1, page.firstCreated - range.at)
}

function timeLeft({ at, from }: Range, oldest: number): number {
  return (at ?? oldest) - (from ?? oldest)
}

/**
 * Where to cut what a cursor has before it: in the middle, or, where that would be further than the pace of the last
 * page can tell, after the pages that it surely keeps busy with.
 */
function middleOf({ range, left }: Live, { oldest }: ReadRangesOptions): number {
  const share = Math.min(1 / 2, mostPagesKept / (left ?? 1))
  return Math.floor((range.at ?? oldest) - timeLeft(range, oldest) * share)
}

function cursorOf({ id, range, pages }: Live, done: boolean): Cursor {
  return { id, position: JSON.stringify({ ...range, pages }), done }
}

/** A position is what this file wrote before. */
function parse(cursor: Cursor): Live {
  const position: unknown = JSON.parse(cursor.position)
  if (
    typeof position === 'object' &&
    position !== null &&
    'from' in position &&
    'to' in position &&
    'after' in position &&
    'at' in position
  ) {
    const range = {
      from: numberOrNull(position.from),
      to: numberOrNull(position.to),
      after: typeof position.after === 'string' ? position.after : null,
      at: numberOrNull(position.at),
    }
    const pages = 'pages' in position ? (numberOrNull(position.pages) ?? 0) : 0
    return { id: cursor.id, range, pages, left: null }
  }
  throw new TypeError(`A cursor's position needs to be a range; found ${cursor.position}.`)
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
