import { makeProduct, type Product } from '../objects/product.ts'
import { given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import type { Parameters } from '../request/parameters.ts'
import type { StripeState } from '../state.ts'
import { StripeError } from '../stripe-error.ts'

/** A product from the parameters of `POST /v1/products` or of `product_data`. */
export function addProduct(state: StripeState, parameters: Parameters): Product {
  const id = parameters.text('id') ?? state.ids.next('prod')
  if (state.products.has(id)) {
    throw new StripeError(400, `Product already exists.`, { code: 'resource_already_exists', param: 'id' })
  }
  const product = makeProduct({
    id,
    created: state.now(),
    livemode: state.livemode,
    ...productFields(parameters),
    metadata: mergeMetadata({}, parameters),
  })
  state.products.insert(product)
  state.emit('product.created', product)
  return product
}

/** The fields of a product that a request simply sets. */
export function productFields(parameters: Parameters): Partial<Product> {
  return given(parameters, [
    'active',
    'description',
    'images',
    'marketing_features',
    'name',
    'package_dimensions',
    'shippable',
    'statement_descriptor',
    'tax_code',
    'tax_details',
    'type',
    'unit_label',
    'url',
  ])
}
