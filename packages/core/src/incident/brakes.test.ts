import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../promise/policy.ts'
import type { DriftTally } from './brakes.ts'
import { collapseDrift, collapsed, collapseLimit, holdDrift, holdLimit, undecidedDrift } from './brakes.ts'

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
      const of = { matched, drifting: matched * 2 + 100 }
      expect(collapsed([line(limit)], defaultPolicy, of)).toEqual([])
      expect(collapsed([line(limit + 1)], defaultPolicy, of)).toHaveLength(1)
    })
  }

  test('only for those alike, not for others beside them', () => {
    const other: DriftTally = { kind: 'seats-over', component: 'seats', hurts: 'business', pairs: 2 }
    expect(collapsed([line(500), other], defaultPolicy, { matched: 1000, drifting: 502 })).toEqual([
      line(500),
    ])
  })

  describe('of those who pay one wrongly mapped price, though they are few of all', () => {
    for (const [pairs, drifting, isOne] of [
      [150, 200, true],
      [150, 250, false],
      [121, 200, true],
      [120, 200, false],
      [50, 50, false],
      [51, 51, true],
    ] as const) {
      test(`${pairs} alike of ${drifting} that drift among 1,000: ${isOne ? 'one incident' : 'each their own'}`, () => {
        const found = collapsed([line(pairs)], defaultPolicy, { matched: 1000, drifting })
        expect(found).toHaveLength(isOne ? 1 : 0)
      })
    }

    test('with those who drift the other way in the same component, where they are many too', () => {
      const back: DriftTally = { ...line(60), kind: 'plan-too-high', hurts: 'business' }
      const few: DriftTally = { ...back, pairs: 50 }
      const of = { matched: 1000, drifting: 460 }
      expect(collapsed([line(400), back], defaultPolicy, of)).toEqual([line(400), back])
      expect(collapsed([line(400), few], defaultPolicy, of)).toEqual([line(400)])
    })

    describe('also where two prices are exchanged, so that about as many drift one way as the other', () => {
      for (const [down, up, drifting, isOne] of [
        [200, 150, 350, true],
        [200, 150, 600, true],
        [100, 60, 200, true],
        [100, 60, 300, false],
        [190, 50, 240, true],
        [190, 50, 400, false],
      ] as const) {
        const all = isOne ? 'one incident' : 'each their own'
        test(`${down} and ${up} of ${drifting} that drift among 1,000: ${all}`, () => {
          const back: DriftTally = { ...line(up), kind: 'plan-too-high', hurts: 'business' }
          const found = collapsed([line(down), back], defaultPolicy, { matched: 1000, drifting })
          expect(found.length > 0).toBe(isOne)
        })
      }
    })

    test('but never where the project sets the limit itself', () => {
      const policy = { ...defaultPolicy, brake: { hold: null, collapse: 500 } }
      expect(collapsed([line(150)], policy, { matched: 1000, drifting: 150 })).toEqual([])
      const back: DriftTally = { ...line(300), kind: 'plan-too-high', hurts: 'business' }
      expect(collapsed([line(300), back], policy, { matched: 1000, drifting: 600 })).toEqual([])
    })
  })

  test('of many of whom it could not be told, with what was found and what was needed', () => {
    const reason = {
      reason: 'unreadable-grant',
      component: 'paid',
      found: 'the flag "pro"',
      needed: 'true or false',
    } as const
    const { sentence, touches } = undecidedDrift({ undecided: 800, matched: 1000 }, [
      { on: 'user:a', reason },
    ])
    expect(sentence).toContain('Of 800 subjects it could not be told')
    expect(sentence).toContain('the flag "pro"; needed: true or false')
    expect(touches).toEqual(['user:a'])
  })

  test('and names what is likelier than so many drifts', () => {
    const features: DriftTally = { ...line(400), kind: 'entitlement-missing', component: 'entitlement:sso' }
    expect(collapseDrift([line(500), features], 1000, []).sentence).toContain(
      '500 of 1000 matched subjects drift the same way, plan-too-low (plan): 500, ' +
        'entitlement-missing (entitlement:sso): 400.',
    )
    expect(holdDrift(30, 25, []).sentence).toContain('repairs are held until a person releases them')
  })
})
