import { describe, expect, it } from 'vitest'
import { compareText, pageOfKeys } from './store-order.ts'

describe('compareText', () => {
  it('orders by code point, not by UTF-16 unit', () => {
    expect(['\u{1F600}', '\uFFFD', 'z', 'Z', 'zz', ''].toSorted(compareText)).toEqual([
      '',
      'Z',
      'z',
      'zz',
      '\uFFFD',
      '\u{1F600}',
    ])
  })
})

describe('pageOfKeys', () => {
  const keys = ['a', 'b', 'c']

  it('says no next page when the last key was handed out', () => {
    expect(pageOfKeys(keys, null, 3)).toEqual({ keys, next: null })
    expect(pageOfKeys(keys, null, 2)).toEqual({ keys: ['a', 'b'], next: 'b' })
    expect(pageOfKeys(keys, 'b', 2)).toEqual({ keys: ['c'], next: null })
  })

  it('goes on behind a key that is no longer there', () => {
    expect(pageOfKeys(keys, 'aa', 1)).toEqual({ keys: ['b'], next: 'b' })
    expect(pageOfKeys(keys, 'z', 1)).toEqual({ keys: [], next: null })
  })
})
