import type { Access, Component } from '../access/access.ts'
import type { Money } from '../price/money.ts'
import type { SubjectId } from '../subject/subject.ts'

export const severities = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

/** Every kind of drift and incident there is, named from the side of whoever is hurt. Closed list. */
export const incidentKinds = [
  'paid-without-access',
  'access-without-payment',
  'plan-too-low',
  'plan-too-high',
  'trial-cut-short',
  'trial-overstayed',
  'entitlement-missing',
  'entitlement-extra',
  'seats-short',
  'seats-over',
  'payer-unmatched',
  'payer-deleted-subject',
  'customer-not-found',
  'customer-shared',
  'customer-duplicate',
  'double-billing',
  'price-unmapped',
  'plan-unknown',
  'mode-mismatch',
  'grants-disagree',
  'grant-client-writable',
  'refund-review',
  'source-unreadable',
  'mass-drift',
] as const
export type IncidentKind = (typeof incidentKinds)[number]

/** What a drift is about: a component of access, or the link between the two sides. */
export type DriftComponent =
  | Component
  | `entitlement:${string}`
  | 'customer'
  | 'subscription'
  | 'price'
  | 'plan-value'
  | 'refund'
  | 'source'
  | 'field'
  | 'brake'

/** One place where a value was read: who said it, about which object, in which field, and what. */
export interface Evidence {
  /** `stripe`, `clerk`, ... */
  readonly source: string
  /** The id of the object. */
  readonly object: string
  readonly field: string
  /** As text; `null` when the field was absent. */
  readonly value: string | null
  readonly readAt: Date
}

/** The readings of one subject side by side. */
export interface AccessReadings {
  readonly owed: Access
  readonly granted: Access
  readonly allowed: Access
}

/** What stands on each side, in words fit for a table or JSON. */
export type Side = string | number | boolean | null | readonly string[]

/**
 * One difference between promised and granted that the policy does not excuse.
 * `hurts` says who bears it: the customer (something paid for is missing) or the business (something unpaid is open).
 */
export interface Drift {
  readonly kind: IncidentKind
  readonly component: DriftComponent
  readonly hurts: 'customer' | 'business' | 'both'
  readonly owed: Side
  readonly granted: Side
  readonly allowed: Side
  readonly subject: SubjectId | null
  readonly customerId: string | null
  readonly access: AccessReadings | null
  /** What is wrong, in one sentence. */
  readonly sentence: string
  /** Whom it touches beside the subject; for drifts that are filed once for many. */
  readonly touches: readonly string[]
  readonly evidence: readonly Evidence[]
  /** `null`: no sum can be named; `moneyNote` says why. */
  readonly moneyAtRisk: Money | null
  readonly moneyNote: string | null
  /** What this drift is filed under beside its kind: a subject key, a customer id, a price id, an app value, a field. */
  readonly on: string
}

/** Why a check could not tell. Closed list. */
export type CannotTellReason =
  | 'unmapped-price'
  | 'unreadable-billing'
  | 'unreadable-grant'
  | 'unknown-plan-value'
  | 'plan-absent'
  | 'ambiguous-match'
  | 'source-incomplete'

export interface CannotTell {
  readonly reason: CannotTellReason
  /** The component it concerns; `null`: the whole. */
  readonly component: Component | null
  readonly found: string
  readonly needed: string
}

/** What a check says of one pair. Unknown is a verdict of its own: never free, never paid. */
export type Verdict =
  | { readonly kind: 'agrees' }
  /** `unknown` holds what could not be told beside the drifts that are sure. */
  | {
      readonly kind: 'drifts'
      readonly drifts: readonly [Drift, ...Drift[]]
      readonly unknown: readonly CannotTell[]
    }
  | { readonly kind: 'cannot-tell'; readonly reasons: readonly [CannotTell, ...CannotTell[]] }
