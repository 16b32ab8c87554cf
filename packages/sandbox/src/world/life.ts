import type { SubscriptionStatus } from '../stripe/objects/subscription.ts'
import type { CouponId, PlanId, PriceName } from './catalogue.ts'
import type { CannotTellLabel, Label, SettlingLabel } from './label.ts'

/*
 * A life is what became of one customer, told in short: what they bought and when, and what the app gives them.
 * Stories tell lives, a world file holds them, and `enact` turns each into whole Stripe and Clerk objects.
 * Every moment is in seconds.
 */

/** One price of a subscription. */
export interface Line {
  readonly price: PriceName
  /** Default 1; none for metered prices. */
  readonly quantity?: number
}

/** What became of the money of the current period. */
export type Reversal = 'refunded' | 'partly-refunded' | 'dispute-open' | 'dispute-lost' | 'dispute-won'

export interface SubscriptionLife {
  readonly id: string
  readonly status: SubscriptionStatus
  readonly lines: readonly [Line, ...Line[]]
  readonly startedAt: number
  readonly periodStart: number
  readonly periodEnd: number
  readonly trial?: { readonly start: number; readonly end: number }
  /** A cancellation planned for later: `flag` as classic billing writes it, `date` as flexible billing does. */
  readonly cancels?: { readonly by: 'flag' | 'date'; readonly at: number; readonly askedAt: number }
  readonly endedAt?: number
  readonly pausedCollection?: { readonly since: number; readonly resumesAt: number | null }
  /** The state of the latest invoice; its moment is the period's start unless `at` says otherwise. */
  readonly invoice: {
    readonly status: 'paid' | 'open' | 'draft' | 'void' | 'uncollectible'
    readonly at?: number
    readonly sentByMail?: true
  } | null
  readonly reversal?: Reversal
  readonly coupon?: CouponId
  readonly billing?: 'classic'
  /** What a schedule changes the first line's price to when the period ends. */
  readonly later?: PriceName
  readonly metadata?: Readonly<Record<string, string>>
}

/** A purchase made once, through a checkout session. */
export interface PurchaseLife {
  readonly id: string
  readonly price: PriceName
  readonly paidAt: number
  readonly reversal?: Reversal
}

export interface CustomerLife {
  readonly id: string
  readonly name: string | null
  readonly email: string | null
  readonly createdAt: number
  readonly metadata: Readonly<Record<string, string>>
  /** `other-mode`: exists only among the test or live objects that this key does not see. */
  readonly where: 'here' | 'deleted' | 'other-mode'
  readonly subscriptions: readonly SubscriptionLife[]
  readonly purchases: readonly PurchaseLife[]
}

/** What the app gives a subject, before it is put into the app's own words. */
export interface AppAccess {
  readonly plan: PlanId
  readonly trialEndsAt: number | null
  /** Sorted. */
  readonly features: readonly string[]
  /** Organizations only; 0 is unlimited. `null`: what Clerk sets for everyone. */
  readonly seats: number | null
}

/** What the app's own database holds of a subject. */
export interface AppRecord {
  readonly access: AppAccess
  /** A word that the app wrote for the plan, in place of the plan's own. */
  readonly planWord?: string
  /** When the row was marked as deleted, in seconds; what it granted still stands in it. */
  readonly deletedAt?: number
  /** The users who belong to an organization, the one who administers it first. */
  readonly memberIds?: readonly string[]
}

/** Where a subject is on record. Default: in Clerk alone. */
export interface Whereabouts {
  /** `null`: the app's database has no row of it. */
  readonly record?: AppRecord | null
  /** Clerk does not know it: it was deleted there, or the app does without Clerk. */
  readonly isOutsideClerk?: true
}

export interface UserLife extends Whereabouts {
  readonly type: 'user'
  readonly id: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
  /** The customer that the app points to. */
  readonly pointsTo: string | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly publicMetadata: Readonly<Record<string, unknown>>
  readonly privateMetadata: Readonly<Record<string, unknown>>
  readonly unsafeMetadata: Readonly<Record<string, unknown>>
}

export interface OrganizationLife extends Whereabouts {
  readonly type: 'organization'
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly pointsTo: string | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly publicMetadata: Readonly<Record<string, unknown>>
  readonly privateMetadata: Readonly<Record<string, unknown>>
  /** 0 is unlimited. */
  readonly seats: number
  /** The user who made it and administers it. */
  readonly adminId: string | null
}

export type SubjectLife = UserLife | OrganizationLife

/** What a story tells: whoever it is about, in Stripe and in the app, and the truth about it. */
export interface Told {
  readonly customers: readonly CustomerLife[]
  readonly subjects: readonly SubjectLife[]
  readonly drifts?: readonly Label[]
  readonly cannotTell?: readonly CannotTellLabel[]
  readonly settling?: readonly SettlingLabel[]
  /** Access that somebody is given on purpose, without paying for it. */
  readonly exceptions?: readonly ExceptionMade[]
}

/** An exception, as the app's Trueup configuration says it. */
export interface ExceptionMade {
  /** `user:<id>` or `organization:<id>`. */
  readonly subject: string
  readonly allowed: { readonly plan: PlanId }
  readonly reason: string
  /** ISO 8601. */
  readonly until: string
}
