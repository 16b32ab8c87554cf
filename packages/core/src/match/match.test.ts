import { describe, expect, it } from 'vitest'
import type { SubjectReading } from '../grant/granted.ts'
import type { ActiveEntitlements, Customer, Purchase, Subscription } from '../promise/billing.ts'
import { customerMatchValues, factMatchValues, subjectMatchValues } from './match-values.ts'
import { parseMatchRule } from './parse-match-rule.ts'
import type { MatchRule } from './rule.ts'

const at = new Date('2027-01-15T12:00:00Z')

describe('a match rule', () => {
  it.each([
    ['customer.id', { kind: 'customer.id' }, 'customerId'],
    ['customer.id -> externalId', { kind: 'customer.id' }, 'externalId'],
    ['customer.metadata.user_id', { kind: 'customer.metadata', key: 'user_id' }, 'id'],
    ['customer.metadata.user_id -> externalId', { kind: 'customer.metadata', key: 'user_id' }, 'externalId'],
    ['customer.metadata.app.user', { kind: 'customer.metadata', key: 'app.user' }, 'id'],
    ['subscription.metadata.org_id->id', { kind: 'subscription.metadata', key: 'org_id' }, 'id'],
    [' checkout.client_reference_id ', { kind: 'checkout.client_reference_id' }, 'id'],
    ['customer.email', { kind: 'customer.email' }, 'email'],
    ['customer.email -> email', { kind: 'customer.email' }, 'email'],
    ['customer.metadata.login -> email', { kind: 'customer.metadata', key: 'login' }, 'email'],
  ])('%j is read', (text, from, to) => {
    const parsed = parseMatchRule(text)
    expect(parsed).toMatchObject({ ok: true, value: { from, to } })
    if (parsed.ok) expect(parseMatchRule(parsed.value.text)).toEqual(parsed)
  })

  it.each([
    ['', 'match-from-unknown'],
    ['customer', 'match-from-unknown'],
    ['customer.metadata', 'match-from-unknown'],
    ['customer.metadata.', 'match-from-unknown'],
    ['customer.name', 'match-from-unknown'],
    ['Customer.id', 'match-from-unknown'],
    ['-> id', 'match-from-unknown'],
    ['customer.id ->', 'match-malformed'],
    ['customer.id -> id -> id', 'match-malformed'],
    ['customer.id -> email', 'match-to-unknown'],
    ['customer.email -> id', 'match-to-unknown'],
    ['customer.metadata.user_id -> customerId', 'match-to-unknown'],
    ['customer.metadata.user_id -> name', 'match-to-unknown'],
  ])('%j is refused as %s', (text, code) => {
    expect(parseMatchRule(text)).toMatchObject({ ok: false, refusal: { code } })
  })
})

const rules: readonly MatchRule[] = [
  'customer.id',
  'customer.metadata.user_id',
  'customer.metadata.user_id -> externalId',
  'subscription.metadata.user_id',
  'checkout.client_reference_id',
  'customer.email',
].map((text) => {
  const parsed = parseMatchRule(text)
  if (!parsed.ok) throw new Error(parsed.refusal.needed)
  return parsed.value
})

const customer: Customer = {
  id: 'cus_1',
  email: ' Ada@Example.COM ',
  name: 'Ada',
  metadata: { user_id: 'user_1' },
  livemode: false,
  createdAt: at,
}
const subscription: Subscription = {
  kind: 'subscription',
  id: 'sub_1',
  customerId: 'cus_1',
  livemode: false,
  status: 'active',
  items: [],
  itemsComplete: true,
  createdAt: at,
  currentPeriodEnd: null,
  trialEndsAt: null,
  cancelsAt: null,
  endedAt: null,
  pausedCollection: null,
  latestInvoice: null,
  discounts: [],
  metadata: { user_id: 'user_1' },
  changedAt: at,
  readAt: at,
  problems: [],
}
const purchase: Purchase = {
  kind: 'purchase',
  id: 'cs_1',
  customerId: 'cus_1',
  livemode: false,
  prices: [],
  paidAt: at,
  currency: 'usd',
  amountPaid: 100,
  paymentIds: [],
  reversal: null,
  clientReferenceId: 'user_1',
  changedAt: at,
  readAt: at,
  problems: [],
}
const entitlements: ActiveEntitlements = {
  kind: 'entitlements',
  id: 'entitlements:cus_1',
  customerId: 'cus_1',
  livemode: false,
  lookupKeys: [],
  changedAt: at,
  readAt: at,
  problems: [],
}
const reading: SubjectReading = {
  subject: { type: 'user', id: 'user_1' },
  source: 'clerk',
  customerId: { state: 'value', value: 'cus_1' },
  externalId: 'ext_1',
  emails: ['ada@example.com', 'ada@old.example'],
  name: null,
  granted: {
    plan: { state: 'absent' },
    paid: { state: 'absent' },
    trialEndsAt: { state: 'unmapped' },
    entitlements: { state: 'unmapped' },
    seats: { state: 'unmapped' },
    members: { state: 'unmapped' },
    unknownPlanValue: null,
  },
  deleted: false,
  updatedAt: null,
  readAt: at,
  fields: [],
}

describe('match values', () => {
  it('of a customer are its id, its metadata and its address without case', () => {
    expect(customerMatchValues(rules, customer)).toEqual([
      { rule: 0, value: 'cus_1' },
      { rule: 1, value: 'user_1' },
      { rule: 2, value: 'user_1' },
      { rule: 5, value: 'ada@example.com' },
    ])
  })

  it('that are empty answer to nothing', () => {
    const bare = { ...customer, email: ' ', metadata: { user_id: '' } }
    expect(customerMatchValues(rules, bare)).toEqual([{ rule: 0, value: 'cus_1' }])
    expect(customerMatchValues(rules, { ...bare, email: null, metadata: {} })).toHaveLength(1)
  })

  it('are never inherited', () => {
    const inherited: MatchRule = {
      from: { kind: 'customer.metadata', key: 'constructor' },
      to: 'id',
      text: 'customer.metadata.constructor -> id',
    }
    expect(customerMatchValues([inherited], customer)).toEqual([])
  })

  it('of a fact come from a subscription or a checkout', () => {
    expect(factMatchValues(rules, subscription)).toEqual([{ rule: 3, value: 'user_1' }])
    expect(factMatchValues(rules, purchase)).toEqual([{ rule: 4, value: 'user_1' }])
    expect(factMatchValues(rules, { ...purchase, clientReferenceId: null })).toEqual([])
    expect(factMatchValues(rules, entitlements)).toEqual([])
  })

  it('of a subject are the fields that the rules name, each at the first rule that does, each address by itself', () => {
    expect(subjectMatchValues(rules, reading)).toEqual([
      { rule: 0, value: 'cus_1' },
      { rule: 1, value: 'user_1' },
      { rule: 2, value: 'ext_1' },
      { rule: 5, value: 'ada@example.com' },
      { rule: 5, value: 'ada@old.example' },
    ])
  })

  it.each<readonly [string, SubjectReading['customerId']]>([
    ['absent', { state: 'absent' }],
    ['unreadable', { state: 'unreadable', found: '"sub_1"', needed: 'a customer id' }],
  ])('of a subject whose customer id is %s do not name a customer', (_state, customerId) => {
    const values = subjectMatchValues(rules, { ...reading, customerId })
    expect(values.filter(({ rule }) => rule === 0)).toEqual([])
  })
})
