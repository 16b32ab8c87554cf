import type { Price } from '@trueup/core'
import { monthlyAmount } from '@trueup/core'
import type { CatalogueConfig, PlanConfig } from '../config/define-config.ts'

/** A catalogue as Stripe's prices suggest it, and what was left out with the reason. */
export interface ProposedCatalogue {
  readonly catalogue: CatalogueConfig
  readonly notes: readonly string[]
}

/** Words by which apps say that nobody pays. */
const freeWords = ['free', 'none', 'basic-free', 'hobby', 'trial-ended', 'canceled']

/**
 * Proposes a catalogue: a plan for each product with a recurring price, cheapest first, each with the value that the
 * app seems to write for it. It is a first draft for a person to correct; nothing is guessed where nothing fits.
 *
 * @param prices Every price that billing lists.
 * @param planValues Values seen in the field that says the plan, such as `"pro"`.
 */
export function proposeCatalogue(prices: readonly Price[], planValues: readonly string[]): ProposedCatalogue {
  const notes: string[] = []
  const byProduct = new Map<string, Price[]>()
  for (const price of prices) {
    if (!price.active) continue
    byProduct.set(price.productId, [...(byProduct.get(price.productId) ?? []), price])
  }
  const products = [...byProduct].flatMap(([productId, sold]) => {
    const name = sold.find(({ productName }) => productName)?.productName ?? productId
    const recurring = sold.filter((price) => price.recurring && !price.recurring.metered)
    if (recurring.length === 0) {
      notes.push(`${name} (${productId}) has no recurring fixed price and was left out.`)
      return []
    }
    return [{ productId, name, prices: recurring, monthly: lowestMonthly(recurring) }]
  })
  const ids = new Set<string>(['free'])
  const plans = products
    .toSorted((a, b) => a.monthly - b.monthly)
    .map((product): PlanConfig => {
      const id = uniqueId(slug(product.name), ids)
      const values = planValues.filter((value) => means(value, id, product.prices))
      return { id, products: [product.productId], ...(values.length > 0 ? { values } : {}) }
    })
  const taken = new Set(plans.flatMap((plan) => plan.values ?? []))
  const freeValues = planValues.filter((value) => freeWords.includes(slug(value)) && value !== 'free')
  const unknown = planValues.filter(
    (value) => !taken.has(value) && !freeWords.includes(slug(value)) && !ids.has(value.toLowerCase()),
  )
  for (const value of unknown) {
    notes.push(
      `The app writes the plan ${JSON.stringify(value)}; add it to the values of the plan that it means.`,
    )
  }
  const free: PlanConfig = { id: 'free', ...(freeValues.length > 0 ? { values: freeValues } : {}) }
  return { catalogue: { plans: [free, ...plans] }, notes }
}

/** A value means a plan when it is the plan's id, one of its prices, or a word of the plan's name. */
function means(value: string, planId: string, prices: readonly Price[]): boolean {
  const word = slug(value)
  if (word === planId || word === '') return false
  const names = prices
    .flatMap(({ id, lookupKey, nickname }) => [id, lookupKey ?? '', nickname ?? ''])
    .map(slug)
  return names.includes(word) || planId.split('-').includes(word)
}

function lowestMonthly(prices: readonly Price[]): number {
  const amounts = prices.map((price) => monthlyAmount(price, 1, []))
  const fixed = amounts.flatMap((amount) => (amount.kind === 'fixed' ? [amount.amount] : []))
  return fixed.length > 0 ? Math.min(...fixed) : Number.MAX_SAFE_INTEGER
}

function uniqueId(wanted: string, taken: Set<string>): string {
  let id = wanted
  for (let count = 2; taken.has(id); count++) id = `${wanted}-${count}`
  taken.add(id)
  return id
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
