import type { CheckoutSession } from '../objects/checkout-session.ts'
import { discounted, totalsOf } from '../routes/checkout-lines.ts'
import type { StripeState } from '../state.ts'
import { badRequest } from '../stripe-error.ts'

/**
 * Takes a promotion code that the buyer typed off an open checkout. It is counted as redeemed when the checkout
 * completes.
 *
 * @throws StripeError 400 for a code that there is not, or not any more, or not for this buyer.
 */
export function redeemAtCheckout(state: StripeState, session: CheckoutSession, code: string): void {
  const details = state.checkouts.get(session.id)
  if (session.allow_promotion_codes !== true || details === undefined) {
    throw badRequest('This checkout takes no promotion codes.')
  }
  const promotion = state.promotionCodes
    .all()
    .find((row) => row.active && row.code.toLowerCase() === code.toLowerCase())
  const coupon = state.coupons.get(promotion?.promotion.coupon ?? '')
  const isUsedUp =
    promotion !== undefined &&
    promotion.max_redemptions !== null &&
    promotion.times_redeemed >= promotion.max_redemptions
  const isOver = promotion?.expires_at != null && promotion.expires_at <= state.now()
  const isForAnother = promotion?.customer != null && promotion.customer !== session.customer
  if (
    promotion === undefined ||
    coupon === undefined ||
    !coupon.valid ||
    isUsedUp ||
    isOver ||
    isForAnother
  ) {
    throw badRequest('This code is invalid.')
  }
  const lines = discounted(details.lines, coupon)
  const { trialEnd, trialPeriodDays } = details.subscriptionData
  const isTrial = trialEnd !== undefined || trialPeriodDays !== undefined
  state.checkouts.set(session.id, { ...details, lines })
  state.checkoutSessions.update(session, {
    discounts: [{ coupon: coupon.id, promotion_code: promotion.id }],
    ...totalsOf(lines, isTrial),
  })
}
