import type { Catalogue } from '../access/catalogue.ts'
import type { Granted, Read, SubjectReading } from '../grant/granted.ts'
import type { Pair, Payer } from '../match/pair.ts'
import type { Price } from '../price/price.ts'
import type { BillingFact, Customer, Subscription } from '../promise/billing.ts'
import { defaultPolicy } from '../promise/policy.ts'
import type { Rules } from './rules.ts'

/*
 * Whole objects for the tests of pairs: a small app with two paid plans, and one user who pays for `pro` and has it.
 * A test changes only what it is about.
 */

export const now = new Date('2026-06-01T12:00:00Z')
export const daysFromNow = (days: number): Date => new Date(now.getTime() + days * 86_400_000)

const plan = (
  id: string,
  prices: readonly string[],
  values: readonly string[],
  entitlements: readonly string[],
) => ({ id, prices, products: [], lifetime: [], values, entitlements, seats: null }) as const

export const catalogue: Catalogue = {
  plans: [
    plan('free', [], [], []),
    plan('pro', ['price_pro'], ['premium'], ['reports']),
    plan('enterprise', ['price_enterprise'], [], ['reports', 'sso']),
  ],
  addOns: [{ id: 'api', prices: ['price_api'], products: [], lifetime: [], entitlements: ['api'] }],
  seatPacks: [],
}

export function price(id: string, unitAmount: string, change: Partial<Price> = {}): Price {
  return {
    id,
    lookupKey: null,
    productId: `prod_${id}`,
    productName: null,
    currency: 'usd',
    active: true,
    recurring: { interval: 'month', count: 1, metered: false },
    amount: { kind: 'per-unit', unitAmount },
    nickname: null,
    ...change,
  }
}

export const prices: readonly Price[] = [
  price('price_pro', '2000'),
  price('price_enterprise', '9900'),
  price('price_api', '500'),
]

export const rules: Rules = {
  catalogue,
  policy: defaultPolicy,
  match: [
    { from: { kind: 'customer.id' }, to: 'customerId', text: 'customer.id' },
    { from: { kind: 'customer.metadata', key: 'user_id' }, to: 'id', text: 'customer.metadata.user_id' },
  ],
  exceptions: [],
  mapped: [
    {
      source: 'clerk',
      components: { user: ['paid', 'plan', 'trialEndsAt', 'entitlements'], organization: ['plan'] },
    },
  ],
  prices,
  now,
}

export function customer(id = 'cus_1', change: Partial<Customer> = {}): Customer {
  return {
    id,
    email: 'ada@example.com',
    name: 'Ada',
    metadata: {},
    livemode: false,
    createdAt: daysFromNow(-400),
    ...change,
  }
}

export function subscription(
  priceIds: readonly string[] = ['price_pro'],
  change: Partial<Subscription> = {},
): Subscription {
  return {
    kind: 'subscription',
    id: 'sub_1',
    customerId: 'cus_1',
    livemode: false,
    status: 'active',
    items: priceIds.map((id) => ({
      id: `si_${id}`,
      price: prices.find((known) => known.id === id) ?? price(id, '700'),
      quantity: 1,
      currentPeriodEnd: daysFromNow(20),
      discounts: [],
    })),
    itemsComplete: true,
    createdAt: daysFromNow(-300),
    currentPeriodEnd: daysFromNow(20),
    trialEndsAt: null,
    cancelsAt: null,
    endedAt: null,
    pausedCollection: null,
    latestInvoice: {
      id: 'in_1',
      status: 'paid',
      currency: 'usd',
      amountPaid: 2000,
      finalizedAt: daysFromNow(-10),
      paidAt: daysFromNow(-10),
      paymentIds: ['pi_1'],
      reversal: null,
    },
    discounts: [],
    metadata: {},
    changedAt: daysFromNow(-10),
    readAt: now,
    problems: [],
    ...change,
  }
}

const value = <T>(read: T): Read<T> => ({ state: 'value', value: read })

export function granted(change: Partial<Granted> = {}): Granted {
  return {
    plan: value('pro'),
    paid: value(true),
    trialEndsAt: { state: 'absent' },
    entitlements: value(['reports']),
    seats: { state: 'unmapped' },
    members: { state: 'unmapped' },
    unknownPlanValue: null,
    ...change,
  }
}

export const nothingGranted: Granted = granted({
  plan: { state: 'absent' },
  paid: { state: 'absent' },
  entitlements: { state: 'absent' },
})

export function reading(change: Partial<SubjectReading> = {}): SubjectReading {
  return {
    subject: { type: 'user', id: 'user_1' },
    source: 'clerk',
    customerId: value('cus_1'),
    externalId: null,
    emails: ['ada@example.com'],
    name: 'Ada',
    granted: granted(),
    deleted: false,
    updatedAt: daysFromNow(-10),
    readAt: now,
    fields: [{ path: 'public_metadata.plan', found: '"pro"' }],
    ...change,
  }
}

export function payer(facts: readonly BillingFact[] = [subscription()], change: Partial<Payer> = {}): Payer {
  return { customer: customer(), facts, rule: 0, ...change }
}

/** The user who pays for `pro` and has it; unless changed, this pair agrees. */
export function pair(change: Partial<Pair> = {}): Pair {
  return {
    subject: { type: 'user', id: 'user_1' },
    readings: [reading()],
    missingFrom: [],
    payers: [payer()],
    pointed: { id: 'cus_1', found: 'read' },
    sharedWith: [],
    ambiguous: [],
    unanswered: [],
    formerSubjects: [],
    complete: true,
    ...change,
  }
}

/** A payer whom no subject answers to. */
export function payerAlone(change: Partial<Pair> = {}): Pair {
  return pair({
    subject: null,
    readings: [],
    pointed: null,
    payers: [payer([subscription()], { rule: null })],
    ...change,
  })
}
