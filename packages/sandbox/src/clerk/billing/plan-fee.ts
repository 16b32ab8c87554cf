import { addIntervals } from '../../stripe/engine/calendar.ts'
import type { ClerkPlan, ClerkSubscriptionItem } from '../objects/index.ts'

type Period = ClerkSubscriptionItem['plan_period']

/** What a plan costs a period, in cents. */
export function feeOf(plan: ClerkPlan, period: Period): number {
  return (period === 'annual' ? plan.annual_fee : plan.fee)?.amount ?? 0
}

/** When a period that starts at a moment ends: by the calendar, a month or a year on. */
export function periodEndOf(start: number, period: Period): number {
  const interval = period === 'annual' ? 'year' : 'month'
  return addIntervals(Math.floor(start / 1000), { interval, interval_count: 1 }, 1) * 1000
}
