import { describe, expect, test } from 'vitest'
import { hang, printable, wrap } from './lay-out.ts'

describe('a text on a terminal', () => {
  test('breaks between words', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four'])
  })

  test('keeps an id that is longer than the line whole, so that it can be copied', () => {
    expect(wrap('see cus_12345678901234567890 there', 12)).toEqual([
      'see',
      'cus_12345678901234567890',
      'there',
    ])
  })

  test('keeps its indentation and the columns of a line that fits', () => {
    expect(wrap('  status      active', 40)).toEqual(['  status      active'])
    expect(wrap('  one two three', 9)).toEqual(['  one two', '  three'])
  })

  test('hangs under its mark', () => {
    expect(hang('  → ', 'one two three', 11)).toEqual(['  → one two', '    three'])
  })

  test('loses what would steer the terminal or turn the direction of writing', () => {
    expect(printable('a\u001b[2Jb\u202ec\nd')).toBe('a�[2Jb�c�d')
  })
})
