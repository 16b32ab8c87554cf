import type { Fields } from '../../json/fields.ts'
import { fieldsOf, foundJson } from '../../json/fields.ts'
import { priceFrom } from '../../price/read-stripe-price.ts'
import type { Subscription, SubscriptionItem, SubscriptionStatus } from '../billing.ts'
import { subscriptionStatuses } from '../billing.ts'
import { latestChange } from '../latest-change.ts'
import { readDiscounts } from './read-discounts.ts'
import { readStripeInvoice } from './read-invoice.ts'
import { readMetadata } from './read-metadata.ts'

/**
 * Reads a subscription as Stripe sends it, in the shape of any API version since 2020: the billing period stands on
 * the items since 2025-03-31 and on the subscription before; a cancellation is scheduled by `cancel_at`, by
 * `cancel_at_period_end`, or by both. https://docs.stripe.com/api/subscriptions/object
 *
 * What is not understood is kept in `problems` and never guessed. Expand `latest_invoice` (with its `payments`) and
 * `discounts` to have them read.
 *
 * @param readAt When the answer arrived; changes that the object schedules for later do not count as changes yet.
 * @throws TypeError when `json` is no object with an id, which no answer of Stripe's can be.
 *
 * @example
 * const fact = readStripeSubscription(subscription, clock.now())
 * if (fact.problems.length > 0) report(fact.problems)
 */
export function readStripeSubscription(json: unknown, readAt: Date): Subscription {
  const problems: string[] = []
  const fields = fieldsOf(json, '', problems)
  const id = fields?.id('id')
  if (!fields || !id) {
    throw new TypeError(`A subscription needs to be an object with an id; found ${foundJson(json)}.`)
  }
  const customerId = fields.id('customer') ?? fields.text('customer_account')
  if (!customerId) fields.problem('names no customer')
  const { items, itemsComplete } = readItems(fields, readAt, problems)
  const currentPeriodEnd = readPeriodEnd(fields, items)
  const status = readStatus(fields)
  const trialEndsAt = fields.time('trial_end')
  if (status === 'trialing' && !trialEndsAt) fields.problem('is trialing, and trial_end says no time')
  return {
    kind: 'subscription',
    id,
    customerId: customerId ?? '',
    livemode: fields.flag('livemode') ?? false,
    status,
    items,
    itemsComplete,
    createdAt: fields.time('created') ?? new Date(0),
    currentPeriodEnd,
    trialEndsAt,
    cancelsAt: readCancellation(fields, currentPeriodEnd),
    endedAt: fields.time('ended_at'),
    pausedCollection: readPause(fields),
    latestInvoice: fields.has('latest_invoice')
      ? (readStripeInvoice(fields.raw('latest_invoice')) ?? 'unread')
      : null,
    discounts: readDiscounts(fields, readAt),
    metadata: readMetadata(fields),
    changedAt: changeOf(json, readAt),
    readAt,
    problems,
  }
}

function readStatus(fields: Fields): Subscription['status'] {
  const status = fields.text('status')
  const known = subscriptionStatuses.find(
    (candidate): candidate is SubscriptionStatus => candidate === status,
  )
  return known ?? { unknown: status ?? 'no status' }
}

function readItems(
  fields: Fields,
  readAt: Date,
  problems: string[],
): { readonly items: readonly SubscriptionItem[]; readonly itemsComplete: boolean } {
  const found = fields.objects('items')
  if (found.length === 0) fields.problem('has no items')
  const items = found.flatMap((item): SubscriptionItem[] => {
    const id = item.id('id') ?? item.path
    const priceKey = item.has('price') ? 'price' : 'plan'
    const price = priceFrom(item.raw(priceKey), `${item.path}.${priceKey}`, problems)
    if (!price) {
      item.problem(`(${id}) has no price that can be read`)
      return []
    }
    return [
      {
        id,
        price,
        quantity: readQuantity(item),
        currentPeriodEnd: item.time('current_period_end'),
        discounts: readDiscounts(item, readAt),
      },
    ]
  })
  const hasMore = fields.expanded('items')?.flag('has_more') === true
  return { items, itemsComplete: !hasMore && items.length === found.length && found.length > 0 }
}

function readQuantity(item: Fields): number | null {
  const quantity = item.number('quantity')
  if (quantity === null || (Number.isSafeInteger(quantity) && quantity >= 0)) return quantity
  item.problem(`states a quantity of ${quantity}, which is no count`)
  return null
}

function readPeriodEnd(fields: Fields, items: readonly SubscriptionItem[]): Date | null {
  const ends = items.flatMap((item) => item.currentPeriodEnd ?? [])
  if (ends.length > 0) return new Date(Math.max(...ends.map((end) => end.getTime())))
  const end = fields.time('current_period_end')
  if (!end) fields.problem('has no current_period_end, neither on its items nor of its own')
  return end
}

/** Flexible billing sets `cancel_at` alone; the dashboard and older integrations may set only the flag. */
function readCancellation(fields: Fields, currentPeriodEnd: Date | null): Date | null {
  return fields.time('cancel_at') ?? (fields.flag('cancel_at_period_end') ? currentPeriodEnd : null)
}

function readPause(fields: Fields): Subscription['pausedCollection'] {
  if (!fields.has('pause_collection')) return null
  const pause = fields.object('pause_collection')
  return { behavior: pause?.text('behavior') ?? 'unknown', resumesAt: pause?.time('resumes_at') ?? null }
}

/** Looks at every moment that the object dates; what cannot be read of them was said where it is used. */
function changeOf(json: unknown, readAt: Date): Date {
  const fields = fieldsOf(json, '', [])
  const invoice = fields?.expanded('latest_invoice')
  const moments: (Date | null)[] = []
  const look = (at: Fields | null | undefined, keys: readonly string[]) => {
    if (at) for (const key of keys) moments.push(at.time(key))
  }
  look(fields, ownMoments)
  look(fields?.expanded('pause_collection'), ['resumes_at'])
  look(fields?.expanded('status_details')?.expanded('paused'), ['transitioned_at'])
  for (const item of fields?.objects('items') ?? []) look(item, ['created', 'current_period_start'])
  look(invoice, ['created'])
  look(invoice?.expanded('status_transitions'), invoiceMoments)
  return latestChange(moments, readAt)
}

const ownMoments = [
  'created',
  'start_date',
  'trial_start',
  'trial_end',
  'current_period_start',
  'cancel_at',
  'canceled_at',
  'ended_at',
]
const invoiceMoments = ['finalized_at', 'paid_at', 'voided_at', 'marked_uncollectible_at']
