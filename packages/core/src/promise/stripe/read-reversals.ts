import { fieldsOf } from '../../json/fields.ts'
import type { ReversalReading } from '../billing.ts'

/**
 * Reads a refund as Stripe sends it, as money that goes back for a payment. One that failed or was canceled takes
 * nothing back; one under way counts already.
 *
 * @returns `null` for a refund of no payment (of a cash balance), which takes nothing back from an invoice.
 */
export function readStripeRefund(json: unknown): ReversalReading | null {
  const fields = fieldsOf(json, 'refund', [])
  const id = fields?.id('id')
  const paymentId = fields?.id('payment_intent') ?? fields?.id('charge')
  if (!fields || !id || !paymentId) return null
  const status = fields.text('status')
  const isVoid = status === 'failed' || status === 'canceled'
  return {
    paymentId,
    refundedAmount: isVoid ? 0 : (fields.number('amount') ?? 0),
    dispute: 'none',
    ids: [id],
  }
}

/**
 * Reads a dispute as Stripe sends it. One that was won, closed as an inquiry or prevented counts as none; one of a
 * status not known can still go either way, so it is open.
 *
 * @returns `null` when the object names no payment.
 */
export function readStripeDispute(json: unknown): ReversalReading | null {
  const fields = fieldsOf(json, 'dispute', [])
  const id = fields?.id('id')
  const paymentId = fields?.id('payment_intent') ?? fields?.id('charge')
  if (!fields || !id || !paymentId) return null
  return { paymentId, refundedAmount: 0, dispute: disputeOf(fields.text('status')), ids: [id] }
}

function disputeOf(status: string | null): ReversalReading['dispute'] {
  switch (status) {
    case 'won':
    case 'warning_closed':
    case 'prevented':
      return 'none'
    case 'lost':
      return 'lost'
    default:
      return 'open'
  }
}
