import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { beginsFormula } from './csv-line.ts'
import { readCsv } from './read-csv-in-tests.ts'
import { writeRows } from './write-rows.ts'

async function written(pages: readonly (readonly unknown[])[], ...how: ['csv' | 'jsonl', string[]]) {
  async function* given() {
    yield* pages
  }
  let text = ''
  for await (const piece of writeRows(given(), ...how)) text += piece
  return text
}

describe('an export', () => {
  const cases = [
    ['a text as it is', { name: 'Ada' }, 'Ada'],
    ['a number as a number', { name: 1999 }, '1999'],
    ['yes and no as true and false', { name: false }, 'false'],
    ['nothing for null', { name: null }, ''],
    ['nothing for what a row does not have', {}, ''],
    ['nothing for what every object inherits', Object.create({ name: 'inherited' }), ''],
    ['a list as JSON', { name: ['a', 'b'] }, '["a","b"]'],
    [
      'markup as the text that it is',
      { name: '<img src=x onerror=alert(1)>' },
      '<img src=x onerror=alert(1)>',
    ],
    ['ten thousand characters whole', { name: 'é'.repeat(10_000) }, 'é'.repeat(10_000)],
  ] as const
  for (const [what, row, cell] of cases) {
    test(`as CSV holds ${what}`, async () => {
      expect(readCsv(await written([[row]], 'csv', ['name']))).toEqual([['name'], [cell]])
    })
  }

  test('has its headings where there are no rows', async () => {
    expect(await written([[]], 'csv', ['id', 'money.amount'])).toBe('id,money.amount\r\n')
    expect(await written([[]], 'jsonl', ['id'])).toBe('')
  })

  const anything = fc.string({ unit: 'binary' })
  const row = fc.record({
    id: anything,
    inner: fc.record({ note: fc.option(anything) }),
    rest: fc.jsonValue(),
  })
  const pages = fc.array(fc.array(row, { maxLength: 4 }), { maxLength: 4 })

  test('as JSON lines gives every row back to the letter', async () => {
    await fc.assert(
      fc.asyncProperty(pages, async (given) => {
        const lines = (await written(given, 'jsonl', [])).split('\n').slice(0, -1)
        expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(given.flat())))
      }),
    )
  })

  test('as CSV gives every cell back but for the apostrophe before what could be a formula', async () => {
    await fc.assert(
      fc.asyncProperty(pages, async (given) => {
        const [headings, ...rows] = readCsv(await written(given, 'csv', ['id', 'inner.note']))
        expect(headings).toEqual(['id', 'inner.note'])
        const guarded = (cell: string) => (beginsFormula(cell) ? `'${cell}` : cell)
        expect(rows).toEqual(given.flat().map(({ id, inner }) => [guarded(id), guarded(inner.note ?? '')]))
      }),
    )
  })
})
