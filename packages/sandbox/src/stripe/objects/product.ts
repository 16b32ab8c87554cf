import type { Feature } from './entitlement.ts'
import type { Born, JsonObject, Metadata } from './wire.ts'

/** What is sold. */
export interface Product {
  id: string
  object: 'product'
  active: boolean
  created: number
  default_price: string | null
  description: string | null
  images: string[]
  livemode: boolean
  marketing_features: { name?: string }[]
  metadata: Metadata
  name: string
  package_dimensions: JsonObject | null
  shippable: boolean | null
  statement_descriptor: string | null
  tax_code: string | null
  tax_details: JsonObject | null
  type: 'good' | 'service'
  unit_label: string | null
  updated: number
  url: string | null
}

/** The link that gives a product's buyers an entitlement. */
export interface ProductFeature {
  id: string
  object: 'product_feature'
  entitlement_feature: Feature
  livemode: boolean
}

/** A whole product. */
export function makeProduct(fields: Born & Partial<Product>): Product {
  const product: Product = {
    id: fields.id,
    object: 'product',
    active: true,
    created: fields.created,
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    name: 'Product',
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: fields.created,
    url: null,
  }
  return Object.assign(product, fields)
}

/** The link of a feature to a product. Which product it belongs to is kept by the state, since the wire shape does not say. */
export function makeProductFeature(
  fields: { id: string; entitlement_feature: Feature } & Partial<ProductFeature>,
): ProductFeature {
  return {
    id: fields.id,
    object: 'product_feature',
    entitlement_feature: fields.entitlement_feature,
    livemode: fields.livemode ?? false,
  }
}
