import type { Access, BillingFact, Catalogue, Policy, Promised } from '@trueup/core'
import { freeAccess, joinAccess, latestDate, planRank, promiseOf, soldBy } from '@trueup/core'
import type { AccessReason } from './access-answer.ts'

/** What the app gives: one access within the bounds of what billing promises. */
export interface GrantedAccess extends Access {}

/** What it takes to say what facts grant: what is sold, what the app decides, and when. */
export interface AccessRules {
  readonly catalogue: Catalogue
  readonly policy: Policy
  readonly now: Date
}

/**
 * The one access that the app grants, within what billing owes and allows ({@link promiseOf}), and why.
 *
 * Where the rule leaves room, access that was had stays: in the days of grace, while a refund is looked at. What was
 * ended early stays ended. Of what cannot be told only what is sure is given.
 */
export function grantedAccess(
  facts: readonly BillingFact[],
  rules: AccessRules,
): { readonly access: GrantedAccess; readonly reason: AccessReason } {
  const { catalogue } = rules
  const free = promiseOf([], rules).allowed
  const judged = facts.map((fact) => ({ fact, promised: promiseOf([fact], rules) }))
  const kept = judged.filter(({ fact, promised }) => promised.unknown.length === 0 && !isEnded(fact))
  const unsure = judged.filter(({ promised }) => promised.unknown.length > 0)
  const sure = promiseOf(
    kept.map(({ fact }) => fact),
    rules,
  )
  const least = promiseOf(
    unsure.map(({ fact }) => fact),
    rules,
  )
  const given = withSeats(joinAccess(sure.allowed, least.owed, catalogue), sure.allowed, least.owed)
  const paid = planRank(catalogue, given.plan) > 0
  const access: GrantedAccess = {
    ...given,
    paid,
    trialEndsAt: trialEnd(given, sure.owed),
  }
  return { access, reason: reasonOf(facts, { access, sure, isUnsure: unsure.length > 0, free, rules }) }
}

/** The bottom: the free plan with what comes with it. */
export function freeGrant(rules: AccessRules): GrantedAccess {
  return { ...promiseOf([], rules).allowed, paid: false, trialEndsAt: null }
}

/** Ended by somebody's decision, so that time left over is not given. Clerk Billing says `ended` for it. */
function isEnded(fact: BillingFact): boolean {
  if (fact.kind === 'plan-item') return fact.status === 'ended' || fact.status === 'expired'
  return fact.kind === 'subscription' && fact.status === 'canceled'
}

/** Seats of the sure and of the unsure are sold side by side. */
function withSeats(joined: Access, a: Access, b: Access): Access {
  if (a.seats === null || b.seats === null || a.seats === 'unlimited' || b.seats === 'unlimited')
    return joined
  return { ...joined, seats: a.seats + b.seats }
}

/** Whoever pays beside a trial is not on trial: the rule allows any end then, and none is told. */
function trialEnd(given: Access, owed: Access): Date | null {
  const end = owed.trialEndsAt ?? given.trialEndsAt
  return end === null || end.getTime() === latestDate.getTime() ? null : end
}

function reasonOf(
  facts: readonly BillingFact[],
  found: {
    readonly access: Access
    readonly sure: Promised
    readonly isUnsure: boolean
    readonly free: Access
    readonly rules: AccessRules
  },
): AccessReason {
  const { access, sure, isUnsure, free, rules } = found
  if (isUnsure) return 'unknown'
  const owesAll = planRank(rules.catalogue, sure.owed.plan) >= planRank(rules.catalogue, access.plan)
  if (access.paid) {
    if (!owesAll) return 'grace'
    return access.trialEndsAt === null ? 'paid' : 'trial'
  }
  if (gives(sure.owed, free, rules)) return 'paid'
  return facts.some((fact) => wasBought(fact, rules)) ? 'inactive' : 'free'
}

/** Whether an add-on or seats are owed without a plan, beyond what everybody has. */
function gives(owed: Access, free: Access, { catalogue }: AccessRules): boolean {
  const bottom = freeAccess(catalogue)
  if (owed.entitlements === 'every') return true
  const everybodys = free.entitlements === 'every' ? [] : free.entitlements
  const hasMore = owed.entitlements.some((feature) => !everybodys.includes(feature))
  return hasMore || (owed.seats !== bottom.seats && owed.seats !== free.seats)
}

/** In Clerk Billing everybody has an item of the plan that costs nothing. */
function wasBought(fact: BillingFact, { catalogue }: AccessRules): boolean {
  if (fact.kind !== 'plan-item') return fact.kind === 'subscription'
  if (fact.isDefaultPlan) return false
  const sold = soldBy(fact.price, catalogue)
  return sold?.kind !== 'plan' || planRank(catalogue, sold.plan.id) > 0
}
