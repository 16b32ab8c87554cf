import type { Rng } from '@trueup/core'
import { BillingError } from '../billing-error.ts'
import type { LeasedWork, Postponement } from '../store/store.ts'

const firstMs = 1_000
const longestMs = 600_000
/** Failures that trying again does not cure, after which work is set aside. */
const most = 12
const longestText = 500

/**
 * When work that failed is tried again: after a second, then twice as long each time up to ten minutes, and not before
 * the vendor said. Trouble that passes never sets work aside.
 */
export function postponement(
  work: LeasedWork,
  error: unknown,
  { now, rng }: { readonly now: Date; readonly rng: Rng },
): Postponement {
  const attempts = work.attempts + 1
  const known = error instanceof BillingError ? error : null
  const backOff = Math.min(longestMs, firstMs * 2 ** Math.min(attempts - 1, 20))
  const waitMs = known?.retryAfterMs ?? backOff * (0.5 + rng.next() / 2)
  return {
    attempts,
    dueAt: new Date(now.getTime() + waitMs),
    setAside: !(known?.retryable ?? false) && known?.code !== 'row-missing' && attempts >= most,
    error: saidBy(error).slice(0, longestText),
  }
}

/** In the words of whoever threw: a hook of the app, most likely. */
function saidBy(error: unknown): string {
  if (error instanceof BillingError) return `${error.code}: ${error.message}`
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
