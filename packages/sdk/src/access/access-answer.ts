import type { Access, SubjectId } from '@trueup/core'

/** Why access is what it is. Closed list. */
export const accessReasons = [
  /** A subscription or a purchase in good standing. */
  'paid',
  'trial',
  /** A payment failed, or is being looked at, and access stays for now. */
  'grace',
  /** Nothing was ever bought. */
  'free',
  /** Something was bought, and none of it stands any more. */
  'inactive',
  /** Billing holds something that the catalogue does not have, or that could not be read. What is sure is given. */
  'unknown',
  /** Billing was last read longer ago than `maxAgeHours`. Nothing is given. */
  'stale',
  /** The subject was deleted. Nothing is given. */
  'deleted',
  /** The subject was never seen: nothing is known of it and nothing is given. */
  'unseen',
] as const
export type AccessReason = (typeof accessReasons)[number]

/** What a subject may use, why, and how old the knowledge is. */
export interface AccessAnswer extends Access {
  readonly subject: SubjectId
  readonly reason: AccessReason
  /** When billing was read for this answer; `null`: never, so nothing beyond the free plan is given. */
  readonly asOf: Date | null
  /** How long ago that was, in milliseconds. */
  readonly ageMs: number | null
  /**
   * When the plan ends unless something happens in billing: a cancellation comes, or the days of grace are over. For
   * pages that say so. `null`: it goes on, there is none, or `trialEndsAt` says all there is to say.
   */
  readonly endsAt: Date | null
  /** When this answer changes by itself, without anything happening in billing; `null`: it does not. */
  readonly changesAt: Date | null
}
