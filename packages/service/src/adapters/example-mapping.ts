import type { Catalogue, ClerkMapping, MetadataPath } from '@trueup/core'

/** A catalogue with the free plan alone, and a mapping of the fields that most apps have; for tests of adapters. */
export const freeCatalogue: Catalogue = {
  plans: [{ id: 'free', prices: [], products: [], lifetime: [], values: [], entitlements: [], seats: null }],
  addOns: [],
  seatPacks: [],
}

export const clerkMapping: ClerkMapping = {
  customerId: publicPath('stripe_customer_id'),
  plan: publicPath('plan'),
  premium: null,
  trialEndsAt: null,
  entitlements: null,
  seats: null,
}

function publicPath(key: string): MetadataPath {
  return { container: 'public_metadata', keys: [key], text: `public_metadata.${key}` }
}
