import type { SubjectId } from '../../subject/subject.ts'

/** The fields of a pushed record, as they are written. */
export const pushedFields = [
  'type',
  'id',
  'customerId',
  'externalId',
  'emails',
  'name',
  'plan',
  'premium',
  'trialEndsAt',
  'entitlements',
  'seats',
  'members',
  'deleted',
  'updatedAt',
] as const
export type PushedField = (typeof pushedFields)[number]

/** The fields that are kept as they were sent, and read when they are compared. */
export const pushedValueFields = [
  'customerId',
  'plan',
  'premium',
  'trialEndsAt',
  'entitlements',
  'seats',
  'members',
] as const
export type PushedValueField = (typeof pushedValueFields)[number]

export type PushedScalar = string | number | boolean | null
/** One value as it was sent; only entitlements hold more than one scalar. */
export type PushedValue =
  | PushedScalar
  | readonly PushedScalar[]
  | { readonly [feature: string]: PushedScalar }

/**
 * A user or an organization as the app pushed it or as it stood in an imported file. What access is granted is kept
 * raw: the plans of the catalogue may change without another push.
 */
export type PushedSubject = PushedRecord | UnreadablePushedRecord

export interface PushedRecord {
  readonly kind: 'record'
  readonly subject: SubjectId
  readonly externalId: string | null
  /** Addresses that the app has verified, case-folded. */
  readonly emails: readonly string[]
  readonly name: string | null
  readonly deleted: boolean
  readonly updatedAt: Date | null
  /** Only the fields that were sent: a missing one and `null` are not the same. */
  readonly values: Readonly<Partial<Record<PushedValueField, PushedValue>>>
}

/** A record that was skipped although its subject is known: nothing may be concluded from its absence. */
export interface UnreadablePushedRecord {
  readonly kind: 'unreadable'
  readonly subject: SubjectId
  readonly found: string
  readonly needed: string
}
