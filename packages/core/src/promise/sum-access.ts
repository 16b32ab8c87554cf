import type { Access } from '../access/access.ts'
import type { Catalogue } from '../access/catalogue.ts'
import { joinAccess } from '../access/order.ts'

/** Two accesses sold side by side: joined, with their seats added up. */
export function sumAccess(a: Access, b: Access, catalogue: Catalogue): Access {
  return { ...joinAccess(a, b, catalogue), seats: sumSeats(a.seats, b.seats) }
}

/** Seats of two sales; `null` where neither sells any. */
export function sumSeats(a: Access['seats'], b: Access['seats']): Access['seats'] {
  if (a === 'unlimited' || b === 'unlimited') return 'unlimited'
  if (a === null) return b
  return b === null ? a : a + b
}
