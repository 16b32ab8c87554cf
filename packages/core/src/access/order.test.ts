import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Access } from './access.ts'
import { components } from './access.ts'
import { exampleCatalogue as catalogue } from './example-catalogue.ts'
import { everyAccess, freeAccess, isAtMost, joinAccess, missingEntitlements, planRank } from './order.ts'

const exact = { trialToleranceHours: 0 }
const features = fc.uniqueArray(fc.constantFrom('reports', 'sso', 'audit', 'every'))
const anyAccess: fc.Arbitrary<Access> = fc.record({
  plan: fc.constantFrom('free', 'pro', 'enterprise'),
  paid: fc.boolean(),
  trialEndsAt: fc.option(fc.date({ noInvalidDate: true })),
  entitlements: fc.oneof(
    features.map((list) => list.toSorted()),
    fc.constant('every' as const),
  ),
  seats: fc.oneof(fc.nat({ max: 50 }), fc.constant('unlimited' as const), fc.constant(null)),
})

function isBelow(a: Access, b: Access): boolean {
  return components.every((component) => isAtMost(component, a, b, catalogue, exact))
}

describe('the order of access', () => {
  it('puts every access between the free plan and everything', () => {
    fc.assert(
      fc.property(anyAccess, (access) => {
        expect(isBelow(freeAccess(catalogue), access)).toBe(true)
        expect(isBelow(access, everyAccess(catalogue))).toBe(true)
      }),
    )
  })

  it('holds each access equal to itself, and two that hold each other equal are the same', () => {
    fc.assert(
      fc.property(anyAccess, anyAccess, (a, b) => {
        expect(isBelow(a, a)).toBe(true)
        if (isBelow(a, b) && isBelow(b, a)) expect(a).toEqual(b)
      }),
    )
  })

  it('goes through what stands between', () => {
    fc.assert(
      fc.property(anyAccess, anyAccess, anyAccess, (a, b, c) => {
        const [least, most] = [a, joinAccess(joinAccess(a, b, catalogue), c, catalogue)]
        expect(isBelow(least, most)).toBe(true)
        if (isBelow(a, b) && isBelow(b, c)) expect(isBelow(a, c)).toBe(true)
      }),
    )
  })

  it('joins two to the least access that is at least both', () => {
    fc.assert(
      fc.property(anyAccess, anyAccess, anyAccess, (a, b, upper) => {
        const join = joinAccess(a, b, catalogue)
        expect(isBelow(a, join) && isBelow(b, join)).toBe(true)
        if (isBelow(a, upper) && isBelow(b, upper)) expect(isBelow(join, upper)).toBe(true)
      }),
    )
  })

  it('joins in any order and any number of times to the same', () => {
    fc.assert(
      fc.property(anyAccess, anyAccess, anyAccess, (a, b, c) => {
        const join = (x: Access, y: Access) => joinAccess(x, y, catalogue)
        expect(join(a, b)).toEqual(join(b, a))
        expect(join(join(a, b), c)).toEqual(join(a, join(b, c)))
        expect(join(a, a)).toEqual(a)
        expect(join(a, freeAccess(catalogue))).toEqual(a)
        expect(join(a, everyAccess(catalogue))).toEqual(everyAccess(catalogue))
      }),
    )
  })

  it('refuses a plan that the catalogue does not have', () => {
    expect(() => planRank(catalogue, 'gold')).toThrow('"gold"; the catalogue has free, pro, enterprise')
  })
})

describe('one component at most another', () => {
  const free = freeAccess(catalogue)
  const noon = (day: number, hour = 12) => new Date(Date.UTC(2027, 0, day, hour))
  it.each([
    ['a trial ended by as much as the tolerance counts as equal', noon(2), noon(1), 24, true],
    ['a trial beyond the tolerance is more', noon(2, 13), noon(1), 24, false],
    ['without a tolerance an hour is more', noon(1, 13), noon(1), 0, false],
    ['no trial is less than any trial', null, noon(1), 0, true],
    ['a trial is more than none, whatever the tolerance', noon(1), null, 9999, false],
  ])('%s', (_rule, a, b, trialToleranceHours, expected) => {
    const answer = isAtMost(
      'trialEndsAt',
      { ...free, trialEndsAt: a },
      { ...free, trialEndsAt: b },
      catalogue,
      {
        trialToleranceHours,
      },
    )
    expect(answer).toBe(expected)
  })

  it('names the entitlements that are missing', () => {
    expect(missingEntitlements(['reports', 'sso'], ['sso'])).toEqual(['reports'])
    expect(missingEntitlements('every', ['sso'])).toEqual(['every'])
    expect(missingEntitlements('every', 'every')).toEqual([])
    expect(missingEntitlements(['sso'], 'every')).toEqual([])
  })
})
