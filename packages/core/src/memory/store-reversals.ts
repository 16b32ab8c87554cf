import type { Reversal } from '../promise/billing.ts'
import { compareText } from './store-order.ts'
import { groupBy } from './store-pair.ts'

const worstLast: readonly Reversal['dispute'][] = ['none', 'open', 'lost']

/** Brings together what was taken back of each payment: refunds summed, the worst dispute, all ids in order. */
export function sumReversals(
  rows: readonly ({ readonly paymentId: string } & Reversal)[],
): ReadonlyMap<string, Reversal> {
  const sums = new Map<string, Reversal>()
  for (const [paymentId, reversals] of groupBy(rows, (row) => row.paymentId)) {
    const worst = Math.max(...reversals.map(({ dispute }) => worstLast.indexOf(dispute)))
    sums.set(paymentId, {
      refundedAmount: reversals.reduce((sum, { refundedAmount }) => sum + refundedAmount, 0),
      dispute: worstLast[worst] ?? 'none',
      ids: [...new Set(reversals.flatMap(({ ids }) => ids))].toSorted(compareText),
    })
  }
  return sums
}
