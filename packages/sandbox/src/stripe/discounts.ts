import { type Coupon, makeDiscount, type PromotionCode } from './objects/coupon.ts'
import { asParameter, find, missing } from './request/find.ts'
import type { Parameters } from './request/parameters.ts'
import type { StripeState } from './state.ts'
import { badRequest } from './stripe-error.ts'

/** What a discount is put on. */
export interface DiscountTarget {
  readonly customer: string | null
  readonly subscription?: string
  readonly subscription_item?: string
  readonly checkout_session?: string
  readonly testClock?: string | null
}

/** Discounts that were made for a request, to be taken back when it fails after all. */
export interface Redeemed {
  /** Ids of the discounts, in the order asked for. */
  readonly ids: string[]
  undo(): void
}

/**
 * Makes the discounts that a request's `discounts` asks for: by coupon, by promotion code, or one there already is.
 *
 * @throws StripeError 400 for a coupon or code that is unknown, used up, expired or not for this customer.
 */
export function redeem(state: StripeState, asked: readonly Parameters[], target: DiscountTarget): Redeemed {
  const undo: (() => void)[] = []
  const ids = asked.map((one) => {
    const kept = one.text('discount')
    if (kept !== undefined)
      return find(state, state.discounts, 'discount', kept, asParameter(one.path('discount'))).id
    const promotion = redeemable(state, one, target)
    const coupon = couponOf(state, one, promotion)
    const { testClock, ...fields } = target
    const discount = makeDiscount({
      id: state.ids.next('di'),
      start: state.now(testClock),
      coupon: coupon.id,
      promotion_code: promotion?.id ?? null,
      ...fields,
    })
    state.discounts.insert(discount)
    coupon.times_redeemed += 1
    coupon.valid = isValid(coupon, state.now())
    if (promotion !== null) promotion.times_redeemed += 1
    undo.push(() => {
      state.discounts.delete(discount.id)
      coupon.times_redeemed -= 1
      coupon.valid = isValid(coupon, state.now())
      if (promotion !== null) promotion.times_redeemed -= 1
    })
    return discount.id
  })
  return {
    ids,
    undo() {
      for (const one of undo) one()
    },
  }
}

/** The promotion code that a request names, checked. */
function redeemable(state: StripeState, asked: Parameters, target: DiscountTarget): PromotionCode | null {
  const id = asked.text('promotion_code')
  if (id === undefined) return null
  const code = find(
    state,
    state.promotionCodes,
    'promotion code',
    id,
    asParameter(asked.path('promotion_code')),
  )
  const used = code.max_redemptions !== null && code.times_redeemed >= code.max_redemptions
  const expired = code.expires_at !== null && code.expires_at <= state.now()
  if (!code.active || used || expired) {
    throw badRequest(
      'This promotion code cannot be redeemed because it is inactive, expired or used up.',
      asked.path('promotion_code'),
    )
  }
  if (code.customer !== null && code.customer !== target.customer) {
    throw badRequest('This promotion code cannot be redeemed by this customer.', asked.path('promotion_code'))
  }
  return code
}

function couponOf(state: StripeState, asked: Parameters, promotion: PromotionCode | null): Coupon {
  const id = promotion?.promotion.coupon ?? asked.text('coupon')
  const param = asParameter(asked.path('coupon'))
  if (id === undefined)
    throw badRequest('Each discount needs a coupon, a promotion_code or a discount.', asked.path('coupon'))
  const coupon = state.coupons.get(id)
  if (coupon === undefined) throw missing(state, 'coupon', id, param)
  if (isValid(coupon, state.now())) return coupon
  throw badRequest(`Coupon expired: ${id}`, asked.path('coupon'))
}

function isValid(coupon: Coupon, now: number): boolean {
  const used = coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions
  return !used && (coupon.redeem_by === null || coupon.redeem_by > now)
}
