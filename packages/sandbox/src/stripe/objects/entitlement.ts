import type { Metadata } from './wire.ts'

/** Something that products can give their buyers. */
export interface Feature {
  id: string
  object: 'entitlements.feature'
  active: boolean
  livemode: boolean
  lookup_key: string
  metadata: Metadata
  name: string
}

/** A feature that a customer has now. Whose it is is kept by the state, since the wire shape does not say. */
export interface ActiveEntitlement {
  id: string
  object: 'entitlements.active_entitlement'
  feature: string
  livemode: boolean
  lookup_key: string
}

/** A whole feature. */
export function makeFeature(fields: { id: string; lookup_key: string } & Partial<Feature>): Feature {
  const feature: Feature = {
    id: fields.id,
    object: 'entitlements.feature',
    active: true,
    livemode: false,
    lookup_key: fields.lookup_key,
    metadata: {},
    name: fields.lookup_key,
  }
  return Object.assign(feature, fields)
}

/** A whole active entitlement. */
export function makeActiveEntitlement(
  fields: { id: string; feature: string; lookup_key: string } & Partial<ActiveEntitlement>,
): ActiveEntitlement {
  const entitlement: ActiveEntitlement = {
    id: fields.id,
    object: 'entitlements.active_entitlement',
    feature: fields.feature,
    livemode: false,
    lookup_key: fields.lookup_key,
  }
  return Object.assign(entitlement, fields)
}
