import type { PlanId } from '../access/access.ts'
import type { SubjectId } from '../subject/subject.ts'

/**
 * One value read from the app's store. Four answers, never confused: there was a value; there was none; there was
 * one that cannot be read; the project does not map this component, so nobody looked.
 */
export type Read<T> =
  | { readonly state: 'value'; readonly value: T }
  | { readonly state: 'absent' }
  /** `found` is the raw value as text, shortened; `needed` says what would have been readable. */
  | { readonly state: 'unreadable'; readonly found: string; readonly needed: string }
  | { readonly state: 'unmapped' }

/** What the app gives, component by component, as it was read. */
export interface Granted {
  /** A value that the catalogue does not know is `unreadable` here and is named in `unknownPlanValue`. */
  readonly plan: Read<PlanId>
  readonly paid: Read<boolean>
  readonly trialEndsAt: Read<Date>
  readonly entitlements: Read<readonly string[]>
  /** The app's seat limit; `unlimited` where the app sets none. */
  readonly seats: Read<number | 'unlimited'>
  /** Seats in use, where they are counted. */
  readonly members: Read<number>
  readonly unknownPlanValue: string | null
}

/** A subject as one access source shows it at one moment. */
export interface SubjectReading {
  readonly subject: SubjectId
  /** The id of the record in that source where it is not the subject's own: the key of a row. */
  readonly recordId?: string
  /** The name of the source, such as `clerk`. */
  readonly source: string
  /** The billing customer that the app points to. */
  readonly customerId: Read<string>
  readonly externalId: string | null
  /** Verified addresses only, case-folded. */
  readonly emails: readonly string[]
  readonly name: string | null
  readonly granted: Granted
  /** Soft-deleted in the app, or known to have been deleted. */
  readonly deleted: boolean
  readonly updatedAt: Date | null
  readonly readAt: Date
  /** Where each value stands and what was found there, for the evidence: `public_metadata.plan` -> `"pro"`. */
  readonly fields: readonly { readonly path: string; readonly found: string | null }[]
}
