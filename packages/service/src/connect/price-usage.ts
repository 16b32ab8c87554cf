import type { BillingFact, BillingSource, Catalogue, Price } from '@trueup/core'
import { soldBy, soldForLife } from '@trueup/core'

/** So many subscriptions are counted at most: enough to see what matters, few requests on any account. */
const mostSubscriptions = 5_000

/** How many pay a price now. */
export interface PriceUsage {
  readonly subscriptions: number
  readonly customers: number
}

/** What the catalogue says that a price buys. */
export interface PriceMapping {
  readonly kind: 'plan' | 'add-on' | 'seat-pack' | 'lifetime'
  readonly id: string
}

/** Counts, by price, who pays it now. */
export interface CountedUsage {
  readonly byPrice: ReadonlyMap<string, PriceUsage>
  readonly subscriptions: number
  /** Whether all subscriptions were counted. */
  readonly isWhole: boolean
}

const paying: readonly unknown[] = ['active', 'trialing', 'past_due', 'unpaid']

/**
 * Counts the subscriptions that run, and their customers, by each price.
 *
 * @throws SourceError
 */
export async function countUsage(billing: BillingSource): Promise<CountedUsage> {
  const byPrice = new Map<string, { subscriptions: number; customers: Set<string> }>()
  let subscriptions = 0
  let isWhole = true
  for await (const { rows } of billing.read('subscriptions', [])) {
    for (const { fact } of rows) {
      const prices = pricesPaid(fact)
      if (prices.length === 0) continue
      subscriptions += 1
      for (const priceId of new Set(prices)) {
        const usage = byPrice.get(priceId) ?? { subscriptions: 0, customers: new Set() }
        usage.subscriptions += 1
        usage.customers.add(fact.customerId)
        byPrice.set(priceId, usage)
      }
    }
    if (subscriptions < mostSubscriptions) continue
    isWhole = false
    break
  }
  return {
    byPrice: new Map(
      [...byPrice].map(([id, usage]) => [
        id,
        { subscriptions: usage.subscriptions, customers: usage.customers.size },
      ]),
    ),
    subscriptions,
    isWhole,
  }
}

/** The ids of the prices that a subscription, or an item of Clerk Billing, is charged by now. */
function pricesPaid(fact: BillingFact): readonly string[] {
  if (fact.kind === 'plan-item') return paying.includes(fact.status) ? [fact.price.id] : []
  if (fact.kind !== 'subscription' || !paying.includes(fact.status)) return []
  return fact.items.map(({ price }) => price.id)
}

/** What a price buys; `null`: it is in no plan, add-on or seat pack. */
export function mappingOf(price: Price, catalogue: Catalogue): PriceMapping | null {
  const sold = soldBy(price, catalogue)
  if (sold) {
    switch (sold.kind) {
      case 'plan':
        return { kind: 'plan', id: sold.plan.id }
      case 'add-on':
        return { kind: 'add-on', id: sold.addOn.id }
      case 'seat-pack':
        return { kind: 'seat-pack', id: sold.seatPack.id }
    }
  }
  const forLife = soldForLife(price, catalogue)
  if (!forLife || forLife.kind === 'seat-pack') return null
  return { kind: 'lifetime', id: forLife.kind === 'plan' ? forLife.plan.id : forLife.addOn.id }
}
