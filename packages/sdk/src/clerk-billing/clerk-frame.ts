import { defaultPolicy } from '@trueup/core'
import type Stripe from 'stripe'
import type { SharedFrame } from '../frame.ts'
import { createSharedFrame } from '../frame.ts'
import type { AccessChange } from '../options.ts'
import type { Vendor } from '../vendor/vendor.ts'
import { createVendor } from '../vendor/vendor.ts'
import type { ClerkCatalogue } from './catalogue.ts'
import { clerkRuleCatalogue } from './catalogue.ts'
import { checkClerkOptions } from './check-clerk-options.ts'
import { clerkSeller } from './clerk-seller.ts'
import type { ClerkBillingOptions } from './options.ts'

/** What the parts for Clerk Billing work with besides. */
export interface ClerkFrame extends SharedFrame {
  readonly options: ClerkBillingOptions
  readonly forSale: ClerkCatalogue
  /** The account that the app sold through before; `null`: nobody looks there. */
  readonly stripe: Vendor<Stripe> | null
}

/** @throws BillingError `options-invalid` */
export function createClerkFrame(
  given: ClerkBillingOptions,
  changed: (change: AccessChange) => void,
): ClerkFrame {
  checkClerkOptions(given)
  const options: ClerkBillingOptions = { ...given, mirror: given.mirror ?? false }
  const rules = {
    catalogue: clerkRuleCatalogue(options.catalogue),
    policy: { ...defaultPolicy, ...options.policy },
  }
  const shared = createSharedFrame(options, rules, changed)
  const frame: ClerkFrame = {
    ...shared,
    forSale: options.catalogue,
    stripe: options.watchStripe ? createVendor('Stripe', options.watchStripe, shared.timer) : null,
    seller: clerkSeller(() => frame),
  }
  return frame
}
