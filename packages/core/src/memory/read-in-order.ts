import type { Cursor } from '../check/progress.ts'
import type { Page } from '../ports.ts'
import type { SourceError } from '../source-error.ts'
import { compareText } from './store-order.ts'

/** What an in-memory source and its pages have in common. */
export interface MemoryReading {
  /** Counts a request. */
  sent(): void
  /** Asked before each request; an error makes the request fail with it. */
  readonly failure?: () => SourceError | null
  /** Rows of a page, at most. */
  readonly pageSize: number
}

/** Counts a request, and lets it fail where it is to fail. */
export function request({ sent, failure }: MemoryReading): void {
  sent()
  const error = failure?.()
  if (error) throw error
}

/**
 * Reads rows in the order of their ids, a page at a time, each on from the last id of the one before, so that rows may
 * come and go meanwhile. Its one cursor is at the last id that was read.
 */
export async function* readInOrder<Row>(
  rows: () => readonly Row[],
  idOf: (row: Row) => string,
  cursors: readonly Cursor[],
  reading: MemoryReading,
): AsyncGenerator<Page<Row>> {
  const [cursor] = cursors
  if (cursor?.done) return
  let after = cursor?.position ?? ''
  let seen: readonly Row[] = []
  let rest: readonly Row[] = []
  for (;;) {
    request(reading)
    const now = rows()
    if (!isSame(now, seen)) {
      seen = [...now]
      rest = seen
        .filter((row) => compareText(idOf(row), after) > 0)
        .toSorted((a, b) => compareText(idOf(a), idOf(b)))
    }
    const page = rest.slice(0, reading.pageSize)
    const last = page.at(-1)
    after = last ? idOf(last) : after
    const done = rest.length <= reading.pageSize
    rest = rest.slice(reading.pageSize)
    yield { rows: page, cursors: [{ id: '0', position: after, done }] }
    if (done) return
  }
}

/** Whether no row came, went or was replaced since the page before, so that what is left need not be put in order anew. */
function isSame<Row>(now: readonly Row[], seen: readonly Row[]): boolean {
  return now.length === seen.length && now.every((row, place) => row === seen[place])
}
