import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Component } from '../access/access.ts'
import { components } from '../access/access.ts'
import { keysIn } from '../access/agreement-key.ts'
import type { Catalogue } from '../access/catalogue.ts'
import { exampleCatalogue } from '../access/example-catalogue.ts'
import type { Read, SubjectReading } from '../grant/granted.ts'
import { grantedBounds } from '../grant/granted-bounds.ts'
import { subjectAgreementKey } from '../grant/observe-subject.ts'
import type { Subscription } from '../promise/billing.ts'
import { subscriptionStatuses } from '../promise/billing.ts'
import { exampleItem, exampleSubscription } from '../promise/example-facts.ts'
import { factKeys, freeKey } from '../promise/observe-fact.ts'
import { defaultPolicy } from '../promise/policy.ts'
import { promiseOf } from '../promise/promise-of.ts'
import type { Exception } from '../promise/promised.ts'
import { withExceptions } from '../promise/with-exceptions.ts'
import { compareAccess } from './compare-access.ts'

const now = new Date('2026-09-15T00:00:00Z')
const [free, ...paid] = exampleCatalogue.plans
const catalogue: Catalogue = {
  plans: [
    { ...free, entitlements: ['export'], seats: 1 },
    ...paid.map((plan) => (plan.id === 'pro' ? plan : { ...plan, seats: 'quantity' as const })),
  ],
  addOns: [{ id: 'more', prices: ['price_more'], products: [], lifetime: [], entitlements: [] }],
  seatPacks: [{ id: 'ten', prices: ['price_ten'], products: [], seatsEach: 10 }],
}

const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000)
const moment = fc.constantFrom(-30, -3, 3, 30).map(inDays)
const subscription: fc.Arbitrary<Subscription> = fc
  .record({
    id: fc.constantFrom('sub_1', 'sub_2'),
    status: fc.constantFrom(...subscriptionStatuses),
    // Add-ons and seats are sold beside a plan.
    items: fc
      .tuple(fc.constantFrom('price_pro', 'price_e'), fc.subarray(['price_more', 'price_ten']))
      .map(([plan, beside]) =>
        [plan, ...beside].map((id) =>
          exampleItem({ id, productId: id === 'price_e' ? 'prod_enterprise' : 'prod_other' }),
        ),
      ),
    currentPeriodEnd: moment,
    trialEndsAt: fc.option(moment),
    endedAt: fc.option(moment),
  })
  .map((changes) => ({ ...exampleSubscription, ...changes }))

const value = <T>(...values: readonly T[]): fc.Arbitrary<Read<T>> =>
  fc.constantFrom<Read<T>>(
    { state: 'absent' },
    ...values.map((one) => ({ state: 'value' as const, value: one })),
  )
const unmapped = { state: 'unmapped' } as const
const granted: fc.Arbitrary<SubjectReading['granted']> = fc.record({
  plan: value('free', 'pro', 'enterprise'),
  paid: value(true, false),
  trialEndsAt: value(inDays(-30), inDays(3), inDays(30)),
  entitlements: value<readonly string[]>(
    [],
    ['export'],
    ['reports'],
    ['export', 'reports'],
    ['reports', 'sso'],
  ),
  seats: value<number | 'unlimited'>(1, 5, 10, 'unlimited'),
  members: fc.constant(unmapped),
  unknownPlanValue: fc.constant(null),
})
const exceptions = fc.option(
  fc.record<Exception['allowed']>(
    { plan: fc.constantFrom('free', 'pro', 'enterprise'), seats: fc.constantFrom(2, 7) },
    { requiredKeys: [] },
  ),
)

test('a grant with a key that agrees shows no drift, also not beside an exception', () => {
  const mapped = fc
    .subarray([...components], { minLength: 1 })
    .filter((some) => some.includes('plan') || some.includes('paid'))
  let left = 0
  fc.assert(
    fc.property(
      fc.array(subscription, { maxLength: 2 }),
      granted,
      mapped,
      exceptions,
      (facts, everything, of, allowed) => {
        const read = <Part extends Component>(part: Part) => (of.includes(part) ? everything[part] : unmapped)
        const grant = {
          ...everything,
          plan: read('plan'),
          paid: read('paid'),
          trialEndsAt: read('trialEndsAt'),
          entitlements: read('entitlements'),
          seats: read('seats'),
        }
        const rules = {
          catalogue,
          policy: defaultPolicy,
          now,
          mapped: [{ source: 'clerk', components: { user: of, organization: of } }],
        }
        const keys = facts.map((fact) => factKeys(fact, rules).keys.user)
        const said = keys.filter((key) => key !== '')
        const reading: SubjectReading = {
          subject: { type: 'user', id: 'user_1' },
          source: 'clerk',
          customerId: { state: 'absent' },
          externalId: null,
          emails: [],
          name: null,
          granted: grant,
          deleted: false,
          updatedAt: null,
          readAt: now,
          fields: [],
        }
        const key = subjectAgreementKey(reading, rules)
        if (keys.includes(null) || said.length > 1 || key === null) return
        if (!keysIn(said[0] ?? freeKey(rules, 'user')).includes(key)) return
        left++
        const made: readonly Exception[] = allowed
          ? [{ subject: 'user_1', allowed, reason: 'a partner', author: null, until: null }]
          : []
        const promised = withExceptions(promiseOf(facts, rules), made, now, catalogue)
        const comparison = compareAccess(promised, grantedBounds(grant, of, catalogue), {
          catalogue,
          policy: { trialToleranceHours: 24 },
          mapped: of,
          now,
          members: null,
        })
        expect(comparison).toEqual({ differences: [], undecided: [] })
      },
    ),
    { numRuns: 4_000 },
  )
  expect(left).toBeGreaterThan(40)
})
