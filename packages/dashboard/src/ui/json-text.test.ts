import { expect, it } from 'vitest'
import { jsonText } from './json-text.ts'

it.each([
  ['plain text', { name: 'Ada' }],
  ['a mark that turns text around', { name: '\u202Eeman\u2066' }],
  ['a character that cannot be seen, of two halves', { name: 'a\u{E0041}b' }],
  ['emoji of several', { name: '👩‍👩‍👧' }],
  ['nothing', null],
])('JSON of %s is the same JSON, and hides nothing', (_, value) => {
  const text = jsonText(value)
  expect(JSON.parse(text)).toEqual(value)
  expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u{E0041}]/u)
})

it('emoji of several stay as they are', () => {
  expect(jsonText('👩‍👩‍👧')).toBe('"👩‍👩‍👧"')
})
