import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Table } from './table.ts'

interface Row {
  id: string
  created: number
  owner: string | null
}

const row = (id: string, created: number, owner: string | null = null): Row => ({ id, created, owner })
const table = (...rows: Row[]) => {
  const made = new Table<Row>({ indexes: { owner: (one) => one.owner } })
  for (const one of rows) made.insert(one)
  return made
}
const ids = (rows: readonly Row[]) => rows.map((one) => one.id)

describe('a page', () => {
  const rows = ['a', 'b', 'c', 'd', 'e'].map((id, at) => row(id, at))
  const [a, b, , d, e] = rows as [Row, Row, Row, Row, Row]

  test.each([
    ['is newest first', { limit: 10 }, 'edcba', false],
    ['says that there is more', { limit: 2 }, 'ed', true],
    ['has no more when it ends with the last row', { limit: 5 }, 'edcba', false],
    ['starts after a row', { limit: 2, startingAfter: d }, 'cb', true],
    ['is empty after the oldest row', { limit: 2, startingAfter: a }, '', false],
    ['ends before a row, still newest first', { limit: 2, endingBefore: b }, 'dc', true],
    ['before the newest row is empty', { limit: 2, endingBefore: e }, '', false],
    ['holds a range of times, bounds included', { limit: 10, created: { gte: 1, lte: 3 } }, 'dcb', false],
    ['holds a range of times, bounds left out', { limit: 10, created: { gt: 1, lt: 3 } }, 'c', false],
    ['pages within a range', { limit: 1, created: { gte: 1, lte: 3 }, startingAfter: d }, 'c', true],
    ['counts only rows that pass the filter', { limit: 2, where: (one: Row) => one.id !== 'd' }, 'ec', true],
  ])('%s', (_rule, query, expected, hasMore) => {
    const page = table(...rows).page(query)
    expect([ids(page.rows).join(''), page.hasMore]).toEqual([expected, hasMore])
  })
})

test('rows inserted in any order are listed by time and then by id, however many', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 }), (times) => {
      const rows = times.map((time, at) => row(String(at).padStart(3, '0'), time))
      const made = table(...rows)
      const sorted = rows.toSorted(
        (one, other) => one.created - other.created || (one.id < other.id ? -1 : 1),
      )
      expect(made.all()).toEqual(sorted)
      // A late row after the first listing is sorted in as well.
      made.insert(row('late', 25))
      expect(made.all().map((one) => one.created)).toEqual(
        [...times, 25].toSorted((one, other) => one - other),
      )
    }),
  )
})

test('an index gives its rows oldest first, and follows updates and deletions', () => {
  const late = row('c', 3, 'ada')
  const early = row('a', 1, 'ada')
  const made = table(late, row('b', 2, 'bob'), early)
  expect(ids(made.by('owner', 'ada'))).toEqual(['a', 'c'])
  made.update(early, { owner: 'bob' })
  expect(ids(made.by('owner', 'ada'))).toEqual(['c'])
  expect(ids(made.by('owner', 'bob'))).toEqual(['a', 'b'])
  expect(made.delete('c')).toBe(true)
  expect(made.by('owner', 'ada')).toEqual([])
  expect(ids(made.page({ limit: 9, by: ['owner', 'bob'] }).rows)).toEqual(['b', 'a'])
})

test('an id is given once', () => {
  expect(() => table(row('a', 1), row('a', 2))).toThrow(/already in the table/)
})
