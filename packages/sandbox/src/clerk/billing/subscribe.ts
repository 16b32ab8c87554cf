import type { ClerkEventType } from '../event.ts'
import type { HttpOrigin } from '../http/call.ts'
import { notFound } from '../http/param-error.ts'
import {
  type ClerkPlan,
  type ClerkSubscription,
  type ClerkSubscriptionItem,
  makeSubscription,
  makeSubscriptionItem,
} from '../objects/index.ts'
import type { ClerkState } from '../state.ts'
import { itemEventData, subscriptionEventData } from './billing-event.ts'
import { payerOf } from './payer.ts'

/**
 * Puts a user or an organization on a plan of Clerk Billing, and tells `subscription.created` or `.updated`,
 * `subscriptionItem.active` and the end of what the plan replaces. For worlds and stories: over HTTP Clerk lets only
 * the payer's own browser do this.
 *
 * @example
 * subscribe(state, 'user_1', plan, { is_free_trial: true })
 */
export function subscribe(
  state: ClerkState,
  subjectId: string,
  plan: ClerkPlan,
  fields: Partial<ClerkSubscriptionItem> = {},
): ClerkSubscription {
  const before = state.billing.subscriptions.get(subjectId)
  const payer = payerOf(state, subjectId)
  const now = state.now()
  const replaced = (before?.subscription_items ?? []).map((item) => replacedItem(item, now))
  const item = makeSubscriptionItem({
    period_start: now,
    ...fields,
    id: fields.id ?? state.ids.next('csubitem'),
    plan,
    payer,
  })
  const subscription = makeSubscription({
    id: before?.id ?? state.ids.next('csub'),
    payer,
    created_at: before?.created_at ?? now,
    updated_at: now,
    subscription_items: [...replaced, item],
  })
  state.billing.plans.set(plan.id, plan)
  state.billing.subscriptions.set(subjectId, subscription)
  tell(state, before === undefined ? 'subscription.created' : 'subscription.updated', subscription, subjectId)
  for (const [index, each] of replaced.entries()) {
    if (each !== before?.subscription_items[index]) tellItem(state, each, subscription.id)
  }
  tellItem(state, item, subscription.id)
  return subscription
}

/** What ran ends, and what was to come never begins. */
function replacedItem(item: ClerkSubscriptionItem, now: number): ClerkSubscriptionItem {
  if (item.status === 'upcoming') return { ...item, status: 'abandoned', next_payment: null, updated_at: now }
  return ['active', 'canceled', 'past_due'].includes(item.status)
    ? { ...item, status: 'ended', ended_at: now, next_payment: null, updated_at: now }
    : item
}

/** Adds an item beside those that a payer has, and tells of it. */
export function addItem(
  state: ClerkState,
  subjectId: string,
  item: ClerkSubscriptionItem,
): ClerkSubscription {
  const before = state.billing.subscriptions.get(subjectId)
  const subscription = makeSubscription({
    id: before?.id ?? state.ids.next('csub'),
    payer: item.payer,
    created_at: before?.created_at ?? state.now(),
    updated_at: state.now(),
    subscription_items: [...(before?.subscription_items ?? []), item],
  })
  state.billing.subscriptions.set(subjectId, subscription)
  tellItem(state, item, subscription.id)
  const event =
    before === undefined ? 'subscription.created' : subscriptionEvent(before.status, subscription.status)
  tell(state, event, subscription, subjectId)
  return subscription
}

/**
 * Changes one item of a subscription and what follows for the subscription, and tells of both.
 *
 * @param event What is told of the item. Default: what its status says.
 * @throws ClerkRefusal 404 when no subscription has the item.
 * @example
 * changeItem(state, item.id, { status: 'past_due', past_due_at: state.now() })
 */
export function changeItem(
  state: ClerkState,
  itemId: string,
  fields: Partial<ClerkSubscriptionItem>,
  http: HttpOrigin = null,
  event?: ClerkEventType,
): ClerkSubscriptionItem {
  const now = state.now()
  for (const [subjectId, before] of state.billing.subscriptions) {
    const found = before.subscription_items.find(({ id }) => id === itemId)
    if (found === undefined) continue
    const item: ClerkSubscriptionItem = { ...found, ...fields, updated_at: now }
    const { next_payment: _, status: __, ...kept } = before
    const subscription = makeSubscription({
      ...kept,
      payer: item.payer,
      updated_at: now,
      past_due_at: item.status === 'past_due' ? (item.past_due_at ?? now) : null,
      subscription_items: before.subscription_items.map((each) => (each.id === itemId ? item : each)),
    })
    state.billing.subscriptions.set(subjectId, subscription)
    tellItem(state, item, subscription.id, http, event)
    tell(state, subscriptionEvent(before.status, subscription.status), subscription, subjectId, http)
    return item
  }
  throw notFound('subscription item', itemId)
}

function subscriptionEvent(
  before: ClerkSubscription['status'],
  after: ClerkSubscription['status'],
): ClerkEventType {
  if (before === after) return 'subscription.updated'
  if (after === 'past_due') return 'subscription.pastDue'
  return after === 'active' ? 'subscription.active' : 'subscription.updated'
}

const itemEvents: { readonly [Status in ClerkSubscriptionItem['status']]: ClerkEventType } = {
  active: 'subscriptionItem.active',
  canceled: 'subscriptionItem.canceled',
  expired: 'subscriptionItem.ended',
  ended: 'subscriptionItem.ended',
  past_due: 'subscriptionItem.pastDue',
  upcoming: 'subscriptionItem.upcoming',
  incomplete: 'subscriptionItem.incomplete',
  abandoned: 'subscriptionItem.abandoned',
}

function tellItem(
  state: ClerkState,
  item: ClerkSubscriptionItem,
  subscriptionId: string,
  http: HttpOrigin = null,
  event: ClerkEventType = itemEvents[item.status],
): void {
  state.emit(event, itemEventData(item, subscriptionId), http)
}

function tell(
  state: ClerkState,
  type: ClerkEventType,
  subscription: ClerkSubscription,
  subjectId: string,
  http: HttpOrigin = null,
): void {
  state.emit(type, subscriptionEventData(subscription, payerOf(state, subjectId)), http)
}
