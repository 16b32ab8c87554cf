import type { Route } from '../request/call.ts'
import { accountRoutes } from './account.ts'
import { checkoutRoutes } from './checkout-sessions.ts'
import { couponRoutes } from './coupons.ts'
import { customerRoutes } from './customers.ts'
import { entitlementRoutes } from './entitlements.ts'
import { eventDestinationRoutes } from './event-destinations.ts'
import { eventRoutes } from './events.ts'
import { invoiceItemRoutes } from './invoice-items.ts'
import { invoiceRoutes } from './invoices.ts'
import { paymentMethodRoutes } from './payment-methods.ts'
import { paymentRoutes } from './payments.ts'
import { portalRoutes } from './portal.ts'
import { priceRoutes } from './prices.ts'
import { productRoutes } from './products.ts'
import { promotionCodeRoutes } from './promotion-codes.ts'
import { scheduleRoutes } from './schedules.ts'
import { subscriptionItemRoutes } from './subscription-items.ts'
import { subscriptionRoutes } from './subscriptions.ts'
import { testClockRoutes } from './test-clocks.ts'
import { webhookEndpointRoutes } from './webhook-endpoints.ts'

/** Every operation that the sandbox serves. Those with a fixed word where others take an id come first in each file. */
export const routes: readonly Route[] = [
  ...accountRoutes,
  ...checkoutRoutes,
  ...couponRoutes,
  ...customerRoutes,
  ...entitlementRoutes,
  ...eventDestinationRoutes,
  ...eventRoutes,
  ...invoiceItemRoutes,
  ...invoiceRoutes,
  ...paymentMethodRoutes,
  ...paymentRoutes,
  ...portalRoutes,
  ...priceRoutes,
  ...productRoutes,
  ...promotionCodeRoutes,
  ...scheduleRoutes,
  ...subscriptionItemRoutes,
  ...subscriptionRoutes,
  ...testClockRoutes,
  ...webhookEndpointRoutes,
]
