import {
  type InvoiceLineItem,
  makeInvoiceLineItem,
  type Price,
  type Subscription,
  type SubscriptionItem,
} from '../objects/index.ts'
import { amountOf, type PriceTier } from './amount.ts'
import { type Billing, missing } from './billing.ts'
import type { Period } from './calendar.ts'

/** The price with this id, which the state must have. */
export function priceOf(billing: Billing, id: string): Price {
  const price = billing.state.prices.get(id)
  if (price === undefined) throw missing('price', id, 'price')
  return price
}

/** What a quantity of a price costs, with the tiers that the state keeps apart. */
export function costOf(billing: Billing, price: Price, quantity: number): number {
  return amountOf(price, quantity, (billing.state.priceTiers.get(price.id) ?? []) as unknown as PriceTier[])
}

/** What an item costs for a whole period, in minor units. */
export function itemAmount(billing: Billing, item: SubscriptionItem): number {
  return costOf(billing, item.price, item.quantity ?? 0)
}

/** The line that bills an item for a period; `trial` bills nothing. */
export function itemLine(
  billing: Billing,
  subscription: Subscription,
  item: SubscriptionItem,
  period: Period,
  trial = false,
): InvoiceLineItem {
  const name = billing.state.products.get(item.price.product)?.name ?? item.price.product
  const quantity = item.quantity ?? 0
  return makeInvoiceLineItem({
    id: billing.state.ids.next('il'),
    amount: trial ? 0 : itemAmount(billing, item),
    currency: subscription.currency,
    description: trial ? `Trial period for ${name}` : `${quantity} × ${name}`,
    metadata: { ...subscription.metadata },
    parent: itemParent(subscription, item, false),
    period: { ...period },
    pricing: pricingOf(item.price),
    quantity,
    quantity_decimal: String(quantity),
    subscription: subscription.id,
    discounts: [...item.discounts],
  })
}

/** A line that credits (negative) or charges a part of an item's period. */
export function prorationLine(
  billing: Billing,
  subscription: Subscription,
  item: SubscriptionItem,
  amount: number,
  period: Period,
): InvoiceLineItem {
  const name = billing.state.products.get(item.price.product)?.name ?? item.price.product
  const quantity = item.quantity ?? 0
  return makeInvoiceLineItem({
    id: billing.state.ids.next('il'),
    amount,
    currency: subscription.currency,
    description: `${amount < 0 ? 'Unused time on' : 'Remaining time on'} ${quantity} × ${name}`,
    // The amount is already net of the discounts that run, so that a credit gives back what was paid.
    discountable: false,
    parent: itemParent(subscription, item, true),
    period: { ...period },
    pricing: pricingOf(item.price),
    quantity,
    quantity_decimal: String(quantity),
    subscription: subscription.id,
  })
}

/** A line for a price bought once. */
export function oneOffLine(
  billing: Billing,
  price: Price,
  quantity: number,
  time: number,
  subscription: string | null,
): InvoiceLineItem {
  return makeInvoiceLineItem({
    id: billing.state.ids.next('il'),
    amount: costOf(billing, price, quantity),
    currency: price.currency,
    description: billing.state.products.get(price.product)?.name ?? price.product,
    parent: {
      type: 'invoice_item_details',
      invoice_item_details: {
        invoice_item: billing.state.ids.next('ii'),
        proration: false,
        proration_details: null,
        subscription,
      },
      subscription_item_details: null,
    },
    period: { start: time, end: time },
    pricing: pricingOf(price),
    quantity,
    quantity_decimal: String(quantity),
    subscription,
  })
}

function itemParent(
  subscription: Subscription,
  item: SubscriptionItem,
  proration: boolean,
): NonNullable<InvoiceLineItem['parent']> {
  return {
    type: 'subscription_item_details',
    invoice_item_details: null,
    subscription_item_details: {
      invoice_item: null,
      proration,
      proration_details: proration ? { credited_items: null } : null,
      subscription: subscription.id,
      subscription_item: item.id,
    },
  }
}

function pricingOf(price: Price): NonNullable<InvoiceLineItem['pricing']> {
  return {
    price_details: { price: price.id, product: price.product },
    type: 'price_details',
    unit_amount_decimal: price.unit_amount_decimal,
  }
}
