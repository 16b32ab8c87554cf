import { type Feature, makeActiveEntitlement } from './objects/entitlement.ts'
import type { Subscription } from './objects/subscription.ts'
import type { StripeState } from './state.ts'

// Which statuses keep an entitlement is not documented; these are the ones in which Stripe goes on providing service.
const ENTITLING: ReadonlySet<string> = new Set(['active', 'trialing', 'past_due'])

/**
 * Makes a customer's active entitlements what its subscriptions' products give, and emits
 * `entitlements.active_entitlement_summary.updated` when that changed something.
 */
export function refreshEntitlements(state: StripeState, customer: string): void {
  const had = state.activeEntitlements.by('customer', customer)
  if (state.features.size === 0 && had.length === 0) return
  const due = featuresOf(state, state.subscriptions.by('customer', customer))
  const kept = new Set(had.map((entitlement) => entitlement.feature))
  let changed = false
  for (const entitlement of [...had]) {
    if (due.has(entitlement.feature)) continue
    state.activeEntitlements.delete(entitlement.id)
    state.customerOfEntitlement.delete(entitlement.id)
    changed = true
  }
  for (const feature of due.values()) {
    if (kept.has(feature.id)) continue
    const id = state.ids.next('ent')
    state.customerOfEntitlement.set(id, customer)
    state.activeEntitlements.insert(
      makeActiveEntitlement({
        id,
        feature: feature.id,
        livemode: state.livemode,
        lookup_key: feature.lookup_key,
      }),
    )
    changed = true
  }
  if (changed)
    state.emit('entitlements.active_entitlement_summary.updated', entitlementSummary(state, customer))
}

/** The object of the summary event. */
export function entitlementSummary(state: StripeState, customer: string) {
  return {
    object: 'entitlements.active_entitlement_summary',
    customer,
    entitlements: {
      object: 'list',
      data: [...state.activeEntitlements.by('customer', customer)].reverse(),
      has_more: false,
      url: `/v1/customer/${customer}/entitlements`,
    },
    livemode: state.livemode,
  }
}

function featuresOf(state: StripeState, subscriptions: readonly Subscription[]): Map<string, Feature> {
  const features = new Map<string, Feature>()
  for (const subscription of subscriptions) {
    if (!ENTITLING.has(subscription.status)) continue
    for (const item of subscription.items.data) {
      for (const link of state.productFeatures.by('product', item.price.product)) {
        features.set(link.entitlement_feature.id, link.entitlement_feature)
      }
    }
  }
  return features
}
