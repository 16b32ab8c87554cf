import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IdSet } from './id-set.ts'

describe('a set of ids outside of the heap', () => {
  test('holds what a Set holds, whatever the ids are', () => {
    const ids = fc.array(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^cus_[0-9A-Za-z]{14}$/), fc.constant('')),
      { maxLength: 3000, size: 'max' },
    )
    fc.assert(
      fc.property(ids, ids, (added, asked) => {
        const model = new Set(added)
        const set = new IdSet()
        for (const id of added) set.add(id)
        expect(set.size).toBe(model.size)
        expect(added.every((id) => set.has(id))).toBe(true)
        for (const id of asked) expect(set.has(id)).toBe(model.has(id))
      }),
      { numRuns: 30 },
    )
  })

  test('grows to a hundred thousand, and to ids of any length', () => {
    const set = new IdSet()
    for (let number = 0; number < 100_000; number++) set.add(`cus_${number}`)
    const long = 'x'.repeat(100_000)
    set.add(long)
    set.add('cus_after')
    expect(set.size).toBe(100_002)
    expect(set.has('cus_after')).toBe(true)
    expect(set.has('cus_99999')).toBe(true)
    expect(set.has('cus_100000')).toBe(false)
    expect(set.has(long)).toBe(true)
    expect(set.has(long.slice(1))).toBe(false)
  })

  test('takes an id that UTF-8 cannot hold for one that it does not have', () => {
    const set = new IdSet()
    set.add('\ud800')
    expect(set.has('\ud800')).toBe(false)
  })
})
