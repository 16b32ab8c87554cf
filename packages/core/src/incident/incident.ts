import type {
  AccessReadings,
  DriftComponent,
  Evidence,
  IncidentKind,
  Severity,
  Side,
} from '../check/verdict.ts'
import type { Money } from '../price/money.ts'
import type { SubjectId } from '../subject/subject.ts'

export type IncidentState = 'open' | 'acknowledged' | 'resolved' | 'ignored'

/** An act on an incident, by the name it has in the ledger. Who did it is part of the fact. */
export type IncidentEntry = {
  readonly at: Date
  /** `check:<id>` or a person. */
  readonly by: string
  /** What was said with it: a reason, or the text of a comment. */
  readonly note: string | null
} & (
  | {
      readonly act:
        | 'incident-opened'
        | 'incident-seen-again'
        | 'incident-reopened'
        | 'incident-acknowledged'
        | 'incident-ignored'
        | 'incident-commented'
        | 'incident-resolved'
    }
  /** `assignee`: to whom; `null`: to nobody any more. */
  | { readonly act: 'incident-assigned'; readonly assignee: string | null }
)

/** What makes two drifts the same incident, so that repeated checks do not file it twice. */
export interface IncidentIdentity {
  readonly kind: IncidentKind
  /** A subject key, a customer id, a price id, an app value, a field or a source. */
  readonly on: string
  readonly component: DriftComponent
}

/** The durable record of one drift, from first seen to resolved. */
export interface Incident {
  readonly id: string
  readonly identity: IncidentIdentity
  readonly kind: IncidentKind
  readonly severity: Severity
  readonly state: IncidentState
  readonly subject: SubjectId | null
  readonly customerId: string | null
  readonly component: DriftComponent
  /** What is wrong, in one sentence. */
  readonly sentence: string
  readonly hurts: 'customer' | 'business' | 'both'
  /** The component on each side, side by side. */
  readonly owed: Side
  readonly granted: Side
  readonly allowed: Side
  /** The readings whole, where the incident is about one subject's access. */
  readonly access: AccessReadings | null
  readonly evidence: readonly Evidence[]
  readonly moneyAtRisk: Money | null
  readonly moneyNote: string | null
  /** Others that the incident touches, such as the customers on an unmapped price; at most 20 of `touchedCount`. */
  readonly touched: readonly string[]
  readonly touchedCount: number
  readonly openedAt: Date
  readonly lastSeenAt: Date
  readonly resolvedAt: Date | null
  readonly ignoredUntil: Date | null
  /** The member of the team whose work it is; `null`: nobody's yet. */
  readonly assignee: string | null
  /** How many times it was opened: 1, and one more each time it came back. */
  readonly openings: number
  readonly history: readonly IncidentEntry[]
}

/** The identity as one text, unique within a project. */
export function identityKey(identity: IncidentIdentity): string {
  return `${identity.kind}|${identity.on}|${identity.component}`
}
