import type {
  Access,
  BillingFact,
  CannotTell,
  Cursor,
  Customer,
  Discount,
  Drift,
  Evidence,
  Finding,
  Incident,
  Invoice,
  Price,
  PriceTier,
  Read,
  Reversal,
  Side,
  SubjectId,
  SubjectReading,
  Verdict,
} from '@trueup/core'
import { incidentKinds, severities } from '@trueup/core'
import type { Arbitrary } from 'fast-check'
import fc from 'fast-check'

// Random values of everything that a store keeps, for property tests.

const record = <T>(model: { [K in keyof T]: Arbitrary<T[K]> }) =>
  fc.record<T>(model, { noNullPrototype: true })
const text = () => fc.oneof(fc.string({ maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 4 }))
const date = () => fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2199-12-31') })
const amount = () => fc.integer({ min: 0, max: 1_000_000 })
const orNull = <T>(value: Arbitrary<T>) => fc.option(value, { nil: null })
const list = <T>(value: Arbitrary<T>) => fc.array(value, { maxLength: 3 })
const metadata = () =>
  fc.dictionary(fc.oneof(text(), fc.constant('$date')), text(), { maxKeys: 3, noNullPrototype: true })

export const anyCursor = (): Arbitrary<Cursor> => record({ id: text(), position: text(), done: fc.boolean() })

export const anyCustomer = (): Arbitrary<Customer> =>
  record({
    id: text(),
    email: orNull(text()),
    name: orNull(text()),
    metadata: metadata(),
    livemode: fc.boolean(),
    createdAt: date(),
  })

const anyTier = (): Arbitrary<PriceTier> =>
  record({ upTo: orNull(amount()), unitAmount: orNull(text()), flatAmount: orNull(text()) })

export const anyPrice = (): Arbitrary<Price> =>
  record({
    id: text(),
    lookupKey: orNull(text()),
    productId: text(),
    productName: orNull(text()),
    currency: text(),
    active: fc.boolean(),
    recurring: orNull(
      record({
        interval: fc.constantFrom('day', 'week', 'month', 'year'),
        count: fc.integer({ min: 1, max: 12 }),
        metered: fc.boolean(),
      }),
    ),
    amount: fc.oneof(
      record({ kind: fc.constant('per-unit'), unitAmount: text() }),
      record({
        kind: fc.constant('package'),
        unitAmount: text(),
        divideBy: amount(),
        round: fc.constantFrom('up', 'down'),
      }),
      record({
        kind: fc.constant('tiered'),
        mode: fc.constantFrom('graduated', 'volume'),
        tiers: fc.oneof(list(anyTier()), fc.constant('unread' as const)),
      }),
      record({ kind: fc.constant('unknown') }),
    ),
    nickname: orNull(text()),
  })

const anyDiscount = (): Arbitrary<Discount> =>
  fc.oneof(
    record({ kind: fc.constant('percent'), percent: fc.double({ min: 0.01, max: 100, noNaN: true }) }),
    record({ kind: fc.constant('amount'), currency: text(), amount: amount() }),
    record({ kind: fc.constant('unknown'), id: text() }),
  )

const anyReversal = (): Arbitrary<Reversal> =>
  record({
    refundedAmount: amount(),
    dispute: fc.constantFrom('none', 'open', 'lost'),
    ids: list(text()),
  })

const anyInvoice = (): Arbitrary<Invoice> =>
  record({
    id: text(),
    status: orNull(text()),
    currency: text(),
    amountPaid: amount(),
    finalizedAt: orNull(date()),
    paidAt: orNull(date()),
    paymentIds: list(text()),
    reversal: orNull(anyReversal()),
  })

const factParts = () => ({
  id: text(),
  customerId: text(),
  livemode: fc.boolean(),
  changedAt: date(),
  readAt: date(),
  problems: list(text()),
})

export const anyFact = (): Arbitrary<BillingFact> =>
  fc.oneof(
    record({
      ...factParts(),
      kind: fc.constant('subscription' as const),
      status: fc.oneof(fc.constantFrom('active' as const, 'past_due' as const), record({ unknown: text() })),
      items: list(
        record({
          id: text(),
          price: anyPrice(),
          quantity: orNull(amount()),
          currentPeriodEnd: orNull(date()),
          discounts: list(anyDiscount()),
        }),
      ),
      itemsComplete: fc.boolean(),
      createdAt: date(),
      currentPeriodEnd: orNull(date()),
      trialEndsAt: orNull(date()),
      cancelsAt: orNull(date()),
      endedAt: orNull(date()),
      pausedCollection: orNull(record({ behavior: text(), resumesAt: orNull(date()) })),
      latestInvoice: fc.oneof(fc.constant(null), fc.constant('unread' as const), anyInvoice()),
      discounts: list(anyDiscount()),
      metadata: metadata(),
    }),
    record({
      ...factParts(),
      kind: fc.constant('plan-item' as const),
      status: fc.oneof(fc.constantFrom('active' as const, 'ended' as const), record({ unknown: text() })),
      price: anyPrice(),
      isDefaultPlan: fc.boolean(),
      isFreeTrial: fc.boolean(),
      features: list(text()),
      seats: fc.oneof(fc.constant(null), fc.constant('unlimited' as const), amount()),
      createdAt: date(),
      periodStart: orNull(date()),
      periodEnd: orNull(date()),
      canceledAt: orNull(date()),
      pastDueAt: orNull(date()),
      endedAt: orNull(date()),
      lifetimePaid: orNull(amount()),
    }),
    record({
      ...factParts(),
      kind: fc.constant('purchase' as const),
      prices: list(anyPrice()),
      paidAt: date(),
      currency: text(),
      amountPaid: amount(),
      paymentIds: list(text()),
      reversal: orNull(anyReversal()),
      clientReferenceId: orNull(text()),
    }),
    record({ ...factParts(), kind: fc.constant('entitlements' as const), lookupKeys: list(text()) }),
  )

const anySubject = (): Arbitrary<SubjectId> =>
  record({ type: fc.constantFrom('user', 'organization'), id: text() })

function anyRead<T>(value: Arbitrary<T>): Arbitrary<Read<T>> {
  return fc.oneof(
    record({ state: fc.constant('value' as const), value }),
    fc.constant({ state: 'absent' as const }),
    record({ state: fc.constant('unreadable' as const), found: text(), needed: text() }),
    fc.constant({ state: 'unmapped' as const }),
  )
}

export const anyReading = (): Arbitrary<SubjectReading> =>
  record({
    subject: anySubject(),
    source: text(),
    customerId: anyRead(text()),
    externalId: orNull(text()),
    emails: list(text()),
    name: orNull(text()),
    granted: record({
      plan: anyRead(text()),
      paid: anyRead(fc.boolean()),
      trialEndsAt: anyRead(date()),
      entitlements: anyRead(list(text())),
      seats: anyRead(fc.oneof(amount(), fc.constant('unlimited' as const))),
      members: anyRead(amount()),
      unknownPlanValue: orNull(text()),
    }),
    deleted: fc.boolean(),
    updatedAt: orNull(date()),
    readAt: date(),
    fields: list(record({ path: text(), found: orNull(text()) })),
  })

const anyAccess = (): Arbitrary<Access> =>
  record({
    plan: text(),
    paid: fc.boolean(),
    trialEndsAt: orNull(date()),
    entitlements: fc.oneof(list(text()), fc.constant('every' as const)),
    seats: fc.oneof(fc.constant(null), fc.constant('unlimited' as const), amount()),
  })

const anyReadings = () => orNull(record({ owed: anyAccess(), granted: anyAccess(), allowed: anyAccess() }))
const anySide = (): Arbitrary<Side> =>
  fc.oneof(text(), amount(), fc.boolean(), fc.constant(null), list(text()))
const anyMoney = () => orNull(record({ currency: text(), amount: amount() }))
const anyEvidence = (): Arbitrary<Evidence> =>
  record({ source: text(), object: text(), field: text(), value: orNull(text()), readAt: date() })

const driftParts = () => ({
  kind: fc.constantFrom(...incidentKinds),
  component: fc.oneof(
    fc.constant('plan' as const),
    text().map((feature) => `entitlement:${feature}` as const),
  ),
  hurts: fc.constantFrom('customer' as const, 'business' as const, 'both' as const),
  owed: anySide(),
  granted: anySide(),
  allowed: anySide(),
  subject: orNull(anySubject()),
  customerId: orNull(text()),
  access: anyReadings(),
  sentence: text(),
  evidence: list(anyEvidence()),
  moneyAtRisk: anyMoney(),
  moneyNote: orNull(text()),
})

export const anyDrift = (): Arbitrary<Drift> => record({ ...driftParts(), touches: list(text()), on: text() })

const anyCannotTell = (): Arbitrary<CannotTell> =>
  record({
    reason: fc.constantFrom('unmapped-price', 'ambiguous-match'),
    component: orNull(fc.constantFrom('plan' as const, 'seats' as const)),
    found: text(),
    needed: text(),
  })

const anyVerdict = (): Arbitrary<Verdict> =>
  fc.oneof(
    fc.constant({ kind: 'agrees' as const }),
    record({
      kind: fc.constant('drifts' as const),
      drifts: fc.tuple(anyDrift()),
      unknown: list(anyCannotTell()),
    }),
    record({ kind: fc.constant('cannot-tell' as const), reasons: fc.tuple(anyCannotTell()) }),
  )

export const anyFinding = (): Arbitrary<Finding> =>
  record({
    pairKey: text(),
    subject: orNull(anySubject()),
    customerId: orNull(text()),
    customerIds: list(text()),
    verdict: anyVerdict(),
    notices: list(anyDrift()),
    settling: fc.boolean(),
    confirmed: fc.boolean(),
  })

export const anyIncident = (): Arbitrary<Incident> =>
  record({
    ...driftParts(),
    id: text(),
    identity: record({
      kind: fc.constantFrom(...incidentKinds),
      on: text(),
      component: fc.constant('plan' as const),
    }),
    severity: fc.constantFrom(...severities),
    state: fc.constantFrom('open', 'acknowledged', 'resolved', 'ignored'),
    touched: list(text()),
    touchedCount: amount(),
    openedAt: date(),
    lastSeenAt: date(),
    resolvedAt: orNull(date()),
    ignoredUntil: orNull(date()),
    assignee: orNull(text()),
    openings: amount(),
    history: list(
      record({
        act: fc.constantFrom('incident-opened' as const, 'incident-resolved' as const),
        at: date(),
        by: text(),
        note: orNull(text()),
      }),
    ),
  })
