import type { Price } from '../objects/index.ts'

/** One step of a tiered price; `up_to: null` is the last. Amounts in minor units. */
export interface PriceTier {
  readonly up_to: number | null
  readonly unit_amount: number | null
  readonly unit_amount_decimal?: string | null
  readonly flat_amount: number | null
}

/**
 * What a quantity of a price costs, in minor units, before discounts. Metered prices cost nothing here: usage is not
 * part of the sandbox.
 */
export function amountOf(price: Price, quantity: number, tiers: readonly PriceTier[] = []): number {
  if (price.recurring?.usage_type === 'metered') return 0
  if (price.billing_scheme === 'tiered') return tieredAmount(price, quantity, tiers)
  return Math.round(unitAmount(price) * billedUnits(price, quantity))
}

function unitAmount(price: { unit_amount: number | null; unit_amount_decimal?: string | null }): number {
  return price.unit_amount ?? Number(price.unit_amount_decimal ?? 0)
}

function billedUnits(price: Price, quantity: number): number {
  if (price.transform_quantity === null) return quantity
  const packages = quantity / price.transform_quantity.divide_by
  return price.transform_quantity.round === 'up' ? Math.ceil(packages) : Math.floor(packages)
}

function tieredAmount(price: Price, quantity: number, tiers: readonly PriceTier[]): number {
  const cost = (tier: PriceTier, units: number) => unitAmount(tier) * units + (tier.flat_amount ?? 0)
  if (price.tiers_mode === 'volume') {
    const tier = tiers.find(({ up_to }) => up_to === null || quantity <= up_to)
    return tier === undefined ? 0 : Math.round(cost(tier, quantity))
  }
  let sum = 0
  let from = 0
  for (const tier of tiers) {
    const units = Math.min(quantity, tier.up_to ?? quantity) - from
    // The first tier's flat fee is due even for a quantity of 0, as Stripe charges it.
    if (units <= 0 && from > 0) break
    sum += cost(tier, Math.max(0, units))
    from = tier.up_to ?? quantity
  }
  return Math.round(sum)
}
