import type { Subscription } from '../objects/index.ts'
import type { Billing } from './billing.ts'
import { day } from './calendar.ts'

/** How long before the end of a trial its notice is sent, in seconds. */
const noticeSeconds = 3 * day

/** When `customer.subscription.trial_will_end` is to be sent; null when no trial runs, or when it was sent. */
export function trialNoticeAt(billing: Billing, subscription: Subscription): number | null {
  const { status, trial_end } = subscription
  if (status !== 'trialing' || trial_end === null || billing.sent.has(noticeOf(subscription))) return null
  return trial_end - noticeSeconds
}

/** Sends the notice, once for each end of the trial. */
export function tellTrialEnding(billing: Billing, subscription: Subscription): void {
  billing.sent.add(noticeOf(subscription))
  billing.state.emit('customer.subscription.trial_will_end', subscription)
}

/** A trial that begins with less time left than the notice is told of at once. */
export function tellShortTrial(billing: Billing, subscription: Subscription): void {
  const at = trialNoticeAt(billing, subscription)
  if (at !== null && at <= billing.now(subscription)) tellTrialEnding(billing, subscription)
}

function noticeOf({ id, trial_end }: Subscription): string {
  return `trial_will_end:${id}:${trial_end}`
}
