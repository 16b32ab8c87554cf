import type { Shape } from '../../api/operation.ts'
import type { Tone } from '../../ui/badge.tsx'

export type Incident = Shape<'IncidentWithCause'>
export type IncidentKind = Incident['kind']
export type IncidentState = Incident['state']
export type Severity = Incident['severity']
export type Hurts = Incident['hurts']
export type Cause = NonNullable<Incident['cause']>
export type CauseKind = Cause['kind']
export type Confidence = NonNullable<Cause['confidence']>

/** Kinds of incidents as they are read, the worst first. */
export const kindWords: Readonly<Record<IncidentKind, string>> = {
  'mass-drift': 'Mass drift',
  'paid-without-access': 'Paid without access',
  'payer-deleted-subject': 'Payer without an account',
  'access-without-payment': 'Access without payment',
  'plan-too-low': 'Plan too low',
  'trial-cut-short': 'Trial cut short',
  'entitlement-missing': 'Entitlement missing',
  'payer-unmatched': 'Payer unmatched',
  'customer-duplicate': 'Customer duplicate',
  'double-billing': 'Double billing',
  'mode-mismatch': 'Mode mismatch',
  'price-unmapped': 'Price unmapped',
  'grant-client-writable': 'Grant writable by clients',
  'source-unreadable': 'Source unreadable',
  'plan-too-high': 'Plan too high',
  'trial-overstayed': 'Trial overstayed',
  'entitlement-extra': 'Entitlement extra',
  'seats-short': 'Seats short',
  'seats-over': 'Seats over',
  'customer-not-found': 'Customer not found',
  'customer-shared': 'Customer shared',
  'plan-unknown': 'Plan unknown',
  'grants-disagree': 'Grants disagree',
  'refund-review': 'Refund review',
}

export const severityWords: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
}

export const severityTones: Readonly<Record<Severity, Tone>> = {
  critical: 'danger',
  high: 'warning',
  medium: 'info',
  low: 'neutral',
}

export const stateWords: Readonly<Record<IncidentState, string>> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  ignored: 'Ignored',
}

export const stateTones: Readonly<Record<IncidentState, Tone>> = {
  open: 'danger',
  acknowledged: 'accent',
  resolved: 'success',
  ignored: 'neutral',
}

export const hurtsWords: Readonly<Record<Hurts, string>> = {
  customer: 'The customer',
  business: 'The business',
  both: 'Both',
}

export const causeWords: Readonly<Record<CauseKind, string>> = {
  'price-without-mapping': 'Price without a mapping',
  'config-change': 'Change of the mapping or policy',
  'event-not-delivered': 'Event not delivered',
  deploy: 'Deploy',
  'event-applied-late': 'Event applied late',
  'event-without-effect': 'Event without effect',
  'manual-edit': 'Manual edit in the app',
  'dashboard-change': 'Change in the billing dashboard',
  unknown: 'Unknown',
}

export const confidenceTones: Readonly<Record<Confidence, Tone>> = {
  certain: 'success',
  likely: 'accent',
  possible: 'neutral',
}

/** The names of a record of words, with their type. */
export function namesOf<Name extends string>(words: Readonly<Record<Name, string>>): readonly Name[] {
  return Object.keys(words) as Name[]
}

const componentWords: Readonly<Record<string, string>> = {
  paid: 'Paid access',
  plan: 'Plan',
  trialEndsAt: 'Trial end',
  entitlements: 'Entitlements',
  seats: 'Seats',
  customer: 'Customer',
  subscription: 'Subscriptions',
  price: 'Price',
  'plan-value': 'Plan of the app',
  brake: 'Brake',
  refund: 'Refund',
}

/**
 * What of the access an incident is about.
 *
 * @example
 * componentWord('entitlement:sso')   // 'Entitlement sso'
 */
export function componentWord(component: string): string {
  const [family, feature] = /^(entitlement):(.*)$/s.exec(component)?.slice(1) ?? []
  if (family) return `Entitlement ${feature}`
  return componentWords[component] ?? component
}
