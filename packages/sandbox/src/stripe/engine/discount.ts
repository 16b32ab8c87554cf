import type { Coupon, Discount, InvoiceLineItem } from '../objects/index.ts'
import { addIntervals } from './calendar.ts'

/** A coupon in use, and the lines it reduces: those of one subscription item, or (null) all. */
export interface AppliedDiscount {
  readonly discount: Discount
  readonly coupon: Coupon
}

/** When a discount that starts at `start` (seconds) stops: `null` for coupons that go on, or that one invoice uses up. */
export function discountEnd(coupon: Coupon, start: number): number | null {
  if (coupon.duration !== 'repeating') return null
  return addIntervals(start, { interval: 'month', interval_count: 1 }, coupon.duration_in_months ?? 1)
}

/** Whether a discount reduces an invoice made at `time` (seconds). */
export function isLive(discount: Discount, time: number): boolean {
  return discount.start <= time && (discount.end === null || discount.end > time)
}

/**
 * The lines with their `discount_amounts`, in the order in which the discounts are given: percentages of what is left
 * of a line, fixed amounts spread over the lines in proportion. Credits and lines that are not discountable stay.
 */
export function discountLines(
  lines: readonly InvoiceLineItem[],
  discounts: readonly AppliedDiscount[],
): InvoiceLineItem[] {
  const result = lines.map((line) => ({ ...line, discount_amounts: [...(line.discount_amounts ?? [])] }))
  for (const applied of discounts) {
    const hit = result.filter((line) => reduces(applied, line) && remaining(line) > 0)
    const total = hit.reduce((sum, line) => sum + remaining(line), 0)
    let left = Math.min(applied.coupon.amount_off ?? 0, total)
    for (const [index, line] of hit.entries()) {
      const before = remaining(line)
      const share = index === hit.length - 1 ? left : Math.min(left, Math.round((left * before) / total))
      const amount =
        applied.coupon.percent_off === null
          ? Math.min(share, before)
          : Math.round((before * applied.coupon.percent_off) / 100)
      if (applied.coupon.percent_off === null) left -= amount
      if (amount === 0) continue
      line.discount_amounts.push({ amount, discount: applied.discount.id })
    }
  }
  return result
}

/** What the discounts take off an invoice, each discount once. */
export function totalDiscounts(lines: readonly InvoiceLineItem[]): { amount: number; discount: string }[] {
  const sums = new Map<string, number>()
  for (const line of lines) {
    for (const { amount, discount } of line.discount_amounts ?? []) {
      sums.set(discount, (sums.get(discount) ?? 0) + amount)
    }
  }
  return [...sums].map(([discount, amount]) => ({ amount, discount }))
}

function remaining(line: InvoiceLineItem): number {
  return line.amount - (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0)
}

function reduces({ discount, coupon }: AppliedDiscount, line: InvoiceLineItem): boolean {
  if (!line.discountable) return false
  const item = line.parent?.subscription_item_details?.subscription_item ?? null
  if (discount.subscription_item !== null && discount.subscription_item !== item) return false
  const product = line.pricing?.price_details?.product
  if (coupon.applies_to === undefined || product === undefined) return true
  return coupon.applies_to.products.includes(product)
}
