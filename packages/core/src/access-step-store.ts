import type { BillingFact } from './promise/billing.ts'

/** Both sides of a pair from a moment on, until a later step of it. */
export interface AccessStep {
  /** `user:user_1`, `organization:org_1`, or `customer:cus_1` for a payer without a subject. */
  readonly pairKey: string
  /** When it was first read so: the beginning of the check that did. */
  readonly seenAt: Date
  /** The check that read it; `null`: a reading of this pair alone. */
  readonly checkId: string | null
  /** As `accessState` says it; `null`: there is no such pair any more. */
  readonly state: string | null
  /** What billing held then, kept only where the two sides were not plainly the same; `null`: it was not kept. */
  readonly facts: readonly BillingFact[] | null
}

/** A full check that was finished, as far as it tells what was known when. */
export interface LookAtAll {
  readonly checkId: string
  readonly at: Date
  /** Whether everything was read; where not, it keeps no step. */
  readonly complete: boolean
}

/**
 * What was promised and granted over time: a step for each pair whenever one of the two sides changed, and none while
 * nothing did. Full checks that read everything and file keep them when they finish; readings of single pairs as they
 * are judged. Every method belongs to one project.
 */
export interface AccessStepStore {
  /** The newest `limit` steps of each of these pairs, the oldest first. */
  accessSteps(pairKeys: readonly string[], limit: number): Promise<readonly AccessStep[]>
  /** Full checks that were finished and file, the newest `limit` of those before a moment, the oldest first. */
  looksAtAll(before: Date, limit: number): Promise<readonly LookAtAll[]>
  /**
   * Keeps a step for each pair that a full check read otherwise than its last step says, once all pairs were compared;
   * nothing of a check that files nothing or did not read everything. May be called again.
   */
  keepAccessSteps(checkId: string): Promise<void>
  /** Keeps what was read of single pairs, where it is not what the last step of each says already. */
  keepAccessStates(
    seen: readonly { readonly pairKey: string; readonly state: string | null }[],
    seenAt: Date,
    checkId: string | null,
  ): Promise<void>
}
