import { describe, expect, test } from 'vitest'
import { movedCounts } from './moved-counts.ts'

describe('a count since the last check', () => {
  test.each<[rule: string, before: number, now: number, isMoved: boolean]>([
    ['that is the same has not moved', 1000, 1000, false],
    ['that fell by a fifth has not moved', 1000, 800, false],
    ['that fell by more than a fifth has', 1000, 799, true],
    ['that rose by a fifth has not moved', 1000, 1200, false],
    ['that rose by more than a fifth has', 1000, 1201, true],
    ['that rose among few is the life of a small app', 10, 35, false],
    ['that rose by more than 25 among few has moved', 10, 36, true],
    ['that fell among few, with some left, has not moved', 20, 1, false],
    ['that fell to nothing has moved, however few there were', 1, 0, true],
    ['that rose from nothing has not moved', 0, 5000, false],
    ['of nothing as before has not moved', 0, 0, false],
  ])('%s', (_rule, before, now, isMoved) => {
    const moved = movedCounts({ 'app/users': now }, { 'app/users': before })
    expect(moved).toEqual(isMoved ? [{ part: 'app/users', before, now }] : [])
  })

  test('of a part that gave nothing at all this time has moved', () => {
    expect(movedCounts({}, { 'app/users': 3 })).toEqual([{ part: 'app/users', before: 3, now: 0 }])
  })

  test('of a part that is new says nothing', () => {
    expect(movedCounts({ 'app/users': 3 }, {})).toEqual([])
  })
})
