import { ClerkRefusal } from '../clerk-error.ts'
import { paramInvalid } from '../http/param-error.ts'
import type { ClerkPlan, ClerkSubscription, ClerkSubscriptionItem } from '../objects/index.ts'
import { makeMoney, makeSubscriptionItem } from '../objects/index.ts'
import type { ClerkState } from '../state.ts'
import { payerOf } from './payer.ts'
import { feeOf, periodEndOf } from './plan-fee.ts'
import { addItem, changeItem, subscribe } from './subscribe.ts'
import { type Declined, takeBillingPayment } from './take-payment.ts'

/** What a payer chose at Clerk's checkout. */
export interface BillingCheckout {
  readonly plan: ClerkPlan
  /** Default `month`. */
  readonly period?: ClerkSubscriptionItem['plan_period']
  /** Seats, where the plan is sold by them. */
  readonly seats?: number
}

/**
 * Buys a plan as a payer does in Clerk's own checkout, with the card that they have: a free trial where the plan has one
 * and they never had anything paid; an upgrade at once, with what is left of the old plan taken off; a downgrade when
 * the period that is paid for ends; the plan that they canceled goes on.
 *
 * @throws ClerkRefusal 422 where there is nothing to buy; 402 where the payment failed, which stands on the statement.
 *
 * @example
 * useBillingCard(state, 'user_1', '4242 4242 4242 4242')
 * checkOut(state, 'user_1', { plan, period: 'annual' })
 */
export function checkOut(state: ClerkState, subjectId: string, chosen: BillingCheckout): ClerkSubscription {
  const { plan, period = 'month', seats } = chosen
  const isForOrganizations = plan.for_payer_type === 'org'
  if (isForOrganizations !== (state.organizations.get(subjectId) !== undefined)) {
    throw paramInvalid(
      'plan',
      `The plan ${plan.slug} is for ${isForOrganizations ? 'organizations' : 'users'}.`,
    )
  }
  const fee = feeOf(plan, period)
  if (fee === 0) throw paramInvalid('plan', `The plan ${plan.slug} is not sold by the ${period}.`)
  const now = state.now()
  const before = state.billing.subscriptions.get(subjectId)
  const items = before?.subscription_items ?? []
  const current = state.billing.live(subjectId, now).find((item) => feeOf(item.plan, item.plan_period) > 0)
  if (current && current.plan_id === plan.id && current.plan_period === period)
    return goOn(state, subjectId, current)

  const isTrial = plan.free_trial_enabled && !items.some((item) => feeOf(item.plan, item.plan_period) > 0)
  const payer = payerOf(state, subjectId)
  const item = makeSubscriptionItem({
    id: state.ids.next('csubitem'),
    plan,
    payer,
    plan_period: period,
    period_start: now,
    period_end: isTrial ? now + (plan.free_trial_days ?? 0) * dayMs : periodEndOf(now, period),
    is_free_trial: isTrial,
    seats: seats === undefined ? null : { quantity: seats },
  })
  if (current?.period_end && !current.is_free_trial && fee < feeOf(current.plan, current.plan_period)) {
    return changeLater(state, subjectId, current, item)
  }
  const due = isTrial ? 0 : Math.max(0, fee - (current ? unusedOf(current, now) : 0))
  if (due > 0) {
    const declined = takeBillingPayment(state, subjectId, item, { amount: due, at: now, charge: 'checkout' })
    if (declined !== null) throw paymentRefused(declined)
  } else if (!state.billing.cards.has(subjectId)) throw paymentRefused('no_payment_method')
  return subscribe(state, subjectId, plan, { ...item, lifetime_paid: makeMoney(due) })
}

const dayMs = 86_400_000

/** What was canceled goes on; what runs already is not sold twice. */
function goOn(state: ClerkState, subjectId: string, current: ClerkSubscriptionItem): ClerkSubscription {
  if (current.status !== 'canceled') {
    throw new ClerkRefusal(
      422,
      'already_subscribed',
      'already subscribed',
      `The payer has the plan ${current.plan.slug} already.`,
    )
  }
  abandonUpcoming(state, subjectId)
  const { plan, plan_period: period, period_end: date } = current
  const amount = makeMoney(feeOf(plan, period))
  const next_payment = date === null ? null : { amount, date }
  changeItem(state, current.id, { status: 'active', canceled_at: null, next_payment })
  return subscriptionOf(state, subjectId)
}

function changeLater(
  state: ClerkState,
  subjectId: string,
  current: ClerkSubscriptionItem,
  item: ClerkSubscriptionItem,
): ClerkSubscription {
  abandonUpcoming(state, subjectId)
  const start = current.period_end ?? state.now()
  changeItem(state, current.id, { status: 'canceled', canceled_at: state.now(), next_payment: null })
  addItem(state, subjectId, {
    ...item,
    status: 'upcoming',
    period_start: start,
    period_end: periodEndOf(start, item.plan_period),
  })
  return subscriptionOf(state, subjectId)
}

function abandonUpcoming(state: ClerkState, subjectId: string): void {
  for (const item of state.billing.subscriptions.get(subjectId)?.subscription_items ?? []) {
    if (item.status === 'upcoming') changeItem(state, item.id, { status: 'abandoned', next_payment: null })
  }
}

function subscriptionOf(state: ClerkState, subjectId: string): ClerkSubscription {
  const subscription = state.billing.subscriptions.get(subjectId)
  if (subscription !== undefined) return subscription
  throw new ClerkRefusal(404, 'resource_not_found', 'not found', `${subjectId} has no subscription.`)
}

/** What of a period that was paid for is left, in cents. */
function unusedOf(
  { plan, plan_period, period_start, period_end, status }: ClerkSubscriptionItem,
  now: number,
): number {
  if (status === 'past_due' || period_end === null || period_end <= now) return 0
  return Math.round((feeOf(plan, plan_period) * (period_end - now)) / (period_end - period_start))
}

function paymentRefused(declined: Declined): ClerkRefusal {
  const said =
    declined === 'no_payment_method'
      ? 'A card is needed first.'
      : declined === 'requires_action'
        ? 'Your card wants 3-D Secure, which Clerk Billing does not support.'
        : `Your card was declined: ${declined}.`
  return new ClerkRefusal(402, 'payment_failed', 'payment failed', said, { decline_code: declined })
}
