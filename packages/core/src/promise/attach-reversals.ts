import type { BillingFact, Reversal } from './billing.ts'

/**
 * Puts refunds and disputes to the fact whose payments they take back: a subscription by the payments of its latest
 * invoice, a purchase by its own. A fact that none of them concerns is given back as it was.
 *
 * @param reversals By payment intent, or by charge where there is none.
 *
 * @example
 * const whole = attachReversals(subscription, await store.reversals(checkId, paymentIds))
 */
export function attachReversals<Fact extends BillingFact>(
  fact: Fact,
  reversals: ReadonlyMap<string, Reversal>,
): Fact {
  if (fact.kind === 'purchase') {
    const reversal = reversalOf(fact.paymentIds, reversals)
    return reversal ? { ...fact, reversal } : fact
  }
  if (fact.kind !== 'subscription' || !fact.latestInvoice || fact.latestInvoice === 'unread') return fact
  const reversal = reversalOf(fact.latestInvoice.paymentIds, reversals)
  return reversal ? { ...fact, latestInvoice: { ...fact.latestInvoice, reversal } } : fact
}

function reversalOf(
  paymentIds: readonly string[],
  reversals: ReadonlyMap<string, Reversal>,
): Reversal | null {
  const found = [...new Set(paymentIds)].flatMap((paymentId) => reversals.get(paymentId) ?? [])
  return found.length > 0 ? found.reduce(mergeReversals) : null
}

/** Two reversals of one payment, or of two payments of one invoice, as one: refunds summed, the worst dispute. */
export function mergeReversals(a: Reversal, b: Reversal): Reversal {
  const disputes = [a.dispute, b.dispute]
  return {
    refundedAmount: a.refundedAmount + b.refundedAmount,
    dispute: disputes.includes('lost') ? 'lost' : disputes.includes('open') ? 'open' : 'none',
    ids: [...new Set([...a.ids, ...b.ids])].sort(),
  }
}
