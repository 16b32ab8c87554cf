import { describe, expect, test } from 'vitest'
import type { Access, Component } from '../access/access.ts'
import { components } from '../access/access.ts'
import type { Catalogue } from '../access/catalogue.ts'
import { everyAccess, freeAccess, latestDate } from '../access/order.ts'
import type { GrantedBounds } from '../grant/granted-bounds.ts'
import type { Promised } from '../promise/promised.ts'
import { compareAccess } from './compare-access.ts'

const now = new Date('2026-06-01T12:00:00Z')
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000)

const plan = (id: string, entitlements: readonly string[]) =>
  ({ id, prices: [], products: [], lifetime: [], values: [], entitlements, seats: null }) as const
const catalogue: Catalogue = {
  plans: [plan('free', []), plan('pro', ['reports']), plan('enterprise', ['reports', 'sso'])],
  addOns: [],
  seatPacks: [],
}

const free = freeAccess(catalogue)
const pro: Access = { ...free, plan: 'pro', paid: true, entitlements: ['reports'] }
const enterprise: Access = { ...free, plan: 'enterprise', paid: true, entitlements: ['reports', 'sso'] }

const exactly = (access: Access): Promised => ({ owed: access, allowed: access, unknown: [], reviews: [] })
const between = (owed: Access, allowed: Access): Promised => ({ owed, allowed, unknown: [], reviews: [] })
const read = (access: Access): GrantedBounds => ({ least: access, most: access, unknown: [] })
const somewhere = (least: Access, most: Access): GrantedBounds => ({ least, most, unknown: [] })

interface Line {
  readonly rule: string
  readonly promised: Promised
  readonly granted: GrantedBounds
  readonly drifts: readonly string[]
  readonly undecided?: readonly Component[]
  readonly mapped?: readonly Component[]
  readonly members?: number
}

const rules: readonly Line[] = [
  { rule: 'what is owed and granted agrees', promised: exactly(pro), granted: read(pro), drifts: [] },
  {
    rule: 'nothing promised and nothing granted agrees',
    promised: exactly(free),
    granted: read(free),
    drifts: [],
  },
  {
    rule: 'paid access owed and none granted is paid-without-access, and nothing beside it',
    promised: exactly(enterprise),
    granted: read(free),
    drifts: ['paid-without-access paid'],
  },
  {
    rule: 'paid access granted and none allowed is access-without-payment, and nothing beside it',
    promised: exactly(free),
    granted: read({ ...enterprise, seats: 9, trialEndsAt: inDays(9) }),
    drifts: ['access-without-payment paid'],
  },
  {
    rule: 'a paid flag that is off while the plan is paid locks the customer out',
    promised: exactly(pro),
    granted: read({ ...pro, paid: false }),
    drifts: ['paid-without-access paid'],
  },
  {
    rule: 'a lower plan than owed is plan-too-low; the entitlements that it lacks belong to it',
    promised: exactly(enterprise),
    granted: read(pro),
    drifts: ['plan-too-low plan'],
  },
  {
    rule: 'a higher plan than allowed is plan-too-high; the entitlements that it brings belong to it',
    promised: exactly(pro),
    granted: read(enterprise),
    drifts: ['plan-too-high plan'],
  },
  {
    rule: 'within a grace period keeping access agrees',
    promised: between(free, pro),
    granted: read(pro),
    drifts: [],
  },
  {
    rule: 'within a grace period withdrawing access agrees',
    promised: between(free, pro),
    granted: read(free),
    drifts: [],
  },
  {
    rule: 'more than the grace period allows is plan-too-high',
    promised: between(free, pro),
    granted: read(enterprise),
    drifts: ['plan-too-high plan'],
  },
  {
    rule: 'a trial that ends too early in the app is trial-cut-short',
    promised: exactly({ ...pro, trialEndsAt: inDays(10) }),
    granted: read({ ...pro, trialEndsAt: inDays(5) }),
    drifts: ['trial-cut-short trialEndsAt'],
  },
  {
    rule: 'a trial that the app does not know of is trial-cut-short',
    promised: exactly({ ...pro, trialEndsAt: inDays(10) }),
    granted: read(pro),
    drifts: ['trial-cut-short trialEndsAt'],
  },
  {
    rule: 'a trial that ends too late in the app is trial-overstayed',
    promised: exactly({ ...pro, trialEndsAt: inDays(5) }),
    granted: read({ ...pro, trialEndsAt: inDays(10) }),
    drifts: ['trial-overstayed trialEndsAt'],
  },
  {
    rule: 'trial ends up to the tolerance apart agree',
    promised: exactly({ ...pro, trialEndsAt: inDays(5) }),
    granted: read({ ...pro, trialEndsAt: inDays(6) }),
    drifts: [],
  },
  {
    rule: 'a trial end that has passed on both sides is not compared',
    promised: exactly({ ...pro, trialEndsAt: inDays(-9) }),
    granted: read({ ...pro, trialEndsAt: inDays(-1) }),
    drifts: [],
  },
  {
    rule: 'a feature owed and not granted is entitlement-missing, feature by feature',
    promised: exactly({ ...pro, entitlements: ['api', 'exports', 'reports'] }),
    granted: read(pro),
    drifts: ['entitlement-missing entitlement:api', 'entitlement-missing entitlement:exports'],
  },
  {
    rule: 'a feature granted and not allowed is entitlement-extra',
    promised: exactly(pro),
    granted: read({ ...pro, entitlements: ['reports', 'sso'] }),
    drifts: ['entitlement-extra entitlement:sso'],
  },
  {
    rule: 'a feature of an add-on stays a drift of its own beside a wrong plan',
    promised: exactly({ ...enterprise, entitlements: ['api', 'reports', 'sso'] }),
    granted: read(pro),
    drifts: ['plan-too-low plan', 'entitlement-missing entitlement:api'],
  },
  {
    rule: 'fewer seats than owed is seats-short',
    promised: exactly({ ...pro, seats: 10 }),
    granted: read({ ...pro, seats: 8 }),
    drifts: ['seats-short seats'],
  },
  {
    rule: 'more seats than allowed is seats-over',
    promised: exactly({ ...pro, seats: 10 }),
    granted: read({ ...pro, seats: 12 }),
    drifts: ['seats-over seats'],
  },
  {
    rule: 'no seat limit where seats are promised is seats-over',
    promised: exactly({ ...pro, seats: 10 }),
    granted: read({ ...pro, seats: 'unlimited' }),
    drifts: ['seats-over seats'],
  },
  {
    rule: 'a seat limit where no seats are promised is not compared',
    promised: exactly(pro),
    granted: read({ ...pro, seats: 5 }),
    drifts: [],
  },
  {
    rule: 'a seat limit left standing for whoever was dropped to free in a grace period is not compared',
    promised: between(free, { ...pro, seats: 2 }),
    granted: read({ ...free, seats: 5 }),
    drifts: [],
  },
  {
    rule: 'more members than seats allowed is seats-over',
    promised: exactly({ ...pro, seats: 10 }),
    granted: read({ ...pro, seats: 10 }),
    members: 11,
    drifts: ['seats-over seats'],
  },
  {
    rule: 'fewer members than seats owed agrees: seats need not be used',
    promised: exactly({ ...pro, seats: 10 }),
    granted: read({ ...pro, seats: 10 }),
    members: 3,
    drifts: [],
  },
  {
    rule: 'a component that the project does not map is not compared',
    promised: exactly({ ...enterprise, seats: 10, trialEndsAt: inDays(9) }),
    granted: read({ ...pro, entitlements: [] }),
    mapped: ['paid'],
    drifts: [],
  },
  {
    rule: 'a grant that cannot be read is undecided, never free',
    promised: exactly(pro),
    granted: somewhere(free, everyAccess(catalogue)),
    drifts: [],
    undecided: ['paid', 'plan', 'trialEndsAt', 'entitlements'],
  },
  {
    rule: 'a grant that cannot be read is undecided, never paid',
    promised: exactly(free),
    granted: somewhere(free, everyAccess(catalogue)),
    drifts: [],
    undecided: ['paid', 'plan', 'trialEndsAt', 'entitlements'],
  },
  {
    rule: 'a grant that cannot be read agrees where anything would',
    promised: between(free, everyAccess(catalogue)),
    granted: somewhere(free, everyAccess(catalogue)),
    drifts: [],
  },
  {
    rule: 'unknown billing widens what is allowed, and what is owed for sure still drifts',
    promised: between(pro, everyAccess(catalogue)),
    granted: read(free),
    drifts: ['paid-without-access paid'],
  },
]

describe('promised beside granted', () => {
  for (const line of rules) {
    test(line.rule, () => {
      const { promised, granted, drifts, undecided = [], mapped, members } = line
      const comparison = compareAccess(promised, granted, {
        catalogue,
        policy: { trialToleranceHours: 24 },
        mapped: mapped ?? components,
        now,
        members: members ?? null,
      })
      expect(comparison.differences.map(({ kind, component }) => `${kind} ${component}`)).toEqual(drifts)
      expect(comparison.undecided.toSorted()).toEqual(undecided.toSorted())
    })
  }

  test('the top of every order stands for no date that could be compared', () => {
    expect(everyAccess(catalogue).trialEndsAt).toEqual(latestDate)
  })
})
