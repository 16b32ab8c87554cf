import type { StoredValue } from '@trueup/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type JsonTree, merged, patchBetween, putAt, valueAt } from './merge-patch.ts'

describe('the merge patch between two values', () => {
  test.each<[string, StoredValue | undefined, StoredValue | undefined, StoredValue]>([
    ['a value that goes', 'pro', undefined, null],
    ['a value that is emptied', 'pro', null, null],
    ['a value that comes', undefined, 'pro', 'pro'],
    ['keys that stay, go and come', { a: true, b: true }, { a: true, c: true }, { b: null, c: true }],
    ['an object in place of a list', ['a'], { a: true }, { a: true }],
    ['a list in place of a list', ['a', 'b'], ['a'], ['a']],
    [
      'keys below',
      { limits: { seats: 5, rows: 9 } },
      { limits: { seats: 6, rows: 9 } },
      { limits: { seats: 6 } },
    ],
  ])('%s', (_, before, after, patch) => {
    expect(patchBetween(before, after)).toEqual(patch)
  })

  test('leads from any object to any other, and touches nothing beside it', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }))
    const key = fc.constantFrom('a', 'b', 'c', 'd')
    const { tree } = fc.letrec<{ tree: Record<string, StoredValue> }>((tie) => ({
      tree: fc.dictionary(key, fc.oneof({ maxDepth: 3 }, leaf, tie('tree')), { maxKeys: 4 }) as never,
    }))
    fc.assert(
      fc.property(tree, tree, tree, (before, after, beside) => {
        const patch: JsonTree = {}
        putAt(patch, ['billing', 'plan'], patchBetween(before, after))
        const whole = merged({ billing: { plan: before, note: 'kept' }, beside }, patch)
        expect(valueAt(whole, ['billing', 'plan'])).toEqual(after)
        expect(whole).toEqual({ billing: { plan: after, note: 'kept' }, beside })
      }),
    )
  })
})
