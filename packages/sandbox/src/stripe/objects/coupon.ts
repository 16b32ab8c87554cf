import type { Born, JsonObject, Metadata } from './wire.ts'

/** A reduction that can be redeemed. `applies_to` is sent only when asked for by expand. */
export interface Coupon {
  id: string
  object: 'coupon'
  amount_off: number | null
  applies_to?: { products: string[] }
  created: number
  currency: string | null
  duration: 'forever' | 'once' | 'repeating'
  duration_in_months: number | null
  livemode: boolean
  max_redemptions: number | null
  metadata: Metadata
  name: string | null
  percent_off: number | null
  redeem_by: number | null
  times_redeemed: number
  valid: boolean
}

/** The code that a customer types to redeem a coupon. */
export interface PromotionCode {
  id: string
  object: 'promotion_code'
  active: boolean
  code: string
  created: number
  customer: string | null
  customer_account: string | null
  expires_at: number | null
  livemode: boolean
  max_redemptions: number | null
  metadata: Metadata
  promotion: { coupon: string | null; type: 'coupon' }
  restrictions: JsonObject
  times_redeemed: number
}

/** A coupon in use by a customer, subscription, item or invoice. Times are Unix seconds. */
export interface Discount {
  id: string
  object: 'discount'
  checkout_session: string | null
  customer: string | null
  customer_account: string | null
  end: number | null
  invoice: string | null
  invoice_item: string | null
  promotion_code: string | null
  source: { coupon: string | null; type: 'coupon' }
  start: number
  subscription: string | null
  subscription_item: string | null
}

/** A whole coupon: 25 percent off, once. */
export function makeCoupon(fields: Born & Partial<Coupon>): Coupon {
  const coupon: Coupon = {
    id: fields.id,
    object: 'coupon',
    amount_off: null,
    created: fields.created,
    currency: null,
    duration: 'once',
    duration_in_months: null,
    livemode: false,
    max_redemptions: null,
    metadata: {},
    name: null,
    percent_off: fields.amount_off === undefined || fields.amount_off === null ? 25 : null,
    redeem_by: null,
    times_redeemed: 0,
    valid: true,
  }
  return Object.assign(coupon, fields)
}

/** A whole promotion code for a coupon. */
export function makePromotionCode(
  fields: Born & { code: string; coupon: string } & Partial<PromotionCode>,
): PromotionCode {
  const { coupon, ...rest } = fields
  const promotion: PromotionCode = {
    id: fields.id,
    object: 'promotion_code',
    active: true,
    code: fields.code,
    created: fields.created,
    customer: null,
    customer_account: null,
    expires_at: null,
    livemode: false,
    max_redemptions: null,
    metadata: {},
    promotion: { coupon, type: 'coupon' },
    restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
    times_redeemed: 0,
  }
  return Object.assign(promotion, rest)
}

/** A whole discount: the coupon in use from `start` on. */
export function makeDiscount(
  fields: { id: string; start: number; coupon: string } & Partial<Discount>,
): Discount {
  const { coupon, ...rest } = fields
  const discount: Discount = {
    id: fields.id,
    object: 'discount',
    checkout_session: null,
    customer: null,
    customer_account: null,
    end: null,
    invoice: null,
    invoice_item: null,
    promotion_code: null,
    source: { coupon, type: 'coupon' },
    start: fields.start,
    subscription: null,
    subscription_item: null,
  }
  return Object.assign(discount, rest)
}
