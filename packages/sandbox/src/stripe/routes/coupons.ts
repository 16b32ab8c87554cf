import { listPage } from '../answer/list.ts'
import { change } from '../change.ts'
import { type Coupon, makeCoupon } from '../objects/coupon.ts'
import type { Deleted } from '../objects/wire.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { find, IN_PATH } from '../request/find.ts'
import { given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import { badRequest, missingParameter, StripeError } from '../stripe-error.ts'

export const couponRoutes: readonly Route[] = [
  route('GET /v1/coupons', 'coupon[]', (call) => listPage(call, call.state.coupons, 'coupon', '/v1/coupons')),
  route('POST /v1/coupons', 'coupon', createCoupon),
  route('GET /v1/coupons/{id}', 'coupon', foundCoupon),
  route('POST /v1/coupons/{id}', 'coupon', updateCoupon),
  route('DELETE /v1/coupons/{id}', 'coupon', deleteCoupon),
]

function createCoupon(call: Call): Coupon {
  const { parameters, state } = call
  const id = parameters.text('id') ?? state.ids.random(8)
  if (state.coupons.has(id)) {
    throw new StripeError(400, 'Coupon already exists.', { code: 'resource_already_exists', param: 'id' })
  }
  const amount = parameters.number('amount_off')
  const percent = parameters.number('percent_off')
  if ((amount === undefined) === (percent === undefined)) {
    throw badRequest('You must pass either percent_off or amount_off, and not both.', 'percent_off')
  }
  if (amount !== undefined && parameters.text('currency') === undefined) throw missingParameter('currency')
  if (percent !== undefined && (percent <= 0 || percent > 100)) {
    throw badRequest('Invalid percent_off: must be greater than 0 and at most 100.', 'percent_off')
  }
  const duration = parameters.word<Coupon['duration']>('duration') ?? 'once'
  if (duration === 'repeating' && parameters.number('duration_in_months') === undefined) {
    throw missingParameter('duration_in_months')
  }
  const products = parameters.object('applies_to')?.texts('products')
  const coupon = makeCoupon({
    id,
    created: state.now(),
    livemode: state.livemode,
    amount_off: amount ?? null,
    percent_off: percent ?? null,
    currency: amount === undefined ? null : (parameters.text('currency')?.toLowerCase() ?? null),
    duration,
    metadata: mergeMetadata({}, parameters),
    ...given<Coupon>(parameters, ['duration_in_months', 'max_redemptions', 'name', 'redeem_by']),
    ...(products === undefined ? {} : { applies_to: { products } }),
  })
  state.coupons.insert(coupon)
  state.emit('coupon.created', coupon)
  return coupon
}

function updateCoupon(call: Call): Coupon {
  const { parameters, state } = call
  const coupon = foundCoupon(call)
  const patch = {
    ...given<Coupon>(parameters, ['name']),
    metadata: mergeMetadata(coupon.metadata, parameters),
  }
  change(state, state.coupons, coupon, patch, 'coupon.updated')
  return coupon
}

function deleteCoupon(call: Call): Deleted {
  const { state } = call
  const coupon = foundCoupon(call)
  state.coupons.delete(coupon.id)
  const stub: Deleted = { id: coupon.id, object: 'coupon', deleted: true }
  state.deleted.set(coupon.id, stub)
  state.emit('coupon.deleted', coupon)
  return stub
}

function foundCoupon(call: Call): Coupon {
  return find(call.state, call.state.coupons, 'coupon', pathId(call), IN_PATH)
}
