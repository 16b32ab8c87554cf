import type { Subscription } from '../objects/index.ts'
import type { Billing } from './billing.ts'
import { markInvoiceUncollectible, voidInvoice } from './close-invoice.ts'
import { draftInvoice, previewInvoice } from './draft-invoice.ts'
import { endSubscription } from './end-subscription.ts'
import { finalizeInvoice } from './finalize-invoice.ts'
import { itemLine } from './line.ts'
import { pauseFor } from './pause-subscription.ts'
import { cycleOf, itemPeriod, periodOf } from './period.ts'
import { defaultPaymentMethod } from './take-payment.ts'

/** Begins the next period of the items whose period is over, and bills it. `patch` is told in the same event. */
export function renewSubscription(
  billing: Billing,
  subscription: Subscription,
  patch: Partial<Subscription> = {},
): void {
  const now = billing.now(subscription)
  const unpaid = subscription.status === 'unpaid'
  const over = subscription.items.data.filter((item) => item.current_period_end <= now)
  const past = periodOf(subscription)
  const collection = subscription.pause_collection?.behavior ?? null
  let made = ''
  billing.tellSubscription(subscription, () => {
    billing.state.subscriptions.update(subscription, patch)
    for (const item of over) {
      const { end } = cycleOf(subscription, item, item.current_period_end)
      item.current_period_start = item.current_period_end
      item.current_period_end = end
    }
    const pending = billing.pendingLines.get(subscription.id) ?? []
    billing.pendingLines.delete(subscription.id)
    const invoice = draftInvoice(billing, {
      customer: billing.customer(subscription.customer),
      subscription,
      lines: [...pending, ...over.map((item) => itemLine(billing, subscription, item, itemPeriod(item)))],
      reason: 'subscription_cycle',
      period: past,
      // While a subscription is unpaid, or its collection pauses, invoices wait as drafts.
      autoAdvance: !unpaid && collection !== 'keep_as_draft',
    })
    made = invoice.id
    subscription.latest_invoice = invoice.id
  })
  const invoice = billing.state.invoices.get(made)
  if (invoice === undefined || collection === null || collection === 'keep_as_draft' || unpaid) return
  finalizeInvoice(billing, invoice, { autoAdvance: false })
  if ((invoice.status as string) !== 'open') return
  if (collection === 'void') voidInvoice(billing, invoice)
  else markInvoiceUncollectible(billing, invoice)
}

/** Ends a trial: the first paid period begins, or, without a way to pay, what the trial's settings say. */
export function endTrial(billing: Billing, subscription: Subscription): void {
  if (endUnpayableTrial(billing, subscription)) return
  renewSubscription(billing, subscription, { status: 'active' })
}

/**
 * Cancels or pauses a subscription whose trial ends without a way to pay, where its settings say so. `changed` holds
 * fields that change with the end. Gives whether it did.
 */
export function endUnpayableTrial(
  billing: Billing,
  subscription: Subscription,
  changed: Subscription = subscription,
): boolean {
  const customer = billing.customer(subscription.customer)
  const missing = changed.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice'
  const payable =
    changed.collection_method === 'send_invoice' || defaultPaymentMethod(customer, changed) !== null
  if (payable || missing === 'create_invoice') return false
  if (changed !== subscription) billing.changeSubscription(subscription, changed)
  if (missing === 'cancel') endSubscription(billing, subscription)
  else pauseFor(billing, subscription, 'trial_end_without_payment_method')
  return true
}

/** Sends `invoice.upcoming` with the renewal as it would be now. */
export function tellUpcoming(billing: Billing, subscription: Subscription): void {
  const { end } = periodOf(subscription)
  const lines = subscription.items.data
    .filter((item) => item.current_period_end === end)
    .map((item) =>
      itemLine(billing, subscription, item, { start: end, end: cycleOf(subscription, item, end).end }),
    )
  const draft = {
    customer: billing.customer(subscription.customer),
    subscription,
    lines: [...(billing.pendingLines.get(subscription.id) ?? []), ...lines],
    reason: 'upcoming',
    period: periodOf(subscription),
    autoAdvance: true,
  } as const
  // A preview has no id: there is nothing yet to fetch.
  const { id: _, ...preview } = previewInvoice(billing, draft, `upcoming_in_${subscription.id}`)
  const upcoming = { ...preview, next_payment_attempt: end + billing.settings.draftSeconds }
  billing.state.emit('invoice.upcoming', upcoming)
}
