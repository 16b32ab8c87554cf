/** How often a price bills. */
export interface Interval {
  readonly interval: 'day' | 'week' | 'month' | 'year'
  readonly interval_count: number
}

export const minute = 60
export const hour = 3600
export const day = 86_400

/**
 * The moment `count` intervals after `anchor` (both in seconds; a negative count goes back). Months and years keep the
 * anchor's day of the month, or take the last day of a month that is too short, as Stripe does
 * (https://docs.stripe.com/billing/subscriptions/billing-cycle): one month after January 31 is February 28, two
 * months after it is March 31.
 *
 * @example
 * addIntervals(Date.UTC(2026, 0, 31) / 1000, { interval: 'month', interval_count: 1 }, 1) // 2026-02-28
 */
export function addIntervals(anchor: number, { interval, interval_count }: Interval, count: number): number {
  const steps = interval_count * count
  if (interval === 'day') return anchor + steps * day
  if (interval === 'week') return anchor + steps * 7 * day
  const from = new Date(anchor * 1000)
  const month = from.getUTCMonth() + (interval === 'year' ? 12 * steps : steps)
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const timeOfDay = ((anchor % day) + day) % day
  return (
    Date.UTC(from.getUTCFullYear(), month, Math.min(from.getUTCDate(), lastDay)) / 1000 +
    Math.floor(timeOfDay)
  )
}

/** A stretch of time in seconds: from `start`, up to but not including `end`. */
export interface Period {
  readonly start: number
  readonly end: number
}

/**
 * The billing period around `time` (seconds) of a cycle that passes through `anchor`. The anchor may lie in the
 * future: then the period before it is counted back from it.
 */
export function periodAround(time: number, anchor: number, interval: Interval): Period {
  const length = addIntervals(anchor, interval, 1) - anchor
  let count = Math.floor((time - anchor) / length)
  while (addIntervals(anchor, interval, count) > time) count--
  while (addIntervals(anchor, interval, count + 1) <= time) count++
  return { start: addIntervals(anchor, interval, count), end: addIntervals(anchor, interval, count + 1) }
}
