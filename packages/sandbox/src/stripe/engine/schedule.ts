import type { ItemChange, ProrationBehavior, ScheduleChange } from '../billing-engine.ts'
import {
  makeDiscount,
  makeSubscription,
  makeSubscriptionItem,
  type SchedulePhase,
  type SchedulePhaseItem,
  type Subscription,
  type SubscriptionSchedule,
} from '../objects/index.ts'
import { badRequest } from '../stripe-error.ts'
import type { Billing } from './billing.ts'
import { cancelSubscription, endSubscription, hasEnded } from './end-subscription.ts'
import { changeSchedule, isLive } from './finish-schedule.ts'
import { priceOf } from './line.ts'
import { startSubscription } from './start-subscription.ts'
import { updateSubscription } from './update-subscription.ts'

/** Stores a schedule and begins its first phase when that is due, with a new subscription or the one it names. */
export function startSchedule(billing: Billing, schedule: SubscriptionSchedule): SubscriptionSchedule {
  schedule.test_clock = billing.customer(schedule.customer).test_clock
  const subscription = billing.state.subscriptions.get(schedule.subscription ?? '')
  if (subscription !== undefined && subscription.schedule !== null) {
    throw badRequest(
      'You cannot migrate a subscription that is already attached to a schedule.',
      'from_subscription',
    )
  }
  billing.state.schedules.insert(schedule)
  billing.state.emit('subscription_schedule.created', schedule)
  const now = billing.now(schedule)
  if (subscription !== undefined) {
    billing.changeSubscription(subscription, { schedule: schedule.id })
    enterPhase(billing, schedule, phaseAt(schedule, now), subscription, null)
  } else if ((schedule.phases[0]?.start_date ?? Number.POSITIVE_INFINITY) <= now)
    beginSchedule(billing, schedule)
  return schedule
}

/** Begins a schedule whose first phase has come: makes its subscription. */
export function beginSchedule(billing: Billing, schedule: SubscriptionSchedule): void {
  const phase = schedule.phases[0]
  if (phase === undefined) return
  const now = billing.now(schedule)
  const id = billing.state.ids.next('sub')
  const subscription = makeSubscription({
    id,
    created: now,
    billing_mode: schedule.billing_mode,
    collection_method: phase.collection_method ?? 'charge_automatically',
    currency: phase.currency,
    customer: schedule.customer,
    days_until_due: phase.collection_method === 'send_invoice' ? 30 : null,
    default_payment_method: phase.default_payment_method,
    description: phase.description,
    items: phase.items.map((item) =>
      makeSubscriptionItem({
        id: billing.state.ids.next('si'),
        created: now,
        metadata: { ...item.metadata },
        price: priceOf(billing, item.price),
        subscription: id,
        ...(item.quantity === undefined ? {} : { quantity: item.quantity }),
      }),
    ),
    livemode: schedule.livemode,
    metadata: { ...phase.metadata },
    schedule: schedule.id,
  })
  subscription.discounts = discountsOfPhase(billing, subscription, phase, now)
  startSubscription(billing, subscription, {
    addInvoiceItems: [],
    paymentBehavior: 'allow_incomplete',
    prorationBehavior: phase.proration_behavior,
    trialFromPlan: false,
    ...(phase.trial_end === null ? {} : { trialEnd: phase.trial_end }),
  })
  enterPhase(billing, schedule, phase, subscription, null)
}

/** The current phase is over: begins the next one, or does what the schedule's end says. */
export function endPhase(billing: Billing, schedule: SubscriptionSchedule): void {
  const subscription = billing.state.subscriptions.get(schedule.subscription ?? '')
  const ended = schedule.phases.findIndex(
    ({ start_date }) => start_date === schedule.current_phase?.start_date,
  )
  const last = schedule.phases[ended]
  const next = schedule.phases[ended + 1] ?? (last === undefined ? undefined : renewed(schedule, last))
  if (subscription === undefined || hasEnded(subscription)) {
    // Nothing is left to lead.
    changeSchedule(
      billing,
      schedule,
      { canceled_at: billing.now(schedule), current_phase: null, status: 'canceled' },
      ['subscription_schedule.canceled'],
    )
    return
  }
  if (next !== undefined) {
    if (!schedule.phases.includes(next)) schedule.phases = [...schedule.phases, next]
    enterPhase(billing, schedule, next, subscription, next.proration_behavior)
    return
  }
  const now = billing.now(schedule)
  if (schedule.end_behavior === 'cancel') {
    changeSchedule(billing, schedule, { completed_at: now, current_phase: null, status: 'completed' }, [
      'subscription_schedule.completed',
    ])
    endSubscription(billing, subscription)
    return
  }
  releaseSchedule(billing, schedule, { preserveCancelDate: true })
}

/** Changes a schedule; what changes in the phase that runs is brought to the subscription. */
export function updateSchedule(
  billing: Billing,
  schedule: SubscriptionSchedule,
  change: ScheduleChange,
): SubscriptionSchedule {
  assertLive(schedule)
  const now = billing.now(schedule)
  changeSchedule(billing, schedule, {
    ...change.fields,
    ...(change.endBehavior === undefined ? {} : { end_behavior: change.endBehavior }),
    ...(change.phases === undefined ? {} : { phases: [...change.phases] }),
  })
  if (schedule.status === 'not_started') {
    if ((schedule.phases[0]?.start_date ?? Number.POSITIVE_INFINITY) <= now) beginSchedule(billing, schedule)
    return schedule
  }
  const subscription = billing.state.subscriptions.get(schedule.subscription ?? '')
  if (subscription === undefined) return schedule
  enterPhase(billing, schedule, phaseAt(schedule, now), subscription, change.prorationBehavior)
  return schedule
}

/** Cancels a schedule and its subscription at once. */
export function cancelSchedule(
  billing: Billing,
  schedule: SubscriptionSchedule,
  options: { readonly invoiceNow: boolean; readonly prorate: boolean },
): SubscriptionSchedule {
  assertLive(schedule)
  changeSchedule(
    billing,
    schedule,
    { canceled_at: billing.now(schedule), current_phase: null, status: 'canceled' },
    ['subscription_schedule.canceled'],
  )
  const subscription = billing.state.subscriptions.get(schedule.subscription ?? '')
  if (subscription !== undefined && subscription.ended_at === null) {
    cancelSubscription(billing, subscription, options)
  }
  return schedule
}

/** Lets the subscription go on without its schedule. */
export function releaseSchedule(
  billing: Billing,
  schedule: SubscriptionSchedule,
  options: { readonly preserveCancelDate: boolean },
): SubscriptionSchedule {
  assertLive(schedule)
  const subscription = billing.state.subscriptions.get(schedule.subscription ?? '')
  changeSchedule(
    billing,
    schedule,
    {
      current_phase: null,
      released_at: billing.now(schedule),
      released_subscription: schedule.subscription,
      status: 'released',
      subscription: null,
    },
    ['subscription_schedule.released'],
  )
  if (subscription === undefined) return schedule
  billing.changeSubscription(subscription, {
    schedule: null,
    ...(options.preserveCancelDate ? {} : { cancel_at: null, canceled_at: null }),
  })
  return schedule
}

function assertLive(schedule: SubscriptionSchedule): void {
  if (isLive(schedule)) return
  throw badRequest(
    `This subscription schedule has the status ${schedule.status}; only schedules that are not_started or active can be changed.`,
  )
}

function phaseAt(schedule: SubscriptionSchedule, now: number): SchedulePhase | undefined {
  return schedule.phases.find((phase) => phase.start_date <= now && now < phase.end_date)
}

function renewed(schedule: SubscriptionSchedule, last: SchedulePhase): SchedulePhase | undefined {
  if (schedule.end_behavior !== 'renew') return undefined
  const length = last.end_date - last.start_date
  return { ...last, start_date: last.end_date, end_date: last.end_date + length }
}

/** Puts a schedule into a phase; the subscription becomes what the phase says, unless `proration` is null. */
function enterPhase(
  billing: Billing,
  schedule: SubscriptionSchedule,
  phase: SchedulePhase | undefined,
  subscription: Subscription,
  proration: ProrationBehavior | null,
): void {
  changeSchedule(billing, schedule, {
    current_phase: phase === undefined ? null : { end_date: phase.end_date, start_date: phase.start_date },
    status: 'active',
    subscription: subscription.id,
  })
  if (phase === undefined) return
  const now = billing.now(schedule)
  const ends = schedule.end_behavior === 'cancel' && schedule.phases.at(-1)?.start_date === phase.start_date
  const planned = { cancel_at: ends ? phase.end_date : null, canceled_at: ends ? now : null }
  if (proration === null) {
    billing.changeSubscription(subscription, ends ? planned : {})
    return
  }
  const discounts = discountsOfPhase(billing, subscription, phase, now)
  updateSubscription(billing, subscription, {
    addInvoiceItems: [],
    fields: {
      ...planned,
      ...(discounts.length > 0 ? { discounts } : {}),
      ...(phase.default_payment_method === null
        ? {}
        : { default_payment_method: phase.default_payment_method }),
      ...(phase.description === null ? {} : { description: phase.description }),
      metadata: { ...subscription.metadata, ...phase.metadata },
    },
    items: itemChanges(subscription, phase.items),
    paymentBehavior: 'allow_incomplete',
    prorationBehavior: proration,
    ...(phase.billing_cycle_anchor === 'phase_start' && phase.start_date === now
      ? { billingCycleAnchor: 'now' as const }
      : {}),
    ...(phase.trial_end !== null && phase.trial_end > now ? { trialEnd: phase.trial_end } : {}),
  })
}

/** From the items that are to those of a phase: matched by price, then in order, so that items keep their ids. */
function itemChanges(subscription: Subscription, wanted: readonly SchedulePhaseItem[]): ItemChange[] {
  const free = [...subscription.items.data]
  const changes: ItemChange[] = []
  const unmatched = wanted.filter((item) => {
    const at = free.findIndex(({ price }) => price.id === item.price)
    const [found] = at === -1 ? [] : free.splice(at, 1)
    if (found === undefined) return true
    if (item.quantity !== undefined && item.quantity !== found.quantity) {
      changes.push({ kind: 'change', item: found.id, quantity: item.quantity })
    }
    return false
  })
  for (const item of unmatched) {
    const found = free.shift()
    const quantity = item.quantity === undefined ? {} : { quantity: item.quantity }
    if (found === undefined)
      changes.push({ kind: 'add', price: item.price, metadata: item.metadata, ...quantity })
    else changes.push({ kind: 'change', item: found.id, price: item.price, ...quantity })
  }
  return [...changes, ...free.map(({ id }): ItemChange => ({ kind: 'remove', item: id }))]
}

function discountsOfPhase(
  billing: Billing,
  subscription: Subscription,
  phase: SchedulePhase,
  start: number,
): string[] {
  return phase.discounts.flatMap(({ coupon, discount, promotion_code }) => {
    if (discount !== null) return [discount]
    const promotion = billing.state.promotionCodes.get(promotion_code ?? '')
    const of = coupon ?? promotion?.promotion.coupon ?? null
    if (of === null) return []
    const made = makeDiscount({
      id: billing.state.ids.next('di'),
      coupon: of,
      customer: subscription.customer,
      promotion_code,
      start,
      subscription: subscription.id,
    })
    billing.state.discounts.insert(made)
    return [made.id]
  })
}
