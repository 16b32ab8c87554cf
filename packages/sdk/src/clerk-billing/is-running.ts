import type { PlanItem } from '@trueup/core'

/**
 * Whether a plan is bought and not over: also while it is past due, and to the end of the period when it was canceled.
 * The plan that everybody has is not bought.
 */
export function isRunning({ isDefaultPlan, status, periodEnd }: PlanItem, now: Date): boolean {
  if (isDefaultPlan) return false
  if (status === 'active' || status === 'past_due') return true
  return status === 'canceled' && (periodEnd === null || periodEnd > now)
}

/** Whether anything is paid for it. */
export function costs({ price: { amount } }: PlanItem): boolean {
  return amount.kind !== 'per-unit' || Number(amount.unitAmount) > 0
}
