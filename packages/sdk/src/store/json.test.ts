import { expect, it } from 'vitest'
import { decodeJson, encodeJson } from './json.ts'

it('moments stay moments, at any depth, and everything else stays what it was', () => {
  const value = {
    at: new Date('2026-11-21T12:00:00.123Z'),
    list: [{ at: new Date(0) }, null, 'text', 1.5, true],
    empty: {},
    none: null,
  }
  expect(decodeJson(encodeJson(value))).toEqual(value)
})
