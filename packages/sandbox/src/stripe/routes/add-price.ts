import { change } from '../change.ts'
import { makePrice, type Price, type Recurring } from '../objects/price.ts'
import type { JsonObject } from '../objects/wire.ts'
import { given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import type { Parameters } from '../request/parameters.ts'
import type { StripeState } from '../state.ts'
import { badRequest } from '../stripe-error.ts'

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

/** The lookup key asked for, taken from the price that has it where the request says so. */
export function freeLookupKey(
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
