import type { Invoice, Purchase, Reversal, Subscription } from './billing.ts'
import type { Policy } from './policy.ts'
import type { PromiseUnknown, RefundReview } from './promised.ts'

/**
 * How a subscription or a purchase stands: what it sells is `owed`; or `tolerated`, which allows it without owing it;
 * or promises `nothing`; or stands in a way that is not known.
 */
export type Standing = 'owed' | 'tolerated' | 'nothing' | 'unreadable'

export interface Stands {
  readonly standing: Standing
  readonly unknown: readonly PromiseUnknown[]
  readonly reviews: readonly RefundReview[]
}

const dayMs = 86_400_000

/**
 * How a subscription stands at `now`: its status first, then whatever takes away from it: a cancellation that has
 * come, a paused collection, money that went back. https://docs.stripe.com/billing/subscriptions/overview
 */
export function subscriptionStanding(subscription: Subscription, policy: Policy, now: Date): Stands {
  const { status } = subscription
  if (typeof status !== 'string') {
    const found = `the status ${JSON.stringify(status.unknown)}`
    return { standing: 'unreadable', unknown: [unreadable(subscription.id, found)], reviews: [] }
  }
  const byStatus = statusStanding(subscription, status, policy, now)
  if (status === 'canceled') return { ...byStatus, reviews: [] }
  const hasEnded = subscription.cancelsAt !== null && subscription.cancelsAt <= now
  const standing = hasEnded ? 'nothing' : lesser(byStatus.standing, pauseStanding(subscription, policy, now))
  if (standing === 'nothing') return { standing, unknown: [], reviews: [] }
  const invoice = readInvoice(subscription)
  const byReversal = reversalStanding(invoice, subscription.id, invoice?.id ?? null, policy)
  return {
    standing: lesser(standing, byReversal.standing),
    unknown: byStatus.unknown,
    reviews: byReversal.reviews,
  }
}

/** How a one-off purchase stands: it is paid, so only money that went back can take from it. */
export function purchaseStanding(purchase: Purchase, policy: Policy): Stands {
  return { unknown: [], ...reversalStanding(purchase, purchase.id, null, policy) }
}

type ByStatus = Pick<Stands, 'standing' | 'unknown'>

function statusStanding(
  subscription: Subscription,
  status: Exclude<Subscription['status'], object>,
  policy: Policy,
  now: Date,
): ByStatus {
  switch (status) {
    case 'active':
    case 'trialing':
      return { standing: 'owed', unknown: [] }
    case 'past_due':
      return pastDueStanding(subscription, policy, now)
    case 'unpaid':
      return policy.unpaid === 'as-past-due'
        ? pastDueStanding(subscription, policy, now)
        : { standing: 'nothing', unknown: [] }
    case 'canceled':
      return canceledStanding(subscription, policy, now)
    case 'incomplete':
    case 'incomplete_expired':
    case 'paused':
      return { standing: 'nothing', unknown: [] }
  }
}

function pastDueStanding(subscription: Subscription, policy: Policy, now: Date): ByStatus {
  const { mode, days } = policy.pastDue
  if (mode === 'drop') return { standing: 'nothing', unknown: [] }
  const invoice = readInvoice(subscription)
  if (!invoice) {
    const found = 'past due, and the open invoice was not read, so when the days of grace end is not known'
    return { standing: 'tolerated', unknown: [unreadable(subscription.id, found)] }
  }
  // A renewal that is still a draft hides the invoice that is open: the grace runs, and for how long shows within
  // the hour, once the draft is finalized.
  if (!invoice.finalizedAt) return { standing: 'tolerated', unknown: [] }
  const isOver = now.getTime() >= invoice.finalizedAt.getTime() + days * dayMs
  if (isOver) return { standing: 'nothing', unknown: [] }
  return { standing: mode === 'keep' ? 'owed' : 'tolerated', unknown: [] }
}

/** Ended early: nothing is owed any more, and time that was paid for and not paid back may be used up. */
function canceledStanding(subscription: Subscription, policy: Policy, now: Date): ByStatus {
  const { currentPeriodEnd, trialEndsAt, endedAt } = subscription
  if (!currentPeriodEnd || currentPeriodEnd <= now) return { standing: 'nothing', unknown: [] }
  const endedInTrial = trialEndsAt !== null && (endedAt === null ? now : endedAt) <= trialEndsAt
  if (endedInTrial) return { standing: 'nothing', unknown: [] }
  const { latestInvoice } = subscription
  if (latestInvoice === 'unread') {
    const found = 'canceled before the period ended, and whether the period was paid for was not read'
    return { standing: 'tolerated', unknown: [unreadable(subscription.id, found)] }
  }
  const isPaid = latestInvoice?.status === 'paid'
  const wentBack =
    latestInvoice?.reversal &&
    (latestInvoice.reversal.refundedAmount > 0 || latestInvoice.reversal.dispute !== 'none')
  const counts = isPaid && !(wentBack && policy.refunded !== 'keep')
  return { standing: counts ? 'tolerated' : 'nothing', unknown: [] }
}

function pauseStanding(subscription: Subscription, policy: Policy, now: Date): Standing {
  const pause = subscription.pausedCollection
  if (!pause || (pause.resumesAt && pause.resumesAt <= now)) return 'owed'
  const byPolicy = { keep: 'owed', tolerate: 'tolerated', drop: 'nothing' } as const
  return byPolicy[policy.pausedCollection]
}

function reversalStanding(
  paid: { readonly amountPaid: number; readonly reversal: Reversal | null } | null,
  factId: string,
  invoiceId: string | null,
  policy: Policy,
): { readonly standing: Standing; readonly reviews: readonly RefundReview[] } {
  const found = paid?.reversal ? reversalFound(paid.reversal, paid.amountPaid) : null
  if (!paid?.reversal || !found || policy.refunded === 'keep') return { standing: 'owed', reviews: [] }
  if (policy.refunded === 'drop') return { standing: 'nothing', reviews: [] }
  return { standing: 'tolerated', reviews: [{ factId, invoiceId, found, ids: paid.reversal.ids }] }
}

/** A part that was refunded is a courtesy and changes nothing. */
function reversalFound(reversal: Reversal, amountPaid: number): RefundReview['found'] | null {
  if (reversal.dispute === 'lost') return 'dispute-lost'
  if (reversal.dispute === 'open') return 'dispute-open'
  return amountPaid > 0 && reversal.refundedAmount >= amountPaid ? 'refunded' : null
}

function readInvoice(subscription: Subscription): Invoice | null {
  return subscription.latestInvoice === 'unread' ? null : subscription.latestInvoice
}

/** Of two ways to stand, the one that promises less. */
function lesser(a: Standing, b: Standing): Standing {
  const order: readonly Standing[] = ['nothing', 'unreadable', 'tolerated', 'owed']
  return order.indexOf(a) <= order.indexOf(b) ? a : b
}

export function unreadable(factId: string, found: string): PromiseUnknown {
  return { reason: 'unreadable-billing', factId, found }
}
