import type { Price } from '../../price/price.ts'

/** Statuses of a subscription item of Clerk Billing that the rule table knows. Any other makes billing unreadable. */
export const planItemStatuses = [
  'active',
  'canceled',
  'past_due',
  'upcoming',
  'ended',
  'expired',
  'incomplete',
  'abandoned',
] as const
export type PlanItemStatus = (typeof planItemStatuses)[number]

/**
 * One item of a subscription in Clerk Billing: a plan that a user or an organization has, had or will have. Each is a
 * fact of its own, since it is the item that is tried, renewed, canceled and ended; the subscription only holds them.
 * Read from Clerk's object by {@link readClerkPlanItem}.
 */
export interface PlanItem {
  readonly kind: 'plan-item'
  readonly id: string
  /** The user's or the organization's id: in Clerk Billing they are the customers. */
  readonly customerId: string
  readonly livemode: boolean
  readonly status: PlanItemStatus | { readonly unknown: string }
  /**
   * What the plan costs a period, as Clerk will charge it next where it says so. The price's id and its product are the
   * plan's id, its lookup key is the plan's slug.
   */
  readonly price: Price
  /** The plan that everybody is on who has no other: it promises nothing beyond the free plan. */
  readonly isDefaultPlan: boolean
  readonly isFreeTrial: boolean
  /** Features of the plan, by slug, where the project reads them; else none. */
  readonly features: readonly string[]
  /** Seats that are paid for; `null`: the plan is not sold by seats. */
  readonly seats: number | 'unlimited' | null
  readonly createdAt: Date
  readonly periodStart: Date | null
  /** `null` for a plan without periods, such as a free one. */
  readonly periodEnd: Date | null
  readonly canceledAt: Date | null
  readonly pastDueAt: Date | null
  readonly endedAt: Date | null
  /** Minor units that were paid for this item so far; `null`: Clerk does not say. */
  readonly lifetimePaid: number | null
  /** The latest moment not after the reading at which the object shows a change; decides what is settling. */
  readonly changedAt: Date
  /** When the answer that holds it arrived. */
  readonly readAt: Date
  /** What could not be read, in words for the evidence; empty when all was. */
  readonly problems: readonly string[]
}
