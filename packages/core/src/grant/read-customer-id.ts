import { foundText } from './found-text.ts'
import type { Read } from './granted.ts'
import { isAbsent } from './read-path.ts'

/** What every Stripe customer id looks like. */
const customerIdShape = /^cus_[A-Za-z0-9_]{1,250}$/

/**
 * Reads the billing customer that the app points to. Another kind of id, such as a subscription's, is unreadable:
 * following it would say "customer not found" and hide the real mistake.
 */
export function readCustomerId(value: unknown): Read<string> {
  if (isAbsent(value)) return { state: 'absent' }
  const id = typeof value === 'string' ? value.trim() : null
  if (id !== null && customerIdShape.test(id)) return { state: 'value', value: id }
  return {
    state: 'unreadable',
    found: foundText(value),
    needed: 'a Stripe customer id, which begins with cus_',
  }
}
