import type { InvoiceLineItem, Subscription, SubscriptionItem } from '../objects/index.ts'
import type { Billing } from './billing.ts'
import type { Period } from './calendar.ts'
import { discountLines } from './discount.ts'
import { discountsOf } from './draft-invoice.ts'
import { itemLine, prorationLine } from './line.ts'
import { shareLeft } from './period.ts'

/** Lines that give back the time of the items that was paid for and is not used after `time`. */
export function creditLines(
  billing: Billing,
  subscription: Subscription,
  items: readonly SubscriptionItem[],
  time: number,
): InvoiceLineItem[] {
  return partLines(billing, subscription, items, time, -1)
}

/** Lines that charge the items from `time` to the end of their periods. */
export function chargeLines(
  billing: Billing,
  subscription: Subscription,
  items: readonly SubscriptionItem[],
  time: number,
): InvoiceLineItem[] {
  return partLines(billing, subscription, items, time, 1)
}

function partLines(
  billing: Billing,
  subscription: Subscription,
  items: readonly SubscriptionItem[],
  time: number,
  sign: 1 | -1,
): InvoiceLineItem[] {
  return items.flatMap((item) => {
    const period: Period = { start: time, end: item.current_period_end }
    const share = shareLeft(subscription, item, time)
    const amount = sign * Math.round(netAmount(billing, subscription, item) * share)
    return amount === 0 ? [] : [prorationLine(billing, subscription, item, amount, period)]
  })
}

/** What an item costs for a whole period after the discounts that run now. */
function netAmount(billing: Billing, subscription: Subscription, item: SubscriptionItem): number {
  const customer = billing.customer(subscription.customer)
  const line = itemLine(billing, subscription, item, { start: 0, end: 0 })
  const discounts = discountsOf(billing, customer, subscription, billing.now(subscription))
  const [discounted] = discountLines([line], discounts)
  const off = discounted?.discount_amounts?.reduce((sum, { amount }) => sum + amount, 0) ?? 0
  return line.amount - off
}
