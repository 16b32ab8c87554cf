/** Every kind of drift that a world can hold. */
export const driftKinds = [
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
  'refund-review',
] as const
/** The kinds that a world can hold besides where the app keeps access in two places. */
export const mirrorDriftKinds = ['grants-disagree'] as const
/** A kind that can be asked for by share; the others follow from options or from the number of drifts. */
export type PlantedKind = (typeof driftKinds)[number] | (typeof mirrorDriftKinds)[number]
export type LabelKind = PlantedKind | 'grant-client-writable' | 'mass-drift'

/** A user or an organization. */
export interface LabelSubject {
  readonly type: 'user' | 'organization'
  readonly id: string
}

export type LabelComponent =
  | 'paid'
  | 'plan'
  | 'trialEndsAt'
  | `entitlement:${string}`
  | 'seats'
  | 'customer'
  | 'subscription'
  | 'price'
  | 'plan-value'
  | 'refund'
  | 'field'
  | 'brake'

/** The truth about one drift, written down when it was planted. No two have the same kind, `on` and component. */
export interface Label {
  readonly kind: LabelKind
  readonly subject: LabelSubject | null
  readonly customer: string | null
  readonly component: LabelComponent
  /** What the drift is about: `user:<id>`, `organization:<id>`, a customer, a price, an app value, a field or `hold`. */
  readonly on: string
  /** How it came about, in plain words. */
  readonly story: string
  /** Customers that an unmapped price touches, subjects that share a customer or a plan word. */
  readonly touches?: readonly string[]
}

/** A subject of which a right check says that it cannot tell. */
export interface CannotTellLabel {
  readonly subject: LabelSubject
  readonly reason: 'unmapped-price' | 'unknown-plan-value'
  readonly story: string
}

/** A subject that differs only because one side changed in the last minutes. */
export interface SettlingLabel {
  readonly subject: LabelSubject
  readonly customer: string
  /** What it would be if it were still so when the window has passed. */
  readonly kind: PlantedKind
  readonly component: LabelComponent
  readonly story: string
}

/** The truth about a world, as written to its labels file. */
export interface Labels {
  readonly seed: string | number
  /** Customers in Stripe, deleted ones not counted. */
  readonly customers: number
  /** The moment the world is seen at, ISO 8601. */
  readonly now: string
  readonly drifts: readonly Label[]
  readonly cannotTell: readonly CannotTellLabel[]
  readonly settling: readonly SettlingLabel[]
  readonly counts: {
    readonly users: number
    readonly organizations: number
    readonly subscriptions: number
    /** Subjects to which at least one customer belongs. */
    readonly matched: number
    /** Subjects, and customers without one, that drift; reviews, prices and plan words not counted. */
    readonly drifting: number
    readonly byKind: Readonly<Partial<Record<LabelKind, number>>>
  }
}

/** One text for a subject: `user:user_1`. */
export function subjectKey(subject: LabelSubject): string {
  return `${subject.type}:${subject.id}`
}
