import type { PlanId } from '../access/access.ts'
import type { Catalogue } from '../access/catalogue.ts'
import type { Fraction } from '../price/fraction.ts'
import { add, fraction, multiply, roundHalfUp, zero } from '../price/fraction.ts'
import type { Money } from '../price/money.ts'
import { sumByCurrency } from '../price/money.ts'
import { afterDiscounts, exactMonthlyAmount, monthlyAmount, monthsShare } from '../price/monthly-amount.ts'
import type { Price } from '../price/price.ts'
import type { BillingFact, PlanItem, Subscription } from './billing.ts'
import type { ObservationRules } from './observe-fact.ts'
import { factKeys } from './observe-fact.ts'
import { soldBy } from './sold-by.ts'

/** Sums a month, one a currency, and a sentence for everything that comes to no fixed sum. */
export interface MonthlyPromise {
  readonly sums: readonly Money[]
  readonly notes: readonly string[]
}

/**
 * What the facts that entitle to anything come to in a month, after discounts, in minor units. Usage, tiers that were
 * not read and the like are named in `notes` and never guessed.
 *
 * @param rules.prices The prices that billing lists. Stripe expands no tiers within a list of subscriptions, so they
 *   are taken from here.
 *
 * @example
 * monthlyPromised([subscription], rules).sums // [{ currency: 'usd', amount: 2000 }]
 */
export function monthlyPromised(
  facts: readonly BillingFact[],
  rules: ObservationRules & { readonly prices?: readonly Price[] },
): MonthlyPromise {
  const entitling = facts.filter((fact) => factKeys(fact, rules).entitling)
  const parts = entitling.map((fact) => factMonthly(withTiers(fact, rules.prices ?? [])))
  return {
    sums: sumByCurrency(parts.flatMap(({ sums }) => sums)),
    notes: [...new Set(parts.flatMap(({ notes }) => notes))].sort(),
  }
}

/**
 * The fixed part of what one fact comes to in a month, whatever it entitles to; `null` where it has none.
 *
 * @param prices As for {@link monthlyPromised}.
 */
export function monthlyOfFact(fact: BillingFact, prices: readonly Price[]): Money | null {
  return factMonthly(withTiers(fact, prices)).sums[0] ?? null
}

function withTiers(fact: BillingFact, prices: readonly Price[]): BillingFact {
  if (fact.kind !== 'subscription' || !fact.items.some(({ price }) => lacksTiers(price))) return fact
  return {
    ...fact,
    items: fact.items.map((item) => ({ ...item, price: priceWithTiers(item.price, prices) })),
  }
}

/** The price as billing lists it, where its tiers were not read with the subscription. */
export function priceWithTiers(price: Price, prices: readonly Price[]): Price {
  return lacksTiers(price) ? (prices.find(({ id }) => id === price.id) ?? price) : price
}

function lacksTiers({ amount }: Price): boolean {
  return amount.kind === 'tiered' && amount.tiers === 'unread'
}

function factMonthly(fact: BillingFact): MonthlyPromise {
  switch (fact.kind) {
    case 'subscription':
      return subscriptionMonthly(fact)
    case 'plan-item':
      return planItemMonthly(fact)
    case 'purchase':
      return { sums: [], notes: [`${fact.id} was paid once.`] }
    case 'entitlements':
      return { sums: [], notes: [] }
  }
}

/** What has ended, or has not begun, may still be used for a while and brings nothing any more or yet. */
function planItemMonthly({ status, price }: PlanItem): MonthlyPromise {
  if (status !== 'active' && status !== 'canceled' && status !== 'past_due') return { sums: [], notes: [] }
  // Clerk says the sum of a period with all its seats.
  const amount = monthlyAmount(price, 1, [])
  if (amount.kind === 'not-fixed') return { sums: [], notes: [amount.note] }
  return { sums: [{ currency: amount.currency, amount: amount.amount }], notes: [] }
}

function subscriptionMonthly(subscription: Subscription): MonthlyPromise {
  const notes: string[] = []
  const byCurrency = new Map<string, { sum: Fraction; readonly recurring: Price['recurring'][] }>()
  for (const item of subscription.items) {
    const exact = exactMonthlyAmount(item.price, item.quantity, item.discounts)
    if (exact.kind === 'not-fixed') {
      notes.push(exact.note)
      continue
    }
    const found = byCurrency.get(exact.currency) ?? { sum: zero, recurring: [] }
    found.sum = add(found.sum, exact.amount)
    found.recurring.push(item.price.recurring)
    byCurrency.set(exact.currency, found)
  }
  const sums: Money[] = []
  for (const [currency, { sum, recurring }] of byCurrency) {
    const discounted = discountedMonthly(subscription, sum, recurring, currency)
    if ('note' in discounted) notes.push(discounted.note)
    else sums.push({ currency, amount: Number(roundHalfUp(discounted)) })
  }
  return { sums, notes }
}

/** A subscription's own discounts reduce its whole invoice: an amount off is taken off once a billing period. */
function discountedMonthly(
  subscription: Subscription,
  monthly: Fraction,
  recurring: readonly Price['recurring'][],
  currency: string,
): Fraction | { readonly note: string } {
  const [first] = recurring
  const isMixed = recurring.some(
    (other) => other?.interval !== first?.interval || other?.count !== first?.count,
  )
  if (!first || (isMixed && subscription.discounts.some(({ kind }) => kind === 'amount'))) {
    return { note: `${subscription.id} has an amount off, and items billed by different intervals.` }
  }
  const share = isMixed ? fraction(1) : monthsShare(first)
  const aPeriod = multiply(monthly, fraction(share.denominator, share.numerator))
  const discounted = afterDiscounts(aPeriod, subscription.discounts, currency)
  return 'reason' in discounted ? discounted : multiply(discounted, share)
}

/** A sum a month, or a sentence that says why there is none. */
export interface CataloguePrice {
  readonly money: Money | null
  readonly note: string | null
}

/**
 * What a plan or a feature sells for: the lowest fixed monthly amount of one unit, over the active prices that the
 * catalogue maps to the plan, or to whatever brings the feature. With prices in several currencies, the one in which
 * most of them are counts, since sums of two currencies have no order.
 *
 * @param prices The prices that billing lists; empty where they could not be read.
 *
 * @example
 * cataloguePrice({ plan: 'pro' }, prices, catalogue).money // { currency: 'usd', amount: 1600 }
 */
export function cataloguePrice(
  of: { readonly plan: PlanId } | { readonly feature: string },
  prices: readonly Price[],
  catalogue: Catalogue,
): CataloguePrice {
  const name = 'plan' in of ? `the plan ${of.plan}` : of.feature
  if ('plan' in of && of.plan === catalogue.plans[0].id) return { money: null, note: null }
  const sold = prices.filter((price) => price.active && isSoldAs(price, of, catalogue))
  if (sold.length === 0) return { money: null, note: `No active price of ${name} is known.` }
  const amounts = sold.map((price) => monthlyAmount(price, 1, []))
  const fixed = amounts.flatMap((amount) => (amount.kind === 'fixed' ? [amount] : []))
  const currency = mostFrequent(fixed.map((amount) => amount.currency))
  if (currency === null) {
    const notes = amounts.flatMap((amount) => (amount.kind === 'not-fixed' ? [amount.note] : []))
    return {
      money: null,
      note: `No price of ${name} has a fixed sum. ${[...new Set(notes)].sort().join(' ')}`,
    }
  }
  const lowest = Math.min(
    ...fixed.filter((amount) => amount.currency === currency).map(({ amount }) => amount),
  )
  return { money: { currency, amount: lowest }, note: null }
}

function isSoldAs(
  price: Price,
  of: { readonly plan: PlanId } | { readonly feature: string },
  catalogue: Catalogue,
): boolean {
  const sold = soldBy(price, catalogue)
  if (!sold || sold.kind === 'seat-pack') return false
  if ('plan' in of) return sold.kind === 'plan' && sold.plan.id === of.plan
  const { entitlements } = sold.kind === 'plan' ? sold.plan : sold.addOn
  return entitlements.includes(of.feature)
}

/** The text that occurs most often; of several, the first by name. */
function mostFrequent(texts: readonly string[]): string | null {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  const [first] = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
  return first ? first[0] : null
}
