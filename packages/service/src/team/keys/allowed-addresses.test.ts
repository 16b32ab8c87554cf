import { describe, expect, it } from 'vitest'
import { isWithin, parseAddressRanges } from './allowed-addresses.ts'

describe('the addresses that a key may be used from', () => {
  it.each([
    ['203.0.113.7', ['203.0.113.7'], true],
    ['203.0.113.8', ['203.0.113.7'], false],
    ['203.0.113.200', ['203.0.113.0/24'], true],
    ['203.0.114.1', ['203.0.113.0/24'], false],
    ['::ffff:203.0.113.7', ['203.0.113.0/24'], true],
    ['2001:db8:1::5', ['2001:db8::/32'], true],
    ['2001:db9::5', ['2001:db8::/32'], false],
    ['203.0.113.7', ['2001:db8::/32', '203.0.113.7'], true],
    ['10.0.0.1', ['0.0.0.0/0'], true],
    ['unknown', ['0.0.0.0/0'], false],
    ['', ['0.0.0.0/0', '::/0'], false],
  ])('%s in %j: %s', (address, ranges, expected) => {
    expect(isWithin(address, ranges)).toBe(expected)
  })

  it.each([
    '',
    'example.com',
    '203.0.113.0/33',
    '203.0.113.0/',
    '203.0.113.0/24/8',
    '2001:db8::/129',
    '1.2.3',
  ])('are not %j', (range) => {
    expect(() => parseAddressRanges([range])).toThrow(
      expect.objectContaining({ code: 'address-range-malformed' }),
    )
  })
})
