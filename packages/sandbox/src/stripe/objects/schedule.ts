import type { Born, JsonObject, Metadata } from './wire.ts'

/** What a subscription has from `start_date` to `end_date` (Unix seconds). */
export interface SchedulePhase {
  add_invoice_items: JsonObject[]
  application_fee_percent: number | null
  billing_cycle_anchor: 'automatic' | 'phase_start' | null
  billing_thresholds: JsonObject | null
  collection_method: 'charge_automatically' | 'send_invoice' | null
  currency: string
  default_payment_method: string | null
  default_tax_rates: JsonObject[]
  description: string | null
  discounts: { coupon: string | null; discount: string | null; promotion_code: string | null }[]
  end_date: number
  invoice_settings: JsonObject | null
  items: SchedulePhaseItem[]
  metadata: Metadata
  on_behalf_of: string | null
  proration_behavior: 'always_invoice' | 'create_prorations' | 'none'
  start_date: number
  transfer_data: JsonObject | null
  trial_end: number | null
}

/** One price of a phase. */
export interface SchedulePhaseItem {
  billing_thresholds: JsonObject | null
  discounts: { coupon: string | null; discount: string | null; promotion_code: string | null }[]
  metadata: Metadata
  plan: string
  price: string
  quantity?: number
  tax_rates: JsonObject[]
}

/** Changes of a subscription planned ahead. */
export interface SubscriptionSchedule {
  id: string
  object: 'subscription_schedule'
  application: string | null
  billing_mode: {
    flexible: { proration_discounts?: 'included' | 'itemized' } | null
    type: 'classic' | 'flexible'
    updated_at?: number
  }
  canceled_at: number | null
  completed_at: number | null
  created: number
  current_phase: { end_date: number; start_date: number } | null
  customer: string
  customer_account: string | null
  default_settings: JsonObject
  end_behavior: 'cancel' | 'none' | 'release' | 'renew'
  livemode: boolean
  metadata: Metadata
  pause_schedules: JsonObject[]
  phases: SchedulePhase[]
  released_at: number | null
  released_subscription: string | null
  status: 'active' | 'canceled' | 'completed' | 'not_started' | 'released'
  subscription: string | null
  test_clock: string | null
}

/** A whole schedule that has not started and has no phases unless given. */
export function makeSchedule(
  fields: Born & { customer: string } & Partial<SubscriptionSchedule>,
): SubscriptionSchedule {
  const schedule: SubscriptionSchedule = {
    id: fields.id,
    object: 'subscription_schedule',
    application: null,
    billing_mode: { flexible: {}, type: 'flexible' },
    canceled_at: null,
    completed_at: null,
    created: fields.created,
    current_phase: null,
    customer: fields.customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      automatic_tax: { disabled_reason: null, enabled: false, liability: null },
      billing_cycle_anchor: 'automatic',
      billing_thresholds: null,
      collection_method: 'charge_automatically',
      default_payment_method: null,
      description: null,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null,
        description: null,
        footer: null,
        issuer: { type: 'self' },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: 'release',
    livemode: false,
    metadata: {},
    pause_schedules: [],
    phases: [],
    released_at: null,
    released_subscription: null,
    status: 'not_started',
    subscription: null,
    test_clock: null,
  }
  return Object.assign(schedule, fields)
}

/** A whole phase. */
export function makeSchedulePhase(
  fields: { start_date: number; end_date: number; items: SchedulePhaseItem[] } & Partial<SchedulePhase>,
): SchedulePhase {
  const phase: SchedulePhase = {
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: null,
    billing_thresholds: null,
    collection_method: null,
    currency: 'usd',
    default_payment_method: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    end_date: fields.end_date,
    invoice_settings: null,
    items: fields.items,
    metadata: {},
    on_behalf_of: null,
    proration_behavior: 'create_prorations',
    start_date: fields.start_date,
    transfer_data: null,
    trial_end: null,
  }
  return Object.assign(phase, fields)
}
