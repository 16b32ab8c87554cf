/**
 * The permission that reading each kind of object needs, by the names that restricted keys use. Those of test clocks,
 * the portal and payment intents have not been seen in Stripe's answers and follow the pattern of the others.
 */
const READ_PERMISSIONS: { readonly [object: string]: string } = {
  'billing_portal.configuration': 'rak_customer_portal_read',
  charge: 'rak_charge_read',
  'checkout.session': 'rak_checkout_session_read',
  coupon: 'rak_coupon_read',
  customer: 'rak_customer_read',
  dispute: 'rak_dispute_read',
  'entitlements.active_entitlement': 'rak_entitlement_read',
  'entitlements.feature': 'rak_entitlement_read',
  event: 'rak_event_read',
  invoice: 'rak_invoice_read',
  invoice_payment: 'rak_invoice_read',
  payment_intent: 'rak_payment_intent_read',
  payment_method: 'rak_payment_method_read',
  price: 'rak_plan_read',
  product: 'rak_product_read',
  promotion_code: 'rak_promotion_code_read',
  refund: 'rak_charge_read',
  subscription: 'rak_subscription_read',
  subscription_item: 'rak_subscription_read',
  subscription_schedule: 'rak_subscription_read',
  'test_helpers.test_clock': 'rak_billing_clock_read',
  webhook_endpoint: 'rak_webhook_read',
}

/** The permission that expanding to a kind needs; null for kinds that the sandbox does not keep. */
export function toExpand(object: string): string | null {
  return READ_PERMISSIONS[object] ?? null
}

/** The permission that reading a kind needs. */
export function toRead(object: string): string {
  const permission = READ_PERMISSIONS[object]
  if (permission === undefined) throw new Error(`No permission is named for reading "${object}".`)
  return permission
}

/** The permission that writing a kind needs. */
export function toWrite(object: string): string {
  return toRead(object).replace(/_read$/, '_write')
}
