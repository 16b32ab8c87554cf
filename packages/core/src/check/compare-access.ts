import type { Access, Component } from '../access/access.ts'
import type { Catalogue } from '../access/catalogue.ts'
import { isAtMost, planRank } from '../access/order.ts'
import type { GrantedBounds } from '../grant/granted-bounds.ts'
import type { Promised } from '../promise/promised.ts'
import type { DriftComponent, IncidentKind, Side } from './verdict.ts'

/** One component that stands outside its bounds, before evidence and money are put to it. */
export interface Difference {
  readonly kind: IncidentKind
  readonly component: DriftComponent
  readonly hurts: 'customer' | 'business'
  readonly owed: Side
  readonly granted: Side
  readonly allowed: Side
}

export interface Comparison {
  readonly differences: readonly Difference[]
  /** Components of which it cannot be told whether they are within the bounds. */
  readonly undecided: readonly Component[]
}

/** What a comparison needs beside the two sides. */
export interface ComparisonRules {
  readonly catalogue: Catalogue
  readonly policy: { readonly trialToleranceHours: number }
  readonly mapped: readonly Component[]
  readonly now: Date
  /** Seats in use, where the project counts them. */
  readonly members: number | null
}

/**
 * Compares what was promised with what was granted, component by component: `owed <= granted <= allowed` agrees.
 * Granted access has bounds of its own, since a value that cannot be read may be anything: a component drifts only
 * when it drifts for every value it may have, and is undecided when it drifts for some.
 *
 * Paid access that is wholly missing, or wholly unpaid, is one difference: the lesser ones of the same direction
 * follow from it. Entitlements that the wrong plan brings or takes along belong to the plan's difference.
 */
export function compareAccess(
  promised: Promised,
  granted: GrantedBounds,
  rules: ComparisonRules,
): Comparison {
  const { owed, allowed } = promised
  const { least, most } = granted
  const differences: Difference[] = []
  const undecided = new Set<Component>()

  // A source that says neither the plan nor the paid flag says nothing of whether access is paid.
  const saysPaid = rules.mapped.includes('paid') || rules.mapped.includes('plan')
  const nothingGranted = saysPaid && owed.paid && !most.paid
  const nothingAllowed = saysPaid && !allowed.paid && least.paid
  if (nothingGranted) differences.push(paidDifference('paid-without-access', 'customer', promised, granted))
  if (nothingAllowed)
    differences.push(paidDifference('access-without-payment', 'business', promised, granted))
  const isPaidUndecided =
    (owed.paid && !least.paid && !nothingGranted) || (!allowed.paid && most.paid && !nothingAllowed)
  if (saysPaid && isPaidUndecided) undecided.add('paid')

  for (const component of rules.mapped) {
    if (component === 'paid') continue
    if (!isCompared(component, promised, granted, rules.now)) continue
    const isShort = !isAtMost(component, owed, most, rules.catalogue, rules.policy)
    const isOver = !isAtMost(component, least, allowed, rules.catalogue, rules.policy)
    const mayBeShort = !isAtMost(component, owed, least, rules.catalogue, rules.policy)
    const mayBeOver = !isAtMost(component, most, allowed, rules.catalogue, rules.policy)
    if (component === 'entitlements') {
      if (!nothingGranted) differences.push(...entitlementsMissing(promised, granted, rules))
      if (!nothingAllowed) differences.push(...entitlementsExtra(promised, granted, rules))
    } else {
      if (isShort && !nothingGranted)
        differences.push(componentDifference(component, 'customer', promised, granted))
      if (isOver && !nothingAllowed)
        differences.push(componentDifference(component, 'business', promised, granted))
    }
    if ((mayBeShort && !isShort && !nothingGranted) || (mayBeOver && !isOver && !nothingAllowed)) {
      undecided.add(component)
    }
  }

  if (rules.mapped.includes('seats') && !nothingAllowed) {
    const crowd = membersOver(promised, rules.members)
    if (crowd && !differences.some((difference) => difference.kind === 'seats-over')) differences.push(crowd)
  }
  return { differences, undecided: [...undecided] }
}

/**
 * A trial end counts only while a trial runs on either side; seats only where some are promised, and where anything
 * paid is owed or granted: the limit that an app leaves standing for whoever has nothing opens nothing.
 */
function isCompared(component: Component, promised: Promised, granted: GrantedBounds, now: Date): boolean {
  if (component === 'trialEndsAt') {
    const ends = [promised.owed.trialEndsAt, granted.least.trialEndsAt, granted.most.trialEndsAt]
    return ends.some((end) => end !== null && end > now)
  }
  if (component === 'seats') {
    const areSeatsPromised = promised.owed.seats !== null || promised.allowed.seats !== null
    return areSeatsPromised && (promised.owed.paid || granted.most.paid)
  }
  return true
}

const kindOf: Readonly<
  Record<
    'plan' | 'trialEndsAt' | 'seats',
    { readonly customer: IncidentKind; readonly business: IncidentKind }
  >
> = {
  plan: { customer: 'plan-too-low', business: 'plan-too-high' },
  trialEndsAt: { customer: 'trial-cut-short', business: 'trial-overstayed' },
  seats: { customer: 'seats-short', business: 'seats-over' },
}

function componentDifference(
  component: 'plan' | 'trialEndsAt' | 'seats',
  hurts: 'customer' | 'business',
  promised: Promised,
  granted: GrantedBounds,
): Difference {
  return {
    kind: kindOf[component][hurts],
    component,
    hurts,
    owed: sideOf(promised.owed, component),
    granted: sideOf(hurts === 'customer' ? granted.most : granted.least, component),
    allowed: sideOf(promised.allowed, component),
  }
}

function paidDifference(
  kind: 'paid-without-access' | 'access-without-payment',
  hurts: 'customer' | 'business',
  promised: Promised,
  granted: GrantedBounds,
): Difference {
  const shown = hurts === 'customer' ? granted.most : granted.least
  return {
    kind,
    component: 'paid',
    hurts,
    owed: promised.owed.paid,
    granted: shown.paid,
    allowed: promised.allowed.paid,
  }
}

function entitlementsMissing(
  promised: Promised,
  granted: GrantedBounds,
  rules: ComparisonRules,
): Difference[] {
  const { owed } = promised
  const { most } = granted
  if (owed.entitlements === 'every' || most.entitlements === 'every') return []
  const held = new Set(most.entitlements)
  const ofThePlan = new Set(
    isPlanShort(promised, granted, rules) ? entitlementsOf(rules.catalogue, owed.plan) : [],
  )
  return owed.entitlements
    .filter((feature) => !held.has(feature) && !ofThePlan.has(feature))
    .map((feature) => featureDifference('entitlement-missing', feature, 'customer', promised, granted))
}

function entitlementsExtra(promised: Promised, granted: GrantedBounds, rules: ComparisonRules): Difference[] {
  const { allowed } = promised
  const { least } = granted
  if (allowed.entitlements === 'every' || least.entitlements === 'every') return []
  const permitted = new Set(allowed.entitlements)
  const ofThePlan = new Set(
    isPlanOver(promised, granted, rules) ? entitlementsOf(rules.catalogue, least.plan) : [],
  )
  return least.entitlements
    .filter((feature) => !permitted.has(feature) && !ofThePlan.has(feature))
    .map((feature) => featureDifference('entitlement-extra', feature, 'business', promised, granted))
}

function featureDifference(
  kind: 'entitlement-missing' | 'entitlement-extra',
  feature: string,
  hurts: 'customer' | 'business',
  promised: Promised,
  granted: GrantedBounds,
): Difference {
  const holds = (access: Access) => access.entitlements === 'every' || access.entitlements.includes(feature)
  return {
    kind,
    component: `entitlement:${feature}`,
    hurts,
    owed: holds(promised.owed),
    granted: holds(hurts === 'customer' ? granted.most : granted.least),
    allowed: holds(promised.allowed),
  }
}

/** More members than seats allowed. Fewer than owed is no drift: seats need not be used. */
function membersOver(promised: Promised, members: number | null): Difference | null {
  const { allowed, owed } = promised
  if (members === null || typeof allowed.seats !== 'number' || members <= allowed.seats) return null
  return {
    kind: 'seats-over',
    component: 'seats',
    hurts: 'business',
    owed: owed.seats,
    granted: members,
    allowed: allowed.seats,
  }
}

function isPlanShort(promised: Promised, granted: GrantedBounds, rules: ComparisonRules): boolean {
  return (
    rules.mapped.includes('plan') &&
    planRank(rules.catalogue, granted.most.plan) < planRank(rules.catalogue, promised.owed.plan)
  )
}

function isPlanOver(promised: Promised, granted: GrantedBounds, rules: ComparisonRules): boolean {
  return (
    rules.mapped.includes('plan') &&
    planRank(rules.catalogue, granted.least.plan) > planRank(rules.catalogue, promised.allowed.plan)
  )
}

function entitlementsOf(catalogue: Catalogue, planId: string): readonly string[] {
  return catalogue.plans.find((plan) => plan.id === planId)?.entitlements ?? []
}

function sideOf(access: Access, component: Component): Side {
  const value = access[component]
  return value instanceof Date ? value.toISOString() : value
}
