import type { Access, Component, PlanId } from './access.ts'
import type { Catalogue } from './catalogue.ts'

/** The latest moment that a `Date` can hold: the top of the order of trial ends. */
export const latestDate: Date = new Date(8.64e15)

/**
 * The place of a plan in the catalogue: 0 is the free plan, higher is more.
 *
 * @throws RangeError when the catalogue has no such plan. Readers ask before they build an access, so this is a
 *   mistake in the code and never the state of an app or of billing.
 */
export function planRank(catalogue: Catalogue, planId: PlanId): number {
  const rank = catalogue.plans.findIndex((plan) => plan.id === planId)
  if (rank < 0) {
    const known = catalogue.plans.map((plan) => plan.id).join(', ')
    throw new RangeError(`An access names the plan ${JSON.stringify(planId)}; the catalogue has ${known}.`)
  }
  return rank
}

/** The bottom of the order: the free plan and nothing else. */
export function freeAccess(catalogue: Catalogue): Access {
  return { plan: catalogue.plans[0].id, paid: false, trialEndsAt: null, entitlements: [], seats: null }
}

/** The top of the order: what is allowed where nothing can be ruled out. */
export function everyAccess(catalogue: Catalogue): Access {
  const highest = catalogue.plans.at(-1) ?? catalogue.plans[0]
  return {
    plan: highest.id,
    paid: true,
    trialEndsAt: latestDate,
    entitlements: 'every',
    seats: 'unlimited',
  }
}

/**
 * The least access that is at least both: the higher plan, the later trial end, all entitlements of either, the
 * larger number of seats. Seats that are sold side by side add up; whoever sells them adds them before joining.
 *
 * @example
 * joinAccess(freeAccess(catalogue), { ...freeAccess(catalogue), plan: 'pro', paid: true }, catalogue).plan // 'pro'
 */
export function joinAccess(a: Access, b: Access, catalogue: Catalogue): Access {
  return {
    plan: planRank(catalogue, a.plan) >= planRank(catalogue, b.plan) ? a.plan : b.plan,
    paid: a.paid || b.paid,
    trialEndsAt: trialTime(a.trialEndsAt) >= trialTime(b.trialEndsAt) ? a.trialEndsAt : b.trialEndsAt,
    entitlements:
      a.entitlements === 'every' || b.entitlements === 'every'
        ? 'every'
        : allEntitlements(a.entitlements, b.entitlements),
    seats: seatCount(a.seats) >= seatCount(b.seats) ? a.seats : b.seats,
  }
}

/**
 * Whether `a` gives at most what `b` gives in one component. Trial ends no further apart than
 * `trialToleranceHours` count as equal; no trial at all is less than any trial.
 *
 * @example
 * isAtMost('plan', granted, allowed, catalogue, { trialToleranceHours: 24 })
 */
export function isAtMost(
  component: Component,
  a: Access,
  b: Access,
  catalogue: Catalogue,
  tolerance: { readonly trialToleranceHours: number },
): boolean {
  switch (component) {
    case 'plan':
      return planRank(catalogue, a.plan) <= planRank(catalogue, b.plan)
    case 'paid':
      return !a.paid || b.paid
    case 'trialEndsAt':
      return trialTime(a.trialEndsAt) <= trialTime(b.trialEndsAt) + tolerance.trialToleranceHours * 3_600_000
    case 'entitlements':
      return missingEntitlements(a.entitlements, b.entitlements).length === 0
    case 'seats':
      return seatCount(a.seats) <= seatCount(b.seats)
  }
}

/** The entitlements of `a` that `b` does not give; `['every']` when only `a` gives all there are. */
export function missingEntitlements(a: Access['entitlements'], b: Access['entitlements']): readonly string[] {
  if (b === 'every') return []
  if (a === 'every') return ['every']
  const given = new Set(b)
  return a.filter((entitlement) => !given.has(entitlement))
}

/** All entitlements of two accesses, as an access holds them. Most plans are joined with nothing. */
export function allEntitlements(a: readonly string[], b: readonly string[]): readonly string[] {
  if (a.length === 0) return b
  return b.length === 0 ? a : sortedUnique([...a, ...b])
}

/** Entitlements as an access holds them: sorted, without doubles. */
export function sortedUnique(entitlements: readonly string[]): readonly string[] {
  return entitlements.length < 2 ? entitlements : [...new Set(entitlements)].sort()
}

function trialTime(trialEndsAt: Date | null): number {
  return trialEndsAt ? trialEndsAt.getTime() : Number.NEGATIVE_INFINITY
}

function seatCount(seats: Access['seats']): number {
  if (seats === null) return -1
  return seats === 'unlimited' ? Number.POSITIVE_INFINITY : seats
}
