import type { Access } from '../access/access.ts'
import { sortedUnique } from '../access/order.ts'
import type { Incident } from '../incident/incident.ts'

/** What shall be granted in one component, before it is known how the app writes it. */
export type Wanted =
  | { readonly component: 'customer'; readonly customerId: string }
  | { readonly component: 'plan'; readonly plan: string }
  | { readonly component: 'paid'; readonly paid: boolean }
  | { readonly component: 'trialEndsAt'; readonly trialEndsAt: Date | null }
  /** Features to be open, and to be closed; what is named by neither stays as it is. */
  | {
      readonly component: 'entitlements'
      readonly open: readonly string[]
      readonly closed: readonly string[]
    }
  | { readonly component: 'seats'; readonly seats: number }

/**
 * What ends the incident, component by component, for the kinds that have one safe answer; empty for all others.
 * Access that is missing is brought up to what is owed; access that is unpaid is brought down to what is allowed.
 */
export function wantedValues(incident: Incident): readonly Wanted[] {
  if (incident.kind === 'customer-duplicate' && typeof incident.owed === 'string') {
    return [{ component: 'customer', customerId: incident.owed }]
  }
  const { access } = incident
  if (!access) return []
  const target = incident.hurts === 'customer' ? access.owed : access.allowed
  switch (incident.kind) {
    case 'paid-without-access':
    case 'access-without-payment':
      return [
        { component: 'plan', plan: target.plan },
        { component: 'paid', paid: target.paid },
        ...featuresOf(access),
        ...(target.trialEndsAt
          ? ([{ component: 'trialEndsAt', trialEndsAt: target.trialEndsAt }] as const)
          : []),
        ...(incident.kind === 'paid-without-access' ? seatsOf(target) : []),
      ]
    case 'plan-too-low':
    case 'plan-too-high':
      return [{ component: 'plan', plan: target.plan }]
    case 'trial-cut-short':
    case 'trial-overstayed':
      return [{ component: 'trialEndsAt', trialEndsAt: target.trialEndsAt }]
    case 'entitlement-missing':
      return [{ component: 'entitlements', open: [featureOf(incident)], closed: [] }]
    case 'entitlement-extra':
      return [{ component: 'entitlements', open: [], closed: [featureOf(incident)] }]
    case 'seats-short':
    case 'seats-over':
      return seatsOf(target)
    case 'grants-disagree':
      return asInFirstSource(incident, access.granted)
    default:
      return []
  }
}

/** What the first source says; nothing where it says nothing that could be copied. */
function asInFirstSource(incident: Incident, first: Access): readonly Wanted[] {
  const said = Array.isArray(incident.granted) ? String(incident.granted[0]) : ''
  if (/: (unreadable|no record|deleted)$/.test(said)) return []
  const { component } = incident
  switch (component) {
    case 'plan':
      return [{ component, plan: first.plan }]
    case 'paid':
      return [
        { component: 'plan', plan: first.plan },
        { component, paid: first.paid },
        ...(first.entitlements === 'every'
          ? []
          : ([{ component: 'entitlements', open: first.entitlements, closed: [] }] as const)),
      ]
    case 'trialEndsAt':
      return [{ component, trialEndsAt: first.trialEndsAt }]
    case 'seats':
      return seatsOf(first)
    default: {
      if (!component.startsWith('entitlement:')) return []
      const feature = featureOf(incident)
      const isOpen = first.entitlements === 'every' || first.entitlements.includes(feature)
      return [{ component: 'entitlements', open: isOpen ? [feature] : [], closed: isOpen ? [] : [feature] }]
    }
  }
}

/** Those that are owed, and of those granted the ones that are allowed; nothing where either side is without bound. */
function featuresOf({ owed, granted, allowed }: NonNullable<Incident['access']>): readonly Wanted[] {
  if (owed.entitlements === 'every' || granted.entitlements === 'every') return []
  const isAllowed = (feature: string) =>
    allowed.entitlements === 'every' || allowed.entitlements.includes(feature)
  const open = sortedUnique([...owed.entitlements, ...granted.entitlements.filter(isAllowed)])
  const closed = granted.entitlements.filter((feature) => !open.includes(feature))
  return [{ component: 'entitlements', open, closed }]
}

function featureOf(incident: Incident): string {
  return String(incident.component).slice('entitlement:'.length)
}

function seatsOf({ seats }: Access): readonly Wanted[] {
  return typeof seats === 'number' ? [{ component: 'seats', seats }] : []
}
