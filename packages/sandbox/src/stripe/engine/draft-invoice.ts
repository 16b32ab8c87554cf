import {
  type BillingReason,
  type Customer,
  type Invoice,
  type InvoiceLineItem,
  makeInvoice,
  type Subscription,
} from '../objects/index.ts'
import type { Billing } from './billing.ts'
import type { Period } from './calendar.ts'
import { type AppliedDiscount, discountLines, isLive, totalDiscounts } from './discount.ts'

/** What an invoice is made from. */
export interface InvoiceDraft {
  readonly customer: Customer
  readonly subscription: Subscription | null
  readonly lines: readonly InvoiceLineItem[]
  readonly reason: BillingReason
  readonly period: Period
  /** Whether it finalizes by itself when its draft time is over. */
  readonly autoAdvance: boolean
}

/** Makes a draft invoice with its discounts and sums, stores it and emits `invoice.created`. */
export function draftInvoice(billing: Billing, draft: InvoiceDraft): Invoice {
  const invoice = previewInvoice(billing, draft, billing.state.ids.next('in'))
  billing.state.invoices.insert(invoice)
  billing.state.emit('invoice.created', invoice)
  if (draft.subscription !== null) useUpDiscounts(billing, draft.subscription, invoice)
  return invoice
}

/** The invoice that a draft would make, stored nowhere. */
export function previewInvoice(billing: Billing, draft: InvoiceDraft, id: string): Invoice {
  const { customer, subscription } = draft
  const now = billing.now(customer)
  const discounts = discountsOf(billing, customer, subscription, now)
  const lines = discountLines(draft.lines, discounts)
  for (const line of lines) line.invoice = id
  const reductions = totalDiscounts(lines)
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0)
  const total = subtotal - reductions.reduce((sum, { amount }) => sum + amount, 0)
  const due = Math.max(0, total + customer.balance)
  return makeInvoice({
    id,
    created: now,
    amount_due: due,
    auto_advance: draft.autoAdvance,
    automatically_finalizes_at: draft.autoAdvance ? now + billing.settings.draftSeconds : null,
    billing_reason: draft.reason,
    collection_method: subscription?.collection_method ?? 'charge_automatically',
    currency: subscription?.currency ?? lines[0]?.currency ?? 'usd',
    customer: customer.id,
    customer_address: customer.address,
    customer_email: customer.email,
    customer_name: customer.name,
    customer_phone: customer.phone,
    discounts: reductions.map(({ discount }) => discount),
    lines,
    livemode: billing.state.livemode,
    parent:
      subscription === null
        ? null
        : {
            quote_details: null,
            subscription_details: { metadata: { ...subscription.metadata }, subscription: subscription.id },
            type: 'subscription_details',
          },
    period_end: draft.period.end,
    period_start: draft.period.start,
    starting_balance: customer.balance,
    subtotal,
    subtotal_excluding_tax: subtotal,
    test_clock: customer.test_clock,
    total,
    total_discount_amounts: reductions,
    total_excluding_tax: total,
  })
}

/** The discounts that count now: those of items, then the subscription's, or the customer's where it has none. */
export function discountsOf(
  billing: Billing,
  customer: Customer,
  subscription: Subscription | null,
  now: number,
): AppliedDiscount[] {
  const ofItems = subscription?.items.data.flatMap((item) => item.discounts) ?? []
  const ofSubscription = subscription?.discounts ?? []
  const known = (id: string) => billing.state.discounts.get(id)
  const own = [...ofItems, ...ofSubscription].flatMap((id) => known(id) ?? [])
  const ofCustomer = ofSubscription.length === 0 && customer.discount !== null ? [customer.discount] : []
  return [...own, ...ofCustomer].flatMap((discount) => {
    const coupon = billing.state.coupons.get(discount.source.coupon ?? '')
    return coupon !== undefined && isLive(discount, now) ? [{ discount, coupon }] : []
  })
}

/** A coupon for one invoice is gone from the subscription once an invoice has used it; one that ended, as well. */
function useUpDiscounts(billing: Billing, subscription: Subscription, invoice: Invoice): void {
  const now = billing.now(subscription)
  const used = new Set(invoice.discounts)
  const isOver = (id: string) => {
    const discount = billing.state.discounts.get(id)
    if (discount === undefined) return true
    const once = billing.state.coupons.get(discount.source.coupon ?? '')?.duration === 'once'
    return (once && used.has(id)) || (discount.end !== null && discount.end <= now)
  }
  const over = [
    ...subscription.discounts,
    ...subscription.items.data.flatMap((item) => item.discounts),
  ].filter(isOver)
  if (over.length === 0) return
  subscription.discounts = subscription.discounts.filter((id) => !over.includes(id))
  for (const item of subscription.items.data) {
    item.discounts = item.discounts.filter((id) => !over.includes(id))
  }
  for (const id of over) {
    const discount = billing.state.discounts.get(id)
    if (discount !== undefined) billing.state.emit('customer.discount.deleted', discount)
  }
}
