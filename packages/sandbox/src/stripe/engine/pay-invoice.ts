import type { PayOptions } from '../billing-engine.ts'
import type { Invoice, InvoicePayment } from '../objects/index.ts'
import { StripeError } from '../stripe-error.ts'
import type { Billing } from './billing.ts'
import { day } from './calendar.ts'
import { endSubscription } from './end-subscription.ts'
import { finalizeInvoice } from './finalize-invoice.ts'
import { applyPendingChange } from './pending-change.ts'
import { standAfterFailure, standAfterPayment, subscriptionOfInvoice, tellDelinquent } from './standing.ts'
import { defaultPaymentMethod, paymentOf, type Refusal, refused, takePayment } from './take-payment.ts'

/**
 * Pays an invoice now, as someone asks for it. A refusal is recorded, then thrown.
 *
 * @throws StripeError 402 when the payment is refused; 400 when the invoice cannot be paid.
 */
export function payInvoice(billing: Billing, invoice: Invoice, options: PayOptions): Invoice {
  if (invoice.status === 'paid') {
    throw new StripeError(400, 'Invoice is already paid', { code: 'invoice_already_paid' })
  }
  if (invoice.status === 'void') {
    throw new StripeError(400, 'Invoice is voided and cannot be paid.', { code: 'invoice_not_editable' })
  }
  if (invoice.status === 'draft') finalizeInvoice(billing, invoice)
  if (isPaid(invoice)) return invoice
  if (options.paidOutOfBand) {
    cancelPayments(billing, invoice)
    concludePayment(billing, invoice, { amount: invoice.amount_remaining, attempted: invoice.attempted })
    return invoice
  }
  const refusal = attemptPayment(billing, invoice, {
    automatic: false,
    ...(options.paymentMethod === undefined ? {} : { paymentMethod: options.paymentMethod }),
  })
  if (refusal !== null) throw refused(refusal)
  return invoice
}

// A call may have changed the status behind the compiler's back.
function isPaid(invoice: Invoice): boolean {
  return invoice.status === 'paid'
}

/**
 * One attempt to collect an open invoice. A refused one moves the subscription and, where collection is automatic,
 * sets the next attempt or ends collection. Gives why it was refused, or null.
 */
export function attemptPayment(
  billing: Billing,
  invoice: Invoice,
  options: {
    readonly automatic: boolean
    readonly paymentMethod?: string
    readonly verdict?: Refusal | null
  },
): Refusal | null {
  const customer = billing.customer(invoice.customer)
  const subscription = subscriptionOfInvoice(billing, invoice)
  const method =
    options.paymentMethod ?? invoice.default_payment_method ?? defaultPaymentMethod(customer, subscription)
  const { payment, intent } = paymentOf(billing, invoice)
  const now = billing.now(invoice)
  // Any attempt counts as the first; after it only automatic retries do.
  const attempts =
    options.automatic || invoice.attempt_count === 0 ? invoice.attempt_count + 1 : invoice.attempt_count
  const refusal = takePayment(
    billing,
    intent,
    method,
    now,
    ...(options.verdict === undefined ? [] : [options.verdict]),
  )
  if (refusal === null) {
    payment.status = 'paid'
    payment.amount_paid = intent.amount
    payment.status_transitions = { canceled_at: null, paid_at: now }
    concludePayment(billing, invoice, { amount: intent.amount, attempted: true, attempts, payment })
    return null
  }
  const retries = invoice.auto_advance && subscription?.status !== 'incomplete'
  const wait = billing.settings.retryDays[attempts - 1]
  const next = retries && options.automatic && wait !== undefined ? now + wait * day : null
  const keep = retries && !options.automatic ? invoice.next_payment_attempt : next
  billing.changeInvoice(invoice, { attempted: true, attempt_count: attempts, next_payment_attempt: keep }, [
    ...(refusal === 'requires_action' ? ['invoice.payment_action_required'] : []),
    'invoice.payment_failed',
  ])
  if (subscription === null) return refusal
  standAfterFailure(billing, subscription, invoice)
  if (retries && options.automatic && next === null) giveUp(billing, invoice)
  return refusal
}

/** Ends automatic collection and does to the subscription what the settings say. */
export function giveUp(billing: Billing, invoice: Invoice): void {
  billing.changeInvoice(invoice, { auto_advance: false, next_payment_attempt: null })
  const subscription = subscriptionOfInvoice(billing, invoice)
  if (subscription === null || subscription.status !== 'past_due') return
  switch (billing.settings.whenRetriesFail) {
    case 'cancel':
      endSubscription(billing, subscription, { reason: 'payment_failed' })
      return
    case 'unpaid':
      billing.changeSubscription(subscription, { status: 'unpaid' })
      return
    case 'past_due':
      return
  }
}

/** Makes an invoice paid, and its subscription what a paid invoice makes it. */
export function concludePayment(
  billing: Billing,
  invoice: Invoice,
  paid: {
    readonly amount: number
    readonly attempted: boolean
    readonly attempts?: number
    readonly payment?: InvoicePayment
  },
): void {
  billing.changeInvoice(
    invoice,
    {
      amount_paid: invoice.amount_paid + paid.amount,
      amount_remaining: invoice.amount_due - invoice.amount_paid - paid.amount,
      attempted: paid.attempted,
      attempt_count: paid.attempts ?? invoice.attempt_count,
      auto_advance: false,
      next_payment_attempt: null,
      status: 'paid',
      status_transitions: { ...invoice.status_transitions, paid_at: billing.now(invoice) },
    },
    ['invoice.paid', 'invoice.payment_succeeded'],
  )
  if (paid.payment !== undefined) billing.state.emit('invoice_payment.paid', paid.payment)
  const subscription = subscriptionOfInvoice(billing, invoice)
  if (subscription !== null) {
    applyPendingChange(billing, subscription, invoice)
    standAfterPayment(billing, subscription, invoice)
  }
  tellDelinquent(billing, invoice)
}

/** Cancels what an invoice still waits for, as it is voided, written off or paid elsewhere. */
export function cancelPayments(billing: Billing, invoice: Invoice): void {
  const now = billing.now(invoice)
  for (const payment of billing.state.invoicePayments.by('invoice', invoice.id)) {
    if (payment.status !== 'open') continue
    payment.status = 'canceled'
    payment.status_transitions = { ...payment.status_transitions, canceled_at: now }
    const intent = billing.state.paymentIntents.get(payment.payment.payment_intent ?? '')
    if (intent === undefined || intent.status === 'succeeded' || intent.status === 'canceled') continue
    intent.status = 'canceled'
    intent.canceled_at = now
    intent.cancellation_reason = 'void_invoice'
    billing.state.emit('payment_intent.canceled', intent)
  }
}
