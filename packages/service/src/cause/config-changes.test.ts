import { expect, test } from 'vitest'
import type { KeptChange } from './config-changes.ts'
import { withTakenOut } from './config-changes.ts'

const change = (version: number, before: readonly string[], after: readonly string[]): KeptChange => ({
  version,
  at: new Date(version),
  by: 'ada',
  parts: ['catalogue'],
  before: JSON.stringify({ prices: before }),
  after: JSON.stringify({ prices: after }),
})
const takenOut = (changes: readonly KeptChange[], on: string) =>
  withTakenOut(changes, on).flatMap(({ version, tookOut }) => (tookOut ? [version] : []))

test('the version that took a price out is told from the others', () => {
  const changes = [change(3, ['b'], ['b', 'c']), change(2, ['a', 'b'], ['b'])]
  expect(takenOut(changes, 'a')).toEqual([2])
  expect(takenOut(changes, 'b')).toEqual([])
})

test('what was taken out and is back was not taken out', () => {
  expect(takenOut([change(3, ['b'], ['a', 'b']), change(2, ['a', 'b'], ['b'])], 'a')).toEqual([])
})

test('a part of a longer id is not that id', () => {
  expect(takenOut([change(2, ['price_12'], [])], 'price_1')).toEqual([])
})

test('without any version nothing was taken out', () => {
  expect(takenOut([], 'a')).toEqual([])
})
