import type { Policy } from '../policy.ts'
import type { Stands } from '../standing.ts'
import { unreadable } from '../standing.ts'
import type { PlanItem, PlanItemStatus } from './plan-item.ts'

type ByStatus = Pick<Stands, 'standing' | 'unknown'>

const owed: ByStatus = { standing: 'owed', unknown: [] }
const tolerated: ByStatus = { standing: 'tolerated', unknown: [] }
const nothing: ByStatus = { standing: 'nothing', unknown: [] }

const dayMs = 86_400_000

/**
 * How an item of a subscription in Clerk Billing stands at `now`. Clerk's words are not Stripe's: `canceled` is an item
 * that runs on to the end of its period and is not renewed, `ended` is what Stripe calls canceled, and a free trial is
 * `active`. https://clerk.com/docs/guides/development/webhooks/billing
 *
 * Clerk Billing pauses no collection and knows no refunds: those are made in Stripe, and nothing of them shows here.
 */
export function planItemStanding(item: PlanItem, policy: Policy, now: Date): Stands {
  if (typeof item.status !== 'string') {
    const found = `the status ${JSON.stringify(item.status.unknown)}`
    return { standing: 'unreadable', unknown: [unreadable(item.id, found)], reviews: [] }
  }
  return { ...statusStanding(item, item.status, policy, now), reviews: [] }
}

function statusStanding(item: PlanItem, status: PlanItemStatus, policy: Policy, now: Date): ByStatus {
  switch (status) {
    case 'active':
      return owed
    case 'canceled':
      return canceledStanding(item, now)
    case 'past_due':
      return pastDueStanding(item, policy, now)
    case 'upcoming':
      // From the moment at which it begins, Clerk may have begun it already and not said so yet.
      return item.periodStart !== null && item.periodStart <= now ? tolerated : nothing
    case 'ended':
    case 'expired':
      return endedStanding(item, now)
    case 'incomplete':
    case 'abandoned':
      return nothing
  }
}

/** It runs on until its period ends; one that has no end cannot be told from one that is over. */
function canceledStanding(item: PlanItem, now: Date): ByStatus {
  if (item.periodEnd) return item.periodEnd > now ? owed : nothing
  const found = 'canceled, and when its period ends is not said'
  return { standing: 'tolerated', unknown: [unreadable(item.id, found)] }
}

function pastDueStanding(item: PlanItem, policy: Policy, now: Date): ByStatus {
  const { mode, days } = policy.pastDue
  if (mode === 'drop') return nothing
  if (!item.pastDueAt) {
    const found = 'past due, and since when is not said, so when the days of grace end is not known'
    return { standing: 'tolerated', unknown: [unreadable(item.id, found)] }
  }
  const isOver = now.getTime() >= item.pastDueAt.getTime() + days * dayMs
  if (isOver) return nothing
  return mode === 'keep' ? owed : tolerated
}

/** Ended early: nothing is owed any more, and time that was paid for may be used up. */
function endedStanding(item: PlanItem, now: Date): ByStatus {
  if (!item.periodEnd || item.periodEnd <= now) return nothing
  const isUnpaid = item.isFreeTrial || item.pastDueAt !== null || item.lifetimePaid === 0
  return isUnpaid ? nothing : tolerated
}
