import type { Access } from '../access/access.ts'
import type { Plan } from '../access/catalogue.ts'
import { everyAccess, freeAccess, planRank, sortedUnique } from '../access/order.ts'
import type { Price } from '../price/price.ts'
import type { ActiveEntitlements, BillingFact, PlanItem, Purchase, Subscription } from './billing.ts'
import { planItemStanding } from './clerk-billing/plan-item-standing.ts'
import type { PromiseRules } from './promise-rules.ts'
import type { PromiseUnknown, RefundReview } from './promised.ts'
import type { Sold } from './sold-by.ts'
import { sellsForLife, soldBy, soldForLife } from './sold-by.ts'
import type { Standing } from './standing.ts'
import { purchaseStanding, subscriptionStanding, unreadable } from './standing.ts'
import { sumAccess } from './sum-access.ts'

/** What one fact adds to the promise. */
export interface FactPromise {
  readonly owed: Access
  readonly allowed: Access
  /** Whether it surely allows a paid plan outside of any trial. */
  readonly allowsUntrialed: boolean
  readonly unknown: readonly PromiseUnknown[]
  readonly reviews: readonly RefundReview[]
}

/** What one fact promises, by itself. Facts are put together by `promiseOf`. */
export function factPromise(fact: BillingFact, rules: PromiseRules): FactPromise {
  switch (fact.kind) {
    case 'subscription':
      return subscriptionPromise(fact, rules)
    case 'plan-item':
      return planItemPromise(fact, rules)
    case 'purchase':
      return purchasePromise(fact, rules)
    case 'entitlements':
      return entitlementsPromise(fact, rules)
  }
}

function subscriptionPromise(subscription: Subscription, rules: PromiseRules): FactPromise {
  const { standing, unknown, reviews } = subscriptionStanding(subscription, rules.policy, rules.now)
  if (standing === 'nothing') return nothing(rules)
  if (standing === 'unreadable') return widened({ ...nothing(rules), unknown }, rules)

  const sales = subscription.items.map((item) => itemSale({ ...item, factId: subscription.id }, rules))
  const items = together(sales, standing, rules)
  const trialEndsAt = subscription.status === 'trialing' ? subscription.trialEndsAt : null
  const promise: FactPromise = {
    owed: inTrial(items.owed, trialEndsAt),
    allowed: inTrial(items.allowed, trialEndsAt),
    allowsUntrialed: subscription.status !== 'trialing' && isPaidPlan(items.allowed, rules),
    unknown,
    reviews,
  }
  const missing = [
    ...sales.flatMap((sale) => sale.unknown),
    ...subscription.problems.map((problem) => unreadable(subscription.id, problem)),
  ]
  if (!subscription.itemsComplete && subscription.problems.length === 0) {
    missing.push(unreadable(subscription.id, 'only a part of its items was read'))
  }
  return missing.length > 0 ? widened({ ...promise, unknown: [...unknown, ...missing] }, rules) : promise
}

/** An item of Clerk Billing is one plan: the default one promises nothing, any other what the catalogue has it sell. */
function planItemPromise(item: PlanItem, rules: PromiseRules): FactPromise {
  const { standing, unknown, reviews } = planItemStanding(item, rules.policy, rules.now)
  if (standing === 'nothing' || (item.isDefaultPlan && !soldBy(item.price, rules.catalogue))) {
    return nothing(rules)
  }
  if (standing === 'unreadable') return widened({ ...nothing(rules), unknown }, rules)
  const plan = itemSale({ id: item.id, price: item.price, quantity: item.seats, factId: item.id }, rules)
  const sale = withFeatures(plan, item.features)
  const bounds = together([sale], standing, rules)
  const trialEndsAt = item.isFreeTrial ? item.periodEnd : null
  const promise: FactPromise = {
    owed: inTrial(bounds.owed, trialEndsAt),
    allowed: inTrial(bounds.allowed, trialEndsAt),
    allowsUntrialed: !item.isFreeTrial && isPaidPlan(bounds.allowed, rules),
    unknown,
    reviews,
  }
  const missing = [...sale.unknown, ...item.problems.map((problem) => unreadable(item.id, problem))]
  return missing.length > 0 ? widened({ ...promise, unknown: [...unknown, ...missing] }, rules) : promise
}

function withFeatures(sale: Sale, features: readonly string[]): Sale {
  if (features.length === 0) return sale
  const joined = (access: Access): Access => ({
    ...access,
    entitlements:
      access.entitlements === 'every' ? 'every' : sortedUnique([...access.entitlements, ...features]),
  })
  return { ...sale, least: joined(sale.least), most: joined(sale.most) }
}

function purchasePromise(purchase: Purchase, rules: PromiseRules): FactPromise {
  if (!sellsForLife(rules.catalogue)) return nothing(rules)
  const { standing, reviews } = purchaseStanding(purchase, rules.policy)
  if (standing === 'nothing') return nothing(rules)
  // A price that is not listed as `lifetime` is no unknown one here: credits, hours and t-shirts are sold once too.
  const sold = purchase.prices.flatMap((price) => soldForLife(price, rules.catalogue) ?? [])
  const sales = sold.map((sale) => saleOf(sale, { quantity: null, metered: false }, rules))
  const bought = together(sales, standing, rules)
  const promise: FactPromise = {
    ...bought,
    allowsUntrialed: isPaidPlan(bought.allowed, rules),
    unknown: purchase.problems.map((problem) => unreadable(purchase.id, problem)),
    reviews: sold.length > 0 ? reviews : [],
  }
  return promise.unknown.length > 0 ? widened(promise, rules) : promise
}

function entitlementsPromise(active: ActiveEntitlements, rules: PromiseRules): FactPromise {
  const access = { ...freeAccess(rules.catalogue), entitlements: sortedUnique(active.lookupKeys) }
  const unknown = active.problems.map((problem) => unreadable(active.id, problem))
  const promise = { ...nothing(rules), owed: access, allowed: access, unknown }
  return unknown.length > 0 ? widened(promise, rules) : promise
}

/** What an item surely sells, and what it may sell at most. */
interface Sale {
  readonly least: Access
  readonly most: Access
  readonly unknown: readonly PromiseUnknown[]
}

/** What is bought of a price; `null`: how many is not stated. */
type Quantity = number | 'unlimited' | null

/** One thing that is sold by the period, within the fact that it belongs to. */
interface Item {
  readonly id: string
  readonly factId: string
  readonly price: Price
  readonly quantity: Quantity
}

function itemSale({ id, factId, price, quantity }: Item, rules: PromiseRules): Sale {
  const free = freeAccess(rules.catalogue)
  const sold = soldBy(price, rules.catalogue)
  if (!sold) {
    const unmapped: PromiseUnknown = {
      reason: 'unmapped-price',
      priceId: price.id,
      productId: price.productId,
      factId,
    }
    return { least: free, most: free, unknown: [unmapped] }
  }
  const metered = price.recurring?.metered ?? false
  const sale = saleOf(sold, { quantity, metered }, rules)
  // Nothing is bought of an item whose quantity is zero; an app that only looks at the status opens it all the same.
  if (quantity === 0) return { ...sale, least: free }
  const countsSeats = sold.kind === 'seat-pack' || (sold.kind === 'plan' && sold.plan.seats === 'quantity')
  if (countsSeats && quantity === null && !metered) {
    return {
      ...sale,
      unknown: [unreadable(factId, `${id} states no quantity, by which its seats count`)],
    }
  }
  return sale
}

function saleOf(
  sold: Sold,
  bought: { readonly quantity: Quantity; readonly metered: boolean },
  rules: PromiseRules,
): Sale {
  const free = freeAccess(rules.catalogue)
  switch (sold.kind) {
    case 'plan': {
      const { plan } = sold
      const access: Access = {
        ...free,
        plan: plan.id,
        paid: planRank(rules.catalogue, plan.id) > 0,
        entitlements: sortedUnique(plan.entitlements),
      }
      return {
        least: { ...access, seats: leastSeats(plan.seats, bought.quantity) },
        most: { ...access, seats: mostSeats(plan.seats, bought) },
        unknown: [],
      }
    }
    case 'add-on': {
      // An add-on alone leaves the plan free, and whether the app then sets its paid flag is its own choice.
      const access = { ...free, entitlements: sortedUnique(sold.addOn.entitlements) }
      return { least: access, most: { ...access, paid: true }, unknown: [] }
    }
    case 'seat-pack': {
      const each = sold.seatPack.seatsEach
      const { quantity, metered } = bought
      const least = typeof quantity === 'number' ? quantity * each : quantity
      const most = metered ? 'unlimited' : least
      return { least: { ...free, seats: least }, most: { ...free, paid: true, seats: most }, unknown: [] }
    }
  }
}

function leastSeats(seats: Plan['seats'], quantity: Quantity): Access['seats'] {
  return seats === 'quantity' ? quantity : seats
}

/** Where seats are billed by use, any number of them is paid for. */
function mostSeats(
  seats: Plan['seats'],
  bought: { readonly quantity: Quantity; readonly metered: boolean },
): Access['seats'] {
  return seats === 'quantity' && bought.metered ? 'unlimited' : leastSeats(seats, bought.quantity)
}

function together(
  sales: readonly Sale[],
  standing: Standing,
  rules: PromiseRules,
): { readonly owed: Access; readonly allowed: Access } {
  const free = freeAccess(rules.catalogue)
  const sum = (a: Access, b: Access) => sumAccess(a, b, rules.catalogue)
  const allowed = sales.map((sale) => sale.most).reduce(sum, free)
  const owed = standing === 'owed' ? sales.map((sale) => sale.least).reduce(sum, free) : free
  return { owed, allowed }
}

/** A trial ends for a paid plan; a free plan or an add-on has no trial that an app would keep. */
function inTrial(access: Access, trialEndsAt: Date | null): Access {
  return access.paid ? { ...access, trialEndsAt } : access
}

function isPaidPlan(access: Access, rules: PromiseRules): boolean {
  return planRank(rules.catalogue, access.plan) > 0
}

function nothing(rules: PromiseRules): FactPromise {
  const free = freeAccess(rules.catalogue)
  return { owed: free, allowed: free, allowsUntrialed: false, unknown: [], reviews: [] }
}

/** Owed keeps what is sure; nothing can be ruled out of what is allowed. */
function widened(promise: FactPromise, rules: PromiseRules): FactPromise {
  return { ...promise, allowed: everyAccess(rules.catalogue) }
}
