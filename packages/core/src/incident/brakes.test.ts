import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../promise/policy.ts'
import type { DriftTally } from './brakes.ts'
import { collapseDrift, collapsed, collapseLimit, holdDrift, holdLimit } from './brakes.ts'

const line = (pairs: number): DriftTally => ({
  kind: 'plan-too-low',
  component: 'plan',
  hurts: 'customer',
  pairs,
})

describe('the brake holds repairs', () => {
  for (const [matched, limit] of [
    [0, 25],
    [1000, 25],
    [5000, 25],
    [10_000, 50],
    [1_000_000, 5000],
  ] as const) {
    test(`above ${limit} newly drifting subjects of ${matched}`, () => {
      expect(holdLimit(defaultPolicy, matched)).toBe(limit)
    })
  }

  test('above what the project says, where it says', () => {
    expect(holdLimit({ ...defaultPolicy, brake: { hold: 3, collapse: null } }, 1000)).toBe(3)
  })
})

describe('the brake makes one incident of many alike', () => {
  for (const [matched, limit] of [
    [0, 20],
    [100, 20],
    [1000, 200],
  ] as const) {
    test(`above ${limit} of ${matched}`, () => {
      expect(collapseLimit(defaultPolicy, matched)).toBe(limit)
      expect(collapsed([line(limit)], defaultPolicy, matched)).toEqual([])
      expect(collapsed([line(limit + 1)], defaultPolicy, matched)).toHaveLength(1)
    })
  }

  test('only for those alike, not for others beside them', () => {
    const other: DriftTally = { kind: 'seats-over', component: 'seats', hurts: 'business', pairs: 2 }
    expect(collapsed([line(500), other], defaultPolicy, 1000)).toEqual([line(500)])
  })

  test('and names what is likelier than so many drifts', () => {
    expect(collapseDrift(line(500), 1000, []).sentence).toContain(
      '500 of 1000 matched subjects drift the same way',
    )
    expect(holdDrift(30, 25, []).sentence).toContain('repairs are held until a person releases them')
  })
})
