import { Hono } from 'hono'
import type { BillingEngine } from '../billing-engine.ts'
import type { StripeState } from '../state.ts'
import { checkoutPages } from './checkout-page.ts'
import { invoicePages } from './invoice-page.ts'
import { portalPages } from './portal-page.ts'

export interface PageOptions {
  readonly state: StripeState
  readonly engine: BillingEngine
}

/**
 * The pages that Stripe would host: checkout at `/c/pay/{session}`, the billing portal at `/p/session/{session}`, an
 * invoice at `/i/{invoice}`.
 */
export function hostedPages(options: PageOptions): Hono {
  const app = new Hono()
  app.route('/', checkoutPages(options))
  app.route('/', portalPages(options))
  app.route('/', invoicePages(options))
  return app
}
