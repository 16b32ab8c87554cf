import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvLine } from './csv.ts'

/** A reader of RFC 4180, written for this test. */
function readCsv(text: string): string[][] {
  const rows: string[][] = []
  let [row, cell, isQuoted]: [string[], string, boolean] = [[], '', false]
  for (let place = 0; place < text.length; place++) {
    const letter = text.charAt(place)
    if (isQuoted && letter === '"' && text.charAt(place + 1) === '"') {
      cell += '"'
      place += 1
    } else if (letter === '"') isQuoted = !isQuoted
    else if (!isQuoted && (letter === ',' || letter === '\r')) {
      row.push(cell)
      cell = ''
      if (letter === ',') continue
      rows.push(row)
      row = []
      place += 1
    } else cell += letter
  }
  return rows
}

const begins = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '\uff1d', '\uff0b', '\uff0d', '\uff20']

describe('a line of CSV', () => {
  for (const sign of begins) {
    test(`gives ${JSON.stringify(sign)} nothing to begin a formula with`, () => {
      const text = `${sign}cmd|'/C calc'!A0`
      expect(readCsv(csvLine([text, 'plain']))).toEqual([[`'${text}`, 'plain']])
    })
  }

  test('comes back as it was, but for the apostrophe, whatever the cells hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 6 }), (cells) => {
        const [read = []] = readCsv(csvLine(cells))
        for (const [place, cell] of cells.entries()) {
          expect(begins.some((sign) => read[place]?.startsWith(sign))).toBe(false)
          const isGuarded = begins.some((sign) => cell.startsWith(sign))
          expect(read[place]).toBe(isGuarded ? `'${cell}` : cell)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
