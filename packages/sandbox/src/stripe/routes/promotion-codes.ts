import { listPage } from '../answer/list.ts'
import { change } from '../change.ts'
import { makePromotionCode, type PromotionCode } from '../objects/coupon.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { asParameter, find, IN_PATH } from '../request/find.ts'
import { given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import { badRequest, missingParameter } from '../stripe-error.ts'

export const promotionCodeRoutes: readonly Route[] = [
  route('GET /v1/promotion_codes', 'promotion_code[]', listCodes),
  route('POST /v1/promotion_codes', 'promotion_code', createCode),
  route('GET /v1/promotion_codes/{id}', 'promotion_code', foundCode),
  route('POST /v1/promotion_codes/{id}', 'promotion_code', updateCode),
]

function listCodes(call: Call) {
  const { parameters, state } = call
  const active = parameters.flag('active')
  const code = parameters.text('code')?.toLowerCase()
  const coupon = parameters.text('coupon')
  const customer = parameters.text('customer')
  return listPage(call, state.promotionCodes, 'promotion code', '/v1/promotion_codes', {
    ...(coupon === undefined ? {} : { by: ['coupon', coupon] as const }),
    where: (row) =>
      (active === undefined || row.active === active) &&
      (code === undefined || row.code.toLowerCase() === code) &&
      (customer === undefined || row.customer === customer),
  })
}

function createCode(call: Call): PromotionCode {
  const { parameters, state } = call
  const coupon = parameters.object('promotion')?.text('coupon')
  if (coupon === undefined) throw missingParameter('promotion[coupon]')
  find(state, state.coupons, 'coupon', coupon, asParameter('promotion[coupon]'))
  const customer = parameters.text('customer')
  if (customer !== undefined) find(state, state.customers, 'customer', customer, asParameter('customer'))
  const code = parameters.text('code') ?? state.ids.random(8).toUpperCase()
  const holder = state.promotionCodes
    .all()
    .find(
      (row) =>
        row.active && row.code.toLowerCase() === code.toLowerCase() && row.customer === (customer ?? null),
    )
  if (holder !== undefined) {
    throw badRequest(`An active promotion code with \`code: ${code}\` already exists.`, 'code')
  }
  const restrictions = parameters.object('restrictions')
  const promotion = makePromotionCode({
    id: state.ids.next('promo'),
    created: state.now(),
    code,
    coupon,
    livemode: state.livemode,
    customer: customer ?? null,
    metadata: mergeMetadata({}, parameters),
    ...given<PromotionCode>(parameters, ['active', 'expires_at', 'max_redemptions']),
    restrictions: {
      first_time_transaction: restrictions?.flag('first_time_transaction') ?? false,
      minimum_amount: restrictions?.number('minimum_amount') ?? null,
      minimum_amount_currency: restrictions?.text('minimum_amount_currency') ?? null,
    },
  })
  state.promotionCodes.insert(promotion)
  state.emit('promotion_code.created', promotion)
  return promotion
}

function updateCode(call: Call): PromotionCode {
  const { parameters, state } = call
  const promotion = foundCode(call)
  const patch = {
    ...given<PromotionCode>(parameters, ['active']),
    metadata: mergeMetadata(promotion.metadata, parameters),
  }
  change(state, state.promotionCodes, promotion, patch, 'promotion_code.updated')
  return promotion
}

function foundCode(call: Call): PromotionCode {
  return find(call.state, call.state.promotionCodes, 'promotion code', pathId(call), IN_PATH)
}
