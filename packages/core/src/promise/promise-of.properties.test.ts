import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { components } from '../access/access.ts'
import { agreementKey } from '../access/agreement-key.ts'
import type { Catalogue } from '../access/catalogue.ts'
import { exampleCatalogue } from '../access/example-catalogue.ts'
import { isAtMost } from '../access/order.ts'
import type { BillingFact, Invoice, PlanItem, Purchase, Subscription, SubscriptionItem } from './billing.ts'
import { subscriptionStatuses } from './billing.ts'
import { examplePlanItem } from './clerk-billing/example-plan-item.ts'
import { planItemStatuses } from './clerk-billing/plan-item.ts'
import {
  exampleEntitlements,
  exampleInvoice,
  exampleItem,
  examplePrice,
  examplePurchase,
  exampleSubscription,
} from './example-facts.ts'
import { factKeys, freeKey } from './observe-fact.ts'
import type { Policy } from './policy.ts'
import { promiseOf } from './promise-of.ts'

const now = new Date('2026-09-15T00:00:00Z')
const exactly = { trialToleranceHours: 0 }

/** The example shop with everything that can be sold: add-ons, seats by plan and by pack, a free plan with a price. */
const [free, ...paid] = exampleCatalogue.plans
const catalogue: Catalogue = {
  plans: [
    { ...free, prices: ['price_free'], entitlements: ['export'], seats: 1 },
    ...paid.map((plan) =>
      plan.id === 'pro' ? { ...plan, seats: 5 } : { ...plan, seats: 'quantity' as const },
    ),
  ],
  addOns: [
    {
      id: 'more',
      prices: ['price_more'],
      products: [],
      lifetime: ['price_more_forever'],
      entitlements: ['more'],
    },
  ],
  seatPacks: [{ id: 'ten', prices: ['price_ten'], products: [], seatsEach: 10 }],
}

const moment = fc.integer({ min: -40, max: 40 }).map((days) => new Date(now.getTime() + days * 86_400_000))
const maybeMoment = fc.option(moment)
const reversal = fc.option(
  fc.record({
    refundedAmount: fc.constantFrom(0, 500, 2000, 9900),
    dispute: fc.constantFrom('none' as const, 'open' as const, 'lost' as const),
    ids: fc.constant(['re_1']),
  }),
)
const invoice: fc.Arbitrary<Invoice> = fc.record({
  id: fc.constant('in_1'),
  status: fc.constantFrom('draft', 'open', 'paid', 'void', null),
  currency: fc.constant('usd'),
  amountPaid: fc.constantFrom(0, 2000),
  finalizedAt: maybeMoment,
  paidAt: maybeMoment,
  paymentIds: fc.constant(exampleInvoice.paymentIds),
  reversal,
})
const item: fc.Arbitrary<SubscriptionItem> = fc
  .record({
    id: fc.constantFrom('price_pro', 'price_e', 'price_free', 'price_more', 'price_ten', 'price_new'),
    quantity: fc.constantFrom(0, 1, 3, null),
    metered: fc.boolean(),
  })
  .map(({ id, quantity, metered }) =>
    exampleItem(
      {
        id,
        productId: id === 'price_e' ? 'prod_enterprise' : 'prod_other',
        recurring: { interval: 'month', count: 1, metered },
      },
      { quantity },
    ),
  )
const subscription: fc.Arbitrary<Subscription> = fc
  .record({
    id: fc.constantFrom('sub_1', 'sub_2', 'sub_3'),
    status: fc.oneof(fc.constantFrom(...subscriptionStatuses), fc.constant({ unknown: 'dormant' })),
    items: fc.array(item, { maxLength: 3 }),
    itemsComplete: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
    currentPeriodEnd: maybeMoment,
    trialEndsAt: maybeMoment,
    cancelsAt: maybeMoment,
    endedAt: maybeMoment,
    pausedCollection: fc.option(fc.record({ behavior: fc.constant('void'), resumesAt: maybeMoment })),
    latestInvoice: fc.oneof(fc.option(invoice), fc.constant('unread' as const)),
    problems: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, fc.constant(['names no customer'])),
  })
  .map((changes) => ({ ...exampleSubscription, ...changes }))
const purchase: fc.Arbitrary<Purchase> = fc
  .record({
    id: fc.constantFrom('cs_1', 'cs_2'),
    prices: fc.subarray(
      ['price_pro_forever', 'price_more_forever', 'price_credits'].map((id) => ({
        ...examplePrice,
        id,
        recurring: null,
      })),
    ),
    reversal,
    problems: fc.oneof(
      { weight: 5, arbitrary: fc.constant([]) },
      fc.constant(['line_items was not expanded']),
    ),
  })
  .map((changes) => ({ ...examplePurchase, ...changes }))
const entitlements = fc
  .subarray(['beta', 'export', 'reports'])
  .map((lookupKeys) => ({ ...exampleEntitlements, lookupKeys }))
const planItem: fc.Arbitrary<PlanItem> = fc
  .record({
    id: fc.constantFrom('csubitem_1', 'csubitem_2'),
    status: fc.oneof(fc.constantFrom(...planItemStatuses), fc.constant({ unknown: 'dormant' })),
    price: fc
      .constantFrom('price_pro', 'price_free', 'price_more', 'price_new')
      .map((id) => ({ ...examplePrice, id })),
    isDefaultPlan: fc.boolean(),
    isFreeTrial: fc.boolean(),
    features: fc.subarray(['beta', 'reports']),
    seats: fc.constantFrom(null, 0, 3, 'unlimited' as const),
    periodStart: maybeMoment,
    periodEnd: maybeMoment,
    pastDueAt: maybeMoment,
    lifetimePaid: fc.constantFrom(null, 0, 2000),
    problems: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, fc.constant(['names no plan'])),
  })
  .map((changes) => ({ ...examplePlanItem, ...changes }))
const fact: fc.Arbitrary<BillingFact> = fc.oneof(
  { weight: 4, arbitrary: subscription },
  { weight: 2, arbitrary: planItem },
  purchase,
  entitlements,
)
const facts = fc.array(fact, { maxLength: 4 })
const mode = fc.constantFrom('keep' as const, 'tolerate' as const, 'drop' as const)
const policy: fc.Arbitrary<Policy> = fc.record({
  pastDue: fc.record({ mode, days: fc.integer({ min: 0, max: 30 }) }),
  unpaid: fc.constantFrom('nothing' as const, 'as-past-due' as const),
  pausedCollection: mode,
  refunded: fc.constantFrom('review' as const, 'drop' as const, 'keep' as const),
  settleMinutes: fc.constant(10),
  trialToleranceHours: fc.constant(24),
  brake: fc.constant({ hold: null, collapse: null }),
})
const runs = { numRuns: 1000 }

describe('whatever billing holds and the policy says', () => {
  test('what is owed is allowed', () => {
    fc.assert(
      fc.property(facts, policy, (some, by) => {
        const { owed, allowed } = promiseOf(some, { catalogue, policy: by, now })
        const outside = components.filter((one) => !isAtMost(one, owed, allowed, catalogue, exactly))
        expect(outside).toEqual([])
      }),
      runs,
    )
  })

  test('one more fact never lowers what is owed, but for a trial end, which paying makes void', () => {
    fc.assert(
      fc.property(facts, fact, policy, (some, another, by) => {
        const rules = { catalogue, policy: by, now }
        const fewer = promiseOf(some, rules).owed
        const more = promiseOf([...some, another], rules).owed
        const lowered = components.filter((one) => !isAtMost(one, fewer, more, catalogue, exactly))
        expect(lowered.filter((one) => one !== 'trialEndsAt')).toEqual([])
        if (lowered.length > 0) expect(more.trialEndsAt).toBeNull()
      }),
      runs,
    )
  })

  test('what is unknown never lowers what is owed, and leaves nothing out of what is allowed', () => {
    const unknowns = fc.constantFrom<BillingFact>(
      { ...exampleSubscription, id: 'sub_x', status: { unknown: 'dormant' } },
      {
        ...exampleSubscription,
        id: 'sub_x',
        items: [exampleItem({ id: 'price_new', productId: 'prod_new' })],
      },
      { ...examplePurchase, id: 'cs_x', prices: [], problems: ['line_items was not expanded'] },
    )
    fc.assert(
      fc.property(facts, unknowns, policy, (some, unknown, by) => {
        const rules = { catalogue, policy: by, now }
        const known = promiseOf(some, rules)
        const widened = promiseOf([...some, unknown], rules)
        expect(widened.owed).toEqual(known.owed)
        expect(widened.allowed).toMatchObject({
          plan: 'enterprise',
          paid: true,
          entitlements: 'every',
          seats: 'unlimited',
        })
        expect(widened.unknown.length).toBeGreaterThan(0)
      }),
      runs,
    )
  })

  test('the order of the facts does not matter', () => {
    const shuffled = facts.chain((some) =>
      fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
    )
    fc.assert(
      fc.property(shuffled, policy, ([some, other], by) => {
        const rules = { catalogue, policy: by, now }
        expect(promiseOf(other, rules)).toEqual(promiseOf(some, rules))
      }),
      runs,
    )
  })

  test('a subject left out by its key agrees: it stands between what is owed and what is allowed', () => {
    const mapped = fc
      .subarray([...components], { minLength: 1 })
      .filter((some) => some.includes('plan') || some.includes('paid'))
    fc.assert(
      fc.property(facts, policy, mapped, (some, by, of) => {
        const rules = {
          catalogue,
          policy: by,
          now,
          mapped: [{ source: 'clerk', components: { user: of, organization: of } }],
        }
        const keys = some.map((one) => factKeys(one, rules).keys.user)
        const said = keys.filter((key) => key !== '')
        fc.pre(!keys.includes(null) && said.length <= 1)
        const promised = promiseOf(some, rules)
        // The subject that agrees by its key is one of the bounds, or the free plan where no fact says anything.
        const agreed = [promised.owed, promised.allowed, { ...promised.allowed, trialEndsAt: null }].filter(
          (access) => agreementKey(access, of, now) === (said[0] ?? freeKey(rules, 'user')),
        )
        expect(agreed.length).toBeGreaterThan(0)
        expect([promised.unknown, promised.reviews]).toEqual([[], []])
        for (const access of agreed) {
          const compared = of.filter((one) => one !== 'trialEndsAt' || (access.trialEndsAt ?? now) > now)
          const outside = compared.filter(
            (one) =>
              !isAtMost(one, promised.owed, access, catalogue, exactly) ||
              !isAtMost(one, access, promised.allowed, catalogue, exactly),
          )
          expect(outside).toEqual([])
        }
      }),
      runs,
    )
  })
})
