import type { BillingCard } from './billing/cards.ts'
import type {
  ClerkPaymentAttempt,
  ClerkPlan,
  ClerkPrice,
  ClerkStatement,
  ClerkSubscription,
  ClerkSubscriptionItem,
} from './objects/index.ts'

/** What Clerk Billing holds. Empty, and without effect on tokens, for an instance that does not use it. */
export class ClerkBillingState {
  readonly plans = new Map<string, ClerkPlan>()
  readonly prices = new Map<string, ClerkPrice>()
  /** By payer: a user's or an organization's id. */
  readonly subscriptions = new Map<string, ClerkSubscription>()
  readonly statements = new Map<string, ClerkStatement>()
  /** The card that each payer is charged with, by a user's or an organization's id. */
  readonly cards = new Map<string, BillingCard>()
  /** How often the payment of an item that is past due was tried again. */
  readonly retries = new Map<string, number>()
  /** Items whose free trial was told to end. */
  readonly trialsTold = new Set<string>()
  /** Credit in cents, by payer: a user's or an organization's id. */
  readonly credits = new Map<string, number>()
  /** The idempotency keys of credit changes that were made. */
  readonly creditKeys = new Set<string>()

  /** All items of all subscriptions, newest first. */
  items(): readonly ClerkSubscriptionItem[] {
    return [...this.subscriptions.values()]
      .flatMap(({ subscription_items }) => subscription_items)
      .sort((a, b) => b.created_at - a.created_at || (a.id < b.id ? 1 : -1))
  }

  payments(statement: ClerkStatement): readonly ClerkPaymentAttempt[] {
    return statement.groups.flatMap(({ items }) => items)
  }

  /** The items that give access now: active and past due ones, and canceled ones until their period ends. */
  live(payerId: string, now: number): readonly ClerkSubscriptionItem[] {
    const items = this.subscriptions.get(payerId)?.subscription_items ?? []
    return items.filter(({ status, period_end }) => {
      if (status === 'active' || status === 'past_due') return true
      return status === 'canceled' && (period_end === null || period_end > now)
    })
  }
}
