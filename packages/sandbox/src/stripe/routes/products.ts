import { listPage } from '../answer/list.ts'
import { searchPage } from '../answer/search.ts'
import { change } from '../change.ts'
import { makeProductFeature, type Product, type ProductFeature } from '../objects/product.ts'
import type { Deleted } from '../objects/wire.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { asParameter, find, IN_PATH, missing } from '../request/find.ts'
import { mergeMetadata } from '../request/metadata.ts'
import { badRequest } from '../stripe-error.ts'
import { addPrice } from './add-price.ts'
import { addProduct, productFields } from './add-product.ts'

const ofProduct = { permission: 'rak_product_read' }
const writesProduct = { permission: 'rak_product_write' }

export const productRoutes: readonly Route[] = [
  route('GET /v1/products/search', 'product[]', (call) =>
    searchPage(call, call.state.products, '/v1/products/search', {
      text: ['description', 'name', 'url'],
      numbers: ['created'],
      words: ['active', 'shippable', 'type'],
      metadata: true,
    }),
  ),
  route('GET /v1/products', 'product[]', listProducts),
  route('POST /v1/products', 'product', createProduct),
  route('GET /v1/products/{id}', 'product', foundProduct),
  route('POST /v1/products/{id}', 'product', updateProduct),
  route('DELETE /v1/products/{id}', 'product', deleteProduct),
  route('GET /v1/products/{id}/features', 'product_feature[]', listFeatures, ofProduct),
  route('POST /v1/products/{id}/features', 'product_feature', attachFeature, writesProduct),
  route('GET /v1/products/{productId}/features/{id}', 'product_feature', foundFeature, ofProduct),
  route('DELETE /v1/products/{productId}/features/{id}', 'product_feature', detachFeature, writesProduct),
]

function listProducts(call: Call) {
  const { parameters, state } = call
  const active = parameters.flag('active')
  const ids = parameters.texts('ids')
  const shippable = parameters.flag('shippable')
  const type = parameters.text('type')
  const url = parameters.text('url')
  return listPage(call, state.products, 'product', '/v1/products', {
    where: (row) =>
      (active === undefined || row.active === active) &&
      (ids === undefined || ids.includes(row.id)) &&
      (shippable === undefined || row.shippable === shippable) &&
      (type === undefined || row.type === type) &&
      (url === undefined || row.url === url),
  })
}

function createProduct(call: Call): Product {
  const { parameters, state } = call
  const product = addProduct(state, parameters)
  const price = parameters.object('default_price_data')
  if (price !== undefined) {
    product.default_price = addPrice(state, price, product.id).id
  }
  return product
}

function updateProduct(call: Call): Product {
  const { parameters, state } = call
  const product = foundProduct(call)
  const patch = { ...productFields(parameters), metadata: mergeMetadata(product.metadata, parameters) }
  const price = parameters.text('default_price')
  if (price !== undefined) {
    const found = find(state, state.prices, 'price', price, asParameter('default_price'))
    if (found.product !== product.id) {
      throw badRequest(`The price ${price} is not for the product ${product.id}.`, 'default_price')
    }
    patch.default_price = price
  } else if (parameters.has('default_price')) patch.default_price = null
  change(state, state.products, product, { ...patch, updated: state.now() }, 'product.updated')
  return product
}

function deleteProduct(call: Call): Deleted {
  const { state } = call
  const product = foundProduct(call)
  if (state.prices.by('product', product.id).length > 0) {
    throw badRequest('This product cannot be deleted because it has one or more user-created prices.')
  }
  if (state.productFeatures.by('product', product.id).length > 0) {
    throw badRequest('This product cannot be deleted because it has one or more features attached.')
  }
  state.products.delete(product.id)
  const stub: Deleted = { id: product.id, object: 'product', deleted: true }
  state.deleted.set(product.id, stub)
  state.emit('product.deleted', product)
  return stub
}

function foundProduct(call: Call): Product {
  return find(call.state, call.state.products, 'product', pathId(call), IN_PATH)
}

function listFeatures(call: Call) {
  const product = foundProduct(call)
  return listPage(
    call,
    call.state.productFeatures,
    'product feature',
    `/v1/products/${product.id}/features`,
    {
      by: ['product', product.id],
    },
  )
}

function attachFeature(call: Call): ProductFeature {
  const { parameters, state } = call
  const product = foundProduct(call)
  const id = parameters.needText('entitlement_feature')
  const feature = find(state, state.features, 'entitlements feature', id, asParameter('entitlement_feature'))
  const attached = state.productFeatures.by('product', product.id)
  if (attached.some((link) => link.entitlement_feature.id === feature.id)) {
    throw badRequest(
      `The feature ${id} is already attached to the product ${product.id}.`,
      'entitlement_feature',
    )
  }
  const link = makeProductFeature({
    id: state.ids.next('prodft'),
    entitlement_feature: feature,
    livemode: state.livemode,
  })
  state.productOfFeature.set(link.id, product.id)
  return state.productFeatures.insert(link)
}

function foundFeature(call: Call): ProductFeature {
  const { state, path } = call
  const link = state.productFeatures.get(pathId(call))
  if (link !== undefined && state.productOfFeature.get(link.id) === path.productId) return link
  throw missing(state, 'product feature', pathId(call), IN_PATH)
}

function detachFeature(call: Call): Deleted {
  const link = foundFeature(call)
  call.state.productFeatures.delete(link.id)
  call.state.productOfFeature.delete(link.id)
  return { id: link.id, object: 'product_feature', deleted: true }
}
