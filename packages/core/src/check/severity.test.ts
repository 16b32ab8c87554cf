import { expect, test } from 'vitest'
import { severityOf } from './severity.ts'
import type { IncidentKind, Severity } from './verdict.ts'
import { incidentKinds } from './verdict.ts'

/* Whoever paid and is shut out comes first; what a person only has to look at comes last. */
const severities: Readonly<Record<IncidentKind, Severity>> = {
  'paid-without-access': 'critical',
  'payer-deleted-subject': 'critical',
  'mass-drift': 'critical',
  'access-without-payment': 'high',
  'plan-too-low': 'high',
  'trial-cut-short': 'high',
  'entitlement-missing': 'high',
  'payer-unmatched': 'high',
  'customer-duplicate': 'high',
  'double-billing': 'high',
  'price-unmapped': 'high',
  'mode-mismatch': 'high',
  'grant-client-writable': 'high',
  'source-unreadable': 'high',
  'plan-too-high': 'medium',
  'trial-overstayed': 'medium',
  'entitlement-extra': 'medium',
  'seats-short': 'medium',
  'seats-over': 'medium',
  'customer-not-found': 'medium',
  'customer-shared': 'medium',
  'plan-unknown': 'medium',
  'grants-disagree': 'medium',
  'refund-review': 'low',
}

for (const [kind, severity] of Object.entries(severities)) {
  test(`${kind} is ${severity}`, () => expect(severityOf(kind as IncidentKind)).toBe(severity))
}

test('every kind has a severity', () => {
  expect(Object.keys(severities).toSorted()).toEqual(incidentKinds.toSorted())
})
