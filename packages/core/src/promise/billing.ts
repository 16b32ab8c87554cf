import type { Discount } from '../price/discount.ts'
import type { Price } from '../price/price.ts'
import type { PlanItem } from './clerk-billing/plan-item.ts'

export type { Discount, PlanItem }

/** The payer in billing. */
export interface Customer {
  readonly id: string
  readonly email: string | null
  readonly name: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly livemode: boolean
  readonly createdAt: Date
}

/** Statuses that the rule table knows. Any other is kept as it was found and makes billing unreadable. */
export const subscriptionStatuses = [
  'incomplete',
  'incomplete_expired',
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'canceled',
  'paused',
] as const
export type SubscriptionStatus = (typeof subscriptionStatuses)[number]

export interface SubscriptionItem {
  readonly id: string
  readonly price: Price
  /** `null` for metered prices. */
  readonly quantity: number | null
  readonly currentPeriodEnd: Date | null
  readonly discounts: readonly Discount[]
}

/** Money that went back for an invoice or a purchase: summed refunds, and the worst dispute. */
export interface Reversal {
  readonly refundedAmount: number
  /** `open` while it can still go either way. A dispute that was won counts as none. */
  readonly dispute: 'none' | 'open' | 'lost'
  readonly ids: readonly string[]
}

/** A refund or a dispute, by the payment it takes back. */
export interface ReversalReading extends Reversal {
  /** The payment intent, or the charge where there is none. */
  readonly paymentId: string
}

export interface Invoice {
  readonly id: string
  readonly status: string | null
  readonly currency: string
  /** Minor units. */
  readonly amountPaid: number
  readonly finalizedAt: Date | null
  readonly paidAt: Date | null
  /** Payment intents and charges that paid it; refunds and disputes are found by them. */
  readonly paymentIds: readonly string[]
  readonly reversal: Reversal | null
}

/** A subscription, in our words, read from the vendor's object by {@link readStripeSubscription}. */
export interface Subscription {
  readonly kind: 'subscription'
  readonly id: string
  readonly customerId: string
  readonly livemode: boolean
  readonly status: SubscriptionStatus | { readonly unknown: string }
  readonly items: readonly SubscriptionItem[]
  /** False when the vendor's answer held only a part of the items. */
  readonly itemsComplete: boolean
  readonly createdAt: Date
  /** The latest end of the items' periods, or the subscription's own in older API versions. `null`: none was found. */
  readonly currentPeriodEnd: Date | null
  readonly trialEndsAt: Date | null
  /** When a scheduled cancellation takes effect, from `cancel_at` or `cancel_at_period_end`. */
  readonly cancelsAt: Date | null
  readonly endedAt: Date | null
  readonly pausedCollection: { readonly behavior: string; readonly resumesAt: Date | null } | null
  /** `null`: there is none. `unread`: there is one, and it was not expanded or could not be read. */
  readonly latestInvoice: Invoice | 'unread' | null
  readonly discounts: readonly Discount[]
  readonly metadata: Readonly<Record<string, string>>
  /** The latest moment not after the reading at which the object shows a change; decides what is settling. */
  readonly changedAt: Date
  /** When the vendor's answer that holds it arrived. */
  readonly readAt: Date
  /** What could not be read, in words for the evidence; empty when all was. */
  readonly problems: readonly string[]
}

/**
 * A one-off purchase: a paid Checkout Session, or a paid invoice without a subscription. A session that started a
 * subscription stands here too, with only its one-time prices, since it may be what names the subject.
 */
export interface Purchase {
  readonly kind: 'purchase'
  readonly id: string
  readonly customerId: string
  readonly livemode: boolean
  readonly prices: readonly Price[]
  readonly paidAt: Date
  readonly currency: string
  /** Minor units. */
  readonly amountPaid: number
  readonly paymentIds: readonly string[]
  readonly reversal: Reversal | null
  readonly clientReferenceId: string | null
  readonly changedAt: Date
  /** When the vendor's answer that holds it arrived. */
  readonly readAt: Date
  /** What could not be read, in words for the evidence; empty when all was. */
  readonly problems: readonly string[]
}

/** What Stripe Entitlements says is active for a customer, where the project has them switched on. */
export interface ActiveEntitlements {
  readonly kind: 'entitlements'
  /** `entitlements:<customer id>`. */
  readonly id: string
  readonly customerId: string
  readonly livemode: boolean
  readonly lookupKeys: readonly string[]
  /** Stripe dates no entitlement: the beginning of time, so that entitlements alone never count as settling. */
  readonly changedAt: Date
  /** When the vendor's answer that holds it arrived. */
  readonly readAt: Date
  /** What could not be read, in words for the evidence; empty when all was. */
  readonly problems: readonly string[]
}

/** Whatever billing holds that can promise access. */
export type BillingFact = Subscription | PlanItem | Purchase | ActiveEntitlements
