import type { PlanId } from '@trueup/core'

/** Where Clerk metadata of users says who has paid access. Paths such as `public_metadata.plan`. */
export interface ClerkUsersConfig {
  /**
   * The Stripe customer id. Never in `unsafe_metadata`, which a browser can write. Needed with Stripe; Clerk Billing has
   * none.
   */
  readonly customerId?: string
  /** The plan, by an id or a value of the catalogue. This or `premium` is needed. */
  readonly plan?: string
  /** A yes or no: true, 1, yes, on, premium, active, or their opposites. */
  readonly premium?: string
  /** ISO 8601, or epoch seconds or milliseconds. */
  readonly trialEndsAt?: string
  /** An object of feature and yes or no, or a list of features. */
  readonly entitlements?: string
}

/** As for users; organizations have no `unsafe_metadata`, but may have seats. */
export interface ClerkOrganizationsConfig extends ClerkUsersConfig {
  /**
   * `max_allowed_memberships` (Clerk's own limit, 0: unlimited), `members_count` (members there are), or a metadata
   * path of a limit that the app keeps.
   */
  readonly seats?: string
}

export interface ClerkAccessConfig {
  readonly clerk: {
    readonly users?: ClerkUsersConfig
    readonly organizations?: ClerkOrganizationsConfig
  }
}

/** Features that each stand in a row of their own table. */
export interface EntitlementRowsConfig {
  /** `entitlements`, or with its schema: `app.entitlements`. */
  readonly table: string
  /** The column that holds the key of the user's or organization's row. */
  readonly subject: string
  readonly feature: string
  /** A column that switches the row on. Left out: a row that is there is on. */
  readonly enabled?: string
}

/** A table with a row for each user, and its columns that say who has paid access. */
export interface PostgresUsersConfig {
  /** `users`, or with its schema: `app.users`. Default schema: `public`. */
  readonly table: string
  /** The primary key, or another unique column that never changes. */
  readonly key: string
  /** The column by which other sources and match rules know the subject, such as a Clerk user id. Default: the key. */
  readonly subject?: string
  /** The Stripe customer id. Left out: customers are matched by another rule. */
  readonly customerId?: string
  readonly email?: string
  /** A flag or moment that says the address is verified. Without it addresses match nobody. */
  readonly emailVerified?: string
  /** The plan, by an id or a value of the catalogue. This or `premium` is needed. */
  readonly plan?: string
  readonly premium?: string
  readonly trialEndsAt?: string
  /** A column (an array, or JSON), or a table with a row for each feature. */
  readonly entitlements?: string | EntitlementRowsConfig
  /** A moment or flag that marks the row as deleted. */
  readonly deletedAt?: string
  /** When the row last changed, for recent checks and to let a change settle. */
  readonly updatedAt?: string
}

/** As for users; organizations may have seats. */
export interface PostgresOrganizationsConfig extends PostgresUsersConfig {
  /** The seat limit. */
  readonly seats?: string
  /** A table with a row for each member, to count seats in use. */
  readonly members?: { readonly table: string; readonly organization: string }
}

interface PostgresConnectionConfig {
  /** What the source is called in reports. Default `postgres`, then `postgres-2` and so on. */
  readonly name?: string
  /** The environment variable that holds the connection string. Default `ACCESS_DATABASE_URL`. */
  readonly url?: string
  /** The certificate authority of the server, as PEM text. Left out: those that the system trusts. */
  readonly ca?: string
  /**
   * Read also with a role that can write. It is refused otherwise, since whoever takes the connection string could
   * change every account. Default false.
   */
  readonly allowWriteRole?: boolean
}

/** Tables of a Postgres or Supabase database. In the short form the one table is that of the users. */
export interface PostgresAccessConfig {
  readonly postgres: PostgresConnectionConfig &
    (
      | PostgresUsersConfig
      | { readonly users?: PostgresUsersConfig; readonly organizations?: PostgresOrganizationsConfig }
    )
}

/** What can be pushed of a user, in the words of the mappings. */
export type PushedField = 'plan' | 'premium' | 'trialEndsAt' | 'entitlements'

/** Access that the app pushes, or that is imported from a file. Only what is named here is compared. */
export interface PushedAccessConfig {
  readonly pushed: {
    /** Default `pushed`, then `pushed-2` and so on. */
    readonly name?: string
    /** From this age of the last full push on, nothing is concluded from it any more. Default 36. */
    readonly staleAfterHours?: number
    readonly users?: readonly PushedField[]
    readonly organizations?: readonly (PushedField | 'seats')[]
  }
}

/** One place where the app keeps what it grants. */
export type AccessConfig = ClerkAccessConfig | PostgresAccessConfig | PushedAccessConfig

/** Something sold, by the Stripe prices that buy it. */
interface SoldConfig {
  readonly id: string
  /** Price ids (`price_1`) or lookup keys (`lookup:pro_yearly`). */
  readonly prices?: readonly string[]
  /** Product ids: every price of the product buys this. */
  readonly products?: readonly string[]
}

export interface PlanConfig extends SoldConfig {
  /** Prices that buy the plan once and for good. */
  readonly lifetime?: readonly string[]
  /** How the app writes this plan; its id always counts. Compared without case. */
  readonly values?: readonly string[]
  readonly entitlements?: readonly string[]
  /** Seats that come with the plan, or `quantity`: as many as the subscription item says. Default, or `null`: none. */
  readonly seats?: number | 'quantity' | null
}

export interface AddOnConfig extends SoldConfig {
  readonly lifetime?: readonly string[]
  readonly entitlements: readonly string[]
}

export interface SeatPackConfig extends SoldConfig {
  readonly seatsEach: number
}

export interface CatalogueConfig {
  /** Lowest first; the first is the free plan. */
  readonly plans: readonly PlanConfig[]
  readonly addOns?: readonly AddOnConfig[]
  readonly seatPacks?: readonly SeatPackConfig[]
}

/** What the project decides where billing leaves room. What is left out has the default named here. */
export interface PolicyConfig {
  /** Access while a payment is overdue: `tolerate` (default) allows it for `days` (14), `keep` owes it, `drop` forbids it. */
  readonly pastDue?: { readonly mode?: 'keep' | 'tolerate' | 'drop'; readonly days?: number }
  /** Default `nothing`. */
  readonly unpaid?: 'nothing' | 'as-past-due'
  /** Access while collection is paused. Default `keep`. */
  readonly pausedCollection?: 'keep' | 'tolerate' | 'drop'
  /** After a full refund or a dispute. Default `review`. */
  readonly refunded?: 'review' | 'drop' | 'keep'
  /** How long after a change the other side may take to follow. Default 10. */
  readonly settleMinutes?: number
  /** How far two trial ends may be apart and still be one. Default 24. */
  readonly trialToleranceHours?: number
  readonly brake?: {
    /** Newly drifting subjects above which repairs are held. Default: the greater of 25 and 0.5 %. */
    readonly hold?: number | null
    /** Subjects drifting alike above which one incident stands for all. Default: the greater of 20 and 20 %. */
    readonly collapse?: number | null
  }
}

/** An account that may have more than it pays for: a comp, staff, a partner. */
export interface ExceptionConfig {
  /** `user_1`, `org_1`, or with the type before it: `user:user_1`. */
  readonly subject: string
  readonly allowed: {
    readonly plan?: PlanId
    readonly paid?: boolean
    readonly trialEndsAt?: string | Date
    readonly entitlements?: readonly string[] | 'every'
    readonly seats?: number | 'unlimited'
  }
  readonly reason: string
  readonly author?: string
  /** When it ends, as an ISO 8601 date or date-time. Left out: never. */
  readonly until?: string | Date
}

/** Plans sold through the app's own Stripe account. */
interface StripeBillingConfig {
  readonly stripe: {
    /** Read Stripe Entitlements as well. Default false. */
    readonly entitlements?: boolean
    /**
     * How many requests one run may send in a day, since Stripe also limits reads over a month. Past them a part of
     * the check is left unread and says so. Default: no limit.
     */
    readonly requestsPerDay?: number | null
  }
}

/**
 * Plans sold through Clerk Billing. They exist nowhere in Stripe; users and organizations are their own customers, so
 * prices are named by the slug or the id of a plan: `prices: ['lookup:pro']`, `products: ['cplan_1']`.
 */
interface ClerkBillingConfig {
  readonly clerkBilling: {
    /** Take the features of plans as entitlements, beside those that the catalogue names. Default false. */
    readonly features?: boolean
  }
}

/** Where payments promise access: one of the two. */
export type BillingConfig = StripeBillingConfig | ClerkBillingConfig

/** What `trueup.config.ts` holds. Keys of vendors come from the environment and have no place here. */
export interface TrueupConfig {
  readonly billing: BillingConfig
  /** Where the app keeps what it grants: one source or several, each checked against the promise and against each other. */
  readonly access: readonly AccessConfig[]
  readonly catalogue: CatalogueConfig
  /** How a customer finds its subject, the first rule that answers wins. Default: `['customer.id']`, and with Clerk
   * Billing `['customer.id -> id']`, since its customers are the users and organizations themselves. */
  readonly match?: readonly string[]
  readonly policy?: PolicyConfig
  readonly exceptions?: readonly ExceptionConfig[]
}

/**
 * Gives the configuration back as it is; it is there for the types.
 *
 * @example
 * export default defineConfig({
 *   billing: { stripe: {} },
 *   access: [{ clerk: { users: { customerId: 'private_metadata.stripe_customer_id', plan: 'public_metadata.plan' } } }],
 *   catalogue: { plans: [{ id: 'free' }, { id: 'pro', prices: ['price_1'] }] },
 * })
 */
export function defineConfig(config: TrueupConfig): TrueupConfig {
  return config
}
