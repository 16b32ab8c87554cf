import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-2', "'-2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', `"'\r=1"`],
  ['＝1', "'＝1"],
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ['', ''],
])('a spreadsheet takes %j for text', (given, written) => {
  expect(csvOf(['Name'], [[given]])).toBe(`\uFEFFName\r\n${written}\r\n`)
})

test('a number stays a number, below nothing too', () => {
  expect(csvOf(['Cents'], [[-1200]])).toBe('\uFEFFCents\r\n-1200\r\n')
})

test('a heading is made harmless as well', () => {
  expect(csvOf(['=A'], [])).toBe("\uFEFF'=A\r\n")
})
