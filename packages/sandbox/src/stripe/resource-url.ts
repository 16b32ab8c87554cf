/** Where objects of each kind are retrieved, by the value of their `object` field. */
const PATHS: { readonly [object: string]: string } = {
  'billing_portal.configuration': '/v1/billing_portal/configurations',
  charge: '/v1/charges',
  'checkout.session': '/v1/checkout/sessions',
  coupon: '/v1/coupons',
  customer: '/v1/customers',
  dispute: '/v1/disputes',
  'entitlements.active_entitlement': '/v1/entitlements/active_entitlements',
  'entitlements.feature': '/v1/entitlements/features',
  invoice: '/v1/invoices',
  invoice_payment: '/v1/invoice_payments',
  payment_intent: '/v1/payment_intents',
  payment_method: '/v1/payment_methods',
  price: '/v1/prices',
  product: '/v1/products',
  promotion_code: '/v1/promotion_codes',
  refund: '/v1/refunds',
  subscription: '/v1/subscriptions',
  subscription_item: '/v1/subscription_items',
  subscription_schedule: '/v1/subscription_schedules',
  'test_helpers.test_clock': '/v1/test_helpers/test_clocks',
}

/** The path at which an object is retrieved; null for kinds that cannot be. */
export function resourceUrl(object: string, id: string): string | null {
  const path = PATHS[object]
  return path === undefined ? null : `${path}/${id}`
}
