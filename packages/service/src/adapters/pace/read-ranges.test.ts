import type { Cursor } from '@trueup/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FetchedPage, Range } from './read-ranges.ts'
import { readRanges } from './read-ranges.ts'

interface Listed {
  readonly id: string
  readonly created: number
}

const oldest = 1_300_000_000
const newest = 1_780_000_000
const options = { sideBySide: 6, oldest }

/** A list as a vendor keeps it, newest first, that can change while it is read. */
class VendorList {
  #objects: Listed[]
  readonly #pageSize: number
  requests = 0
  /** What happens before a request is answered, by its number from 1. */
  before: (request: number) => void = () => {}
  /** Spoils the answer to a request. */
  spoil: (request: number, page: FetchedPage<Listed>) => FetchedPage<Listed> = (_, page) => page

  constructor(objects: readonly Listed[], pageSize: number) {
    this.#objects = [...objects].toSorted(newestFirst)
    this.#pageSize = pageSize
  }

  add(object: Listed): void {
    this.#objects = [...this.#objects, object].toSorted(newestFirst)
  }

  remove(id: string): void {
    this.#objects = this.#objects.filter((object) => object.id !== id)
  }

  get objects(): readonly Listed[] {
    return this.#objects
  }

  /** Answers after a turn of the event loop. What was deleted since it ended a page is read on from by its time. */
  readonly fetch = async (range: Range): Promise<FetchedPage<Listed>> => {
    const request = ++this.requests
    await Promise.resolve()
    this.before(request)
    const within = this.#objects.filter(
      ({ created }) => (range.from ?? 0) <= created && (range.to === null || created < range.to),
    )
    const after = range.after === null ? -1 : within.findIndex(({ id }) => id === range.after)
    const rest =
      range.after !== null && after === -1
        ? within.filter(({ created }) => created <= (range.at ?? 0))
        : within.slice(after + 1)
    return this.spoil(
      request,
      pageOf(rest.slice(0, this.#pageSize), rest.length > this.#pageSize, this.#pageSize),
    )
  }
}

function pageOf(rows: readonly Listed[], hasMore: boolean, pageSize: number): FetchedPage<Listed> {
  const last = rows.at(-1) ?? null
  return { rows, hasMore, full: rows.length === pageSize, last, firstCreated: rows[0]?.created ?? null }
}

function newestFirst(a: Listed, b: Listed): number {
  return b.created - a.created || (a.id < b.id ? 1 : -1)
}

/** A consumer that stores each page with its cursors, and can be cut off after so many pages. */
class Consumer {
  readonly rows: Listed[] = []
  readonly #cursors = new Map<string, Cursor>()

  get cursors(): readonly Cursor[] {
    return [...this.#cursors.values()]
  }

  /** Pages that were stored, over all runs. */
  get pages(): number {
    return this.cursors.reduce((sum, { position }) => sum + JSON.parse(position).pages, 0)
  }

  get isDone(): boolean {
    return this.#cursors.size > 0 && this.cursors.every(({ done }) => done)
  }

  async read(list: VendorList, pagesAtMost = Number.POSITIVE_INFINITY): Promise<void> {
    let pages = 0
    for await (const page of readRanges(list.fetch, this.cursors, options)) {
      // The process dies with this page read and not stored.
      if (pages++ >= pagesAtMost) return
      this.rows.push(...page.rows)
      for (const cursor of page.cursors) this.#cursors.set(cursor.id, cursor)
    }
  }
}

const named = (times: readonly number[]) =>
  times.map((created, index) => ({ id: `o${String(index).padStart(6, '0')}`, created }))
const ids = (objects: readonly Listed[]) => objects.map(({ id }) => id).toSorted()

/** Times that are spread evenly, crowd in clusters, or are all the same second. */
const times = fc
  .array(
    fc.record({
      start: fc.integer({ min: oldest, max: newest }),
      within: fc.constantFrom(0, 1, 3600, 86_400 * 365),
      offsets: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 120 }),
    }),
    { maxLength: 5 },
  )
  .map((clusters) =>
    clusters.flatMap(({ start, within, offsets }) =>
      offsets.map((offset) => Math.min(newest, start + Math.floor(offset * within))),
    ),
  )
const pageSizes = fc.integer({ min: 1, max: 12 })

describe('reading ranges side by side', () => {
  test('every object is read once, however their times lie', async () => {
    await fc.assert(
      fc.asyncProperty(times, pageSizes, async (created, pageSize) => {
        const list = new VendorList(named(created), pageSize)
        const consumer = new Consumer()
        await consumer.read(list)
        expect(ids(consumer.rows)).toEqual(ids(list.objects))
        expect(consumer.isDone).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  test('cut off anywhere and resumed, nothing is lost, and of each cursor at most one page is read twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        times,
        pageSizes,
        fc.array(fc.integer({ min: 0, max: 25 }), { maxLength: 6 }),
        async (created, pageSize, cuts) => {
          const list = new VendorList(named(created), pageSize)
          const consumer = new Consumer()
          for (const pages of cuts) {
            if (consumer.isDone) break
            const before = { requests: list.requests, pages: consumer.pages }
            await consumer.read(list, pages)
            const lost = list.requests - before.requests - (consumer.pages - before.pages)
            expect(lost).toBeLessThanOrEqual(options.sideBySide)
          }
          if (!consumer.isDone) await consumer.read(list)
          expect(ids(consumer.rows)).toEqual(ids(list.objects))
        },
      ),
      { numRuns: 150 },
    )
  })

  test('what is there from beginning to end is read, whatever comes and goes meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        times,
        pageSizes,
        fc.array(fc.record({ adds: fc.boolean(), which: fc.nat() }), { maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 3 }),
        async (created, pageSize, changes, cuts) => {
          const all = named(created)
          const list = new VendorList(all, pageSize)
          const removed = new Set<string>()
          list.before = (request) => {
            const change = changes[request - 1]
            if (!change) return
            if (change.adds) list.add({ id: `new${request}`, created: newest + request })
            else {
              const gone = list.objects[change.which % Math.max(1, list.objects.length)]
              if (gone) removed.add(gone.id)
              if (gone) list.remove(gone.id)
            }
          }
          const consumer = new Consumer()
          for (const pages of cuts) if (!consumer.isDone) await consumer.read(list, pages)
          if (!consumer.isDone) await consumer.read(list)
          const seen = new Set(ids(consumer.rows))
          expect(all.filter(({ id }) => !removed.has(id) && !seen.has(id))).toEqual([])
        },
      ),
      { numRuns: 150 },
    )
  })

  test('the end of a list of more than four pages is not taken on one wrong answer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 200 }),
        fc.array(fc.integer({ min: 5, max: 40 }), { maxLength: 4 }),
        async (more, struck) => {
          const list = new VendorList(
            named(Array.from({ length: 50 + more }, (_, i) => newest - i * 1000)),
            10,
          )
          // Half of the page, and nothing that says there is more.
          list.spoil = (request, page) =>
            struck.includes(request) && page.rows.length > 1
              ? pageOf(page.rows.slice(0, Math.floor(page.rows.length / 2)), false, 10)
              : page
          const consumer = new Consumer()
          await consumer.read(list)
          expect(ids(consumer.rows)).toEqual(ids(list.objects))
        },
      ),
      { numRuns: 150 },
    )
  })

  test('a full page that says it is the last is read on from', async () => {
    const list = new VendorList(named(Array.from({ length: 30 }, (_, i) => newest - i)), 10)
    list.spoil = (request, page) => (request === 2 ? { ...page, hasMore: false } : page)
    const consumer = new Consumer()
    await consumer.read(list)
    expect(ids(consumer.rows)).toEqual(ids(list.objects))
  })

  test('the cursors take turns', async () => {
    const list = new VendorList(named(Array.from({ length: 2000 }, (_, i) => newest - i * 200_000)), 10)
    const turns: string[] = []
    for await (const page of readRanges(list.fetch, [], options))
      turns.push(...page.cursors.map(({ id }) => id))
    const together = turns.slice(60, 120)
    const perCursor = new Map<string, number>()
    for (const id of together) perCursor.set(id, (perCursor.get(id) ?? 0) + 1)
    expect(perCursor.size).toBeGreaterThanOrEqual(options.sideBySide)
    expect(Math.max(...perCursor.values())).toBeLessThanOrEqual(60 / options.sideBySide + 2)
  })

  test('a failure ends the reading with itself, after the pages that came before it', async () => {
    const list = new VendorList(named(Array.from({ length: 100 }, (_, i) => newest - i)), 10)
    list.before = (request) => {
      if (request === 4) throw new Error('out of order')
    }
    const consumer = new Consumer()
    await expect(consumer.read(list)).rejects.toThrow('out of order')
    expect(consumer.rows).toHaveLength(30)
    list.before = () => {}
    await consumer.read(list)
    expect(ids(consumer.rows)).toEqual(ids(list.objects))
  })

  test('whoever stops gives up the pages on their way', async () => {
    const list = new VendorList(named(Array.from({ length: 100 }, (_, i) => newest - i)), 10)
    const signals: AbortSignal[] = []
    const fetch = (range: Range, signal: AbortSignal) => {
      signals.push(signal)
      return list.fetch(range)
    }
    for await (const _ of readRanges(fetch, [], options)) break
    expect(signals.every(({ aborted }) => aborted)).toBe(true)
  })

  test('what is done is not read again', async () => {
    const list = new VendorList(named([newest]), 10)
    const consumer = new Consumer()
    await consumer.read(list)
    await consumer.read(list)
    expect(list.requests).toBe(1)
  })
})

describe('requests spent', () => {
  const pageSize = 10
  const shapes: readonly {
    readonly name: string
    readonly time: (share: number, index: number) => number
  }[] = [
    { name: 'evenly over fifteen years', time: (share) => newest - share * (newest - oldest) },
    { name: 'evenly over the last year', time: (share) => newest - share * 31_536_000 },
    { name: 'evenly over the last day', time: (share) => newest - share * 86_400 },
    { name: 'ever more towards today', time: (share) => newest - share ** 3 * 94_608_000 },
    {
      name: 'most of them in one hour long ago',
      time: (share) => (share < 0.1 ? newest - share * 3e7 : 1_500_000_000 + share * 3600),
    },
    { name: 'all in the same second', time: () => newest },
  ]

  test.each(shapes)('none beyond its pages for a list of up to four pages, made $name', async ({ time }) => {
    for (const objects of [0, 1, 9, 11, 19, 21, 35, 39]) {
      const list = new VendorList(
        named(Array.from({ length: objects }, (_, i) => Math.floor(time(i / objects, i)))),
        pageSize,
      )
      await new Consumer().read(list)
      expect(list.requests).toBe(Math.max(1, Math.ceil(objects / pageSize)))
    }
  })

  test.each(shapes)(
    'at most a twentieth beyond its pages for a list of 1,000 pages, made $name',
    async ({ time }) => {
      const list = new VendorList(
        named(Array.from({ length: 10_000 }, (_, i) => Math.floor(time(i / 10_000, i)))),
        pageSize,
      )
      await new Consumer().read(list)
      expect(list.requests).toBeLessThanOrEqual(1_050)
    },
  )
})
