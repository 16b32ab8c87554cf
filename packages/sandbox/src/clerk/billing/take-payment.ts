import type { PaymentOutcome } from '../../stripe/payment-outcome.ts'
import {
  type ClerkPaymentAttempt,
  type ClerkSubscriptionItem,
  makeMoney,
  makePaymentAttempt,
  makeStatement,
} from '../objects/index.ts'
import type { ClerkState } from '../state.ts'
import { paymentAttemptEventData } from './payment-event.ts'

/** Why a payment did not go through. */
export type Declined = Exclude<PaymentOutcome, 'succeeds'> | 'no_payment_method'

/**
 * Tries to charge a payer for an item, and tells `paymentAttempt.created` and `.updated`. The attempt stands on the
 * payer's statement of the month.
 *
 * Clerk Billing knows no 3-D Secure: a card that wants it is declined.
 *
 * @param amount In cents.
 * @param at Milliseconds: when it is tried.
 * @returns why it failed; `null`: it was paid.
 */
export function takeBillingPayment(
  state: ClerkState,
  subjectId: string,
  item: ClerkSubscriptionItem,
  {
    amount,
    at,
    charge,
  }: { readonly amount: number; readonly at: number; readonly charge: 'checkout' | 'recurring' },
): Declined | null {
  const card = state.billing.cards.get(subjectId)
  const declined: Declined | null =
    card === undefined ? 'no_payment_method' : card.outcome === 'succeeds' ? null : card.outcome
  const statement = statementOf(subjectId, at)
  const pending = makePaymentAttempt({
    id: state.ids.next('cpayatt'),
    statement_id: statement,
    created_at: at,
    subscription_item: item,
    amount: makeMoney(amount),
    charge_type: charge,
    status: 'pending',
    gateway_external_id: `pi_${state.ids.next('cpay').slice(5)}`,
  })
  const method = {
    ...pending.payment_method,
    last4: card?.last4 ?? null,
    id: card?.id ?? pending.payment_method_id,
  }
  const tried = { ...pending, payment_method: method, payment_method_id: method.id }
  state.emit('paymentAttempt.created', paymentAttemptEventData(tried, null))
  const settled: ClerkPaymentAttempt = {
    ...tried,
    status: declined === null ? 'paid' : 'failed',
    paid_at: declined === null ? at : null,
    failed_at: declined === null ? null : at,
  }
  keep(state, statement, settled, at)
  state.emit('paymentAttempt.updated', paymentAttemptEventData(settled, declined))
  return declined
}

/** A payer has a statement for each month in which something was tried. */
function statementOf(subjectId: string, at: number): string {
  const month = new Date(at).toISOString().slice(0, 7).replace('-', '')
  return `cstmt_${subjectId.slice(subjectId.indexOf('_') + 1)}${month}`
}

function keep(state: ClerkState, id: string, attempt: ClerkPaymentAttempt, at: number): void {
  const before = state.billing.statements.get(id)
  const payments = [...(before ? state.billing.payments(before) : []), attempt]
  const timestamp = before?.timestamp ?? at
  state.billing.statements.set(
    id,
    makeStatement({ id, timestamp, payer: attempt.payer, status: 'open', payments }),
  )
}
