import type { RelativeCancelAt, StartOptions } from '../billing-engine.ts'
import { redeem } from '../discounts.ts'
import type { Customer } from '../objects/customer.ts'
import {
  makeSubscription,
  makeSubscriptionItem,
  type Subscription,
  type SubscriptionItem,
} from '../objects/subscription.ts'
import type { Call } from '../request/call.ts'
import { asParameter, find } from '../request/find.ts'
import { mergeMetadata } from '../request/metadata.ts'
import type { Parameters } from '../request/parameters.ts'
import { badRequest, missingParameter } from '../stripe-error.ts'
import { MOST_ITEMS } from './item-changes.ts'
import { priceIn } from './price-in.ts'
import { addedInvoiceItems, settingsOf } from './subscription-settings.ts'

const MOST_SUBSCRIPTIONS = 500

/** `POST /v1/subscriptions`: builds the subscription from the parameters and hands it to the engine to start. */
export function createSubscription(call: Call): Subscription {
  const { engine, parameters, state } = call
  const customer = payerOf(call)
  const id = state.ids.next('sub')
  const created = state.now(customer.test_clock)
  const discounts: (() => void)[] = []
  try {
    const items = itemsOf(call, id, customer, created, discounts)
    const blank = makeSubscription({ id, created, customer: customer.id, items, livemode: state.livemode })
    const subscription = makeSubscription({
      ...blank,
      ...settingsOf(call, blank),
      items,
      billing_mode: billingModeOf(parameters),
      cancel_at_period_end: parameters.flag('cancel_at_period_end') ?? false,
      test_clock: customer.test_clock,
    })
    if (subscription.collection_method === 'send_invoice' && subscription.days_until_due === null) {
      throw badRequest(
        'You must pass `days_until_due` when using `collection_method=send_invoice`.',
        'days_until_due',
      )
    }
    const redeemed = redeem(state, parameters.objects('discounts') ?? [], {
      customer: customer.id,
      subscription: id,
      testClock: customer.test_clock,
    })
    discounts.push(redeemed.undo)
    subscription.discounts = redeemed.ids
    return engine.startSubscription(subscription, startOptions(call))
  } catch (error) {
    for (const undo of discounts) undo()
    throw error
  }
}

function payerOf(call: Call): Customer {
  const { parameters, state } = call
  const customer = find(
    state,
    state.customers,
    'customer',
    parameters.needText('customer'),
    asParameter('customer'),
  )
  const live = state.subscriptions
    .by('customer', customer.id)
    .filter((one) => one.status !== 'canceled' && one.status !== 'incomplete_expired')
  if (live.length >= MOST_SUBSCRIPTIONS) {
    throw badRequest(
      `Customer ${customer.id} already has the maximum ${MOST_SUBSCRIPTIONS} current subscriptions.`,
      'customer',
    )
  }
  return customer
}

function itemsOf(
  call: Call,
  subscription: string,
  customer: Customer,
  created: number,
  undo: (() => void)[],
): SubscriptionItem[] {
  const { parameters, state } = call
  const asked = parameters.objects('items') ?? []
  if (asked.length === 0) throw missingParameter('items')
  if (asked.length > MOST_ITEMS)
    throw badRequest(`A subscription can have at most ${MOST_ITEMS} items.`, 'items')
  const items = asked.map((item) => {
    const price = priceIn(call, item, 'recurring')
    if (price === undefined) throw missingParameter(item.path('price'))
    const made = makeSubscriptionItem({
      id: state.ids.next('si'),
      created,
      price,
      subscription,
      metadata: mergeMetadata({}, item),
    })
    if (made.quantity !== undefined) made.quantity = item.number('quantity') ?? 1
    if (item.has('discounts')) {
      const redeemed = redeem(state, item.objects('discounts') ?? [], {
        customer: customer.id,
        subscription_item: made.id,
        testClock: customer.test_clock,
      })
      undo.push(redeemed.undo)
      made.discounts = redeemed.ids
    }
    return made
  })
  refuseMixed(items)
  return items
}

function refuseMixed(items: readonly SubscriptionItem[]): void {
  const currencies = new Set(items.map((item) => item.price.currency))
  if (currencies.size > 1) {
    throw badRequest(
      `All items of a subscription must have one currency, but these have ${[...currencies].join(' and ')}.`,
      'items',
    )
  }
  const prices = new Set(items.map((item) => item.price.id))
  if (prices.size < items.length) {
    throw badRequest('Cannot add multiple subscription items with the same plan.', 'items')
  }
}

function billingModeOf(parameters: Parameters): Subscription['billing_mode'] {
  const mode = parameters.object('billing_mode')
  if (mode?.text('type') === 'classic') return { flexible: null, type: 'classic' }
  const discounts = mode?.object('flexible')?.word<'included' | 'itemized'>('proration_discounts')
  return { flexible: { proration_discounts: discounts ?? 'included' }, type: 'flexible' }
}

function startOptions(call: Call): StartOptions {
  const { parameters } = call
  const trialEnd = parameters.numberOrWord<'now'>('trial_end')
  const days = parameters.number('trial_period_days')
  const backdate = parameters.number('backdate_start_date')
  const anchor = parameters.number('billing_cycle_anchor')
  // In the flexible billing mode the flag stands alone; in the classic one it comes with the moment.
  const classic = parameters.object('billing_mode')?.text('type') === 'classic'
  const endsAtPeriodEnd = parameters.flag('cancel_at_period_end') === true
  const cancelAt =
    parameters.numberOrWord<RelativeCancelAt>('cancel_at') ??
    (endsAtPeriodEnd && classic ? 'min_period_end' : undefined)
  if (trialEnd !== undefined && days !== undefined) {
    throw badRequest('You may not pass both `trial_end` and `trial_period_days`.', 'trial_end')
  }
  return {
    paymentBehavior: parameters.word('payment_behavior') ?? 'allow_incomplete',
    prorationBehavior: parameters.word('proration_behavior') ?? 'create_prorations',
    trialFromPlan: parameters.flag('trial_from_plan') ?? false,
    addInvoiceItems: addedInvoiceItems(call),
    ...(trialEnd === undefined || trialEnd === null ? {} : { trialEnd }),
    ...(days === undefined ? {} : { trialPeriodDays: days }),
    ...(backdate === undefined ? {} : { backdateStartDate: backdate }),
    ...(anchor === undefined ? {} : { billingCycleAnchor: anchor }),
    ...(cancelAt === undefined || cancelAt === null ? {} : { cancelAt }),
  }
}
