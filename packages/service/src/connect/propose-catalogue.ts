import type { Price } from '@trueup/core'
import { monthlyAmount } from '@trueup/core'
import type { AddOnConfig, CatalogueConfig, PlanConfig, SeatPackConfig } from '../config/define-config.ts'
import type { Learned } from './learn-catalogue.ts'
import { nothingLearned } from './learn-catalogue.ts'

/** A catalogue as Stripe's prices suggest it, and what was left out with the reason. */
export interface ProposedCatalogue {
  readonly catalogue: CatalogueConfig
  readonly notes: readonly string[]
}

/** Words by which apps say that nobody pays. */
const freeWords = ['free', 'none', 'basic-free', 'hobby', 'trial-ended', 'canceled']

/** A product that is sold, with its prices. */
interface Product {
  readonly id: string
  readonly name: string
  readonly prices: readonly Price[]
  readonly isMetered: boolean
  readonly monthly: number
}

/**
 * Proposes a catalogue: a plan for each product with a recurring price, cheapest first, with the values that the app
 * writes for it; products that are only bought beside others become add-ons or seat packs. It is a first draft for a
 * person to correct; nothing is guessed where nothing fits.
 *
 * @param prices Every price that billing lists.
 * @param planValues Values seen in the field that says the plan, such as `"pro"`.
 * @param learned What accounts that pay were seen to be given.
 */
export function proposeCatalogue(
  prices: readonly Price[],
  planValues: readonly string[],
  learned: Learned = nothingLearned,
): ProposedCatalogue {
  const notes: string[] = []
  const ids = new Set<string>(['free'])
  const sold: Product[] = []
  for (const product of productsOf(prices, learned)) {
    if (product.prices.some((price) => price.recurring)) sold.push(product)
    else notes.push(`${product.name} (${product.id}) is sold once and not by subscription; it was left out.`)
  }
  const beside = sold.filter(({ id, isMetered }) => isMetered || learned.addOns.has(id))
  const based = sold.filter((product) => !beside.includes(product)).toSorted((a, b) => a.monthly - b.monthly)
  const named = based.map((product) => ({ product, id: uniqueId(slug(product.name), ids) }))
  const words = wordsOfPlans(named, planValues, learned)
  const plans = named.map(({ product, id }) => planOf(product, id, words.byPlan.get(id) ?? [], learned))
  const addOns: AddOnConfig[] = []
  const seatPacks: SeatPackConfig[] = []
  for (const product of beside) {
    const id = uniqueId(slug(product.name), ids)
    const seatsEach = learned.seatsEach.get(product.id)
    if (seatsEach) {
      seatPacks.push({ id, products: [product.id], seatsEach })
      continue
    }
    const entitlements = learned.features.get(product.id) ?? []
    addOns.push({ id, products: [product.id], entitlements })
    if (entitlements.length === 0) {
      const how = product.isMetered ? 'is billed by use' : 'is bought beside a plan'
      notes.push(`${product.name} (${product.id}) ${how}; if it brings features, name them under addOns.`)
    }
  }
  for (const value of words.unknown)
    notes.push(
      `The app writes the plan ${JSON.stringify(value)}; add it to the values of the plan that it means.`,
    )
  const free: PlanConfig = { id: 'free', ...(words.free.length > 0 ? { values: words.free } : {}) }
  return {
    catalogue: {
      plans: [free, ...plans],
      ...(addOns.length > 0 ? { addOns } : {}),
      ...(seatPacks.length > 0 ? { seatPacks } : {}),
    },
    notes,
  }
}

function planOf(product: Product, id: string, values: readonly string[], learned: Learned): PlanConfig {
  const lifetime = product.prices.filter((price) => !price.recurring).map((price) => price.id)
  const entitlements = learned.features.get(product.id) ?? []
  const seats = learned.seats.get(product.id)
  return {
    id,
    products: [product.id],
    ...(lifetime.length > 0 ? { lifetime } : {}),
    ...(values.length > 0 ? { values } : {}),
    ...(entitlements.length > 0 ? { entitlements } : {}),
    ...(seats === undefined ? {} : { seats }),
  }
}

function productsOf(prices: readonly Price[], learned: Learned): readonly Product[] {
  const byProduct = new Map<string, Price[]>()
  // An archived price is still paid by those who have it.
  const isSold = (price: Price) => price.active || learned.monthly.has(price.productId)
  for (const price of prices.filter(isSold))
    byProduct.set(price.productId, [...(byProduct.get(price.productId) ?? []), price])
  return [...byProduct].map(([id, own]) => {
    const recurring = own.filter((price) => price.recurring)
    return {
      id,
      name: own.find(({ productName }) => productName)?.productName ?? id,
      prices: own,
      isMetered: recurring.length > 0 && recurring.every((price) => price.recurring?.metered),
      monthly: learned.monthly.get(id) || lowestMonthly(recurring),
    }
  })
}

/** Which word of the app means which plan: as it was learned, else as the words are spelt. */
function wordsOfPlans(
  named: readonly { readonly product: Product; readonly id: string }[],
  planValues: readonly string[],
  learned: Learned,
) {
  const seen = [...new Set(planValues.map((value) => value.toLowerCase()))]
  // The ids count by themselves, so no other plan can have them as a word.
  const taken = new Set(['free', ...named.map(({ id }) => id)])
  const take = (words: readonly string[], id: string): readonly string[] => {
    const own = words.filter((word, index) => (word === id ? index === 0 : !taken.has(word)))
    for (const word of own) taken.add(word)
    return own.length === 1 && own[0] === id ? [] : own
  }
  const byPlan = new Map<string, readonly string[]>()
  for (const { product, id } of named) {
    const known = learned.values.get(product.id) ?? []
    const spelt = seen.filter((word) => means(word, id, product.prices))
    byPlan.set(id, take(known.length > 0 ? known : spelt, id))
  }
  const spelt = seen.filter((word) => freeWords.includes(slug(word)))
  const free = take([...new Set([...learned.freeValues, ...spelt])], 'free')
  return { byPlan, free, unknown: seen.filter((word) => !taken.has(word)) }
}

/** A value means a plan when it is one of its prices, or a word of the plan's name. */
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
