import type { Invoice } from '../objects/index.ts'
import { StripeError } from '../stripe-error.ts'
import type { Billing } from './billing.ts'
import { cancelPayments } from './pay-invoice.ts'
import { dropPendingChange } from './pending-change.ts'
import { standAfterClosing, subscriptionOfInvoice, tellDelinquent } from './standing.ts'

/**
 * Voids an invoice that is open or written off, as if it had never been due.
 *
 * @throws StripeError 400 when it is a draft, paid or void already.
 */
export function voidInvoice(billing: Billing, invoice: Invoice): Invoice {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw new StripeError(
      400,
      `You can only pass in open or uncollectible invoices. This invoice has status ${invoice.status}.`,
      { code: 'invoice_not_editable' },
    )
  }
  close(billing, invoice, 'void')
  return invoice
}

/**
 * Writes an open invoice off.
 *
 * @throws StripeError 400 when it is not open.
 */
export function markInvoiceUncollectible(billing: Billing, invoice: Invoice): Invoice {
  if (invoice.status !== 'open') {
    throw new StripeError(
      400,
      `You can only pass in open invoices. This invoice has status ${invoice.status}.`,
      {
        code: 'invoice_not_editable',
      },
    )
  }
  close(billing, invoice, 'uncollectible')
  return invoice
}

function close(billing: Billing, invoice: Invoice, status: 'uncollectible' | 'void'): void {
  const now = billing.now(invoice)
  const when = status === 'void' ? { voided_at: now } : { marked_uncollectible_at: now }
  // What is written off can still be paid; what is void cannot.
  if (status === 'void') cancelPayments(billing, invoice)
  billing.changeInvoice(
    invoice,
    {
      auto_advance: false,
      next_payment_attempt: null,
      status,
      status_transitions: { ...invoice.status_transitions, ...when },
    },
    [status === 'void' ? 'invoice.voided' : 'invoice.marked_uncollectible'],
  )
  const subscription = subscriptionOfInvoice(billing, invoice)
  if (subscription !== null) {
    dropPendingChange(billing, subscription, invoice)
    standAfterClosing(billing, subscription, invoice)
  }
  tellDelinquent(billing, invoice)
}
