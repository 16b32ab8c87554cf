import type { SubjectReading } from '../grant/granted.ts'
import type { BillingFact, Customer } from '../promise/billing.ts'
import type { SubjectId } from '../subject/subject.ts'
import type { MatchValue } from './rule.ts'

/** A customer with all that billing holds for it. */
export interface Payer {
  readonly customer: Customer
  readonly facts: readonly BillingFact[]
  /** Place in the project's list of the rule that found the subject; `null` when none did. */
  readonly rule: number | null
}

/** What became of the customer id that a subject points to. */
export type PointedCustomer =
  | { readonly id: string; readonly found: 'read' }
  | { readonly id: string; readonly found: 'deleted' | 'unknown' | 'other-mode'; readonly said: string }
  /** Customers were not read completely, or the id was not asked for: nothing is said. */
  | { readonly id: string; readonly found: 'not-asked' }

/**
 * Both sides of one subject, ready to be checked: its readings (one an access source) and its payers. Without a
 * subject it is one payer that nobody answers to.
 */
export interface Pair {
  readonly subject: SubjectId | null
  /** Empty exactly when `subject` is `null`. */
  readonly readings: readonly SubjectReading[]
  /** Access sources that were read whole for this type of subject and do not have this one. */
  readonly missingFrom: readonly string[]
  readonly payers: readonly Payer[]
  readonly pointed: PointedCustomer | null
  /** Other subjects that point to the same customer. */
  readonly sharedWith: readonly SubjectId[]
  /**
   * For a payer whose winning rule found several subjects: all of them. For a subject: all whom a paying customer may
   * mean as well as this one, itself included.
   */
  readonly ambiguous: readonly SubjectId[]
  /** For a payer without a subject: the values that should have found one. */
  readonly unanswered: readonly MatchValue[]
  /** For a payer without a subject: who pointed to this customer in an earlier check and is gone now. */
  readonly formerSubjects: readonly SubjectId[]
  /** False when a source that could hold the missing side was not read completely; nothing may be concluded from absence. */
  readonly complete: boolean
}
