import type { Subscription, SubscriptionSchedule } from '../objects/index.ts'
import { snapshot } from '../snapshot.ts'
import { type Billing, differences } from './billing.ts'

/** Changes a schedule, emits `subscription_schedule.updated` with what it was before, then the other events given. */
export function changeSchedule(
  billing: Billing,
  schedule: SubscriptionSchedule,
  patch: Partial<SubscriptionSchedule>,
  events: readonly string[] = [],
): void {
  const before = snapshot(schedule)
  billing.state.schedules.update(schedule, patch)
  const previous = differences(before, snapshot(schedule))
  if (previous !== null) billing.state.emit('subscription_schedule.updated', schedule, previous)
  for (const type of events) billing.state.emit(type, schedule)
}

/** Whether a schedule can still act. */
export function isLive({ status }: SubscriptionSchedule): boolean {
  return status === 'active' || status === 'not_started'
}

/** A subscription that ends takes the schedule that led it along. */
export function finishSchedule(billing: Billing, subscription: Subscription, status: 'canceled'): void {
  const schedule = billing.state.schedules.get(subscription.schedule ?? '')
  if (schedule === undefined || !isLive(schedule)) return
  changeSchedule(billing, schedule, { canceled_at: billing.now(subscription), current_phase: null, status }, [
    'subscription_schedule.canceled',
  ])
}
