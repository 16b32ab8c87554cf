import type { PauseOptions, ResumeOptions } from '../billing-engine.ts'
import type { Subscription, SubscriptionStatusDetails } from '../objects/index.ts'
import { badRequest } from '../stripe-error.ts'
import type { Billing } from './billing.ts'
import { draftInvoice, previewInvoice } from './draft-invoice.ts'
import { itemLine } from './line.ts'
import { itemPeriod, periodOf, setPeriods } from './period.ts'
import { chargeLines, creditLines } from './proration.ts'
import { collect } from './update-subscription.ts'

type Why = SubscriptionStatusDetails['paused']['subscription']['type']

/**
 * Pauses a subscription because someone asks for it.
 *
 * @throws StripeError 400 unless it runs, bills flexibly and has no schedule.
 */
export function pauseSubscription(
  billing: Billing,
  subscription: Subscription,
  options: PauseOptions,
): Subscription {
  if (subscription.billing_mode.type !== 'flexible') {
    throw badRequest('Only subscriptions with billing_mode type flexible can be paused.')
  }
  if (subscription.schedule !== null) {
    throw badRequest('A subscription that is managed by a subscription schedule cannot be paused.')
  }
  const { status } = subscription
  if (status !== 'active' && status !== 'trialing' && status !== 'past_due') {
    throw badRequest(`A subscription with the status ${status} cannot be paused.`)
  }
  const credits = options.creditUnusedTime
    ? creditLines(billing, subscription, subscription.items.data, billing.now(subscription))
    : []
  const waiting = billing.pendingLines.get(subscription.id) ?? []
  const invoices = options.invoicingBehavior === 'invoice' && waiting.length + credits.length > 0
  if (!invoices && credits.length > 0) billing.pendingLines.set(subscription.id, [...waiting, ...credits])
  if (invoices) {
    billing.pendingLines.delete(subscription.id)
    billing.tellSubscription(subscription, () => {
      subscription.latest_invoice = draftInvoice(billing, {
        customer: billing.customer(subscription.customer),
        subscription,
        lines: [...waiting, ...credits],
        reason: 'subscription_update',
        period: periodOf(subscription),
        autoAdvance: true,
      }).id
    })
    collect(billing, subscription, { paymentBehavior: 'allow_incomplete' })
  }
  pauseFor(billing, subscription, 'pause_requested')
  return subscription
}

/** Makes a subscription paused, and tells it. */
export function pauseFor(billing: Billing, subscription: Subscription, why: Why): void {
  const paused = {
    subscription: { type: why },
    transitioned_at: billing.now(subscription),
    type: 'subscription',
  } as const
  billing.changeSubscription(subscription, { status: 'paused', status_details: { paused } })
  billing.state.emit('customer.subscription.paused', subscription)
}

/**
 * Resumes a paused subscription: at once when nothing is due, else when its invoice is paid.
 *
 * @throws StripeError 400 when it is not paused.
 */
export function resumeSubscription(
  billing: Billing,
  subscription: Subscription,
  options: ResumeOptions,
): Subscription {
  if (subscription.status !== 'paused') {
    throw badRequest(
      `Only paused subscriptions can be resumed; this one has the status ${subscription.status}.`,
    )
  }
  const now = billing.now(subscription)
  const items = subscription.items.data
  billing.tellSubscription(subscription, () => {
    if (options.billingCycleAnchor === 'now') subscription.billing_cycle_anchor = now
    // A period that was paid for goes on where the anchor stays.
    const kept =
      options.billingCycleAnchor === 'unchanged' && items.every((item) => item.current_period_end > now)
    if (!kept) setPeriods(subscription, items, now)
    const lines = [
      ...(billing.pendingLines.get(subscription.id) ?? []),
      ...(kept
        ? []
        : options.billingCycleAnchor === 'now'
          ? items.map((item) => itemLine(billing, subscription, item, itemPeriod(item)))
          : options.prorationBehavior === 'none'
            ? []
            : chargeLines(billing, subscription, items, options.prorationDate ?? now)),
    ]
    const draft = {
      customer: billing.customer(subscription.customer),
      subscription,
      lines,
      reason: 'subscription_update',
      period: periodOf(subscription),
      autoAdvance: false,
    } as const
    billing.pendingLines.delete(subscription.id)
    const due = lines.length > 0 && previewInvoice(billing, draft, 'in_preview').amount_due > 0
    if (lines.length > 0) subscription.latest_invoice = draftInvoice(billing, draft).id
    if (due && subscription.collection_method !== 'send_invoice') {
      billing.resuming.add(subscription.latest_invoice ?? '')
      return
    }
    subscription.status = 'active'
    delete subscription.status_details
  })
  if (isActive(subscription)) billing.state.emit('customer.subscription.resumed', subscription)
  collect(billing, subscription, { paymentBehavior: 'allow_incomplete' })
  return subscription
}

function isActive({ status }: { readonly status: string }): boolean {
  return status === 'active'
}
