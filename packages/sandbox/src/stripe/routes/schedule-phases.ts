import { addIntervals } from '../engine/calendar.ts'
import { makeSchedulePhase, type SchedulePhase, type SchedulePhaseItem } from '../objects/schedule.ts'
import type { Subscription } from '../objects/subscription.ts'
import { useCard } from '../payment-method.ts'
import type { Call } from '../request/call.ts'
import { asParameter, find } from '../request/find.ts'
import { given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import type { Parameters } from '../request/parameters.ts'
import { badRequest, missingParameter } from '../stripe-error.ts'
import { priceIn } from './price-in.ts'

/**
 * The phases that a request asks for, one after the other from `start` on.
 *
 * @param now what `now` stands for, in Unix seconds.
 */
export function phasesOf(
  call: Call,
  asked: readonly Parameters[],
  start: number,
  now: number,
): SchedulePhase[] {
  let next = start
  return asked.map((one) => {
    const from = moment(one.numberOrWord<'now'>('start_date'), now) ?? next
    const phase = phaseOf(call, one, from, now)
    if (phase.end_date <= phase.start_date) {
      throw badRequest(
        'The phase ends before it starts; `end_date` must be later than its start.',
        one.path('end_date'),
      )
    }
    next = phase.end_date
    return phase
  })
}

function phaseOf(call: Call, asked: Parameters, start: number, now: number): SchedulePhase {
  const items = (asked.objects('items') ?? []).map((item) => phaseItem(call, item))
  if (items.length === 0) throw missingParameter(asked.path('items'))
  const first = call.state.prices.get(items[0]?.price ?? '')
  const duration = asked.object('duration')
  const end =
    moment(asked.numberOrWord<'now'>('end_date'), now) ??
    (duration === undefined
      ? addIntervals(start, first?.recurring ?? { interval: 'month', interval_count: 1 }, 1)
      : addIntervals(
          start,
          {
            interval: duration.word('interval') ?? 'month',
            interval_count: duration.number('interval_count') ?? 1,
          },
          1,
        ))
  const trialEnd =
    moment(asked.numberOrWord<'now'>('trial_end'), now) ?? (asked.flag('trial') === true ? end : null)
  return makeSchedulePhase({
    start_date: start,
    end_date: end,
    items,
    currency: asked.text('currency') ?? first?.currency ?? 'usd',
    discounts: discountsIn(call, asked),
    metadata: mergeMetadata({}, asked),
    trial_end: trialEnd,
    ...given<SchedulePhase>(asked, [
      'application_fee_percent',
      'billing_cycle_anchor',
      'billing_thresholds',
      'collection_method',
      'description',
      'on_behalf_of',
      'proration_behavior',
    ]),
    default_payment_method: cardIn(call, asked),
  })
}

function phaseItem(call: Call, asked: Parameters): SchedulePhaseItem {
  const price = priceIn(call, asked, 'recurring')
  if (price === undefined) throw missingParameter(asked.path('price'))
  const item: SchedulePhaseItem = {
    billing_thresholds: null,
    discounts: discountsIn(call, asked),
    metadata: mergeMetadata({}, asked),
    plan: price.id,
    price: price.id,
    tax_rates: [],
  }
  if (price.recurring?.usage_type !== 'metered') item.quantity = asked.number('quantity') ?? 1
  return item
}

function cardIn(call: Call, asked: Parameters): string | null {
  const card = asked.text('default_payment_method')
  const customer = call.state.customers.get(call.parameters.text('customer') ?? '')
  if (card === undefined || customer === undefined) return card ?? null
  return useCard(call.state, customer, card, asked.path('default_payment_method'))
}

function discountsIn(call: Call, asked: Parameters): SchedulePhase['discounts'] {
  const { state } = call
  return (asked.objects('discounts') ?? []).map((one) => {
    const coupon = one.text('coupon') ?? null
    if (coupon !== null) find(state, state.coupons, 'coupon', coupon, asParameter(one.path('coupon')))
    return {
      coupon,
      discount: one.text('discount') ?? null,
      promotion_code: one.text('promotion_code') ?? null,
    }
  })
}

/** The phase that a subscription is in, were it on a schedule: what it has, for its current period. */
export function phaseOfSubscription(subscription: Subscription): SchedulePhase {
  const items = subscription.items.data
  return makeSchedulePhase({
    start_date: Math.max(...items.map((item) => item.current_period_start)),
    end_date: Math.min(...items.map((item) => item.current_period_end)),
    items: items.map((item) => ({
      billing_thresholds: null,
      discounts: item.discounts.map((discount) => ({ coupon: null, discount, promotion_code: null })),
      metadata: { ...item.metadata },
      plan: item.price.id,
      price: item.price.id,
      ...(item.quantity === undefined ? {} : { quantity: item.quantity }),
      tax_rates: [],
    })),
    collection_method: subscription.collection_method,
    currency: subscription.currency,
    default_payment_method: subscription.default_payment_method,
    description: subscription.description,
    discounts: subscription.discounts.map((discount) => ({ coupon: null, discount, promotion_code: null })),
    metadata: { ...subscription.metadata },
    trial_end: subscription.status === 'trialing' ? subscription.trial_end : null,
  })
}

function moment(given: number | 'now' | null | undefined, now: number): number | undefined {
  return given === 'now' ? now : (given ?? undefined)
}
