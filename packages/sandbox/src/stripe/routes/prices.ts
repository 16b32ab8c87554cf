import { listPage } from '../answer/list.ts'
import { searchPage } from '../answer/search.ts'
import { change } from '../change.ts'
import type { Price } from '../objects/price.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { asParameter, find, IN_PATH } from '../request/find.ts'
import { given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import { missingParameter } from '../stripe-error.ts'
import { addPrice, freeLookupKey } from './add-price.ts'
import { addProduct } from './add-product.ts'

export const priceRoutes: readonly Route[] = [
  route('GET /v1/prices/search', 'price[]', (call) =>
    searchPage(call, call.state.prices, '/v1/prices/search', {
      text: ['lookup_key', 'product'],
      numbers: ['created'],
      words: ['active', 'currency', 'type'],
      metadata: true,
    }),
  ),
  route('GET /v1/prices', 'price[]', listPrices),
  route('POST /v1/prices', 'price', (call) => addPrice(call.state, call.parameters, productFor(call))),
  route('GET /v1/prices/{id}', 'price', foundPrice),
  route('POST /v1/prices/{id}', 'price', updatePrice),
]

function listPrices(call: Call) {
  const { parameters, state } = call
  const active = parameters.flag('active')
  const currency = parameters.text('currency')?.toLowerCase()
  const keys = parameters.texts('lookup_keys')
  const product = parameters.text('product')
  const type = parameters.text('type')
  const recurring = parameters.object('recurring')
  const interval = recurring?.text('interval')
  const usage = recurring?.text('usage_type')
  const meter = recurring?.text('meter')
  return listPage(call, state.prices, 'price', '/v1/prices', {
    ...(product === undefined ? {} : { by: ['product', product] as const }),
    where: (row) =>
      (active === undefined || row.active === active) &&
      (currency === undefined || row.currency === currency) &&
      (keys === undefined || (row.lookup_key !== null && keys.includes(row.lookup_key))) &&
      (type === undefined || row.type === type) &&
      (recurring === undefined || row.recurring !== null) &&
      (interval === undefined || row.recurring?.interval === interval) &&
      (usage === undefined || row.recurring?.usage_type === usage) &&
      (meter === undefined || row.recurring?.meter === meter),
  })
}

function productFor(call: Call): string {
  const { parameters, state } = call
  const data = parameters.object('product_data')
  if (data !== undefined) return addProduct(state, data).id
  const product = parameters.text('product')
  if (product === undefined) throw missingParameter('product')
  return find(state, state.products, 'product', product, asParameter('product')).id
}

function updatePrice(call: Call): Price {
  const { parameters, state } = call
  const price = foundPrice(call)
  const patch: Partial<Price> = {
    ...given<Price>(parameters, ['active', 'nickname']),
    metadata: mergeMetadata(price.metadata, parameters),
  }
  const lookupKey = freeLookupKey(state, parameters, price)
  if (lookupKey !== undefined) patch.lookup_key = lookupKey
  const tax = parameters.word<'exclusive' | 'inclusive' | 'unspecified'>('tax_behavior')
  if (tax !== undefined) patch.tax_behavior = tax
  change(state, state.prices, price, patch, 'price.updated')
  return price
}

function foundPrice(call: Call): Price {
  return find(call.state, call.state.prices, 'price', pathId(call), IN_PATH)
}
