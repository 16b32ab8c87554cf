import type { BillingRows, Customer, ProjectStore, SourceError, SubjectReading } from '@trueup/core'
import { createMemoryAccessSource, createMemoryBillingSource, createMemoryStore } from '@trueup/core'
import {
  customer,
  granted,
  now,
  price,
  reading,
  subscription,
} from '../../../core/src/check/recorded-pairs.ts'
import { parseConfig } from '../config/parse-config.ts'
import type { CheckDependencies } from './check-dependencies.ts'

/*
 * A small app for tests of whole checks: users who each pay for `pro` and have it, in a source that changes as a test
 * says.
 */

const table = { key: 'id', customerId: 'stripe_customer_id', plan: 'plan', premium: 'is_premium' }

/** Options of {@link TestWorld}. */
export interface TestWorldOptions {
  readonly users?: number
  /** Match rules; as the configuration has them when left out. */
  readonly match?: readonly string[]
  readonly settleMinutes?: number
  readonly collapse?: number
}

export class TestWorld {
  users: readonly SubjectReading[]
  customers: readonly Customer[]
  subscriptions: readonly BillingRows['subscriptions'][]
  gone: readonly { readonly id: string; readonly found: 'deleted' | 'unknown'; readonly said: string }[] = []
  refunds: readonly BillingRows['refunds'][] = []
  changes: readonly { readonly customerId: string; readonly at: Date }[] = []
  time = now
  /** Asked before each request to billing. */
  failure: () => SourceError | null = () => null
  /** Asked before each request to the app. */
  appFailure: () => SourceError | null = () => null
  project: Promise<ProjectStore> = createMemoryStore().project('project')
  readonly config

  constructor({ users = 5, match, settleMinutes = 0, collapse = 1000 }: TestWorldOptions = {}) {
    this.config = parseConfig({
      billing: { stripe: {} },
      access: [{ postgres: { table: 'users', ...table } }],
      catalogue: {
        plans: [
          { id: 'free' },
          { id: 'pro', prices: ['price_pro'], values: ['premium'] },
          { id: 'enterprise', prices: ['price_enterprise'] },
        ],
      },
      ...(match ? { match: [...match] } : {}),
      policy: { settleMinutes, brake: { collapse } },
    })
    const places = Array.from({ length: users }, (_, place) => place)
    this.users = places.map((place) => userOf(`user_${place}`, `cus_${place}`))
    this.customers = places.map((place) => customer(`cus_${place}`))
    this.subscriptions = places.map((place) => subscriptionOf(`sub_${place}`, `cus_${place}`))
  }

  async dependencies(): Promise<CheckDependencies> {
    const world = this
    return {
      project: await this.project,
      config: this.config,
      clock: { now: () => this.time },
      incidentId: (identity) => `inc_${identity}`,
      billing: createMemoryBillingSource({
        billing: {
          prices: [price('price_pro', '2000'), price('price_enterprise', '9900')],
          disputes: [],
          purchases: [],
          get refunds() {
            return world.refunds
          },
          get subscriptions() {
            return world.subscriptions
          },
          get customers() {
            return world.customers
          },
          get gone() {
            return world.gone
          },
          get changes() {
            return world.changes
          },
        },
        failure: () => this.failure(),
      }),
      access: [
        createMemoryAccessSource({
          name: 'postgres',
          access: {
            get users() {
              return world.users
            },
            organizations: [],
          },
          subjectTypes: ['user'],
          failure: () => this.appFailure(),
        }),
      ],
    }
  }

  /** Changes one user. */
  changeUser(id: string, change: (user: SubjectReading) => SubjectReading | null): void {
    this.users = this.users.flatMap((user) => (user.subject.id === id ? (change(user) ?? []) : [user]))
  }

  /** Changes the subscriptions of one customer. */
  changeSubscription(
    customerId: string,
    change: (row: BillingRows['subscriptions']) => BillingRows['subscriptions'] | null,
  ): void {
    this.subscriptions = this.subscriptions.flatMap((row) =>
      row.fact.customerId === customerId ? (change(row) ?? []) : [row],
    )
  }

  /** Billing has an event of this customer. */
  tell(customerId: string, at: Date = this.time): void {
    this.changes = [...this.changes, { customerId, at }]
  }

  deleteCustomer(id: string): void {
    this.customers = this.customers.filter((known) => known.id !== id)
    this.subscriptions = this.subscriptions.filter(({ fact }) => fact.customerId !== id)
    this.gone = [...this.gone, { id, found: 'deleted', said: 'It was deleted.' }]
  }

  /** What stands open, by kind and what it is about. */
  async open(): Promise<readonly string[]> {
    const incidents = await (await this.project).incidents({
      states: ['open', 'acknowledged'],
      limit: 10_000,
    })
    return incidents.map(({ identity }) => `${identity.kind} ${identity.on}`).toSorted()
  }
}

export function userOf(
  id: string,
  customerId: string | null,
  change: Partial<SubjectReading> = {},
): SubjectReading {
  return reading({
    source: 'postgres',
    subject: { type: 'user', id },
    customerId: customerId === null ? { state: 'absent' } : { state: 'value', value: customerId },
    granted: granted({ trialEndsAt: { state: 'unmapped' }, entitlements: { state: 'unmapped' } }),
    emails: [],
    ...change,
  })
}

export function subscriptionOf(
  id: string,
  customerId: string,
  change: Parameters<typeof subscription>[1] = {},
  prices: readonly string[] = ['price_pro'],
  of: Partial<Customer> = {},
): BillingRows['subscriptions'] {
  return {
    fact: subscription(prices, { id, customerId, latestInvoice: null, ...change }),
    customer: customer(customerId, of),
  }
}

/** The same user without anything paid. */
export function withoutAccess(user: SubjectReading): SubjectReading {
  return {
    ...user,
    granted: { ...user.granted, plan: { state: 'absent' }, paid: { state: 'value', value: false } },
  }
}

/** The same subscription, ended and not paid any more. */
export function ended(row: BillingRows['subscriptions']): BillingRows['subscriptions'] {
  if (row.fact.kind !== 'subscription') return row
  const at = new Date(row.fact.readAt.getTime() - 86_400_000)
  return { ...row, fact: { ...row.fact, status: 'canceled', endedAt: at, currentPeriodEnd: at } }
}
