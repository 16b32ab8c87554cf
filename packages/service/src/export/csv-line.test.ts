import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { beginsFormula, csvLine } from './csv-line.ts'
import { readCsv } from './read-csv-in-tests.ts'

const begins = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '\uff1d', '\uff0b', '\uff0d', '\uff20']
const hidden = ['\u202e', '\u200f', '\ufeff', '\u200b', ' ']

describe('a line of CSV', () => {
  for (const sign of begins) {
    test(`gives ${JSON.stringify(sign)} nothing to begin a formula with`, () => {
      const text = `${sign}cmd|'/C calc'!A0`
      expect(readCsv(csvLine([text, 'plain']))).toEqual([[`'${text}`, 'plain']])
    })
  }

  for (const mark of hidden) {
    test(`gives a formula behind ${JSON.stringify(mark)}, which some spreadsheets skip, nothing either`, () => {
      expect(readCsv(csvLine([`${mark}=1+1`]))).toEqual([[`'${mark}=1+1`]])
    })
  }

  test('keeps marks of direction as they are, within quotes', () => {
    const name = 'Ada \u202eecalevoL\u202c'
    expect(csvLine([name, 'x'])).toBe(`"${name}",x\r\n`)
  })

  test('comes back as it was, but for the apostrophe, whatever the cells hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 6 }), (cells) => {
        const [read = []] = readCsv(csvLine(cells))
        for (const [place, cell] of cells.entries()) {
          expect(begins.some((sign) => read[place]?.startsWith(sign))).toBe(false)
          expect(read[place]).toBe(beginsFormula(cell) ? `'${cell}` : cell)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
