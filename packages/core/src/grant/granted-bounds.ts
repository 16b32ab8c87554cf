import type { Access, Component, PlanId } from '../access/access.ts'
import type { Catalogue } from '../access/catalogue.ts'
import { everyAccess, freeAccess, planRank } from '../access/order.ts'
import type { Granted, Read } from './granted.ts'

/** Why one component of granted access is not known exactly. */
export interface GrantUnknown {
  readonly component: Component
  readonly reason: 'unreadable-grant' | 'unknown-plan-value' | 'plan-absent'
  readonly found: string
  readonly needed: string
}

/** The least and the most access that the app may be giving; equal where everything could be read. */
export interface GrantedBounds {
  readonly least: Access
  readonly most: Access
  readonly unknown: readonly GrantUnknown[]
}

interface Bounds<T> {
  readonly least: T
  readonly most: T
  readonly unknown?: GrantUnknown
}

/**
 * The bounds of what the app gives. A value that was read is both bounds of its component; one that cannot be read
 * reaches from the bottom to the top of its order, since it may be anything, and `unknown` says why.
 *
 * Seats of an app that only counts its members reach over everything too, without being unknown: the app sets no
 * limit that could be compared.
 *
 * @param mapped The components that the project compares for this type of subject.
 */
export function grantedBounds(
  granted: Granted,
  mapped: readonly Component[],
  catalogue: Catalogue,
): GrantedBounds {
  const bottom = freeAccess(catalogue)
  const top = everyAccess(catalogue)
  const plan = planBounds(granted, catalogue)
  const paid = paidBounds(granted, plan, mapped, catalogue)
  const trial = valueBounds('trialEndsAt', granted.trialEndsAt, bottom.trialEndsAt, top.trialEndsAt)
  const entitlements = valueBounds<Access['entitlements']>(
    'entitlements',
    granted.entitlements,
    bottom.entitlements,
    top.entitlements,
  )
  const seats = seatBounds(granted, mapped)
  return {
    least: {
      plan: plan.least,
      paid: paid.least,
      trialEndsAt: trial.least,
      entitlements: entitlements.least,
      seats: seats.least,
    },
    most: {
      plan: plan.most,
      paid: paid.most,
      trialEndsAt: trial.most,
      entitlements: entitlements.most,
      seats: seats.most,
    },
    unknown: [paid, plan, trial, entitlements, seats].flatMap((bounds) => bounds.unknown ?? []),
  }
}

function planBounds(granted: Granted, catalogue: Catalogue): Bounds<PlanId> {
  const free = catalogue.plans[0].id
  const highest = everyAccess(catalogue).plan
  switch (granted.plan.state) {
    case 'value':
      return exactly(granted.plan.value)
    case 'unmapped':
      return exactly(free)
    case 'unreadable':
      return {
        least: free,
        most: highest,
        unknown: {
          component: 'plan',
          reason: granted.unknownPlanValue === null ? 'unreadable-grant' : 'unknown-plan-value',
          found: granted.plan.found,
          needed: granted.plan.needed,
        },
      }
    case 'absent':
      return absentPlanBounds(granted.paid, catalogue)
  }
}

/** No plan is the free plan, unless the paid flag says, or may say, that there is a paid one. */
function absentPlanBounds(paid: Read<boolean>, catalogue: Catalogue): Bounds<PlanId> {
  const [free, lowestPaid, ...higher] = catalogue.plans
  const highest = higher.at(-1) ?? lowestPaid
  if (!lowestPaid || !highest) return exactly(free.id)
  const needed = `one of ${catalogue.plans.map((plan) => plan.id).join(', ')}`
  if (paid.state === 'unreadable') {
    return {
      least: free.id,
      most: highest.id,
      unknown: {
        component: 'plan',
        reason: 'plan-absent',
        found: `no plan, and ${paid.found} as the paid flag`,
        needed,
      },
    }
  }
  if (paid.state !== 'value' || !paid.value) return exactly(free.id)
  if (lowestPaid === highest) return exactly(lowestPaid.id)
  return {
    least: lowestPaid.id,
    most: highest.id,
    unknown: {
      component: 'plan',
      reason: 'plan-absent',
      found: 'no plan, while the paid flag is true',
      needed,
    },
  }
}

/** A paid flag that is missing or not mapped follows the plan. */
function paidBounds(
  granted: Granted,
  plan: Bounds<PlanId>,
  mapped: readonly Component[],
  catalogue: Catalogue,
): Bounds<boolean> {
  const { paid } = granted
  if (paid.state === 'value' || paid.state === 'unreadable') return valueBounds('paid', paid, false, true)
  const least = planRank(catalogue, plan.least) > 0
  const most = planRank(catalogue, plan.most) > 0
  if (least === most || !plan.unknown || !mapped.includes('paid')) return { least, most }
  return { least, most, unknown: { ...plan.unknown, component: 'paid' } }
}

function seatBounds(granted: Granted, mapped: readonly Component[]): Bounds<Access['seats']> {
  const onlyCounted = granted.seats.state === 'unmapped' && mapped.includes('seats')
  if (onlyCounted) return { least: null, most: 'unlimited' }
  return valueBounds<Access['seats']>('seats', granted.seats, null, 'unlimited')
}

function valueBounds<T>(component: Component, read: Read<T>, bottom: T, top: T): Bounds<T> {
  switch (read.state) {
    case 'value':
      return exactly(read.value)
    case 'absent':
    case 'unmapped':
      return exactly(bottom)
    case 'unreadable':
      return {
        least: bottom,
        most: top,
        unknown: { component, reason: 'unreadable-grant', found: read.found, needed: read.needed },
      }
  }
}

function exactly<T>(value: T): Bounds<T> {
  return { least: value, most: value }
}
