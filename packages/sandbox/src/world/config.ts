import type { AccessKeeping } from './app-database.ts'
import {
  addOnFeatures,
  enterpriseSeats,
  type PlanId,
  type PriceName,
  planFeatures,
  planIds,
  planSpellings,
  prices,
  soldPrice,
} from './catalogue.ts'
import type { ExceptionMade } from './life.ts'

/** A plan, as a Trueup configuration says it. */
export interface ConfigPlan {
  readonly id: string
  readonly prices?: readonly string[]
  readonly products?: readonly string[]
  readonly lifetime?: readonly string[]
  readonly values?: readonly string[]
  readonly entitlements?: readonly string[]
  readonly seats?: number | 'quantity'
}

/** Where in Clerk the app keeps access. */
export interface ConfigClerk {
  readonly users: Readonly<Record<'customerId' | 'plan' | 'premium' | 'trialEndsAt' | 'entitlements', string>>
  readonly organizations: Readonly<Record<'customerId' | 'plan' | 'entitlements' | 'seats', string>>
}

type Column = 'key' | 'customerId' | 'plan' | 'deletedAt' | 'updatedAt'

/** Where in its own database the app keeps access. */
export interface ConfigPostgres {
  readonly users: Readonly<
    Record<'table' | Column | 'email' | 'emailVerified' | 'premium' | 'trialEndsAt', string>
  > & {
    /** Where another source knows the users by another id than the key. */
    readonly subject?: string
    readonly entitlements: Readonly<Record<'table' | 'subject' | 'feature' | 'enabled', string>>
  }
  readonly organizations: Readonly<Record<'table' | Column | 'entitlements' | 'seats', string>> & {
    readonly members: Readonly<Record<'table' | 'organization', string>>
  }
}

/** The same without customers of Stripe, which an app that sells through Clerk Billing does not know. */
export interface ConfigClerkBillingPostgres {
  readonly users: Omit<ConfigPostgres['users'], 'customerId'>
  readonly organizations: Omit<ConfigPostgres['organizations'], 'customerId' | 'members'>
}

export type ConfigAccess =
  | { readonly clerk: ConfigClerk }
  | { readonly postgres: ConfigPostgres | ConfigClerkBillingPostgres }

/** The app's Trueup configuration as plain data: what `defineConfig` accepts. */
export interface WorldConfig {
  readonly billing:
    | { readonly stripe: Record<string, never> }
    | { readonly clerkBilling: Record<string, never> }
  /** The app's own database stands before its mirror in Clerk. */
  readonly access: readonly [ConfigAccess, ...ConfigAccess[]]
  readonly catalogue: {
    readonly plans: readonly ConfigPlan[]
    readonly addOns: readonly {
      readonly id: string
      readonly prices: readonly string[]
      readonly entitlements: readonly string[]
    }[]
    readonly seatPacks: readonly {
      readonly id: string
      readonly prices: readonly string[]
      readonly seatsEach: number
    }[]
  }
  readonly match: readonly string[]
  readonly policy: {
    readonly pastDue: { readonly mode: 'tolerate'; readonly days: number }
    readonly pausedCollection: 'keep'
    readonly refunded: 'review'
    readonly settleMinutes: number
    readonly trialToleranceHours: number
  }
  /** Only where the world has some. */
  readonly exceptions?: readonly ExceptionMade[]
}

/** Days for which an app may keep access after a failed payment; the world's stories stay clear of the day itself. */
export const graceDays = 14

/** What of a world decides its configuration. */
export interface ConfigOptions {
  /** Where the app keeps what it grants. */
  readonly access: AccessKeeping
  /** Where in Clerk the paid flag of users stands. */
  readonly premium: string
  readonly exceptions: readonly ExceptionMade[]
}

/** The configuration that is right for a world: where the app keeps what it grants, and what each price buys. */
export function worldConfig({ access, premium, exceptions }: ConfigOptions): WorldConfig {
  return {
    billing: { stripe: {} },
    access: configAccess(access, premium),
    catalogue: {
      plans: planIds.map(configPlan),
      addOns: Object.entries(addOnFeatures).map(([id, entitlements]) => ({
        id,
        prices: selectors((name) => {
          const { buys } = soldPrice(name)
          return buys.kind === 'add-on' && buys.addOn === id
        }),
        entitlements,
      })),
      seatPacks: [{ id: 'five-seats', prices: [prices.seat_pack.id], seatsEach: 5 }],
    },
    match: ['customer.id', 'customer.metadata.user_id', 'customer.metadata.organization_id'],
    policy: {
      pastDue: { mode: 'tolerate', days: graceDays },
      pausedCollection: 'keep',
      refunded: 'review',
      settleMinutes: 10,
      trialToleranceHours: 24,
    },
    ...(exceptions.length > 0 ? { exceptions } : {}),
  }
}

function configAccess(access: AccessKeeping, premium: string): WorldConfig['access'] {
  switch (access) {
    case 'clerk':
      return [{ clerk: configClerk(premium) }]
    case 'postgres':
      return [{ postgres: configPostgres }]
    case 'both': {
      const users = { ...configPostgres.users, subject: 'clerk_user_id' }
      return [{ postgres: { ...configPostgres, users } }, { clerk: configClerk(premium) }]
    }
  }
}

function configClerk(premium: string): ConfigClerk {
  return {
    users: {
      customerId: 'public_metadata.stripe_customer_id',
      plan: 'public_metadata.plan',
      premium,
      trialEndsAt: 'public_metadata.trial_ends_at',
      entitlements: 'public_metadata.entitlements',
    },
    organizations: {
      customerId: 'private_metadata.stripe_customer_id',
      plan: 'public_metadata.plan',
      entitlements: 'public_metadata.entitlements',
      seats: 'max_allowed_memberships',
    },
  }
}

/** The tables of the app, without the columns that only Stripe's customers need. */
export function clerkBillingPostgres(): ConfigClerkBillingPostgres {
  const { customerId: _, ...users } = configPostgres.users
  const { customerId: __, members: ___, ...organizations } = configPostgres.organizations
  return { users: { ...users, subject: 'clerk_user_id' }, organizations }
}

const configPostgres: ConfigPostgres = {
  users: {
    table: 'users',
    key: 'id',
    customerId: 'stripe_customer_id',
    email: 'email',
    emailVerified: 'email_verified_at',
    plan: 'plan',
    premium: 'is_premium',
    trialEndsAt: 'trial_ends_at',
    entitlements: {
      table: 'user_entitlements',
      subject: 'user_id',
      feature: 'feature',
      enabled: 'enabled',
    },
    deletedAt: 'deleted_at',
    updatedAt: 'updated_at',
  },
  organizations: {
    table: 'organizations',
    key: 'id',
    customerId: 'stripe_customer_id',
    plan: 'plan',
    entitlements: 'features',
    seats: 'seats',
    members: { table: 'organization_members', organization: 'organization_id' },
    deletedAt: 'deleted_at',
    updatedAt: 'updated_at',
  },
}

function configPlan(id: PlanId): ConfigPlan {
  const words = new Set(planSpellings[id].map((word) => word.toLowerCase()))
  words.delete(id)
  const plan = { id, values: [...words], entitlements: planFeatures[id] }
  // Enterprise is sold at prices made for each customer, so the whole product counts, not a list of prices.
  if (id === 'enterprise') return { ...plan, products: ['prod_1Enterprise'], seats: enterpriseSeats }
  const sells = (name: PriceName) => {
    const { buys } = soldPrice(name)
    return buys.kind === 'plan' && buys.plan === id
  }
  const recurring = selectors((name) => sells(name) && soldPrice(name).every !== null)
  const lifetime = selectors((name) => sells(name) && soldPrice(name).every === null)
  return {
    ...plan,
    ...(recurring.length > 0 ? { prices: recurring } : {}),
    ...(lifetime.length > 0 ? { lifetime } : {}),
    ...(id === 'team' ? { seats: 'quantity' as const } : {}),
  }
}

/** Prices by id, or by lookup key where they have one. */
function selectors(isMeant: (name: PriceName) => boolean): readonly string[] {
  return (Object.keys(prices) as PriceName[]).filter(isMeant).map((name) => {
    const { id, lookupKey } = soldPrice(name)
    return lookupKey === undefined ? id : `lookup:${lookupKey}`
  })
}
