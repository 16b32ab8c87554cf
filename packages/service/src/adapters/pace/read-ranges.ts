import type { Cursor, Page } from '@trueup/core'

/**
 * A stretch of a list, newest first: what was created from `from` (inclusive) to `to` (exclusive), in seconds, read
 * on from after the object `after`, which was created at `at`.
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
  readonly hasMore: boolean
  /** The last object of the page, from which the next one goes on; `null` when the page is empty. */
  readonly last: { readonly id: string; readonly created: number } | null
  /** When the first object of the page was created. */
  readonly firstCreated: number | null
}

/** Nothing in billing is older than this (2011-01-01), so that the first range can be halved. */
const oldestSeconds = 1_293_840_000
/** Pages that a cursor reads before it is split, so that short lists cost no request more. */
const pagesBeforeSplit = 4
/** Pages that must be left, by the pace of the last one, for a split to be worth a request. */
const pagesLeftToSplit = 4

interface Live {
  readonly id: string
  range: Range
  pages: number
  pending: Promise<{ readonly live: Live; readonly page: FetchedPage<unknown> }> | null
}

/**
 * Reads a list that is ordered by creation, newest first, with several cursors side by side. It begins with one; when
 * there is room for another, a cursor that still has much before it gives away the older half of its range. So the
 * age of the oldest object need not be known, and an empty half costs one request.
 *
 * A page goes with the cursors to be stored beside it: the one that read it, moved on, and the one split off from it.
 * Each cursor is at most one page ahead of the consumer.
 */
export async function* readRanges<Row>(
  fetchPage: (range: Range) => Promise<FetchedPage<Row>>,
  cursors: readonly Cursor[],
  options: { readonly sideBySide: number; readonly from?: number | null },
): AsyncGenerator<Page<Row>> {
  const live = new Map<string, Live>()
  let made = cursors.length
  for (const cursor of cursors) {
    if (!cursor.done)
      live.set(cursor.id, { id: cursor.id, range: parseRange(cursor), pages: 0, pending: null })
  }
  if (cursors.length === 0) {
    live.set('0', {
      id: '0',
      range: { from: options.from ?? null, to: null, after: null, at: null },
      pages: 0,
      pending: null,
    })
    made = 1
  }
  const start = (cursor: Live) => {
    const pending = fetchPage(cursor.range).then((page) => ({ live: cursor, page }))
    // A failure is met when its turn comes; until then it must not count as unhandled.
    pending.catch(() => {})
    cursor.pending = pending
  }
  for (const cursor of live.values()) start(cursor)

  while (live.size > 0) {
    const arrived = await Promise.race(
      [...live.values()].flatMap(({ pending }) => (pending ? [pending] : [])),
    )
    const cursor = arrived.live
    // `fetchPage` gave this page, so its rows are of the kind that it gives.
    const page = arrived.page as FetchedPage<Row>
    cursor.pages++
    const changed: Cursor[] = []
    if (!page.hasMore || !page.last) {
      live.delete(cursor.id)
      changed.push(cursorOf(cursor, true))
    } else {
      cursor.range = { ...cursor.range, after: page.last.id, at: page.last.created }
      const middle = live.size < options.sideBySide ? middleOf(cursor, page) : null
      if (middle !== null) {
        const older: Live = {
          id: String(made++),
          range: { from: cursor.range.from, to: middle, after: null, at: null },
          pages: 0,
          pending: null,
        }
        cursor.range = { ...cursor.range, from: middle }
        live.set(older.id, older)
        changed.push(cursorOf(older, false))
        start(older)
      }
      changed.push(cursorOf(cursor, false))
      start(cursor)
    }
    yield { rows: page.rows, cursors: changed }
  }
}

/** Where to halve what a cursor has before it; `null` when that is not worth a request. */
function middleOf(cursor: Live, page: FetchedPage<unknown>): number | null {
  const { range } = cursor
  if (cursor.pages < pagesBeforeSplit || range.at === null || page.firstCreated === null) return null
  const from = range.from ?? oldestSeconds
  const left = range.at - from
  const pageSpan = Math.max(1, page.firstCreated - range.at)
  if (left / pageSpan < pagesLeftToSplit) return null
  return Math.floor(from + left / 2)
}

function cursorOf(live: Live, done: boolean): Cursor {
  return { id: live.id, position: JSON.stringify(live.range), done }
}

/** A position is what this file wrote before. */
function parseRange(cursor: Cursor): Range {
  const range: unknown = JSON.parse(cursor.position)
  if (
    typeof range === 'object' &&
    range !== null &&
    'from' in range &&
    'to' in range &&
    'after' in range &&
    'at' in range
  ) {
    return {
      from: numberOrNull(range.from),
      to: numberOrNull(range.to),
      after: typeof range.after === 'string' ? range.after : null,
      at: numberOrNull(range.at),
    }
  }
  throw new TypeError(`A cursor's position needs to be a range; found ${cursor.position}.`)
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
