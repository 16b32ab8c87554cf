import { type Invoice, type Subscription, subscriptionOf } from '../objects/index.ts'
import type { Billing } from './billing.ts'
import { expireIncomplete } from './end-subscription.ts'

/** The subscription that an invoice bills, where it bills one that the state has. */
export function subscriptionOfInvoice(billing: Billing, invoice: Invoice): Subscription | null {
  return billing.state.subscriptions.get(subscriptionOf(invoice) ?? '') ?? null
}

/** A refused payment makes an active subscription past due; one that never began stays incomplete. */
export function standAfterFailure(billing: Billing, subscription: Subscription, invoice: Invoice): void {
  // A change that only applies once paid has not happened, so nothing is overdue.
  if (billing.pendingChanges.has(invoice.id)) return
  if (subscription.status === 'active') billing.changeSubscription(subscription, { status: 'past_due' })
  tellDelinquent(billing, invoice)
}

/** A paid invoice starts an incomplete or resuming subscription, and heals one that was late with its latest invoice. */
export function standAfterPayment(billing: Billing, subscription: Subscription, invoice: Invoice): void {
  const latest = subscription.latest_invoice === invoice.id
  switch (subscription.status) {
    case 'incomplete':
      if (latest) billing.changeSubscription(subscription, { status: runningStatus(billing, subscription) })
      return
    case 'past_due':
    case 'unpaid':
      if (isSettled(billing, subscription)) billing.changeSubscription(subscription, { status: 'active' })
      return
    case 'paused':
      if (billing.resuming.delete(invoice.id)) {
        billing.tellSubscription(subscription, () => {
          subscription.status = 'active'
          delete subscription.status_details
        })
        billing.state.emit('customer.subscription.resumed', subscription)
      }
      return
    case 'active':
    case 'trialing':
    case 'canceled':
    case 'incomplete_expired':
      return
  }
}

/** A first invoice that is voided ends its subscription; a later one no longer holds it back. */
export function standAfterClosing(billing: Billing, subscription: Subscription, invoice: Invoice): void {
  billing.resuming.delete(invoice.id)
  if (subscription.status === 'incomplete' && subscription.latest_invoice === invoice.id) {
    expireIncomplete(billing, subscription)
  } else if (subscription.status === 'past_due' && isSettled(billing, subscription)) {
    billing.changeSubscription(subscription, { status: 'active' })
  }
}

/** Trialing while the trial runs, else active. */
export function runningStatus(billing: Billing, subscription: Subscription): 'active' | 'trialing' {
  const { trial_end } = subscription
  return trial_end !== null && trial_end > billing.now(subscription) ? 'trialing' : 'active'
}

/** Whether the latest invoice that was finalized is no longer open. */
function isSettled(billing: Billing, subscription: Subscription): boolean {
  const latest = billing.state.invoices
    .by('subscription', subscription.id)
    .findLast((invoice) => invoice.status !== 'draft')
  return latest === undefined || latest.status !== 'open'
}

/** Keeps `customer.delinquent` true while a subscription of the customer is past due or unpaid. */
export function tellDelinquent(billing: Billing, invoice: Invoice): void {
  const customer = billing.state.customers.get(invoice.customer ?? '')
  if (customer === undefined) return
  const delinquent = billing.state.subscriptions
    .by('customer', customer.id)
    .some(({ status }) => status === 'past_due' || status === 'unpaid')
  if (customer.delinquent === delinquent) return
  billing.state.customers.update(customer, { delinquent })
  billing.state.emit('customer.updated', customer, { delinquent: !delinquent })
}
