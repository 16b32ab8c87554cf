import type { Fields } from '../../json/fields.ts'
import { fieldsOf, foundJson, idOf } from '../../json/fields.ts'
import type { Discount } from '../billing.ts'

/**
 * Reads the discounts of a subscription or of an item. The coupon stands under `source.coupon` since API version
 * 2025-09-30 and stood under `coupon` before; older subscriptions have one `discount` in place of the list. A discount
 * or a coupon that was not expanded is an `unknown` one, since the sum after it cannot be said.
 *
 * A discount that has ended by `readAt` is left out.
 */
export function readDiscounts(fields: Fields, readAt: Date): readonly Discount[] {
  const listed = fields.elements('discounts')
  const elements = listed.length > 0 || !fields.has('discount') ? listed : [fields.raw('discount')]
  return elements.flatMap((json): Discount[] => {
    const discount = fieldsOf(json, `${fields.path}.discounts`, [])
    if (!discount) return [{ kind: 'unknown', id: idOf(json) ?? foundJson(json) }]
    const end = discount.time('end')
    if (end && end <= readAt) return []
    return [readCoupon(discount)]
  })
}

function readCoupon(discount: Fields): Discount {
  const holder = discount.expanded('source') ?? discount
  const coupon = holder.expanded('coupon')
  if (!coupon) return { kind: 'unknown', id: discount.id('id') ?? holder.id('coupon') ?? 'without id' }
  // Such a coupon is for some products only, so neither the whole sum nor none of it is reduced.
  const isForSomeProducts = (coupon.expanded('applies_to')?.elements('products').length ?? 0) > 0
  const percent = coupon.number('percent_off')
  const amount = coupon.number('amount_off')
  const currency = coupon.text('currency')
  if (!isForSomeProducts) {
    if (percent !== null && percent >= 0 && percent <= 100) return { kind: 'percent', percent }
    if (amount !== null && amount >= 0 && currency) return { kind: 'amount', currency, amount }
  }
  return { kind: 'unknown', id: coupon.id('id') ?? 'without id' }
}
