import type { BillingFact, SubjectId } from '@trueup/core'
import type { SubscriptionMemory } from '../dunning/notice.ts'
import type { Problem } from '../options.ts'
import type { LeasedWork, StoreUnit, SubjectRecord, WorkDraft } from '../store/store.ts'

/** What follows from a reading beside access. */
export interface Following {
  /** What is remembered until the next reading. */
  readonly memory: readonly SubscriptionMemory[]
  /** Notices to be told, and what else is to be done. */
  readonly work: readonly WorkDraft[]
  /** When billing is to be read again, so that something is told in time; `null`: nothing is ahead. */
  readonly readAgainAt: Date | null
  /** Whether a trial was seen. */
  readonly trialSeen: boolean
}

/** All that billing says of a subject now. */
export interface BillingReading {
  readonly facts: readonly BillingFact[]
  /** The earliest moment at which any of it was read. */
  readonly readAt: Date
  /** What was found on the way that a person should look at. */
  readonly problems: readonly Problem[]
  /** Compares it with what was remembered of the reading before. */
  follow(before: SubjectRecord, now: Date): Following
}

/** What differs between an app that sells through Stripe and one that sells through Clerk Billing. */
export interface Seller {
  /** Whether customers are objects of their own, whose ids are put into Clerk's private metadata. */
  readonly hasCustomers: boolean
  /** The payer of a subject for whom the store has none; `null`: there is none yet. */
  payerOf(subject: SubjectId, unit: StoreUnit<unknown>): Promise<string | null>
  /** Reads all that a subject bought. */
  read(subject: SubjectId, customerId: string | null): Promise<BillingReading>
  /** What a webhook of Clerk asks for; `null`: it concerns nobody who is billed. */
  askedByClerk(type: string, event: unknown): WorkDraft | null
  /** Does work of the kinds that are its own. */
  act(work: LeasedWork): Promise<void>
}
