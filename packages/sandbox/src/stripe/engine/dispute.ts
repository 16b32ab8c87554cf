import type { DisputeOptions } from '../billing-engine.ts'
import { type Charge, type Dispute, makeDispute, type Subscription } from '../objects/index.ts'
import { badRequest } from '../stripe-error.ts'
import type { Billing } from './billing.ts'
import { endSubscription } from './end-subscription.ts'
import { subscriptionOfInvoice } from './standing.ts'
import { updateSubscription } from './update-subscription.ts'

/**
 * Opens a dispute: the money is withdrawn, and the subscription that was paid for becomes what the settings say.
 *
 * @throws StripeError 400 when the charge did not succeed or is disputed already.
 */
export function openDispute(billing: Billing, charge: Charge, options: DisputeOptions = {}): Dispute {
  if (charge.status !== 'succeeded' || charge.disputed) {
    throw badRequest(`Charge ${charge.id} cannot be disputed: it did not succeed, or is disputed already.`)
  }
  const { state } = billing
  const dispute = makeDispute({
    id: state.ids.next('du'),
    created: billing.now({ test_clock: state.customers.get(charge.customer ?? '')?.test_clock ?? null }),
    amount: options.amount ?? charge.amount,
    charge: charge.id,
    currency: charge.currency,
    payment_intent: charge.payment_intent,
    reason: options.reason ?? 'fraudulent',
  })
  state.disputes.insert(dispute)
  charge.disputed = true
  state.emit('charge.dispute.created', dispute)
  state.emit('charge.dispute.funds_withdrawn', dispute)
  const subscription = subscriptionOfCharge(billing, charge)
  if (subscription !== null && subscription.ended_at === null) act(billing, subscription)
  return dispute
}

/**
 * Closes a dispute for one side or the other.
 *
 * @throws StripeError 400 when it is closed already.
 */
export function closeDispute(billing: Billing, dispute: Dispute, outcome: 'lost' | 'won'): Dispute {
  if (dispute.status !== 'needs_response' && dispute.status !== 'under_review') {
    throw badRequest(
      `Dispute ${dispute.id} has the status ${dispute.status}; only open disputes can be closed.`,
    )
  }
  billing.state.disputes.update(dispute, { status: outcome })
  if (outcome === 'won') billing.state.emit('charge.dispute.funds_reinstated', dispute)
  billing.state.emit('charge.dispute.closed', dispute)
  return dispute
}

function act(billing: Billing, subscription: Subscription): void {
  switch (billing.settings.whenDisputed) {
    case 'nothing':
      return
    case 'cancel':
      endSubscription(billing, subscription, { reason: 'payment_disputed' })
      return
    case 'cancel_at_period_end':
      updateSubscription(billing, subscription, {
        addInvoiceItems: [],
        cancelAtPeriodEnd: true,
        cancellationDetails: { reason: 'payment_disputed' },
        paymentBehavior: 'allow_incomplete',
        prorationBehavior: 'none',
      })
      return
  }
}

function subscriptionOfCharge(billing: Billing, charge: Charge): Subscription | null {
  const paid = billing.state.invoicePayments.by('payment', charge.payment_intent ?? charge.id)[0]
  const invoice = billing.state.invoices.get(paid?.invoice ?? '')
  return invoice === undefined ? null : subscriptionOfInvoice(billing, invoice)
}
