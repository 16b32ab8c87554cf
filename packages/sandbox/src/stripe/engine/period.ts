import type { Recurring, Subscription, SubscriptionItem } from '../objects/index.ts'
import { addIntervals, type Period, periodAround } from './calendar.ts'

const monthly = { interval: 'month', interval_count: 1 } as const

/** How often an item bills. */
export function intervalOf(
  item: Pick<SubscriptionItem, 'price'>,
): Pick<Recurring, 'interval' | 'interval_count'> {
  return item.price.recurring ?? monthly
}

/** Whether two items bill at the same moments. */
export function sameInterval(
  one: Pick<SubscriptionItem, 'price'>,
  other: Pick<SubscriptionItem, 'price'>,
): boolean {
  const [a, b] = [intervalOf(one), intervalOf(other)]
  return a.interval === b.interval && a.interval_count === b.interval_count
}

/** An item's current period. */
export function itemPeriod(item: SubscriptionItem): Period {
  return { start: item.current_period_start, end: item.current_period_end }
}

/** From the latest start to the earliest end of the items' periods: what older API versions call the period. */
export function periodOf(subscription: Subscription): Period {
  const items = subscription.items.data
  if (items.length === 0) return { start: subscription.start_date, end: subscription.start_date }
  return {
    start: Math.max(...items.map((item) => item.current_period_start)),
    end: Math.min(...items.map((item) => item.current_period_end)),
  }
}

/** The whole cycle that an item is in, also while its first period is only a part of one. */
export function cycleOf(subscription: Subscription, item: SubscriptionItem, time: number): Period {
  return periodAround(time, subscription.billing_cycle_anchor, intervalOf(item))
}

/** Gives items the period that starts now and lasts until the anchor's next occurrence. */
export function setPeriods(
  subscription: Subscription,
  items: readonly SubscriptionItem[],
  start: number,
): void {
  for (const item of items) {
    item.current_period_start = start
    item.current_period_end = cycleOf(subscription, item, start).end
  }
}

/** The share of an item's cycle that lies between `time` and the end of its current period; 1 for all of it. */
export function shareLeft(subscription: Subscription, item: SubscriptionItem, time: number): number {
  const end = item.current_period_end
  if (end <= time) return 0
  const start = addIntervals(end, intervalOf(item), -1)
  const cycle = Math.max(end - start, end - item.current_period_start)
  if (subscription.trial_end !== null && subscription.trial_end === end) return 0
  return Math.min(1, (end - time) / cycle)
}
