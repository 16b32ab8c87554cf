import type { Born, JsonObject, Metadata } from './wire.ts'

/** How often a recurring price is charged. */
export interface Recurring {
  interval: 'day' | 'week' | 'month' | 'year'
  interval_count: number
  meter: string | null
  trial_period_days: number | null
  usage_type: 'licensed' | 'metered'
}

/** A price of a product. Tiers are sent only when asked for by `expand[]=tiers`; the state keeps them apart. */
export interface Price {
  id: string
  object: 'price'
  active: boolean
  billing_scheme: 'per_unit' | 'tiered'
  created: number
  currency: string
  custom_unit_amount: JsonObject | null
  livemode: boolean
  lookup_key: string | null
  metadata: Metadata
  nickname: string | null
  product: string
  recurring: Recurring | null
  tax_behavior: 'exclusive' | 'inclusive' | 'unspecified' | null
  tiers_mode: 'graduated' | 'volume' | null
  transform_quantity: { divide_by: number; round: 'down' | 'up' } | null
  type: 'one_time' | 'recurring'
  unit_amount: number | null
  unit_amount_decimal: string | null
}

/** The older word for a recurring price, which each subscription item still carries. */
export interface Plan {
  id: string
  object: 'plan'
  active: boolean
  amount: number | null
  amount_decimal: string | null
  billing_scheme: 'per_unit' | 'tiered'
  created: number
  currency: string
  interval: 'day' | 'week' | 'month' | 'year'
  interval_count: number
  livemode: boolean
  metadata: Metadata
  meter: string | null
  nickname: string | null
  product: string
  tiers_mode: 'graduated' | 'volume' | null
  transform_usage: { divide_by: number; round: 'down' | 'up' } | null
  trial_period_days: number | null
  usage_type: 'licensed' | 'metered'
}

const MONTHLY: Recurring = {
  interval: 'month',
  interval_count: 1,
  meter: null,
  trial_period_days: null,
  usage_type: 'licensed',
}

/**
 * A whole price: monthly in usd unless said otherwise. `recurring: null` makes it a one-time price.
 *
 * @example makePrice({ id: 'price_1', created: 1_760_000_000, product: 'prod_1', unit_amount: 2000 })
 */
export function makePrice(fields: Born & { product: string } & Partial<Price>): Price {
  const recurring = fields.recurring === undefined ? { ...MONTHLY } : fields.recurring
  const amount = fields.unit_amount === undefined ? 1000 : fields.unit_amount
  const price: Price = {
    id: fields.id,
    object: 'price',
    active: true,
    billing_scheme: 'per_unit',
    created: fields.created,
    currency: 'usd',
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: fields.product,
    recurring,
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: recurring === null ? 'one_time' : 'recurring',
    unit_amount: amount,
    unit_amount_decimal: amount === null ? null : String(amount),
  }
  return Object.assign(price, fields)
}

/** The plan that a recurring price is also known as. A one-time price counts as monthly, as it has no plan in Stripe. */
export function planOf(price: Price): Plan {
  const recurring = price.recurring ?? MONTHLY
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: recurring.interval,
    interval_count: recurring.interval_count,
    livemode: price.livemode,
    metadata: price.metadata,
    meter: recurring.meter,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: price.tiers_mode,
    transform_usage: price.transform_quantity,
    trial_period_days: recurring.trial_period_days,
    usage_type: recurring.usage_type,
  }
}
