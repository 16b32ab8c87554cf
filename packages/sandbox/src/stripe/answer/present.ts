import type { Coupon } from '../objects/coupon.ts'
import type { Invoice } from '../objects/invoice.ts'
import type { Subscription } from '../objects/subscription.ts'
import type { WireList } from '../objects/wire.ts'
import { EMBEDDED_ROWS } from '../snapshot.ts'

/**
 * A stored object as an answer shows it: embedded lists cut to ten rows, and without what is shown only when
 * expanded. Most objects are shown as they are, so this is the object itself unless something has to go; the copy is
 * shallow.
 */
export function present(object: object): object {
  switch ((object as { object?: string }).object) {
    case 'subscription': {
      const subscription = object as Subscription
      if (subscription.items.data.length <= EMBEDDED_ROWS) return object
      return { ...subscription, items: cut(subscription.items) }
    }
    case 'invoice': {
      const invoice = object as Invoice
      if (invoice.lines.data.length <= EMBEDDED_ROWS) return object
      return { ...invoice, lines: cut(invoice.lines) }
    }
    case 'coupon': {
      if (!('applies_to' in object)) return object
      const { applies_to: _kept, ...shown } = object as Coupon
      return shown
    }
    default:
      return object
  }
}

function cut<T>(list: WireList<T>): WireList<T> {
  return { ...list, data: list.data.slice(0, EMBEDDED_ROWS), has_more: true }
}
