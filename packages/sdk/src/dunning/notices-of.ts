import type { SubjectId } from '@trueup/core'
import type Stripe from 'stripe'
import { isLive } from '../checkout/live-subscription.ts'
import type { Notice, SubscriptionMemory } from './notice.ts'

const dayMs = 86_400_000

/**
 * What is to be told of a customer's subscriptions, by what was remembered of them at the reading before, and what is
 * to be remembered now. Follows from what billing says and not from events, so that nothing is told twice where an event
 * comes twice, and nothing is missed where one is lost.
 */
export function noticesOf(
  subscriptions: readonly Stripe.Subscription[],
  before: readonly SubscriptionMemory[],
  about: { readonly subject: SubjectId; readonly trialEndingDays: number; readonly now: Date },
): { readonly notices: readonly Notice[]; readonly memory: readonly SubscriptionMemory[] } {
  const judged = subscriptions.map((subscription) => {
    const known = before.find(({ id }) => id === subscription.id) ?? blank(subscription.id)
    return judge(subscription, known, about)
  })
  return {
    notices: judged.flatMap(({ notices }) => notices),
    memory: judged.map(({ memory }) => memory),
  }
}

function blank(id: string): SubscriptionMemory {
  return { id, live: false, failed: null, trialTold: null }
}

type About = Parameters<typeof noticesOf>[2]

function judge(
  subscription: Stripe.Subscription,
  before: SubscriptionMemory,
  about: About,
): { readonly notices: readonly Notice[]; readonly memory: SubscriptionMemory } {
  const base = {
    subject: about.subject,
    customerId: idOf(subscription.customer),
    subscriptionId: subscription.id,
  }
  const { status } = subscription
  const live = isLive(subscription)
  const notices: Notice[] = []
  let { failed, trialTold } = before

  const failure = failureOf(subscription)
  if (failure && (failed?.invoiceId !== failure.invoiceId || failed.attempt < failure.attempt)) {
    const id = `payment-failed:${failure.invoiceId}:${failure.attempt}`
    notices.push({ kind: 'payment-failed', id, ...base, ...failure })
    failed = { invoiceId: failure.invoiceId, attempt: failure.attempt }
  }
  if (failed && (status === 'active' || status === 'trialing')) {
    notices.push({
      kind: 'recovered',
      id: `recovered:${failed.invoiceId}`,
      ...base,
      invoiceId: failed.invoiceId,
    })
    failed = null
  }
  const trialEndsAt = status === 'trialing' ? timeOf(subscription.trial_end) : null
  if (trialEndsAt && isNear(trialEndsAt, about) && trialTold !== trialEndsAt.toISOString()) {
    trialTold = trialEndsAt.toISOString()
    notices.push({
      kind: 'trial-ending',
      id: `trial-ending:${subscription.id}:${trialTold}`,
      ...base,
      trialEndsAt,
    })
  }
  if (before.live && !live) {
    notices.push({
      kind: 'canceled',
      id: `canceled:${subscription.id}`,
      ...base,
      endedAt: timeOf(subscription.ended_at),
      reason: subscription.cancellation_details?.reason ?? null,
    })
  }
  return { notices, memory: { id: subscription.id, live, failed, trialTold } }
}

/** When a trial is to be told of, for those that run and are not near their end. */
export function trialNoticeAt(
  subscriptions: readonly Stripe.Subscription[],
  trialEndingDays: number,
  now: Date,
): Date | null {
  const moments = subscriptions.flatMap(({ status, trial_end }) => {
    const end = status === 'trialing' ? timeOf(trial_end) : null
    return end ? [end.getTime() - trialEndingDays * dayMs] : []
  })
  const ahead = moments.filter((moment) => moment > now.getTime())
  return ahead.length > 0 ? new Date(Math.min(...ahead)) : null
}

/** A renewal that failed. A first payment that fails is met by whoever is at the checkout, and no subscription began. */
function failureOf({ status, latest_invoice: invoice }: Stripe.Subscription) {
  if (status !== 'past_due' && status !== 'unpaid') return null
  if (typeof invoice !== 'object' || invoice === null || invoice.attempt_count < 1) return null
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') return null
  return {
    invoiceId: invoice.id ?? '',
    attempt: invoice.attempt_count,
    nextAttemptAt: timeOf(invoice.next_payment_attempt),
    amountDue: invoice.amount_remaining,
    currency: invoice.currency,
  }
}

function isNear(trialEndsAt: Date, { trialEndingDays, now }: About): boolean {
  const left = trialEndsAt.getTime() - now.getTime()
  return left > 0 && left <= trialEndingDays * dayMs
}

function timeOf(seconds: number | null | undefined): Date | null {
  return seconds ? new Date(seconds * 1000) : null
}

function idOf(reference: string | { readonly id: string }): string {
  return typeof reference === 'string' ? reference : reference.id
}
