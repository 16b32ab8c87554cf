import type { SubscriptionChange } from '../billing-engine.ts'
import type { InvoiceLineItem, PendingUpdate, Subscription } from '../objects/index.ts'
import { badRequest } from '../stripe-error.ts'
import type { Billing } from './billing.ts'
import { hour, type Period } from './calendar.ts'
import { changeItems } from './change-items.ts'
import { copyOf } from './copy-subscription.ts'
import { draftInvoice, type InvoiceDraft, previewInvoice } from './draft-invoice.ts'
import { hasEnded } from './end-subscription.ts'
import { finalizeInvoice } from './finalize-invoice.ts'
import { itemLine, oneOffLine, priceOf } from './line.ts'
import { attemptPayment } from './pay-invoice.ts'
import { itemPeriod, periodOf, setPeriods } from './period.ts'
import { chargeLines, creditLines } from './proration.ts'
import { endUnpayableTrial } from './renew-subscription.ts'
import { planCancel, planCancelWithPeriod } from './start-subscription.ts'
import { defaultPaymentMethod, refusalOf, refused } from './take-payment.ts'
import { tellShortTrial } from './trial-notice.ts'

/**
 * Changes a subscription: fields, items with their prorations, trial, anchor and planned end. Bills at once where the
 * change asks for it, or where a period begins anew.
 *
 * @throws StripeError 402 where `error_if_incomplete` meets a refusal; 400 where the status does not allow the change.
 */
export function updateSubscription(
  billing: Billing,
  subscription: Subscription,
  change: SubscriptionChange,
): Subscription {
  assertChangeable(subscription, change)
  const now = billing.now(subscription)
  const next = { ...copyOf(subscription), ...change.fields }
  if (next.status === 'trialing' && change.trialEnd === 'now') {
    next.trial_end = now
    if (endUnpayableTrial(billing, subscription, next)) return subscription
  }
  const { lines, billsNow } = planChange(billing, next, change, now)
  planEnd(next, change, now)

  const draft: InvoiceDraft = {
    customer: billing.customer(subscription.customer),
    subscription: next,
    lines: billsNow ? [...(billing.pendingLines.get(subscription.id) ?? []), ...lines] : [],
    reason: 'subscription_update',
    period: periodOf(next),
    autoAdvance: true,
  }
  const invoices = billsNow && draft.lines.length > 0
  const due = invoices ? previewInvoice(billing, draft, 'in_preview').amount_due : 0
  const refusal =
    due === 0 || next.collection_method === 'send_invoice'
      ? null
      : refusalOf(billing, defaultPaymentMethod(draft.customer, next))
  if (refusal !== null && change.paymentBehavior === 'error_if_incomplete') throw refused(refusal)
  if (refusal !== null && change.paymentBehavior === 'pending_if_incomplete') {
    holdBack(billing, subscription, next, change, draft, now)
    return subscription
  }

  if (!billsNow && lines.length > 0) {
    billing.pendingLines.set(subscription.id, [
      ...(billing.pendingLines.get(subscription.id) ?? []),
      ...lines,
    ])
  }
  billing.tellSubscription(subscription, () => {
    billing.state.subscriptions.update(subscription, next)
    if (!invoices) return
    billing.pendingLines.delete(subscription.id)
    subscription.latest_invoice = draftInvoice(billing, { ...draft, subscription }).id
  })
  if (change.trialEnd !== undefined) tellShortTrial(billing, subscription)
  if (invoices) collect(billing, subscription, change)
  return subscription
}

function assertChangeable(subscription: Subscription, change: SubscriptionChange): void {
  const reaches =
    change.items !== undefined ||
    change.trialEnd !== undefined ||
    change.billingCycleAnchor === 'now' ||
    change.cancelAt !== undefined ||
    change.cancelAtPeriodEnd !== undefined
  if (hasEnded(subscription) && reaches) {
    throw badRequest('A canceled subscription can only update its cancellation_details and metadata.')
  }
  if (subscription.status === 'incomplete' && (change.items !== undefined || change.trialEnd !== undefined)) {
    throw badRequest(
      'This subscription cannot be updated until its first invoice is paid; it has the status incomplete.',
    )
  }
}

/** Changes the copy, and gives the lines that follow from it and whether they are billed at once. */
function planChange(
  billing: Billing,
  next: Subscription,
  change: SubscriptionChange,
  now: number,
): { lines: InvoiceLineItem[]; billsNow: boolean } {
  const prorates = change.prorationBehavior !== 'none'
  const trialing = next.status === 'trialing'
  const extra = change.addInvoiceItems.map(({ price, quantity }) =>
    oneOffLine(billing, priceOf(billing, price), quantity, now, next.id),
  )
  const before = copyOf(next)
  const { gone, charged, restarted } = changeItems(billing, next, change.items ?? [], now)
  const as = Math.min(now, Math.max(change.prorationDate ?? now, periodOf(before).start))

  if (change.trialEnd !== undefined && change.trialEnd !== 'now') {
    const lines = prorates && !trialing ? creditLines(billing, before, before.items.data, as) : []
    beginTrial(next, change.trialEnd, now)
    return { lines: [...lines, ...extra], billsNow: change.prorationBehavior === 'always_invoice' }
  }
  if ((change.trialEnd === 'now' && trialing) || change.billingCycleAnchor === 'now') {
    const credits = prorates && !trialing ? creditLines(billing, before, before.items.data, as) : []
    if (trialing && change.trialEnd === 'now') {
      next.trial_end = now
      next.status = 'active'
    }
    if (next.status !== 'trialing') {
      next.billing_cycle_anchor = now
      setPeriods(next, next.items.data, now)
      const full = next.items.data.map((item) => itemLine(billing, next, item, itemPeriod(item)))
      return { lines: [...credits, ...full, ...extra], billsNow: true }
    }
  }
  if (trialing) return { lines: extra, billsNow: change.prorationBehavior === 'always_invoice' }
  const credits = prorates ? creditLines(billing, before, gone, as) : []
  const charges = prorates ? chargeLines(billing, next, charged, as) : []
  const anew = restarted.map((item) => itemLine(billing, next, item, itemPeriod(item)))
  const billsNow = anew.length > 0 || change.prorationBehavior === 'always_invoice'
  return { lines: [...credits, ...charges, ...anew, ...extra], billsNow }
}

function beginTrial(next: Subscription, end: number, now: number): void {
  if (end <= now)
    throw badRequest('Invalid timestamp: must be an integer Unix timestamp in the future.', 'trial_end')
  next.trial_start ??= now
  if (next.status !== 'trialing') next.trial_start = now
  next.trial_end = end
  next.status = 'trialing'
  next.billing_cycle_anchor = end
  const periods: Period = { start: next.trial_start, end }
  for (const item of next.items.data) {
    item.current_period_start = Math.max(periods.start, Math.min(item.current_period_start, now))
    item.current_period_end = periods.end
  }
}

function planEnd(next: Subscription, change: SubscriptionChange, now: number): void {
  const details = change.cancellationDetails
  const empty = { comment: null, feedback: null, feedback_option: null, reason: null }
  if (details !== undefined) {
    next.cancellation_details = { ...empty, ...next.cancellation_details, ...details }
  }
  const cancels =
    change.cancelAtPeriodEnd === true || (change.cancelAt !== undefined && change.cancelAt !== null)
  if (cancels) {
    next.cancellation_details = {
      ...empty,
      ...next.cancellation_details,
      reason: details?.reason ?? 'cancellation_requested',
    }
  } else if (change.cancelAtPeriodEnd === false || change.cancelAt === null) {
    next.cancel_at_period_end = false
    next.cancel_at = null
    next.canceled_at = null
    next.cancellation_details = { ...empty, ...details }
  }
  if (change.cancelAtPeriodEnd === true) {
    planCancelWithPeriod(next, now)
  } else if (change.cancelAt !== undefined && change.cancelAt !== null) {
    next.cancel_at_period_end = false
    planCancel(next, change.cancelAt, now)
  }
}

function holdBack(
  billing: Billing,
  subscription: Subscription,
  next: Subscription,
  change: SubscriptionChange,
  draft: InvoiceDraft,
  now: number,
): void {
  const pending: PendingUpdate = {
    billing_cycle_anchor: null,
    cancel_at_period_end: null,
    discount: null,
    discounts: null,
    expires_at: now + 23 * hour,
    metadata: null,
    subscription_items: next.items.data,
    trial_end: null,
    trial_from_plan: null,
  }
  let invoice = ''
  billing.tellSubscription(subscription, () => {
    invoice = draftInvoice(billing, { ...draft, subscription }).id
    billing.pendingLines.delete(subscription.id)
    billing.pendingChanges.set(invoice, { subscription: subscription.id, items: change.items ?? [] })
    billing.state.subscriptions.update(subscription, { latest_invoice: invoice, pending_update: pending })
  })
  collect(billing, subscription, change)
}

/** Finalizes and collects the invoice that a change made; a refusal leaves the subscription past due. */
export function collect(
  billing: Billing,
  subscription: Subscription,
  change: Pick<SubscriptionChange, 'paymentBehavior'>,
): void {
  const invoice = billing.state.invoices.get(subscription.latest_invoice ?? '')
  if (invoice === undefined || invoice.status !== 'draft') return
  finalizeInvoice(billing, invoice)
  const { status, collection_method } = invoice as { status: string; collection_method: string }
  if (status !== 'open' || collection_method === 'send_invoice') return
  if (change.paymentBehavior === 'default_incomplete') {
    billing.changeInvoice(invoice, { next_payment_attempt: null })
    if (subscription.status === 'active') billing.changeSubscription(subscription, { status: 'past_due' })
    return
  }
  const pending = billing.pendingChanges.has(invoice.id)
  attemptPayment(billing, invoice, { automatic: !pending })
  if (pending && billing.pendingChanges.has(invoice.id)) {
    billing.changeInvoice(invoice, { auto_advance: false, next_payment_attempt: null })
  }
}
