import type { BillingPart, MemoryBilling, SubjectReading, SubjectType } from '@trueup/core'
import {
  createMemoryAccessSource,
  createMemoryBillingSource,
  readClerkOrganization,
  readClerkUser,
  readStripeCheckoutSession,
  readStripeCustomer,
  readStripeDispute,
  readStripePrice,
  readStripeRefund,
  readStripeSubscription,
  SourceError,
} from '@trueup/core'
import { describe } from 'vitest'
import { accessSourceContract } from './access-source-contract.ts'
import { billingRowId, billingSourceContract } from './billing-source-contract.ts'
import { clerkMapping, freeCatalogue } from './example-mapping.ts'

const readAt = new Date('2026-06-01T12:00:00Z')
const numbers = Array.from({ length: 23 }, (_, index) => index)

/** Fails every request from a given one on, counted from 1. */
class Key {
  #from = Number.POSITIVE_INFINITY
  #requests = 0

  revokeFrom(request: number): void {
    this.#from = request
    this.#requests = 0
  }

  readonly failure = (): SourceError | null => {
    if (++this.#requests < this.#from) return null
    return new SourceError({
      source: 'memory',
      code: 'key-rejected',
      message: 'The key was revoked.',
      fix: 'Make another.',
      retryable: false,
    })
  }
}

const rows = <T>(read: (number: number) => T | null): T[] => numbers.flatMap((number) => read(number) ?? [])
const customer = (number: number) => ({ id: `cus_${number}`, object: 'customer', created: 1, metadata: {} })

const billing: MemoryBilling = {
  prices: rows((n) =>
    readStripePrice({ id: `price_${n}`, object: 'price', currency: 'usd', unit_amount: 100 }),
  ),
  refunds: rows((n) => readStripeRefund({ id: `re_${n}`, payment_intent: `pi_${n}`, amount: 1 })),
  disputes: rows((n) => readStripeDispute({ id: `dp_${n}`, payment_intent: `pi_${n}`, status: 'lost' })),
  subscriptions: rows((n) => ({
    fact: readStripeSubscription(
      { id: `sub_${n}`, customer: `cus_${n}`, status: 'active', created: 1 },
      readAt,
    ),
    customer: readStripeCustomer(customer(n)),
  })),
  customers: rows((n) => readStripeCustomer(customer(n))),
  purchases: rows((n) => {
    const session = {
      id: `cs_${n}`,
      customer: `cus_${n}`,
      status: 'complete',
      payment_status: 'paid',
      created: 1,
    }
    const fact = readStripeCheckoutSession({ ...session, mode: 'payment', line_items: { data: [] } }, readAt)
    return fact && { fact, customer: null }
  }),
  gone: [{ id: 'cus_gone', found: 'deleted', said: 'It was deleted.' }],
}

describe('billing in memory', () => {
  const key = new Key()
  const idsOf = (part: BillingPart) => billing[part].map(billingRowId)
  billingSourceContract(async () => ({
    open: () => createMemoryBillingSource({ billing, pageSize: 5, failure: key.failure }),
    ids: {
      prices: idsOf('prices'),
      refunds: idsOf('refunds'),
      disputes: idsOf('disputes'),
      subscriptions: idsOf('subscriptions'),
      customers: idsOf('customers'),
      purchases: idsOf('purchases'),
    },
    customers: { payer: 'cus_7', deleted: 'cus_gone', unknown: 'cus_never' },
    revokeKeyFrom: (request) => key.revokeFrom(request),
    restoreKey: () => key.revokeFrom(Number.POSITIVE_INFINITY),
  }))
})

describe('access in memory', () => {
  const key = new Key()
  const context = { catalogue: freeCatalogue, source: 'clerk', readAt }
  const json = (type: SubjectType, n: number) => ({
    id: `${type}_${n}`,
    object: type,
    name: 'Somebody',
    created_at: n,
    updated_at: n,
    public_metadata: { stripe_customer_id: `cus_${n}`, plan: 'free' },
  })
  const users: SubjectReading[] = numbers.map((n) => readClerkUser(json('user', n), clerkMapping, context))
  const organizations = numbers.map((n) =>
    readClerkOrganization(json('organization', n), clerkMapping, context),
  )
  accessSourceContract(async () => ({
    open: () =>
      createMemoryAccessSource({ access: { users, organizations }, pageSize: 5, failure: key.failure }),
    ids: {
      users: users.map(({ subject }) => subject.id),
      organizations: organizations.map(({ subject }) => subject.id),
    },
    commonPath: 'public_metadata.stripe_customer_id',
    revokeKeyFrom: (request) => key.revokeFrom(request),
    restoreKey: () => key.revokeFrom(Number.POSITIVE_INFINITY),
  }))
})
