import type { StoredValue } from '@trueup/core'
import { isSameValue, readTrialEnd } from '@trueup/core'

/**
 * Whether a target shows what a source read or what was written. One value may be put in two ways: a moment with
 * another offset, a long number as text, nothing as NULL or as an empty text. What guards a write is always the value
 * as the target itself puts it.
 */
export function isAsShown(read: StoredValue | undefined, shown: StoredValue | undefined): boolean {
  if (isSameValue(read, shown)) return true
  if (isNothing(read) || isNothing(shown)) return isNothing(read) && isNothing(shown)
  if (typeof read === 'object' || typeof shown === 'object') return false
  if (String(read) === String(shown)) return true
  const [one, other] = [readTrialEnd(read), readTrialEnd(shown)]
  return one.state === 'value' && other.state === 'value' && one.value.getTime() === other.value.getTime()
}

function isNothing(value: StoredValue | undefined): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}
