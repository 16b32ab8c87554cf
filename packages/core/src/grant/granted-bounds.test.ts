import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Access, Component } from '../access/access.ts'
import { components } from '../access/access.ts'
import { exampleCatalogue as catalogue, onePaidPlanCatalogue } from '../access/example-catalogue.ts'
import { everyAccess, freeAccess, isAtMost, latestDate } from '../access/order.ts'
import type { Granted, Read } from './granted.ts'
import { grantedBounds } from './granted-bounds.ts'

const absent = { state: 'absent' } as const
const unmapped = { state: 'unmapped' } as const
const unreadable = { state: 'unreadable', found: '"?"', needed: 'sense' } as const
const value = <T>(found: T): Read<T> => ({ state: 'value', value: found })

const nothing: Granted = {
  plan: absent,
  paid: absent,
  trialEndsAt: absent,
  entitlements: absent,
  seats: absent,
  members: unmapped,
  unknownPlanValue: null,
}
const free = freeAccess(catalogue)

describe('bounds of granted plan and paid flag', () => {
  type Row = readonly [
    rule: string,
    granted: Partial<Granted>,
    plan: readonly [string, string],
    paid: readonly [boolean, boolean],
    unknown: readonly string[],
  ]
  const rows: readonly Row[] = [
    ['both read', { plan: value('pro'), paid: value(true) }, ['pro', 'pro'], [true, true], []],
    ['a paid plan without the flag is paid', { plan: value('pro') }, ['pro', 'pro'], [true, true], []],
    ['the free plan without the flag is not', { plan: value('free') }, ['free', 'free'], [false, false], []],
    [
      'a flag that is not mapped follows too',
      { plan: value('pro'), paid: unmapped },
      ['pro', 'pro'],
      [true, true],
      [],
    ],
    [
      'the flag stands against the plan',
      { plan: value('pro'), paid: value(false) },
      ['pro', 'pro'],
      [false, false],
      [],
    ],
    ['nothing at all is free', {}, ['free', 'free'], [false, false], []],
    ['no plan and no payment is free', { paid: value(false) }, ['free', 'free'], [false, false], []],
    [
      'paid without a plan is some paid plan',
      { paid: value(true) },
      ['pro', 'enterprise'],
      [true, true],
      ['plan plan-absent'],
    ],
    [
      'no plan beside a flag that may mean paid is any plan',
      { paid: unreadable },
      ['free', 'enterprise'],
      [false, true],
      ['paid unreadable-grant', 'plan plan-absent'],
    ],
    [
      'an unreadable flag may be either',
      { plan: value('pro'), paid: unreadable },
      ['pro', 'pro'],
      [false, true],
      ['paid unreadable-grant'],
    ],
    [
      'an unreadable plan may be any',
      { plan: unreadable, paid: value(true) },
      ['free', 'enterprise'],
      [true, true],
      ['plan unreadable-grant'],
    ],
    [
      'an unknown plan may be any, paid or not',
      { plan: unreadable, unknownPlanValue: 'gold' },
      ['free', 'enterprise'],
      [false, true],
      ['paid unknown-plan-value', 'plan unknown-plan-value'],
    ],
    [
      'a plan that is not mapped is not compared',
      { plan: unmapped, paid: value(true) },
      ['free', 'free'],
      [true, true],
      [],
    ],
  ]
  it.each(rows)('%s', (_rule, granted, plan, paid, unknown) => {
    const bounds = grantedBounds({ ...nothing, ...granted }, components, catalogue)
    expect([bounds.least.plan, bounds.most.plan]).toEqual(plan)
    expect([bounds.least.paid, bounds.most.paid]).toEqual(paid)
    expect(bounds.unknown.map(({ component, reason }) => `${component} ${reason}`)).toEqual(unknown)
  })

  it('paid without a plan is the one paid plan where there is only one', () => {
    const { least, most, unknown } = grantedBounds(
      { ...nothing, paid: value(true) },
      components,
      onePaidPlanCatalogue,
    )
    expect([least.plan, most.plan, unknown]).toEqual(['pro', 'pro', []])
  })

  it('an unknown plan is said once where the paid flag is not mapped', () => {
    const granted = { ...nothing, plan: unreadable, paid: unmapped, unknownPlanValue: 'gold' }
    const { least, most, unknown } = grantedBounds(granted, ['plan'], catalogue)
    expect([least.paid, most.paid]).toEqual([false, true])
    expect(unknown.map(({ component }) => component)).toEqual(['plan'])
  })
})

describe('bounds of the other components', () => {
  const trialEnd = new Date('2027-01-31T00:00:00Z')
  const rows: readonly (readonly [
    string,
    Partial<Granted>,
    Partial<Access>,
    Partial<Access>,
    Component | null,
  ])[] = [
    [
      'a trial end that was read',
      { trialEndsAt: value(trialEnd) },
      { trialEndsAt: trialEnd },
      { trialEndsAt: trialEnd },
      null,
    ],
    [
      'an unreadable trial end',
      { trialEndsAt: unreadable },
      { trialEndsAt: null },
      { trialEndsAt: latestDate },
      'trialEndsAt',
    ],
    [
      'features that were read',
      { entitlements: value(['sso']) },
      { entitlements: ['sso'] },
      { entitlements: ['sso'] },
      null,
    ],
    [
      'unreadable features',
      { entitlements: unreadable },
      { entitlements: [] },
      { entitlements: 'every' },
      'entitlements',
    ],
    ['a seat limit that was read', { seats: value(5) }, { seats: 5 }, { seats: 5 }, null],
    [
      'no seat limit set by the app',
      { seats: value('unlimited') },
      { seats: 'unlimited' },
      { seats: 'unlimited' },
      null,
    ],
    ['an unreadable seat limit', { seats: unreadable }, { seats: null }, { seats: 'unlimited' }, 'seats'],
    [
      'members that are only counted',
      { seats: unmapped, members: value(5) },
      { seats: null },
      { seats: 'unlimited' },
      null,
    ],
  ]
  it.each(rows)('%s', (_rule, granted, least, most, unknown) => {
    const bounds = grantedBounds({ ...nothing, ...granted }, components, catalogue)
    expect(bounds.least).toEqual({ ...free, ...least })
    expect(bounds.most).toEqual({ ...free, ...most })
    expect(bounds.unknown.map(({ component }) => component)).toEqual(unknown ? [unknown] : [])
  })

  it('what cannot be read is said with what was found and needed', () => {
    const { unknown } = grantedBounds({ ...nothing, seats: unreadable }, components, catalogue)
    expect(unknown).toEqual([
      { component: 'seats', reason: 'unreadable-grant', found: '"?"', needed: 'sense' },
    ])
  })
})

describe('bounds of whatever an app may hold', () => {
  const read = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<Read<T>> =>
    fc.oneof(
      fc.constant(absent),
      fc.constant(unmapped),
      fc.constant(unreadable),
      values.map((found) => value(found)),
    )
  const anyGranted: fc.Arbitrary<Granted> = fc.record({
    plan: read(fc.constantFrom('free', 'pro', 'enterprise')),
    paid: read(fc.boolean()),
    trialEndsAt: read(fc.date({ noInvalidDate: true })),
    entitlements: read(fc.constantFrom<readonly string[]>([], ['reports'], ['reports', 'sso'])),
    seats: read(fc.oneof(fc.nat(), fc.constant('unlimited' as const))),
    members: read(fc.nat()),
    unknownPlanValue: fc.option(fc.constant('gold')),
  })

  it('never cross, and stay between free and everything', () => {
    const isBelow = (a: Access, b: Access) =>
      components.every((component) => isAtMost(component, a, b, catalogue, { trialToleranceHours: 0 }))
    fc.assert(
      fc.property(anyGranted, fc.subarray([...components]), (granted, mapped) => {
        const { least, most } = grantedBounds(granted, mapped, catalogue)
        expect(isBelow(free, least) && isBelow(least, most) && isBelow(most, everyAccess(catalogue))).toBe(
          true,
        )
      }),
    )
  })

  it('are never widened without a word, except by counted members', () => {
    fc.assert(
      fc.property(anyGranted, (granted) => {
        const { least, most, unknown } = grantedBounds(granted, components, catalogue)
        const wide = components.filter(
          (component) => JSON.stringify(least[component]) !== JSON.stringify(most[component]),
        )
        const said = new Set(unknown.map(({ component }) => component))
        const isCounted = granted.seats.state === 'unmapped'
        expect(wide.filter((component) => !said.has(component))).toEqual(isCounted ? ['seats'] : [])
      }),
    )
  })
})
