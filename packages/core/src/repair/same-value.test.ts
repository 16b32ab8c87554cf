import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoredValue } from './plan.ts'
import { isSameValue } from './same-value.ts'

test.each<[StoredValue | undefined, StoredValue | undefined, boolean]>([
  ['pro', 'pro', true],
  ['pro', 'Pro', false],
  [1, '1', false],
  [true, 1, false],
  [null, undefined, false],
  [undefined, undefined, true],
  [['a', 'b'], ['b', 'a'], false],
  [[], {}, false],
  [{ a: true, b: false }, { b: false, a: true }, true],
  [{ a: true }, { a: true, b: false }, false],
  [{ limits: { seats: 5 } }, { limits: { seats: 6 } }, false],
  [{ toString: 'x' }, { a: 'x' }, false],
])('%j and %j are the same: %j', (a, b, isSame) => {
  expect(isSameValue(a, b)).toBe(isSame)
  expect(isSameValue(b, a)).toBe(isSame)
})

test('a value is the same after it was sent as JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(isSameValue(value as StoredValue, JSON.parse(JSON.stringify(value)) as StoredValue)).toBe(true)
    }),
  )
})
