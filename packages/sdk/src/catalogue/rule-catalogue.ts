import type { Catalogue, Plan, PriceSelector } from '@trueup/core'
import { BillingError } from '../billing-error.ts'
import type { CatalogueForSale, Interval, PlanForSale, PriceSelectors } from './plan-for-sale.ts'
import { intervals } from './plan-for-sale.ts'

/**
 * The catalogue in the words of the rule that says what is promised.
 *
 * @throws BillingError `options-invalid` when two plans have one id, a price stands in two places, or the first plan
 *   costs something
 */
export function ruleCatalogue(forSale: CatalogueForSale): Catalogue {
  const [free, ...paid] = forSale.plans
  if (selectorsOf(free).length > 0 || (free.products ?? []).length > 0) {
    throw invalid(
      `The first plan, ${free.id}, has prices; the first plan is what somebody has who pays nothing.`,
      'Put a plan without prices before it.',
    )
  }
  refuseDoubles(
    'id',
    [...forSale.plans, ...(forSale.addOns ?? []), ...(forSale.seatPacks ?? [])].map(({ id }) => id),
  )
  refuseDoubles('price', [
    ...forSale.plans.flatMap(selectorsOf),
    ...(forSale.addOns ?? []).flatMap(({ prices = [], lifetime = [] }) => [...prices, ...lifetime]),
    ...(forSale.seatPacks ?? []).flatMap(({ prices = [] }) => prices),
  ])
  for (const plan of forSale.plans) refuseTrial(plan)
  return {
    plans: [rulePlan(free), ...paid.map(rulePlan)],
    addOns: (forSale.addOns ?? []).map(({ id, features, prices = [], products = [], lifetime = [] }) => ({
      id,
      prices,
      products,
      lifetime,
      entitlements: features,
    })),
    seatPacks: (forSale.seatPacks ?? []).map(({ id, seatsEach, prices = [], products = [] }) => ({
      id,
      prices,
      products,
      seatsEach,
    })),
  }
}

/** The prices by which a plan is sold for an interval; none where it is not. */
export function pricesFor(plan: PlanForSale, interval: Interval): readonly PriceSelector[] {
  return listOf(plan.prices?.[interval])
}

function rulePlan(plan: PlanForSale): Plan {
  return {
    id: plan.id,
    prices: [...pricesFor(plan, 'month'), ...pricesFor(plan, 'year'), ...(plan.earlierPrices ?? [])],
    products: plan.products ?? [],
    lifetime: pricesFor(plan, 'once'),
    values: [],
    entitlements: plan.features ?? [],
    seats: plan.seats ?? null,
  }
}

function selectorsOf(plan: PlanForSale): readonly PriceSelector[] {
  return [...intervals.flatMap((interval) => pricesFor(plan, interval)), ...(plan.earlierPrices ?? [])]
}

function listOf(selectors: PriceSelectors | undefined): readonly PriceSelector[] {
  if (selectors === undefined) return []
  return typeof selectors === 'string' ? [selectors] : selectors
}

/** @throws BillingError `options-invalid` */
export function refuseDoubles(what: string, values: readonly string[]): void {
  const double = values.find((value, place) => values.indexOf(value) !== place)
  if (double === undefined) return
  throw invalid(
    `The ${what} ${double} stands in the catalogue twice; what it opens would not be certain.`,
    `Keep the ${what} in one place.`,
  )
}

function refuseTrial({ id, trialDays }: PlanForSale): void {
  if (trialDays === undefined || (Number.isSafeInteger(trialDays) && trialDays >= 1 && trialDays <= 730))
    return
  throw invalid(
    `The plan ${id} has a trial of ${trialDays} days; Stripe takes whole days from 1 to 730.`,
    'Give such a number, or leave trialDays out.',
  )
}

function invalid(message: string, fix: string): BillingError {
  return new BillingError({ code: 'options-invalid', message, fix })
}
