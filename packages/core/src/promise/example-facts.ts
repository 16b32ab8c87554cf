import type { Price } from '../price/price.ts'
import type { ActiveEntitlements, Invoice, Purchase, Subscription, SubscriptionItem } from './billing.ts'

/** Whole facts for tests, in the middle of a paid month; a test names only the field it is about. */
const readAt = new Date('2026-09-15T00:00:00Z')

export const examplePrice: Price = {
  id: 'price_pro',
  lookupKey: null,
  productId: 'prod_pro',
  productName: null,
  currency: 'usd',
  active: true,
  recurring: { interval: 'month', count: 1, metered: false },
  amount: { kind: 'per-unit', unitAmount: '2000' },
  nickname: null,
}

export function exampleItem(
  price: Partial<Price> = {},
  changes: Partial<SubscriptionItem> = {},
): SubscriptionItem {
  const merged = { ...examplePrice, ...price }
  return {
    id: `si_${merged.id}`,
    price: merged,
    quantity: 1,
    currentPeriodEnd: new Date('2026-10-01T00:00:00Z'),
    discounts: [],
    ...changes,
  }
}

export const exampleInvoice: Invoice = {
  id: 'in_1',
  status: 'paid',
  currency: 'usd',
  amountPaid: 2000,
  finalizedAt: new Date('2026-09-01T00:00:00Z'),
  paidAt: new Date('2026-09-01T00:00:00Z'),
  paymentIds: ['pi_1'],
  reversal: null,
}

export const exampleSubscription: Subscription = {
  kind: 'subscription',
  id: 'sub_1',
  customerId: 'cus_1',
  livemode: false,
  status: 'active',
  items: [exampleItem()],
  itemsComplete: true,
  createdAt: new Date('2026-03-01T00:00:00Z'),
  currentPeriodEnd: new Date('2026-10-01T00:00:00Z'),
  trialEndsAt: null,
  cancelsAt: null,
  endedAt: null,
  pausedCollection: null,
  latestInvoice: exampleInvoice,
  discounts: [],
  metadata: {},
  changedAt: new Date('2026-09-01T00:00:00Z'),
  readAt,
  problems: [],
}

export const examplePurchase: Purchase = {
  kind: 'purchase',
  id: 'cs_1',
  customerId: 'cus_1',
  livemode: false,
  prices: [{ ...examplePrice, id: 'price_pro_forever', recurring: null }],
  paidAt: new Date('2026-09-01T00:00:00Z'),
  currency: 'usd',
  amountPaid: 9900,
  paymentIds: ['pi_2'],
  reversal: null,
  clientReferenceId: null,
  changedAt: new Date('2026-09-01T00:00:00Z'),
  readAt,
  problems: [],
}

export const exampleEntitlements: ActiveEntitlements = {
  kind: 'entitlements',
  id: 'entitlements:cus_1',
  customerId: 'cus_1',
  livemode: false,
  lookupKeys: ['reports'],
  changedAt: new Date(0),
  readAt,
  problems: [],
}
