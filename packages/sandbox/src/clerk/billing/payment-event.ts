import type { ClerkPaymentAttempt, JsonObject } from '../objects/index.ts'
import { itemEventData, payerEventData } from './billing-event.ts'
import type { Declined } from './take-payment.ts'

/** A try to pay as its webhooks carry it: an invoice, a payment source and items, where the API has other names. */
export function paymentAttemptEventData(attempt: ClerkPaymentAttempt, declined: Declined | null): JsonObject {
  const { amount, payment_method: method, subscription_item: item } = attempt
  const { payer: _, subscription_id: __, ...itself } = itemEventData(item, '')
  return {
    id: attempt.id,
    instance_id: attempt.instance_id,
    payment_id: attempt.payment_id,
    invoice_id: attempt.statement_id,
    statement_id: attempt.statement_id,
    gateway_external_id: attempt.gateway_external_id ?? '',
    status: attempt.status,
    created_at: attempt.created_at,
    updated_at: attempt.updated_at,
    paid_at: attempt.paid_at,
    failed_at: attempt.failed_at,
    failed_reason: declined === null ? null : reasonOf(declined),
    billing_date: attempt.created_at,
    charge_type: attempt.charge_type,
    payee: { ...attempt.payee },
    payer: payerEventData(attempt.payer),
    totals: {
      subtotal: { ...amount },
      tax_total: { ...amount, amount: 0, amount_formatted: '0.00' },
      grand_total: { ...amount },
    },
    payment_source: {
      id: method.id,
      gateway: method.gateway,
      gateway_external_id: method.gateway_external_id,
      gateway_external_account_id: method.gateway_external_account_id,
      payment_method: method.payment_type,
      status: method.status,
      card_type: method.card_type,
      last4: method.last4,
    },
    subscription_items: [{ ...itself, period_end: item.period_end ?? item.period_start }],
  }
}

function reasonOf(declined: Declined): JsonObject {
  const codes = ['expired_card', 'processing_error'] as const
  const own = codes.find((code) => code === declined)
  return { code: own ?? 'card_declined', decline_code: declined }
}
