import type { Subscription } from '../objects/index.ts'

/** A copy whose items can be changed without changing the original's; prices stay shared. */
export function copyOf(subscription: Subscription): Subscription {
  const data = subscription.items.data.map((item) => ({ ...item, discounts: [...item.discounts] }))
  return { ...subscription, discounts: [...subscription.discounts], items: { ...subscription.items, data } }
}
