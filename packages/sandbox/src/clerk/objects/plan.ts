import { type ClerkMoney, makeMoney } from './money.ts'

/** A feature of a plan; its slug is what `has({ feature })` asks for. */
export interface ClerkFeature {
  readonly object: 'feature'
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly slug: string
  readonly avatar_url: string | null
}

/** A plan of Clerk Billing as the Backend API sends it. */
export interface ClerkPlan {
  readonly object: 'commerce_plan'
  readonly id: string
  readonly name: string
  readonly fee: ClerkMoney | null
  readonly annual_monthly_fee: ClerkMoney | null
  readonly annual_fee: ClerkMoney | null
  readonly description: string | null
  readonly product_id: string
  readonly is_default: boolean
  readonly is_recurring: boolean
  readonly publicly_visible: boolean
  readonly has_base_fee: boolean
  readonly for_payer_type: 'user' | 'org'
  readonly slug: string
  readonly avatar_url: string | null
  readonly features: readonly ClerkFeature[]
  readonly free_trial_enabled: boolean
  readonly free_trial_days: number | null
}

export function makeFeature(fields: Pick<ClerkFeature, 'id' | 'slug'> & Partial<ClerkFeature>): ClerkFeature {
  return { object: 'feature', name: fields.slug, description: null, avatar_url: null, ...fields }
}

/**
 * Makes a plan for users, free unless a fee is given.
 *
 * @example
 * makePlan({ id: ids.next('cplan'), slug: 'pro', fee: makeMoney(2000) })
 */
export function makePlan(fields: Pick<ClerkPlan, 'id' | 'slug'> & Partial<ClerkPlan>): ClerkPlan {
  const fee = fields.fee ?? makeMoney(0)
  return {
    object: 'commerce_plan',
    name: fields.slug,
    annual_monthly_fee: null,
    annual_fee: null,
    description: null,
    product_id: 'prod_sandbox',
    is_default: false,
    is_recurring: fee.amount > 0,
    publicly_visible: true,
    has_base_fee: fee.amount > 0,
    for_payer_type: 'user',
    avatar_url: null,
    features: [],
    free_trial_enabled: false,
    free_trial_days: null,
    ...fields,
    fee,
  }
}

/** A price of a plan. */
export interface ClerkPrice {
  readonly object: 'commerce_price'
  readonly id: string
  readonly plan_id: string
  readonly instance_id: string
  readonly currency: string
  readonly currency_symbol: string
  readonly amount: number
  readonly annual_monthly_amount: number
  readonly fee: ClerkMoney | null
  readonly annual_monthly_fee: ClerkMoney | null
  readonly description: string | null
  readonly is_default: boolean
  readonly created_at: number
  readonly supported_billing_periods: 'month' | 'annual' | 'both'
}

export function makePrice(
  fields: Pick<ClerkPrice, 'id' | 'plan_id' | 'instance_id' | 'amount' | 'created_at'> & Partial<ClerkPrice>,
): ClerkPrice {
  const annual = fields.annual_monthly_amount ?? 0
  return {
    object: 'commerce_price',
    currency: 'USD',
    currency_symbol: '$',
    fee: makeMoney(fields.amount),
    annual_monthly_fee: annual > 0 ? makeMoney(annual) : null,
    description: null,
    is_default: false,
    supported_billing_periods: annual > 0 ? 'both' : 'month',
    ...fields,
    annual_monthly_amount: annual,
  }
}
