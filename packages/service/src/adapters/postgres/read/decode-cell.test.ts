import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ColumnState } from '../schema/table-state.ts'
import { type CellKind, decodeCell } from './decode-cell.ts'
import { fittingIds } from './fitting-ids.ts'
import { parsePosition, writePosition } from './position.ts'

describe('a cell', () => {
  test.each<readonly [string | null, CellKind, unknown]>([
    [null, 'text', null],
    [null, 'json', null],
    ['', 'text', ''],
    ['t', 'flag', true],
    ['f', 'flag', false],
    ['?', 'flag', '?'],
    ['7', 'number', 7],
    ['-0.5', 'number', -0.5],
    ['5.00', 'number', 5],
    ['9223372036854775807', 'number', '9223372036854775807'],
    ['NaN', 'number', 'NaN'],
    ['Infinity', 'number', 'Infinity'],
    ['{"a":[1,null]}', 'json', { a: [1, null] }],
    ['"a"', 'json', 'a'],
    ['null', 'json', null],
    ['{"a":', 'json', '{"a":'],
    [`"${'x'.repeat(65_536)}"`, 'json', `"${'x'.repeat(65_536)}"`],
    ['['.repeat(65) + ']'.repeat(65), 'json', '['.repeat(65) + ']'.repeat(65)],
  ])('%j as %s is %j', (text, kind, value) => {
    expect(decodeCell(text, kind)).toEqual(value)
  })

  test('of any text is never nothing, and reading it never fails', () => {
    const kind = fc.constantFrom<CellKind>('text', 'flag', 'number', 'json')
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), kind, (text, kind) => {
        const value = decodeCell(text, kind)
        expect(value === undefined).toBe(false)
        if (value === null) expect([text.trim(), kind]).toEqual(['null', 'json'])
      }),
    )
  })
})

describe('ids that a column can hold', () => {
  const column = (name: string) => ({ base: { schema: 'pg_catalog', name, category: 'N' } }) as ColumnState
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['int2', ['1', '-32768', '32768', '01', '+1', ' 1', 'a', '', '1.0'], ['1', '-32768']],
    ['int8', ['9223372036854775807', '9223372036854775808', '-1'], ['9223372036854775807', '-1']],
    ['numeric', ['1.50', '-3', '1e3', 'NaN'], ['1.50', '-3']],
    [
      'uuid',
      ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000A', '{0}'],
      ['00000000-0000-4000-8000-00000000000a'],
    ],
    ['text', ['', "'; drop", 'a\u0000b'], ['', "'; drop"]],
  ])('of %s: of %j only %j', (type, ids, fitting) => {
    expect(fittingIds(ids, column(type))).toEqual(fitting)
  })
})

describe('a position', () => {
  test('comes back as it was kept, whatever the key is', () => {
    fc.assert(
      fc.property(fc.option(fc.string({ unit: 'binary' })), fc.string(), (after, shape) => {
        expect(parsePosition(writePosition({ after, shape }))).toEqual({ after, shape })
      }),
    )
  })

  test.each(['', '{}', '{"after":1,"shape":""}', 'null'])('%j is none', (text) => {
    expect(() => parsePosition(text)).toThrow()
  })
})
