import type { Price } from '../objects/price.ts'
import type { Call } from '../request/call.ts'
import { asParameter, find } from '../request/find.ts'
import type { Parameters } from '../request/parameters.ts'
import { badRequest } from '../stripe-error.ts'
import { addPrice } from './add-price.ts'
import { addProduct } from './add-product.ts'

/**
 * The price that an item names by `price`, `plan` or `price_data`; undefined when it names none.
 *
 * @param kind what the price must be; null for either.
 */
export function priceIn(call: Call, item: Parameters, kind: Price['type'] | null): Price | undefined {
  const { state } = call
  const data = item.object('price_data')
  if (data !== undefined) {
    const given = data.object('product_data')
    const product =
      given === undefined
        ? find(state, state.products, 'product', data.needText('product'), asParameter(data.path('product')))
            .id
        : addProduct(state, given).id
    return checked(addPrice(state, data, product), kind, item.path('price_data'))
  }
  const name = item.has('price') ? 'price' : 'plan'
  const id = item.text(name)
  if (id === undefined) return undefined
  const price = find(state, state.prices, 'price', id, asParameter(item.path(name)))
  if (!price.active) {
    throw badRequest(
      'The price specified is inactive. This field only accepts active prices.',
      item.path(name),
    )
  }
  return checked(price, kind, item.path(name))
}

function checked(price: Price, kind: Price['type'] | null, param: string): Price {
  if (kind === null || price.type === kind) return price
  throw badRequest(
    `The price specified is set to \`type=${price.type}\` but this field only accepts prices with \`type=${kind}\`.`,
    param,
  )
}
