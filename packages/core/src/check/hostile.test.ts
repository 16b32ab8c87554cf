import { describe, expect, test } from 'vitest'
import { readClerkOrganization, readClerkUser } from '../grant/clerk/read-clerk-subject.ts'
import type { ClerkMapping } from '../grant/clerk-mapping.ts'
import type { SubjectReading } from '../grant/granted.ts'
import { subjectAgreementKey } from '../grant/observe-subject.ts'
import { readStripePrice } from '../price/read-stripe-price.ts'
import type { BillingFact } from '../promise/billing.ts'
import { factKeys } from '../promise/observe-fact.ts'
import { promiseOf } from '../promise/promise-of.ts'
import { readStripeActiveEntitlements } from '../promise/stripe/read-active-entitlements.ts'
import { readStripeCustomer } from '../promise/stripe/read-customer.ts'
import { readStripeCheckoutSession, readStripeInvoicePurchase } from '../promise/stripe/read-purchase.ts'
import { readStripeDispute, readStripeRefund } from '../promise/stripe/read-reversals.ts'
import { readStripeSubscription } from '../promise/stripe/read-subscription.ts'
import {
  recordedCoupon,
  recordedCustomer,
  recordedDiscount,
  recordedDispute,
  recordedEntitlement,
  recordedInvoice,
  recordedItem,
  recordedItems,
  recordedLineItems,
  recordedPrice,
  recordedRefund,
  recordedSession,
  recordedSubscription,
  type StripeJson,
} from '../promise/stripe/recorded.ts'
import { check } from './check.ts'
import { catalogue, nothingGranted, now, pair, payer, reading, rules } from './recorded-pairs.ts'

/*
 * What a vendor's answer may hold that nobody expects: values of every wrong type and size, one after the other in
 * the place of each field. Nothing of it may end a check, and nothing of it may pass for a promise in silence.
 */
const hostile: readonly unknown[] = [
  undefined,
  null,
  '',
  'NaN',
  'Infinity',
  '__proto__',
  '1e999',
  '-0',
  '9'.repeat(400),
  '\u0000\u001b[2J\u202e',
  '\ud800',
  '🦄',
  'x'.repeat(500),
  0,
  -1,
  1.5,
  1e21,
  1e308,
  5e-324,
  true,
  false,
  [],
  [[]],
  ['x'],
  {},
  { id: 'x' },
  { toString: 'x', valueOf: 1 },
  { constructor: 1, hasOwnProperty: 1 },
  JSON.parse('{"__proto__":{"a":1}}'),
  deep(200),
]

function deep(levels: number): unknown {
  let json: unknown = 'bottom'
  for (let level = 0; level < levels; level++) json = level % 2 === 0 ? [json] : { deeper: json }
  return json
}

type Path = readonly string[]

function* pathsOf(json: unknown, at: Path = []): Generator<Path> {
  if (at.length > 0) yield at
  if (typeof json !== 'object' || json === null) return
  for (const [key, value] of Object.entries(json)) yield* pathsOf(value, [...at, key])
}

function withValue(json: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value
  if (Array.isArray(json)) {
    return json.map((element, index) => (String(index) === key ? withValue(element, rest, value) : element))
  }
  const object = json as StripeJson
  return { ...object, [key]: withValue(object[key], rest, value) }
}

/** Every field but the object's own id, by which each object is known to be one, with every hostile value. */
function* mutants(
  json: unknown,
): Generator<{ readonly json: unknown; readonly path: Path; readonly value: unknown }> {
  for (const path of pathsOf(json)) {
    if (path.length === 1 && path[0] === 'id') continue
    for (const value of hostile) yield { json: withValue(json, path, value), path, value }
  }
}

const tiers = [
  { up_to: 10, unit_amount: 5, unit_amount_decimal: '5', flat_amount: 1, flat_amount_decimal: '1' },
  { up_to: 'inf', unit_amount: 3, unit_amount_decimal: '3', flat_amount: null, flat_amount_decimal: null },
]
const tiered = recordedPrice({ id: 'price_api', billing_scheme: 'tiered', tiers_mode: 'graduated', tiers })
const packaged = recordedPrice({ id: 'price_api', transform_quantity: { divide_by: 10, round: 'up' } })
const subscription = recordedSubscription({
  discounts: [recordedDiscount({ source: { type: 'coupon', coupon: recordedCoupon() } })],
  latest_invoice: recordedInvoice(),
  items: recordedItems([
    recordedItem(),
    recordedItem({ id: 'si_tiered', price: tiered }),
    recordedItem({ id: 'si_packaged', price: packaged }),
  ]),
})
const pastDue = recordedSubscription({
  status: 'past_due',
  latest_invoice: recordedInvoice({ status: 'open' }),
  pause_collection: { behavior: 'void', resumes_at: 1 },
})

/** Goes through everything that a check asks of a fact: its key, the verdicts with and without a subject, the money. */
function checkFact(fact: BillingFact): void {
  factKeys(fact, rules)
  const payers = [payer([fact])]
  const refused = reading({ granted: nothingGranted })
  const alone = pair({ subject: null, pointed: null, readings: [], payers })
  expectFinite(check(alone, rules))
  expectFinite(check(pair({ payers, readings: [refused] }), rules))
}

/** A number that is not finite cannot be kept. */
function expectFinite(value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`A number is ${value}.`)
  if (typeof value === 'object' && value !== null) for (const held of Object.values(value)) expectFinite(held)
}

describe('no value in no field ends a check, of', () => {
  const facts: readonly [name: string, whole: StripeJson, read: (json: unknown) => BillingFact | null][] = [
    ['a subscription', subscription, (json) => readStripeSubscription(json, now)],
    ['a subscription that is past due', pastDue, (json) => readStripeSubscription(json, now)],
    [
      'a checkout session',
      recordedSession({ line_items: recordedLineItems([recordedPrice({ recurring: null })]) }),
      (json) => readStripeCheckoutSession(json, now),
    ],
    [
      'an invoice of a purchase',
      recordedInvoice({ parent: null }),
      (json) => readStripeInvoicePurchase(json, now),
    ],
    [
      'a list of entitlements',
      recordedItems([recordedEntitlement()]),
      (json) => readStripeActiveEntitlements(json, { customerId: 'cus_1', livemode: false, readAt: now }),
    ],
  ]
  test.each(facts)('%s', (_name, whole, read) => {
    for (const { json } of mutants(whole)) {
      const fact = read(json)
      if (fact) checkFact(fact)
    }
  })

  test.each<[name: string, whole: StripeJson, read: (json: unknown) => unknown]>([
    ['a price', tiered, readStripePrice],
    ['a customer', recordedCustomer(), readStripeCustomer],
    ['a refund', recordedRefund(), readStripeRefund],
    ['a dispute', recordedDispute(), readStripeDispute],
  ])('%s', (_name, whole, read) => {
    for (const { json } of mutants(whole)) expectFinite(read(json))
  })
})

test('no value of another type than Stripe sends changes what a subscription promises in silence', () => {
  const whole = promiseOf([readStripeSubscription(subscription, now)], rules)
  const silent: string[] = []
  for (const { json, path, value } of mutants(subscription)) {
    const before = path.reduce<unknown>((at, key) => (at as StripeJson)[key], subscription)
    const isOtherType = before !== null && value !== undefined && kindOf(value) !== kindOf(before)
    if (!isOtherType) continue
    const promised = promiseOf([readStripeSubscription(json, now)], rules)
    const isSaid = promised.unknown.length > 0
    if (!isSaid && JSON.stringify(promised) !== JSON.stringify(whole)) {
      silent.push(`${path.join('.')} = ${JSON.stringify(value)?.slice(0, 30)}`)
    }
  }
  expect(silent).toEqual([])
})

function kindOf(value: unknown): string {
  if (value === null || value === '') return 'nothing'
  return Array.isArray(value) ? 'list' : typeof value
}

const path = (text: string) => {
  const [container, ...keys] = text.split('.')
  return { text, container, keys } as unknown as NonNullable<ClerkMapping['plan']>
}
const mapping: ClerkMapping = {
  customerId: path('public_metadata.stripe_customer_id'),
  plan: path('public_metadata.plan'),
  premium: path('public_metadata.is_premium'),
  trialEndsAt: path('public_metadata.trial_ends_at'),
  entitlements: path('public_metadata.entitlements'),
  seats: path('public_metadata.seats'),
}
const publicMetadata = {
  stripe_customer_id: 'cus_1',
  plan: 'pro',
  is_premium: true,
  trial_ends_at: '2027-01-01',
  entitlements: { reports: true, sso: false },
  seats: 5,
}
const readRules = { catalogue, source: 'clerk', readAt: now }

describe('no value in the metadata of', () => {
  const user = {
    id: 'user_1',
    object: 'user',
    public_metadata: publicMetadata,
    email_addresses: [{ id: 'e', email_address: 'A@b.c', verification: { status: 'verified' } }],
    external_id: 'x',
    first_name: 'Ada',
    updated_at: 1,
  }
  const organization = {
    id: 'org_1',
    object: 'organization',
    public_metadata: publicMetadata,
    name: 'Ada',
    members_count: 3,
    max_allowed_memberships: 5,
  }
  const mapped = ['paid', 'plan', 'trialEndsAt', 'entitlements', 'seats'] as const
  const lenient = {
    ...rules,
    mapped: [{ source: 'clerk', components: { user: mapped, organization: mapped } }],
  }

  test.each<[name: string, whole: object, read: (json: unknown) => SubjectReading]>([
    ['a user', user, (json) => readClerkUser(json, mapping, readRules)],
    [
      'an organization whose members are counted',
      organization,
      (json) => readClerkOrganization(json, { ...mapping, seats: 'members_count' }, readRules),
    ],
    [
      'an organization with a limit of its own',
      organization,
      (json) => readClerkOrganization(json, { ...mapping, seats: 'max_allowed_memberships' }, readRules),
    ],
  ])('%s ends a check', (_name, whole, read) => {
    for (const { json, path: at, value } of mutants(whole)) {
      // An answer that is no user at all is refused as a whole, and so is one without metadata.
      if (at.length === 1 && (at[0] === 'object' || (at[0] === 'public_metadata' && value === undefined)))
        continue
      const found = read(json)
      subjectAgreementKey(found, lenient)
      for (const payers of [[], [payer()]]) {
        expectFinite(check(pair({ subject: found.subject, readings: [found], payers }), lenient))
      }
    }
  })

  test('a user passes for access or for none where it cannot be read', () => {
    const said = (plan: unknown) => {
      const found = readClerkUser(
        {
          ...user,
          public_metadata: { ...publicMetadata, plan, is_premium: undefined, entitlements: undefined },
        },
        mapping,
        readRules,
      )
      return check(pair({ readings: [found], payers: [], pointed: null }), {
        ...rules,
        mapped: [{ source: 'clerk', components: { user: ['paid', 'plan'] } }],
      }).verdict.kind
    }
    // Texts that name no plan, and what is no text, may mean anything; only nothing is nothing.
    for (const value of hostile) {
      const isNothing = value === undefined || value === null || value === ''
      expect([JSON.stringify(value)?.slice(0, 40), said(value)]).toEqual([
        JSON.stringify(value)?.slice(0, 40),
        isNothing ? 'agrees' : 'cannot-tell',
      ])
    }
  })
})
