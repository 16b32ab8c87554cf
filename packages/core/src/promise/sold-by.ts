import type { AddOn, Catalogue, Plan, PriceSelector, SeatPack } from '../access/catalogue.ts'
import type { Price } from '../price/price.ts'

/** What the catalogue says that a price buys. */
export type Sold =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'add-on'; readonly addOn: AddOn }
  | { readonly kind: 'seat-pack'; readonly seatPack: SeatPack }

/**
 * What a recurring price buys: matched by its id, its lookup key or its product. The first entry of the catalogue
 * that matches counts, plans before add-ons before seat packs.
 *
 * @returns `null` when the catalogue does not have the price.
 */
export function soldBy(price: Price, catalogue: Catalogue): Sold | null {
  const isSold = (entry: {
    readonly prices: readonly PriceSelector[]
    readonly products: readonly string[]
  }) => selects(entry.prices, price) || entry.products.includes(price.productId)
  return firstSold(catalogue, isSold, isSold, isSold)
}

/** What a price buys once and for good, where the catalogue lists it as `lifetime`; `null` for every other price. */
export function soldForLife(price: Price, catalogue: Catalogue): Sold | null {
  const isSold = (entry: { readonly lifetime: readonly PriceSelector[] }) => selects(entry.lifetime, price)
  return firstSold(catalogue, isSold, isSold, () => false)
}

/** Whether anything of the catalogue can be bought once and for good. */
export function sellsForLife(catalogue: Catalogue): boolean {
  return [...catalogue.plans, ...catalogue.addOns].some((entry) => entry.lifetime.length > 0)
}

function firstSold(
  catalogue: Catalogue,
  isPlan: (plan: Plan) => boolean,
  isAddOn: (addOn: AddOn) => boolean,
  isSeatPack: (seatPack: SeatPack) => boolean,
): Sold | null {
  const plan = catalogue.plans.find(isPlan)
  if (plan) return { kind: 'plan', plan }
  const addOn = catalogue.addOns.find(isAddOn)
  if (addOn) return { kind: 'add-on', addOn }
  const seatPack = catalogue.seatPacks.find(isSeatPack)
  return seatPack ? { kind: 'seat-pack', seatPack } : null
}

function selects(selectors: readonly PriceSelector[], price: Price): boolean {
  return (
    selectors.includes(price.id) ||
    (price.lookupKey !== null && selectors.includes(`lookup:${price.lookupKey}`))
  )
}
