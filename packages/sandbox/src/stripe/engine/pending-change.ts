import type { Invoice, Subscription } from '../objects/index.ts'
import type { Billing } from './billing.ts'
import { changeItems } from './change-items.ts'
import { copyOf } from './copy-subscription.ts'

/** Makes the change of items that waited for this invoice to be paid. */
export function applyPendingChange(billing: Billing, subscription: Subscription, invoice: Invoice): void {
  const pending = billing.pendingChanges.get(invoice.id)
  if (pending === undefined) return
  billing.pendingChanges.delete(invoice.id)
  billing.tellSubscription(subscription, () => {
    const next = copyOf(subscription)
    changeItems(billing, next, pending.items, billing.now(subscription))
    billing.state.subscriptions.update(subscription, { ...next, pending_update: null })
  })
  billing.state.emit('customer.subscription.pending_update_applied', subscription)
}

/** Forgets a change whose invoice was voided or written off. */
export function dropPendingChange(billing: Billing, subscription: Subscription, invoice: Invoice): void {
  if (!billing.pendingChanges.delete(invoice.id)) return
  billing.changeSubscription(subscription, { pending_update: null })
  billing.state.emit('customer.subscription.pending_update_expired', subscription)
}
