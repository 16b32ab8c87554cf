import type { Millis } from './json.ts'
import type { ClerkMoney } from './money.ts'
import type { ClerkPlan } from './plan.ts'

/** Who pays in Clerk Billing: a user or an organization. */
export interface ClerkPayer {
  readonly object: 'commerce_payer'
  readonly id: string
  readonly instance_id: string
  readonly user_id: string | null
  readonly first_name: string | null
  readonly last_name: string | null
  readonly email: string | null
  readonly organization_id: string | null
  readonly organization_name: string | null
  readonly image_url: string
  readonly created_at: Millis
  readonly updated_at: Millis
}

export type ClerkSubscriptionItemStatus =
  | 'active'
  | 'canceled'
  | 'expired'
  | 'ended'
  | 'past_due'
  | 'upcoming'
  | 'incomplete'
  | 'abandoned'

/** One plan that a payer has, had or will have. `canceled` keeps its access until `period_end`. */
export interface ClerkSubscriptionItem {
  readonly object: 'commerce_subscription_item'
  readonly id: string
  readonly instance_id: string
  readonly status: ClerkSubscriptionItemStatus
  readonly plan_id: string
  readonly plan: ClerkPlan
  readonly price_id?: string
  readonly plan_period: 'month' | 'annual'
  readonly payer_id: string
  readonly payer: ClerkPayer
  readonly is_free_trial: boolean
  readonly period_start: Millis
  readonly period_end: Millis | null
  readonly canceled_at: Millis | null
  readonly past_due_at: Millis | null
  readonly ended_at: Millis | null
  readonly next_payment: { readonly amount: ClerkMoney; readonly date: Millis } | null
  readonly lifetime_paid: ClerkMoney
  readonly seats: { readonly quantity: number | null } | null
  readonly created_at: Millis
  readonly updated_at: Millis
}

export type ClerkSubscriptionStatus =
  | 'active'
  | 'past_due'
  | 'canceled'
  | 'ended'
  | 'abandoned'
  | 'incomplete'

/** A payer's subscription: all of its items. */
export interface ClerkSubscription {
  readonly object: 'commerce_subscription'
  readonly id: string
  readonly instance_id: string
  readonly status: ClerkSubscriptionStatus
  readonly payer_id: string
  readonly created_at: Millis
  readonly updated_at: Millis
  readonly active_at: Millis | null
  readonly past_due_at: Millis | null
  readonly subscription_items: readonly ClerkSubscriptionItem[]
  readonly next_payment?: { readonly date: Millis; readonly amount: ClerkMoney }
  readonly eligible_for_free_trial: boolean
}

const month = 30 * 24 * 3600 * 1000
const year = 365 * 24 * 3600 * 1000

/** Makes an active item of a plan, a period from its start, unless told otherwise. */
export function makeSubscriptionItem(
  fields: Pick<ClerkSubscriptionItem, 'id' | 'plan' | 'payer' | 'period_start'> &
    Partial<ClerkSubscriptionItem>,
): ClerkSubscriptionItem {
  const { plan, payer, period_start } = fields
  const plan_period = fields.plan_period ?? 'month'
  const period_end =
    fields.period_end === undefined
      ? period_start + (plan_period === 'month' ? month : year)
      : fields.period_end
  const fee = plan_period === 'month' ? plan.fee : plan.annual_fee
  const renews =
    period_end !== null && fee !== null && fee.amount > 0 && (fields.status ?? 'active') === 'active'
  return {
    object: 'commerce_subscription_item',
    instance_id: payer.instance_id,
    status: 'active',
    plan_id: plan.id,
    payer_id: payer.id,
    is_free_trial: false,
    canceled_at: null,
    past_due_at: null,
    ended_at: null,
    next_payment: renews ? { amount: fee, date: period_end } : null,
    lifetime_paid: { amount: 0, amount_formatted: '0.00', currency: 'USD', currency_symbol: '$' },
    seats: null,
    created_at: period_start,
    updated_at: period_start,
    ...fields,
    plan_period,
    period_end,
  }
}

/** Makes a payer's subscription of its items; its status follows them unless it is given. */
export function makeSubscription(
  fields: Pick<ClerkSubscription, 'id' | 'created_at' | 'subscription_items'> &
    Partial<ClerkSubscription> & { readonly payer: ClerkPayer },
): ClerkSubscription {
  const { payer, ...rest } = fields
  const status = fields.status ?? statusOf(fields.subscription_items)
  const next = fields.subscription_items.find(({ next_payment }) => next_payment !== null)?.next_payment
  return {
    object: 'commerce_subscription',
    instance_id: payer.instance_id,
    payer_id: payer.id,
    updated_at: fields.created_at,
    active_at: fields.created_at,
    past_due_at: null,
    ...(next && { next_payment: { date: next.date, amount: next.amount } }),
    eligible_for_free_trial: false,
    ...rest,
    status,
  }
}

function statusOf(items: readonly ClerkSubscriptionItem[]): ClerkSubscriptionStatus {
  const has = (status: ClerkSubscriptionItemStatus) => items.some((item) => item.status === status)
  if (has('past_due')) return 'past_due'
  if (has('active') || has('canceled')) return 'active'
  if (has('incomplete')) return 'incomplete'
  return has('abandoned') ? 'abandoned' : 'ended'
}
