import { type Plan, type Price, planOf } from './price.ts'
import { type Born, type JsonObject, type Metadata, type WireList, wireList } from './wire.ts'

/** The eight states of a subscription. */
export type SubscriptionStatus =
  | 'active'
  | 'canceled'
  | 'incomplete'
  | 'incomplete_expired'
  | 'past_due'
  | 'paused'
  | 'trialing'
  | 'unpaid'

/** One price of a subscription, with its own billing period (Unix seconds). */
export interface SubscriptionItem {
  id: string
  object: 'subscription_item'
  billing_thresholds: { usage_gte: number | null } | null
  created: number
  current_period_end: number
  current_period_start: number
  current_trial: JsonObject | null
  discounts: string[]
  metadata: Metadata
  plan: Plan
  price: Price
  quantity?: number
  subscription: string
  tax_rates: JsonObject[]
}

/** Why a subscription was or will be canceled. */
export interface CancellationDetails {
  comment: string | null
  feedback: string | null
  feedback_option: string | null
  reason:
    | 'canceled_by_retention_policy'
    | 'cancellation_requested'
    | 'payment_disputed'
    | 'payment_failed'
    | null
}

/** Since when, and why, a subscription is paused. */
export interface SubscriptionStatusDetails {
  paused: {
    subscription: {
      type:
        | 'final_payment_failure'
        | 'first_payment_failure'
        | 'pause_requested'
        | 'system'
        | 'trial_end_without_payment_method'
    }
    transitioned_at: number
    type: 'subscription'
  }
}

/** What a subscription keeps until a payment for its change goes through. */
export interface PendingUpdate {
  billing_cycle_anchor: number | null
  cancel_at_period_end: boolean | null
  discount: null
  discounts: string[] | null
  expires_at: number
  metadata: Metadata | null
  subscription_items: SubscriptionItem[] | null
  trial_end: number | null
  trial_from_plan: boolean | null
}

/** A subscription, as Stripe sends it unexpanded. All its items are in `items.data`; answers show the first ten. */
export interface Subscription {
  id: string
  object: 'subscription'
  application: string | null
  application_fee_percent: number | null
  automatic_tax: { disabled_reason: string | null; enabled: boolean; liability: JsonObject | null }
  billing_cycle_anchor: number
  billing_cycle_anchor_config: JsonObject | null
  billing_mode: {
    flexible: { proration_discounts?: 'included' | 'itemized' } | null
    type: 'classic' | 'flexible'
    updated_at?: number
  }
  billing_schedules: JsonObject[]
  billing_thresholds: JsonObject | null
  cancel_at: number | null
  cancel_at_period_end: boolean
  canceled_at: number | null
  cancellation_details: CancellationDetails | null
  collection_method: 'charge_automatically' | 'send_invoice'
  created: number
  currency: string
  customer: string
  customer_account: string | null
  days_until_due: number | null
  default_payment_method: string | null
  default_source: string | null
  default_tax_rates: JsonObject[]
  description: string | null
  discounts: string[]
  ended_at: number | null
  invoice_settings: JsonObject
  items: WireList<SubscriptionItem>
  latest_invoice: string | null
  livemode: boolean
  managed_payments: { enabled: boolean } | null
  metadata: Metadata
  next_pending_invoice_item_invoice: number | null
  on_behalf_of: string | null
  pause_collection: {
    behavior: 'keep_as_draft' | 'mark_uncollectible' | 'void'
    resumes_at: number | null
  } | null
  payment_settings: {
    payment_method_options: JsonObject | null
    payment_method_types: string[] | null
    save_default_payment_method: 'off' | 'on_subscription' | null
  } | null
  pending_invoice_item_interval: JsonObject | null
  pending_setup_intent: string | null
  pending_update: PendingUpdate | null
  schedule: string | null
  start_date: number
  status: SubscriptionStatus
  status_details?: SubscriptionStatusDetails
  test_clock: string | null
  transfer_data: JsonObject | null
  trial_end: number | null
  trial_settings: {
    end_behavior: {
      billing_cycle_anchor: 'now' | 'unchanged' | null
      missing_payment_method: 'cancel' | 'create_invoice' | 'pause'
    }
  } | null
  trial_start: number | null
}

// Shared by every subscription that nobody gave its own: a million copies would be a million objects. Replace, never mutate.
const AUTOMATIC_TAX = Object.freeze({ disabled_reason: null, enabled: false, liability: null })
const INVOICE_SETTINGS: JsonObject = Object.freeze({
  account_tax_ids: null,
  custom_fields: null,
  description: null,
  footer: null,
  issuer: Object.freeze({ type: 'self' }) as JsonObject,
}) as JsonObject
const PAYMENT_SETTINGS = Object.freeze({
  payment_method_options: null,
  payment_method_types: null,
  save_default_payment_method: 'off' as const,
})
const TRIAL_SETTINGS = Object.freeze({
  end_behavior: Object.freeze({
    billing_cycle_anchor: null,
    missing_payment_method: 'create_invoice' as const,
  }),
})
const FLEXIBLE = Object.freeze({ flexible: Object.freeze({}), type: 'flexible' as const })
const CANCELLATION = Object.freeze({ comment: null, feedback: null, feedback_option: null, reason: null })

/**
 * A whole subscription: active, flexible billing, no items unless given. Nested defaults are shared and frozen:
 * change one by giving the field a new object.
 *
 * @example makeSubscription({ id: 'sub_1', created: t, customer: 'cus_1', items: [makeSubscriptionItem({ ... })] })
 */
export function makeSubscription(
  fields: Born & { customer: string } & Partial<Omit<Subscription, 'items'>> & {
      items?: SubscriptionItem[] | WireList<SubscriptionItem>
    },
): Subscription {
  const { items: given, ...rest } = fields
  const items = Array.isArray(given)
    ? wireList(itemsUrl(fields.id), given)
    : (given ?? wireList<SubscriptionItem>(itemsUrl(fields.id), []))
  const subscription: Subscription = {
    id: fields.id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: AUTOMATIC_TAX,
    billing_cycle_anchor: fields.created,
    billing_cycle_anchor_config: null,
    billing_mode: FLEXIBLE,
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: CANCELLATION,
    collection_method: 'charge_automatically',
    created: fields.created,
    currency: items.data[0]?.price.currency ?? 'usd',
    customer: fields.customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    ended_at: null,
    invoice_settings: INVOICE_SETTINGS,
    items,
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: PAYMENT_SETTINGS,
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: fields.created,
    status: 'active',
    test_clock: null,
    transfer_data: null,
    trial_end: null,
    trial_settings: TRIAL_SETTINGS,
    trial_start: null,
  }
  return Object.assign(subscription, rest)
}

/**
 * A whole subscription item. Give `plan` too where many items share a price, so that they share the plan object.
 * `quantity` is left out for metered prices, as Stripe does.
 */
export function makeSubscriptionItem(
  fields: Born & { subscription: string; price: Price } & Partial<SubscriptionItem>,
): SubscriptionItem {
  const item: SubscriptionItem = {
    id: fields.id,
    object: 'subscription_item',
    billing_thresholds: null,
    created: fields.created,
    current_period_end: fields.created,
    current_period_start: fields.created,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: fields.plan ?? planOf(fields.price),
    price: fields.price,
    subscription: fields.subscription,
    tax_rates: [],
  }
  if (fields.price.recurring?.usage_type !== 'metered') item.quantity = 1
  return Object.assign(item, fields)
}

/** The url of a subscription's embedded list of items. */
export function itemsUrl(subscription: string): string {
  return `/v1/subscription_items?subscription=${subscription}`
}
