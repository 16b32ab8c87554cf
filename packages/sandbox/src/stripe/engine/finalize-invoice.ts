import type { Invoice } from '../objects/index.ts'
import { badRequest } from '../stripe-error.ts'
import type { Billing } from './billing.ts'
import { day, hour } from './calendar.ts'
import { concludePayment } from './pay-invoice.ts'
import { subscriptionOfInvoice } from './standing.ts'
import { paymentOf } from './take-payment.ts'

/**
 * Makes a draft final: numbers it, applies the customer's balance, makes its payment intent. An invoice of nothing is
 * paid thereby.
 *
 * @throws StripeError 400 when it is not a draft.
 */
export function finalizeInvoice(
  billing: Billing,
  invoice: Invoice,
  options: { readonly autoAdvance?: boolean } = {},
): Invoice {
  if (invoice.status !== 'draft') {
    throw badRequest('This invoice is already finalized, you can’t re-finalize a non-draft invoice.')
  }
  const now = billing.now(invoice)
  const customer = billing.customer(invoice.customer)
  const before = customer.balance
  const balance = invoice.total + before
  const due = Math.max(0, balance)
  const number = `${customer.invoice_prefix}-${String(customer.next_invoice_sequence).padStart(4, '0')}`
  customer.next_invoice_sequence += 1
  const autoAdvance = options.autoAdvance ?? invoice.auto_advance
  const days = subscriptionOfInvoice(billing, invoice)?.days_until_due ?? 30
  const sends = invoice.collection_method === 'send_invoice'
  billing.changeInvoice(
    invoice,
    {
      amount_due: due,
      amount_remaining: due,
      auto_advance: autoAdvance,
      automatically_finalizes_at: null,
      due_date: sends ? (invoice.due_date ?? now + days * day) : null,
      effective_at: now,
      ending_balance: Math.min(0, balance),
      hosted_invoice_url: `https://invoice.stripe.com/i/${billing.state.account.id}/test_${invoice.id}`,
      invoice_pdf: `https://pay.stripe.com/invoice/${billing.state.account.id}/test_${invoice.id}/pdf`,
      // An invoice finalized through the API is not charged by the call: collection follows after an hour.
      next_payment_attempt: autoAdvance && !sends && due > 0 ? now + hour : null,
      number,
      starting_balance: before,
      status: 'open',
      status_transitions: { ...invoice.status_transitions, finalized_at: now },
    },
    ['invoice.finalized'],
  )
  if (before !== Math.min(0, balance)) {
    billing.state.customers.update(customer, { balance: Math.min(0, balance) })
    billing.state.emit('customer.updated', customer, { balance: before })
  }
  if (due > 0) paymentOf(billing, invoice)
  else concludePayment(billing, invoice, { amount: 0, attempted: true })
  if (sends && due > 0) billing.state.emit('invoice.sent', invoice)
  return invoice
}
