import type { Access } from '../access/access.ts'
import type { Catalogue } from '../access/catalogue.ts'
import {
  allEntitlements,
  freeAccess,
  joinAccess,
  latestDate,
  planRank,
  sortedUnique,
} from '../access/order.ts'
import type { BillingFact } from './billing.ts'
import { factPromise } from './fact-promise.ts'
import type { PromiseRules } from './promise-rules.ts'
import type { Promised, PromiseUnknown } from './promised.ts'
import { sumAccess, sumSeats } from './sum-access.ts'

/**
 * THE rule: the access that billing owes and allows to whoever these facts are about, at `rules.now`.
 *
 * All facts count, and all items of them: the highest plan, every entitlement, the seats of all subscriptions
 * together. Without any fact, nothing is owed and the free plan is allowed. What cannot be told widens the interval:
 * `owed` keeps what is sure, `allowed` becomes everything, and `unknown` says why.
 *
 * @param facts In any order; the answer is the same.
 *
 * @example
 * const { owed, allowed } = promiseOf([subscription], { catalogue, policy: defaultPolicy, now })
 * owed.plan // 'pro'
 */
export function promiseOf(facts: readonly BillingFact[], rules: PromiseRules): Promised {
  const { catalogue } = rules
  const free = freeAccess(catalogue)
  const promises = facts.map((fact) => ({ fact, promise: factPromise(fact, rules) }))
  const bound = (side: 'owed' | 'allowed') => {
    const sides = (isPurchase: boolean) =>
      promises
        .filter(({ fact }) => (fact.kind === 'purchase') === isPurchase)
        .map(({ promise }) => promise[side])
    const sold = sides(false).reduce((a, b) => sumAccess(a, b, catalogue), free)
    // A session and the invoice that it made are one purchase seen twice, so the seats of purchases do not add up.
    const bought = sides(true).reduce((a, b) => joinAccess(a, b, catalogue), free)
    return sumAccess(sold, bought, catalogue)
  }
  const paysOutsideOfTrial = promises.some(({ promise }) => promise.allowsUntrialed)
  return {
    owed: trialOf(bound('owed'), paysOutsideOfTrial, null),
    allowed: trialOf(withFreePlan(bound('allowed'), catalogue), paysOutsideOfTrial, latestDate),
    unknown: sorted(
      promises.flatMap(({ promise }) => promise.unknown),
      unknownText,
    ),
    reviews: sorted(
      promises.flatMap(({ promise }) => promise.reviews),
      (review) => `${review.factId} ${review.found}`,
    ),
  }
}

/**
 * Whoever pays is not on trial, even with a second subscription that is. A trial end that the app still has on record
 * then decides nothing: none is owed, and none is too late.
 */
function trialOf(access: Access, paysOutsideOfTrial: boolean, trialEndsAt: Date | null): Access {
  return paysOutsideOfTrial ? { ...access, trialEndsAt } : access
}

/** Everybody may have what comes with the free plan; its seats count only until a paid plan brings its own. */
function withFreePlan(allowed: Access, catalogue: Catalogue): Access {
  const [free] = catalogue.plans
  const entitlements =
    allowed.entitlements === 'every'
      ? 'every'
      : allEntitlements(allowed.entitlements, sortedUnique(free.entitlements))
  return { ...allowed, entitlements, seats: seatsWithFree(allowed, catalogue) }
}

function seatsWithFree(allowed: Access, catalogue: Catalogue): Access['seats'] {
  const { seats } = catalogue.plans[0]
  if (typeof seats !== 'number') return allowed.seats
  if (planRank(catalogue, allowed.plan) === 0) return sumSeats(allowed.seats, seats)
  return typeof allowed.seats === 'number' ? Math.max(allowed.seats, seats) : allowed.seats
}

function unknownText(unknown: PromiseUnknown): string {
  const what = unknown.reason === 'unmapped-price' ? unknown.priceId : unknown.found
  return `${unknown.factId} ${unknown.reason} ${what}`
}

/** In the order of their texts and without doubles, so that the order of the facts does not show. */
function sorted<T>(values: readonly T[], textOf: (value: T) => string): readonly T[] {
  if (values.length < 2) return values
  const byText = new Map(values.map((value) => [textOf(value), value]))
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
}
