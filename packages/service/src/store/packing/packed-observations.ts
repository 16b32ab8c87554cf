import type {
  ActiveEntitlements,
  BillingFact,
  Customer,
  Discount,
  Granted,
  Invoice,
  PlanItem,
  Price,
  PriceAmount,
  Purchase,
  Read,
  Reversal,
  SubjectId,
  SubjectReading,
  Subscription,
  SubscriptionItem,
} from '@trueup/core'
import type { Packing } from './packing.ts'
import { date, ifThere, list, number, oneOf, orNull, plain, record } from './packing.ts'

/**
 * Grows with every change of a packing below. A check that was begun under another one is not gone on with, since
 * what it read could not be read back.
 */
export const packingVersion = 1

const discount = oneOf<Discount, 'kind'>('kind', {
  percent: record({ kind: plain(), percent: number }),
  amount: record({ kind: plain(), currency: plain(), amount: number }),
  unknown: plain(),
})

const amount = oneOf<PriceAmount, 'kind'>('kind', {
  'per-unit': plain(),
  package: record({ kind: plain(), unitAmount: plain(), divideBy: number, round: plain() }),
  tiered: plain(),
  unknown: plain(),
})

const price = record<Price>({
  id: plain(),
  lookupKey: plain(),
  productId: plain(),
  productName: plain(),
  currency: plain(),
  active: plain(),
  recurring: orNull(
    record<NonNullable<Price['recurring']>>({ interval: plain(), count: number, metered: plain() }),
  ),
  amount,
  nickname: plain(),
})

const item = record<SubscriptionItem>({
  id: plain(),
  price,
  quantity: orNull(number),
  currentPeriodEnd: orNull(date),
  discounts: list(discount),
})

const reversal = record<Reversal>({ refundedAmount: number, dispute: plain(), ids: plain() })

const invoice = record<Invoice>({
  id: plain(),
  status: plain(),
  currency: plain(),
  amountPaid: number,
  finalizedAt: orNull(date),
  paidAt: orNull(date),
  paymentIds: plain(),
  reversal: orNull(reversal),
})

const subscription = record<Subscription>({
  kind: plain(),
  id: plain(),
  customerId: plain(),
  livemode: plain(),
  status: plain(),
  items: list(item),
  itemsComplete: plain(),
  createdAt: date,
  currentPeriodEnd: orNull(date),
  trialEndsAt: orNull(date),
  cancelsAt: orNull(date),
  endedAt: orNull(date),
  pausedCollection: orNull(
    record<NonNullable<Subscription['pausedCollection']>>({ behavior: plain(), resumesAt: orNull(date) }),
  ),
  latestInvoice: {
    pack: (value) => (value === 'unread' ? value : orNull(invoice).pack(value)),
    unpack: (packed) => (packed === 'unread' ? packed : orNull(invoice).unpack(packed)),
  },
  discounts: list(discount),
  metadata: plain(),
  changedAt: date,
  readAt: date,
  problems: plain(),
})

const planItem = record<PlanItem>({
  kind: plain(),
  id: plain(),
  customerId: plain(),
  livemode: plain(),
  status: plain(),
  price,
  isDefaultPlan: plain(),
  isFreeTrial: plain(),
  features: plain(),
  seats: plain(),
  createdAt: date,
  periodStart: orNull(date),
  periodEnd: orNull(date),
  canceledAt: orNull(date),
  pastDueAt: orNull(date),
  endedAt: orNull(date),
  lifetimePaid: orNull(number),
  changedAt: date,
  readAt: date,
  problems: plain(),
})

const purchase = record<Purchase>({
  kind: plain(),
  id: plain(),
  customerId: plain(),
  livemode: plain(),
  prices: list(price),
  paidAt: date,
  currency: plain(),
  amountPaid: number,
  paymentIds: plain(),
  reversal: orNull(reversal),
  clientReferenceId: plain(),
  changedAt: date,
  readAt: date,
  problems: plain(),
})

const entitlements = record<ActiveEntitlements>({
  kind: plain(),
  id: plain(),
  customerId: plain(),
  livemode: plain(),
  lookupKeys: plain(),
  changedAt: date,
  readAt: date,
  problems: plain(),
})

/** Four answers that are never confused: a list of one, of two, or a word. */
function read<T>(value: Packing<T>): Packing<Read<T>> {
  return {
    pack(answer) {
      if (answer.state === 'value') return [value.pack(answer.value)]
      return answer.state === 'unreadable' ? [answer.found, answer.needed] : answer.state
    },
    unpack(packed) {
      if (packed === 'absent' || packed === 'unmapped') return { state: packed }
      if (Array.isArray(packed)) {
        const [first, second] = packed
        if (packed.length === 1) return { state: 'value', value: value.unpack(first) }
        return { state: 'unreadable', found: String(first), needed: String(second) }
      }
      throw new Error('A packed observation is not the answer that it was written as.')
    },
  }
}

const granted = record<Granted>({
  plan: read(plain()),
  paid: read(plain()),
  trialEndsAt: read(date),
  entitlements: read(plain()),
  seats: read(plain()),
  members: read(number),
  unknownPlanValue: plain(),
})

export const packedFact = documentOf<BillingFact>(
  oneOf('kind', { subscription, 'plan-item': planItem, purchase, entitlements }),
)

export const packedCustomer = documentOf(
  record<Customer>({
    id: plain(),
    email: plain(),
    name: plain(),
    metadata: plain(),
    livemode: plain(),
    createdAt: date,
  }),
)

export const packedReading = documentOf(
  record<SubjectReading>({
    subject: record<SubjectId>({ type: plain(), id: plain() }),
    recordId: ifThere(plain()),
    source: plain(),
    customerId: read(plain()),
    externalId: plain(),
    emails: plain(),
    name: plain(),
    granted,
    deleted: plain(),
    updatedAt: orNull(date),
    readAt: date,
    fields: list(record<SubjectReading['fields'][number]>({ path: plain(), found: plain() })),
  }),
)

/** As the text of a column. */
function documentOf<T>(packing: Packing<T>) {
  return {
    write: (value: T): string => JSON.stringify(packing.pack(value)),
    read: (text: string): T => packing.unpack(JSON.parse(text)),
  }
}
