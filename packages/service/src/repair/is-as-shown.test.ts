import type { StoredValue } from '@trueup/core'
import { describe, expect, test } from 'vitest'
import { isAsShown } from './is-as-shown.ts'

describe('a target shows what was read or written', () => {
  test.each<[rule: string, read: StoredValue | undefined, shown: StoredValue | undefined, same: boolean]>([
    ['the same text', 'pro', 'pro', true],
    ['a moment with another offset', '2026-12-01T06:14:08.000Z', '2026-12-01T06:14:08+00:00', true],
    ['another moment', '2026-12-01T06:14:08.000Z', '2026-12-01T06:14:09+00:00', false],
    ['a long number as text', 9_007_199_254_740_991, '9007199254740991', true],
    ['nothing as NULL', undefined, null, true],
    ['nothing as an empty text', null, ' ', true],
    ['not nothing as something', undefined, 'pro', false],
    ['not false as nothing', false, null, false],
    ['an object in another order', { a: true, b: 1 }, { b: 1, a: true }, true],
    ['not a list in another order', ['a', 'b'], ['b', 'a'], false],
    ['not a list as its text', ['a'], 'a', false],
  ])('%s', (_rule, read, shown, same) => {
    expect(isAsShown(read, shown)).toBe(same)
  })
})
