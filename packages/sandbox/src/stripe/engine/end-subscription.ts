import type { CancelOptions } from '../billing-engine.ts'
import type { CancellationDetails, Invoice, InvoiceLineItem, Subscription } from '../objects/index.ts'
import { type Billing, missing } from './billing.ts'
import { voidInvoice } from './close-invoice.ts'
import { draftInvoice } from './draft-invoice.ts'
import { finalizeInvoice } from './finalize-invoice.ts'
import { finishSchedule } from './finish-schedule.ts'
import { attemptPayment } from './pay-invoice.ts'
import { periodOf } from './period.ts'
import { creditLines } from './proration.ts'
import { tellDelinquent } from './standing.ts'

/**
 * Cancels at once, as someone asks for it. One that never began expires instead.
 *
 * @throws StripeError 404 when it has ended already, as Stripe answers.
 */
export function cancelSubscription(
  billing: Billing,
  subscription: Subscription,
  options: CancelOptions,
): Subscription {
  if (hasEnded(subscription)) throw missing('subscription', subscription.id)
  if (subscription.status === 'incomplete') {
    expireIncomplete(billing, subscription)
    return subscription
  }
  const lines = lastLines(billing, subscription, options)
  const last = lines.length > 0 && options.invoiceNow ? draftLast(billing, subscription, lines) : null
  endSubscription(billing, subscription, { reason: 'cancellation_requested', ...options.details })
  if (last !== null) {
    finalizeInvoice(billing, last)
    if (isOpen(last)) attemptPayment(billing, last, { automatic: false })
  }
  return subscription
}

/** Whether it is over for good. */
export function hasEnded({ status }: Subscription): boolean {
  return status === 'canceled' || status === 'incomplete_expired'
}

/**
 * Ends a subscription now: `canceled`, collection of its open invoices stopped, its schedule finished, and
 * `customer.subscription.deleted` emitted.
 */
export function endSubscription(
  billing: Billing,
  subscription: Subscription,
  details: Partial<CancellationDetails> = {},
): void {
  if (hasEnded(subscription)) return
  const now = billing.now(subscription)
  const before = subscription.cancellation_details
  billing.state.subscriptions.update(subscription, {
    // A cancellation that was planned keeps the moment at which it was asked for.
    canceled_at: subscription.canceled_at ?? now,
    cancellation_details: {
      comment: null,
      feedback: null,
      feedback_option: null,
      reason: null,
      ...before,
      ...details,
      ...(before !== null && before.reason !== null && details.reason === undefined
        ? { reason: before.reason }
        : {}),
    },
    ended_at: now,
    pending_update: null,
    status: 'canceled',
  })
  delete subscription.status_details
  billing.pendingLines.delete(subscription.id)
  stopCollection(billing, subscription)
  billing.state.emit('customer.subscription.deleted', subscription)
  finishSchedule(billing, subscription, 'canceled')
  const latest = billing.state.invoices.get(subscription.latest_invoice ?? '')
  if (latest !== undefined) tellDelinquent(billing, latest)
}

/** A first invoice was not paid in time, or was voided: the subscription never began. */
export function expireIncomplete(billing: Billing, subscription: Subscription): void {
  const now = billing.now(subscription)
  billing.changeSubscription(subscription, { ended_at: now, status: 'incomplete_expired' })
  for (const invoice of billing.state.invoices.by('subscription', subscription.id)) {
    if (invoice.status === 'open') voidInvoice(billing, invoice)
  }
  finishSchedule(billing, subscription, 'canceled')
}

function stopCollection(billing: Billing, subscription: Subscription): void {
  for (const invoice of billing.state.invoices.by('subscription', subscription.id)) {
    if (invoice.status !== 'open' && invoice.status !== 'draft') continue
    billing.changeInvoice(invoice, {
      auto_advance: false,
      automatically_finalizes_at: null,
      next_payment_attempt: null,
    })
  }
}

function lastLines(billing: Billing, subscription: Subscription, options: CancelOptions): InvoiceLineItem[] {
  const pending = options.invoiceNow ? (billing.pendingLines.get(subscription.id) ?? []) : []
  const runs = subscription.status === 'active' || subscription.status === 'past_due'
  const credits =
    options.prorate && runs
      ? creditLines(billing, subscription, subscription.items.data, billing.now(subscription))
      : []
  return [...pending, ...credits]
}

function draftLast(billing: Billing, subscription: Subscription, lines: InvoiceLineItem[]): Invoice {
  const invoice = draftInvoice(billing, {
    customer: billing.customer(subscription.customer),
    subscription,
    lines,
    reason: 'manual',
    period: periodOf(subscription),
    autoAdvance: false,
  })
  billing.state.subscriptions.update(subscription, { latest_invoice: invoice.id })
  return invoice
}

function isOpen({ status }: { readonly status: string }): boolean {
  return status === 'open'
}
