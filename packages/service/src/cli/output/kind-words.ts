import type { IncidentKind } from '@trueup/core'

/** What each kind of incident says, in a few words. */
export const kindWords: Readonly<Record<IncidentKind, string>> = {
  'paid-without-access': 'paid access is owed, none is granted',
  'access-without-payment': 'paid access is granted, none is allowed',
  'plan-too-low': 'a lower plan is granted than was paid for',
  'plan-too-high': 'a higher plan is granted than was paid for',
  'trial-cut-short': 'the app ends a trial before billing does',
  'trial-overstayed': 'the app ends a trial after billing does',
  'entitlement-missing': 'a feature that was paid for is not granted',
  'entitlement-extra': 'a feature is granted that was not paid for',
  'seats-short': 'fewer seats than were paid for',
  'seats-over': 'more seats than were paid for',
  'payer-unmatched': 'somebody pays and belongs to no account',
  'payer-deleted-subject': 'a deleted account is still billed',
  'customer-not-found': 'an account points to a customer that does not exist',
  'customer-shared': 'several accounts point to one customer',
  'customer-duplicate': 'an account points to the wrong one of its customers',
  'double-billing': 'the same plan is billed more than once',
  'price-unmapped': 'the catalogue does not say what a price buys',
  'plan-unknown': 'the app writes a plan that the catalogue does not have',
  'mode-mismatch': 'ids of another Stripe mode or account',
  'grants-disagree': 'two access sources say different things',
  'grant-client-writable': 'access is read from where a browser can write',
  'refund-review': 'money went back, and access is yours to decide',
  'source-unreadable': 'a source could not be read',
  'mass-drift': 'so many drift alike that the cause is likely one',
}
