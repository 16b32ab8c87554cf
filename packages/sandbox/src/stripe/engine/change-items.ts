import type { ItemChange } from '../billing-engine.ts'
import { makeSubscriptionItem, planOf, type Subscription, type SubscriptionItem } from '../objects/index.ts'
import { badRequest } from '../stripe-error.ts'
import { type Billing, missing } from './billing.ts'
import { priceOf } from './line.ts'
import { sameInterval, setPeriods } from './period.ts'

/** What a change of items did, for the proration: the items as they were, and as they are. */
export interface ItemsChanged {
  /** Items as they were, whose unused time is to be credited. */
  readonly gone: readonly SubscriptionItem[]
  /** Items that go on in their period at a new price or quantity, or joined it. */
  readonly charged: readonly SubscriptionItem[]
  /** Items whose interval changed: their period begins anew. */
  readonly restarted: readonly SubscriptionItem[]
}

/**
 * Changes the items of a subscription in place and gives what has to be prorated. An item whose interval changes
 * begins a new period now, with the subscription's anchor where it is the only interval.
 *
 * @throws StripeError 400 when an item is unknown or none would be left.
 */
export function changeItems(
  billing: Billing,
  subscription: Subscription,
  changes: readonly ItemChange[],
  now: number,
): ItemsChanged {
  const gone: SubscriptionItem[] = []
  const charged: SubscriptionItem[] = []
  const restarted: SubscriptionItem[] = []
  for (const change of changes) {
    switch (change.kind) {
      case 'add': {
        const item = addItem(billing, subscription, change, now)
        charged.push(item)
        break
      }
      case 'remove': {
        gone.push({ ...itemOf(subscription, change.item) })
        const left = subscription.items.data.filter(({ id }) => id !== change.item)
        subscription.items = { ...subscription.items, data: left }
        break
      }
      case 'change': {
        const item = itemOf(subscription, change.item)
        const before = { ...item }
        const price = change.price === undefined ? item.price : priceOf(billing, change.price)
        if (price !== item.price) {
          item.price = price
          item.plan = planOf(price)
        }
        if (change.quantity !== undefined) item.quantity = change.quantity
        if (price.recurring?.usage_type === 'metered') delete item.quantity
        else item.quantity ??= 1
        if (change.metadata !== undefined) item.metadata = { ...change.metadata }
        if (change.discounts !== undefined) item.discounts = [...change.discounts]
        if (!sameInterval(before, item)) restarted.push(item)
        else if (before.price.id !== price.id || before.quantity !== item.quantity) charged.push(item)
        else continue
        gone.push(before)
        break
      }
    }
  }
  if (subscription.items.data.length === 0) {
    throw badRequest(
      'A subscription must have at least one active plan. Please delete the subscription, rather than the item.',
      'items',
    )
  }
  restart(subscription, restarted, now)
  return { gone, charged, restarted }
}

function itemOf(subscription: Subscription, id: string): SubscriptionItem {
  const item = subscription.items.data.find((candidate) => candidate.id === id)
  if (item === undefined) throw missing('subscription item', id, 'items')
  return item
}

function addItem(
  billing: Billing,
  subscription: Subscription,
  change: Extract<ItemChange, { kind: 'add' }>,
  now: number,
): SubscriptionItem {
  const price = priceOf(billing, change.price)
  const sibling = subscription.items.data.find((other) => sameInterval(other, { price }))
  const metered = price.recurring?.usage_type === 'metered'
  const item = makeSubscriptionItem({
    id: billing.state.ids.next('si'),
    created: now,
    subscription: subscription.id,
    price,
    ...(metered ? {} : { quantity: change.quantity ?? 1 }),
    metadata: { ...change.metadata },
    discounts: [...(change.discounts ?? [])],
  })
  if (sibling !== undefined) {
    item.current_period_start = sibling.current_period_start
    item.current_period_end = sibling.current_period_end
  } else if (subscription.status === 'trialing' && subscription.trial_end !== null) {
    item.current_period_start = now
    item.current_period_end = subscription.trial_end
  } else setPeriods(subscription, [item], now)
  subscription.items = { ...subscription.items, data: [...subscription.items.data, item] }
  return item
}

function restart(subscription: Subscription, restarted: readonly SubscriptionItem[], now: number): void {
  // During a trial nothing is billed, so periods stay: they end with the trial.
  if (restarted.length === 0 || subscription.status === 'trialing') return
  const all = restarted.length === subscription.items.data.length
  if (all) subscription.billing_cycle_anchor = now
  setPeriods(subscription, restarted, now)
}
