import type { IncidentKind } from '../check/verdict.ts'
import type { SubjectId } from '../subject/subject.ts'
import type { RepairAct, StoredValue } from './plan.ts'
import type { RecordChange, RepairOrder, RepairRefusal } from './target.ts'

/** Where a repair stands. Closed list; see `transitions.ts` for the ways between them. */
export const repairStates = [
  /** A plan that nobody, or only the first of two persons, has approved. */
  'proposed',
  'approved',
  /** The intent is on record; what became of it at the target is not known yet. */
  'executing',
  /** Written, and not yet read a second time. */
  'applied',
  'verified',
  /** Written, and the second reading was not what it should have been. */
  'differs',
  /** A value was not what it had been: nothing was written. */
  'conflict',
  /** Read again before applying, the drift was gone or another one. */
  'superseded',
  'expired',
  /** A person said no. */
  'rejected',
  /** The target's own brake or rule said no: nothing was written. */
  'denied',
  /** Given up for good: the target can no longer write it, however late. */
  'abandoned',
  /** The target keeps no journal, so what became of it cannot be told. It is never retried by itself. */
  'untold',
] as const
export type RepairState = (typeof repairStates)[number]

/** States from which a repair still goes on by itself or by a person. */
export const openRepairStates: readonly RepairState[] = ['proposed', 'approved', 'executing', 'applied']

/** States of a repair that has written, or may have: they count for the brake of writes an hour. */
export const writtenRepairStates: readonly RepairState[] = [
  'executing',
  'applied',
  'verified',
  'differs',
  'untold',
]

/** A person's word for exactly this content of a repair, until it expires. */
export interface Approval {
  readonly by: string
  readonly at: Date
  readonly expiresAt: Date
  /** Of what was approved, see `approvalText`. */
  readonly hash: string
}

/** What the target said, each time that it was asked. */
export interface RecordedAnswer {
  readonly at: Date
  readonly kind:
    | 'applied'
    | 'conflict'
    | 'refused'
    | 'not-applied'
    | 'abandoned'
    | 'cannot-be-told'
    | 'no-answer'
  readonly code: RepairRefusal | null
  readonly message: string | null
  /** What stood in the record, where the target says so. */
  readonly found: Readonly<Record<string, StoredValue>> | null
}

/** An act on a repair, by the name it has in the ledger. */
export interface RepairStep {
  readonly act: RepairLedgerAct
  readonly at: Date
  /** `check:<id>`, `repair:<id>` where the machine went on by itself, or a person. */
  readonly by: string
  readonly note: string | null
}

export type RepairLedgerAct =
  | 'repair-proposed'
  | 'repair-approved'
  | 'repair-rejected'
  | 'repair-intended'
  | 'repair-applied'
  | 'repair-conflicted'
  | 'repair-superseded'
  | 'repair-expired'
  | 'repair-denied'
  | 'repair-abandoned'
  | 'repair-verified'
  | 'repair-failed'
  | 'repair-undone'

/** The place of a repair in a batch, which is applied in waves by this order. */
export interface BatchPlace {
  readonly id: string
  /** From 0. */
  readonly position: number
  readonly size: number
}

/**
 * The durable record of one change to one record of an access source, from the proposal to the second reading. Its
 * content never changes once it is proposed; only where it stands does.
 */
export interface Repair {
  readonly id: string
  readonly incidentId: string
  /** The identity of the drift that it ends, as one text; it is looked for again before applying. */
  readonly identityKey: string
  readonly kind: IncidentKind
  readonly subject: SubjectId
  readonly customerId: string | null
  readonly act: RepairAct
  readonly hurts: 'customer' | 'business' | 'both'
  /** Whether paid access is owed to the subject, as the check read it. */
  readonly paying: boolean
  /** Whether it takes access away. */
  readonly takesAway: boolean
  readonly summary: string
  readonly source: string
  readonly container: string
  readonly record: string
  readonly changes: readonly RecordChange[]
  /** Triggers, rules and cascades that a write to the record sets off, one line each. */
  readonly sideEffects: readonly string[]
  readonly how: 'function' | 'plain-role' | 'merge-patch' | 'callback'
  /** The check whose reading it rests on, and the configuration of that check. */
  readonly checkId: string
  readonly configFingerprint: string
  readonly evidenceHash: string
  /** The repair that this one takes back; `null` for all others. */
  readonly undoes: string | null
  readonly batch: BatchPlace | null

  readonly state: RepairState
  /** Grows by one with every change of the record. */
  readonly version: number
  readonly proposedBy: string
  readonly proposedAt: Date
  readonly approvals: readonly Approval[]
  readonly intendedAt: Date | null
  readonly deadline: Date | null
  readonly token: number | null
  readonly answers: readonly RecordedAnswer[]
  /** When it came to its end; `null` while it is open. */
  readonly endedAt: Date | null
  readonly history: readonly RepairStep[]
}

/** Whether nothing more happens with it by itself. */
export function isEnded(repair: Repair): boolean {
  return !openRepairStates.includes(repair.state)
}

/**
 * The order that a target is given, with the deadline and the token of the intent.
 *
 * @throws RangeError when there was no intent: nothing is written without one.
 */
export function orderOf(repair: Repair): RepairOrder {
  const { id, source, container, record, changes, deadline, token } = repair
  if (deadline === null || token === null) {
    throw new RangeError(
      `The repair ${id} is ${repair.state} and has no intent on record, so it has no order.`,
    )
  }
  return { repairId: id, source, container, record, changes, deadline, token }
}

/** What takes the changes back: old and new exchanged. */
export function inverseOf(changes: readonly RecordChange[]): readonly RecordChange[] {
  return changes.map(({ field, before, after }) => ({ field, before: after, after: before }))
}

/** A stored value as one text: equal texts are equal values. An absent value is a text that no value has. */
export function storedText(value: StoredValue | undefined): string {
  if (value === undefined) return 'absent'
  return JSON.stringify(value, (_key, held: unknown) =>
    typeof held === 'object' && held !== null && !Array.isArray(held)
      ? Object.fromEntries(Object.entries(held).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : held,
  )
}
