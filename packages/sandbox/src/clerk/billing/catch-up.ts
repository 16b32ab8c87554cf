import type { ClerkSubscriptionItem } from '../objects/index.ts'
import { makeMoney, makeSubscriptionItem } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'
import { itemEventData } from './billing-event.ts'
import { payerOf } from './payer.ts'
import { feeOf, periodEndOf } from './plan-fee.ts'
import { addItem, changeItem } from './subscribe.ts'
import { takeBillingPayment } from './take-payment.ts'

const dayMs = 86_400_000
/** Clerk tells of the end of a free trial so long before. */
const trialNoticeMs = 3 * dayMs
/** After a payment failed it is tried again so many days later; after the last of these the item ends. */
const retryDays: readonly number[] = [3, 8, 15]

interface Due {
  readonly subjectId: string
  readonly at: number
  readonly act: () => void
}

/**
 * Does what has fallen due in Clerk Billing by the state's own time, in the order in which it did: free trials about to
 * end, renewals, payments tried again, cancellations and downgrades that take effect. To be called after the time was
 * moved; nothing happens by itself.
 */
export function catchUpBilling(state: ClerkState): void {
  for (const subjectId of [...state.billing.subscriptions.keys()]) {
    for (;;) {
      const [next] = duesOf(state, subjectId).toSorted((a, b) => a.at - b.at)
      if (next === undefined || next.at > state.now()) break
      next.act()
    }
  }
}

function duesOf(state: ClerkState, subjectId: string): readonly Due[] {
  const items = state.billing.subscriptions.get(subjectId)?.subscription_items ?? []
  return items.flatMap((item): Due[] => {
    const { period_end: end } = item
    const due = (at: number, act: () => void): Due => ({ subjectId, at, act })
    switch (item.status) {
      case 'active': {
        if (end === null || feeOf(item.plan, item.plan_period) === 0) return []
        const isTold = !item.is_free_trial || state.billing.trialsTold.has(item.id)
        const renewal = due(end, () => renew(state, subjectId, item, end))
        return isTold
          ? [renewal]
          : [due(end - trialNoticeMs, () => tellTrial(state, subjectId, item)), renewal]
      }
      case 'canceled':
        return end === null ? [] : [due(end, () => endItem(state, subjectId, item, end))]
      case 'past_due':
        return retriesOf(state, item).map(({ at, isLast }) =>
          due(at, () => retry(state, subjectId, item, at, isLast)),
        )
      case 'upcoming': {
        const isBlocked = items.some(
          (other) =>
            other.status === 'canceled' ||
            (other.status === 'active' && feeOf(other.plan, other.plan_period) > 0),
        )
        return isBlocked ? [] : [due(item.period_start, () => begin(state, subjectId, item))]
      }
      default:
        return []
    }
  })
}

function tellTrial(state: ClerkState, subjectId: string, item: ClerkSubscriptionItem): void {
  state.billing.trialsTold.add(item.id)
  const { id = '' } = state.billing.subscriptions.get(subjectId) ?? {}
  state.emit('subscriptionItem.freeTrialEnding', itemEventData(item, id))
}

/** Charges for the next period; one that cannot be charged is past due, and what was paid for stays as it was. */
function renew(state: ClerkState, subjectId: string, item: ClerkSubscriptionItem, at: number): void {
  const amount = feeOf(item.plan, item.plan_period)
  const declined = takeBillingPayment(state, subjectId, item, { amount, at, charge: 'recurring' })
  if (declined !== null) {
    state.billing.retries.set(item.id, 0)
    changeItem(state, item.id, { status: 'past_due', past_due_at: at, is_free_trial: false })
    return
  }
  changeItem(state, item.id, paidUntil(item, at, amount), null, 'subscriptionItem.updated')
}

function retriesOf(
  state: ClerkState,
  item: ClerkSubscriptionItem,
): readonly { readonly at: number; readonly isLast: boolean }[] {
  const done = state.billing.retries.get(item.id) ?? 0
  const days = retryDays[done]
  if (days === undefined) return []
  return [
    { at: (item.past_due_at ?? item.period_start) + days * dayMs, isLast: done === retryDays.length - 1 },
  ]
}

function retry(
  state: ClerkState,
  subjectId: string,
  item: ClerkSubscriptionItem,
  at: number,
  isLast: boolean,
): void {
  const amount = feeOf(item.plan, item.plan_period)
  const declined = takeBillingPayment(state, subjectId, item, { amount, at, charge: 'recurring' })
  state.billing.retries.set(item.id, (state.billing.retries.get(item.id) ?? 0) + 1)
  if (declined === null) {
    const start = item.period_end ?? at
    changeItem(state, item.id, { ...paidUntil(item, start, amount), status: 'active', past_due_at: null })
  } else if (isLast) endItem(state, subjectId, item, at)
}

function paidUntil(
  item: ClerkSubscriptionItem,
  start: number,
  amount: number,
): Partial<ClerkSubscriptionItem> {
  const period_end = periodEndOf(start, item.plan_period)
  return {
    is_free_trial: false,
    period_start: start,
    period_end,
    lifetime_paid: makeMoney(item.lifetime_paid.amount + amount),
    next_payment: { amount: makeMoney(amount), date: period_end },
  }
}

/** What ends leaves its payer on the plan that everybody has, unless another one begins. */
function endItem(state: ClerkState, subjectId: string, item: ClerkSubscriptionItem, at: number): void {
  changeItem(state, item.id, { status: 'ended', ended_at: at, next_payment: null })
  fallToDefault(state, subjectId, at)
}

/** Puts a payer who has no plan left on the default one of their kind, where the instance has one. */
export function fallToDefault(state: ClerkState, subjectId: string, at: number): void {
  const items = state.billing.subscriptions.get(subjectId)?.subscription_items ?? []
  if (items.some(({ status }) => ['active', 'canceled', 'past_due', 'upcoming'].includes(status))) return
  const type = state.organizations.get(subjectId) !== undefined ? 'org' : 'user'
  const plan = [...state.billing.plans.values()].find(
    ({ is_default, for_payer_type }) => is_default && for_payer_type === type,
  )
  if (plan === undefined) return
  addItem(
    state,
    subjectId,
    makeSubscriptionItem({
      id: state.ids.next('csubitem'),
      plan,
      payer: payerOf(state, subjectId),
      period_start: at,
      period_end: null,
    }),
  )
}

function begin(state: ClerkState, subjectId: string, item: ClerkSubscriptionItem): void {
  const at = item.period_start
  const amount = feeOf(item.plan, item.plan_period)
  const declined = takeBillingPayment(state, subjectId, item, { amount, at, charge: 'recurring' })
  if (declined === null) {
    changeItem(state, item.id, { ...paidUntil(item, at, amount), status: 'active' })
    return
  }
  state.billing.retries.set(item.id, 0)
  changeItem(state, item.id, { status: 'past_due', past_due_at: at })
}
