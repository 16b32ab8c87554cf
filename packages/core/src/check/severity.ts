import type { IncidentKind, Severity } from './verdict.ts'

/** How bad each kind is. The table stands once; the same words go into alerts and exit codes. */
const severityByKind: Readonly<Record<IncidentKind, Severity>> = {
  'paid-without-access': 'critical',
  'access-without-payment': 'high',
  'plan-too-low': 'high',
  'plan-too-high': 'medium',
  'trial-cut-short': 'high',
  'trial-overstayed': 'medium',
  'entitlement-missing': 'high',
  'entitlement-extra': 'medium',
  'seats-short': 'medium',
  'seats-over': 'medium',
  'payer-unmatched': 'high',
  'payer-deleted-subject': 'critical',
  'customer-not-found': 'medium',
  'customer-shared': 'medium',
  'customer-duplicate': 'high',
  'double-billing': 'high',
  'price-unmapped': 'high',
  'plan-unknown': 'medium',
  'mode-mismatch': 'high',
  'grants-disagree': 'medium',
  'grant-client-writable': 'high',
  'refund-review': 'low',
  'source-unreadable': 'high',
  'mass-drift': 'critical',
}

/**
 * @example
 * severityOf('paid-without-access') // 'critical'
 */
export function severityOf(kind: IncidentKind): Severity {
  return severityByKind[kind]
}
