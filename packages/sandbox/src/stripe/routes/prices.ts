import { listPage } from '../answer/list.ts'
import { searchPage } from '../answer/search.ts'
import { change } from '../change.ts'
import { makePrice, type Price, type Recurring } from '../objects/price.ts'
import type { JsonObject } from '../objects/wire.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { asParameter, find, IN_PATH } from '../request/find.ts'
import { given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import type { Parameters } from '../request/parameters.ts'
import type { StripeState } from '../state.ts'
import { badRequest, missingParameter } from '../stripe-error.ts'
import { addProduct } from './products.ts'

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

/** A price from the parameters of `POST /v1/prices`, of `price_data` or of `default_price_data`. */
export function addPrice(state: StripeState, parameters: Parameters, product: string): Price {
  const tiers = parameters.objects('tiers')
  const custom = parameters.object('custom_unit_amount')
  const decimal = parameters.text('unit_amount_decimal')
  const amount = parameters.number('unit_amount') ?? wholeAmount(decimal)
  if (amount === null && decimal === undefined && tiers === undefined && custom === undefined) {
    throw badRequest(
      'Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set, `tiers` or `custom_unit_amount`.',
      'unit_amount',
    )
  }
  const lookupKey = freeLookupKey(state, parameters, null)
  const price = makePrice({
    id: state.ids.next('price'),
    created: state.now(),
    product,
    livemode: state.livemode,
    active: parameters.flag('active') ?? true,
    billing_scheme: tiers === undefined ? 'per_unit' : 'tiered',
    currency: parameters.needText('currency').toLowerCase(),
    custom_unit_amount:
      custom === undefined
        ? null
        : {
            maximum: custom.number('maximum') ?? null,
            minimum: custom.number('minimum') ?? null,
            preset: custom.number('preset') ?? null,
          },
    lookup_key: lookupKey ?? null,
    metadata: mergeMetadata({}, parameters),
    nickname: parameters.text('nickname') ?? null,
    recurring: recurringOf(parameters.object('recurring')),
    tax_behavior: parameters.word<'exclusive' | 'inclusive'>('tax_behavior') ?? 'unspecified',
    tiers_mode: parameters.word<'graduated' | 'volume'>('tiers_mode') ?? null,
    unit_amount: amount,
    unit_amount_decimal: decimal ?? (amount === null ? null : String(amount)),
    ...given<Price>(parameters, ['transform_quantity']),
  })
  if (tiers !== undefined) state.priceTiers.set(price.id, tiers.map(tierOf))
  const currencies = parameters.json('currency_options')
  if (currencies !== undefined && currencies !== null) state.priceCurrencyOptions.set(price.id, currencies)
  state.prices.insert(price)
  state.emit('price.created', price)
  return price
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

/** The lookup key asked for, taken from the price that has it where the request says so. */
function freeLookupKey(
  state: StripeState,
  parameters: Parameters,
  own: Price | null,
): string | null | undefined {
  const key = parameters.textOrNull('lookup_key')
  if (key === undefined || key === null) return key
  const holder = state.prices.by('lookup_key', key).find((price) => price !== own)
  if (holder === undefined) return key
  if (parameters.flag('transfer_lookup_key') !== true) {
    throw badRequest(`A price (\`${holder.id}\`) already uses that lookup key.`, 'lookup_key')
  }
  change(state, state.prices, holder, { lookup_key: null }, 'price.updated')
  return key
}

function recurringOf(parameters: Parameters | undefined): Recurring | null {
  if (parameters === undefined) return null
  return {
    interval: parameters.word('interval') ?? 'month',
    interval_count: parameters.number('interval_count') ?? 1,
    meter: parameters.text('meter') ?? null,
    trial_period_days: parameters.number('trial_period_days') ?? null,
    usage_type: parameters.word('usage_type') ?? 'licensed',
  }
}

function tierOf(parameters: Parameters): JsonObject {
  const upTo = parameters.numberOrWord<'inf'>('up_to')
  const amount = (name: string) => parameters.number(name) ?? wholeAmount(parameters.text(`${name}_decimal`))
  const decimal = (name: string) => parameters.text(`${name}_decimal`) ?? amount(name)?.toString() ?? null
  return {
    flat_amount: amount('flat_amount'),
    flat_amount_decimal: decimal('flat_amount'),
    unit_amount: amount('unit_amount'),
    unit_amount_decimal: decimal('unit_amount'),
    up_to: typeof upTo === 'number' ? upTo : null,
  }
}

function wholeAmount(decimal: string | undefined): number | null {
  return decimal !== undefined && /^-?\d+(\.0+)?$/.test(decimal) ? Number(decimal) : null
}
