import { expect, test } from 'vitest'
import { changedMetadata, mergeMetadata } from './metadata.ts'
import type { JsonObject } from './objects/index.ts'

test.each<[string, JsonObject, JsonObject, JsonObject]>([
  ['adds a key', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
  ['replaces a value', { a: 1 }, { a: 2 }, { a: 2 }],
  ['removes a key on null', { a: 1, b: 2 }, { a: null }, { b: 2 }],
  ['merges inside', { a: { b: 1, c: 2 } }, { a: { c: 3 } }, { a: { b: 1, c: 3 } }],
  ['removes inside', { a: { b: 1, c: 2 } }, { a: { b: null } }, { a: { c: 2 } }],
  ['replaces arrays whole', { a: [1, 2] }, { a: [3] }, { a: [3] }],
  ['puts an object in the place of a value', { a: 1 }, { a: { b: 2 } }, { a: { b: 2 } }],
  ['drops null from an object that is new', {}, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
])('a patch %s', (_, before, patch, after) => {
  expect(mergeMetadata(before, patch)).toEqual(after)
})

test('a patch changes neither what was before nor the prototype of all objects', () => {
  const before = Object.freeze({ a: Object.freeze({ b: 1 }) })
  const patch = JSON.parse('{"__proto__":{"polluted":true},"a":{"c":2}}')
  const after = mergeMetadata(before, patch)
  expect(before).toEqual({ a: { b: 1 } })
  expect(JSON.parse(JSON.stringify(after))).toEqual(
    JSON.parse('{"a":{"b":1,"c":2},"__proto__":{"polluted":true}}'),
  )
  expect(Object.keys({})).toEqual([])
  expect(({} as JsonObject).polluted).toBeUndefined()
})

test('exactly 8 KB pass, one byte more does not', () => {
  const filled = (bytes: number) => ({ public_metadata: { a: 'x'.repeat(bytes - '{"a":""}'.length) } })
  expect(changedMetadata({}, filled(8192), 'replace').public_metadata).toBeDefined()
  expect(() => changedMetadata({}, filled(8193), 'replace')).toThrow(expect.objectContaining({ status: 422 }))
})
