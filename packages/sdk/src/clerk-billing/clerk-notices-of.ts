import type { Catalogue, PlanItem, SubjectId } from '@trueup/core'
import { soldBy } from '@trueup/core'
import type { SubscriptionMemory } from '../dunning/notice.ts'
import type { ClerkNotice } from './clerk-notice.ts'
import { isRunning } from './is-running.ts'

const dayMs = 86_400_000

interface About {
  readonly subject: SubjectId
  readonly catalogue: Catalogue
  readonly trialEndingDays: number
  readonly now: Date
}

/**
 * What is to be told of a payer's subscription, by what was remembered of it at the reading before, and what is to be
 * remembered now. A payer has one subscription, whose items follow each other: one that makes room for another has
 * not ended. Follows from what Clerk says and not from events, so that nothing is told twice where an event comes
 * twice, and nothing is missed where one is lost.
 */
export function clerkNoticesOf(
  subscriptionId: string,
  items: readonly PlanItem[],
  before: readonly SubscriptionMemory[],
  about: About,
): { readonly notices: readonly ClerkNotice[]; readonly memory: readonly SubscriptionMemory[] } {
  const { subject, catalogue, now } = about
  const known = before.find(({ id }) => id === subscriptionId)
  // Of a status that is not known nothing is concluded, least of all that something has ended.
  if (items.some(({ status }) => typeof status !== 'string')) {
    return { notices: [], memory: known ? [known] : [] }
  }
  const running = items.filter((item) => isRunning(item, now))
  const live = running.length > 0
  const notices: ClerkNotice[] = []
  let failed = known?.failed ?? null
  let trialTold = known?.trialTold ?? null
  const of = (item: PlanItem) => {
    const sold = soldBy(item.price, catalogue)
    const plan = sold?.kind === 'plan' ? sold.plan.id : null
    return { subject, customerId: subject.id, subscriptionId, itemId: item.id, plan }
  }

  const unpaid = running.find(({ status }) => status === 'past_due')
  if (unpaid) {
    const key = failureKey(unpaid)
    if (failed?.invoiceId !== key) {
      const { pastDueAt, price } = unpaid
      notices.push({
        kind: 'payment-failed',
        id: `payment-failed:${key}`,
        ...of(unpaid),
        pastDueAt,
        amountDue: price.amount.kind === 'per-unit' ? Number(price.amount.unitAmount) : null,
        currency: price.currency,
      })
      failed = { invoiceId: key, attempt: 1 }
    }
  } else if (failed) {
    const [paid] = running
    if (paid) notices.push({ kind: 'recovered', id: `recovered:${failed.invoiceId}`, ...of(paid) })
    failed = null
  }
  const trial = running.find((item) => isTrialAhead(item, now))
  const trialEndsAt = trial?.periodEnd ?? null
  if (trial && trialEndsAt && isNear(trialEndsAt, about) && trialTold !== trialEndsAt.toISOString()) {
    trialTold = trialEndsAt.toISOString()
    notices.push({
      kind: 'trial-ending',
      id: `trial-ending:${trial.id}:${trialTold}`,
      ...of(trial),
      trialEndsAt,
    })
  }
  const last = known?.live && !live ? lastEnded(items) : null
  if (last) {
    notices.push({
      kind: 'canceled',
      id: `canceled:${last.id}`,
      ...of(last),
      endedAt: last.endedAt ?? last.periodEnd,
      reason: reasonOf(last),
    })
  }
  return { notices, memory: [{ id: subscriptionId, live, failed, trialTold }] }
}

/** When a free trial is to be told of, for those that run and are not near their end. */
export function clerkTrialNoticeAt(
  items: readonly PlanItem[],
  trialEndingDays: number,
  now: Date,
): Date | null {
  const moments = items
    .filter((item) => isTrialAhead(item, now))
    .flatMap(({ periodEnd }) => (periodEnd ? [periodEnd.getTime() - trialEndingDays * dayMs] : []))
    .filter((moment) => moment > now.getTime())
  return moments.length > 0 ? new Date(Math.min(...moments)) : null
}

/** An item may become past due a second time, which is another failure. */
function failureKey({ id, pastDueAt }: PlanItem): string {
  return `${id}:${pastDueAt?.toISOString() ?? 'undated'}`
}

/** A trial that was canceled ends without anything being charged, as its payer wants it. */
function isTrialAhead({ isFreeTrial, status, periodEnd }: PlanItem, now: Date): boolean {
  return isFreeTrial && status === 'active' && periodEnd !== null && periodEnd > now
}

function isNear(trialEndsAt: Date, { trialEndingDays, now }: About): boolean {
  return trialEndsAt.getTime() - now.getTime() <= trialEndingDays * dayMs
}

/** Of the items that were bought and ran, the one that ended last. */
function lastEnded(items: readonly PlanItem[]): PlanItem | null {
  const endOf = ({ endedAt, periodEnd }: PlanItem) => (endedAt ?? periodEnd)?.getTime() ?? 0
  const over: readonly PlanItem['status'][] = ['ended', 'expired', 'canceled']
  const ended = items.filter(({ isDefaultPlan, status }) => !isDefaultPlan && over.includes(status))
  return ended.toSorted((a, b) => endOf(b) - endOf(a))[0] ?? null
}

function reasonOf({ canceledAt, pastDueAt }: PlanItem) {
  if (canceledAt) return 'cancellation_requested'
  return pastDueAt ? 'payment_failed' : null
}
