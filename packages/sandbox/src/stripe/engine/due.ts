import type { Customer, Invoice, Subscription, SubscriptionSchedule } from '../objects/index.ts'
import type { Billing } from './billing.ts'
import { day, hour } from './calendar.ts'
import { voidInvoice } from './close-invoice.ts'
import { endSubscription, expireIncomplete, hasEnded } from './end-subscription.ts'
import { finalizeInvoice } from './finalize-invoice.ts'
import { isLive } from './finish-schedule.ts'
import { attemptPayment, giveUp } from './pay-invoice.ts'
import { periodOf } from './period.ts'
import { endTrial, renewSubscription, tellUpcoming } from './renew-subscription.ts'
import { beginSchedule, endPhase } from './schedule.ts'
import { standAfterFailure, subscriptionOfInvoice } from './standing.ts'
import { tellTrialEnding, trialNoticeAt } from './trial-notice.ts'

/** Something that time alone brings about. */
export interface Due {
  /** Seconds. */
  readonly at: number
  act(): void
}

/** How long a first invoice, or one that a change waits for, can be paid. */
const waitSeconds = 23 * hour

/**
 * The next thing that time will bring about for a customer, or null. Where several fall on one moment, invoices come
 * before schedules, those before endings, and renewals last, so that a renewal bills what then holds.
 */
export function nextDue(billing: Billing, customer: Customer): Due | null {
  const { state } = billing
  const dues = [
    ...state.invoices.by('customer', customer.id).flatMap((invoice) => duesOfInvoice(billing, invoice)),
    ...state.schedules.by('customer', customer.id).flatMap((schedule) => duesOfSchedule(billing, schedule)),
    ...state.subscriptions
      .by('customer', customer.id)
      .flatMap((subscription) => duesOfSubscription(billing, subscription)),
  ]
  let next: Due | null = null
  for (const due of dues) if (next === null || due.at < next.at) next = due
  return next
}

function duesOfInvoice(billing: Billing, invoice: Invoice): Due[] {
  const dues: Due[] = []
  if (invoice.status === 'draft' && invoice.auto_advance && invoice.automatically_finalizes_at !== null) {
    dues.push({
      at: invoice.automatically_finalizes_at,
      act: () => {
        finalizeInvoice(billing, invoice)
        const finalized = invoice as { status: string; collection_method: string }
        if (finalized.status === 'open' && finalized.collection_method === 'charge_automatically') {
          attemptPayment(billing, invoice, { automatic: true })
        }
      },
    })
  }
  if (invoice.status !== 'open') return dues
  if (invoice.next_payment_attempt !== null) {
    dues.push({
      at: invoice.next_payment_attempt,
      act: () => void attemptPayment(billing, invoice, { automatic: true }),
    })
  }
  const subscription = subscriptionOfInvoice(billing, invoice)
  if (invoice.due_date !== null && (subscription === null || !hasEnded(subscription))) {
    dues.push(...duesOfBill(billing, invoice, invoice.due_date, subscription))
  }
  const waits = billing.pendingChanges.has(invoice.id) || billing.resuming.has(invoice.id)
  if (waits) dues.push({ at: invoice.created + waitSeconds, act: () => void voidInvoice(billing, invoice) })
  return dues
}

/** A bill that was sent and is not paid: overdue at its date, given up some time later. */
function duesOfBill(
  billing: Billing,
  invoice: Invoice,
  date: number,
  subscription: Subscription | null,
): Due[] {
  const overdue = `invoice.overdue:${invoice.id}`
  if (!billing.sent.has(overdue)) {
    const act = () => {
      billing.sent.add(overdue)
      billing.state.emit('invoice.overdue', invoice)
      if (subscription !== null) standAfterFailure(billing, subscription, invoice)
    }
    return [{ at: date, act }]
  }
  if (subscription?.status !== 'past_due' || !invoice.auto_advance) return []
  return [{ at: date + billing.settings.overdueDays * day, act: () => giveUp(billing, invoice) }]
}

function duesOfSchedule(billing: Billing, schedule: SubscriptionSchedule): Due[] {
  if (!isLive(schedule)) return []
  if (schedule.status === 'not_started') {
    const [first] = schedule.phases
    return first === undefined ? [] : [{ at: first.start_date, act: () => beginSchedule(billing, schedule) }]
  }
  if (schedule.current_phase === null) return []
  return [{ at: schedule.current_phase.end_date, act: () => endPhase(billing, schedule) }]
}

function duesOfSubscription(billing: Billing, subscription: Subscription): Due[] {
  const { status, cancel_at, trial_end, pause_collection } = subscription
  // Without items there is no period, so nothing can come of time.
  if (hasEnded(subscription) || subscription.items.data.length === 0) return []
  if (status === 'incomplete') {
    return [{ at: subscription.created + waitSeconds, act: () => expireIncomplete(billing, subscription) }]
  }
  const end = subscription.cancel_at_period_end ? periodOf(subscription).end : null
  const dues: Due[] = []
  for (const at of [cancel_at, end]) {
    if (at !== null) dues.push({ at, act: () => endSubscription(billing, subscription) })
  }
  if (status === 'paused') return dues
  const resumesAt = pause_collection?.resumes_at ?? null
  if (resumesAt !== null) {
    dues.push({
      at: resumesAt,
      act: () => billing.changeSubscription(subscription, { pause_collection: null }),
    })
  }
  dues.push(...notices(billing, subscription))
  if (status === 'trialing' && trial_end !== null) {
    dues.push({ at: trial_end, act: () => endTrial(billing, subscription) })
  } else dues.push({ at: periodOf(subscription).end, act: () => renewSubscription(billing, subscription) })
  return dues
}

/** What is told ahead of time, once each. */
function notices(billing: Billing, subscription: Subscription): Due[] {
  const { id, status } = subscription
  const period = periodOf(subscription)
  const dues: Due[] = []
  const notice = trialNoticeAt(billing, subscription)
  if (notice !== null) dues.push({ at: notice, act: () => tellTrialEnding(billing, subscription) })
  const upcoming = `upcoming:${id}:${period.end}`
  const at = period.end - billing.settings.upcomingDays * day
  const ends =
    subscription.cancel_at_period_end || (subscription.cancel_at ?? Number.POSITIVE_INFINITY) <= period.end
  if (status !== 'unpaid' && !ends && at > period.start && !billing.sent.has(upcoming)) {
    const act = () => {
      billing.sent.add(upcoming)
      tellUpcoming(billing, subscription)
    }
    dues.push({ at, act })
  }
  return dues
}
