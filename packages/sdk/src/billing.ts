import type { SubjectId } from '@trueup/core'
import type { AccessAnswer } from './access/access-answer.ts'
import type { Offer } from './catalogue/offers.ts'
import type { CatalogueForSale } from './catalogue/plan-for-sale.ts'
import type { CheckoutRequest, CheckoutStart } from './checkout/checkout.ts'
import type { CheckoutOutcome } from './checkout/confirm.ts'
import type { PortalRequest } from './checkout/portal.ts'
import type { AccessChange } from './options.ts'
import type { Work } from './store/store.ts'
import type { Actor } from './subject/actor.ts'
import type { BackfillReport } from './work/backfill.ts'
import type { RoundReport } from './work/do-work.ts'

/** Billing of one app, made by `createBilling`. */
export interface Billing<Transaction = unknown> {
  readonly catalogue: CatalogueForSale
  /** What a subject may use now: from the store, without a call to a vendor. */
  access(subject: SubjectId): Promise<AccessAnswer>
  /** Whom a session is about: the organization that is active in it, or the user; `null`: nobody who could be billed. */
  subjectOf(actor: Actor): SubjectId | null
  /** What is sold, with the prices as Stripe has them now, for a pricing table. Kept for five minutes. */
  offers(): Promise<readonly Offer[]>
  /** The subject's customer in Stripe, made where there is none. */
  customer(subject: SubjectId): Promise<string>
  checkout(request: CheckoutRequest): Promise<CheckoutStart>
  /** What became of a checkout, for the page that it returns to: reads the truth at once, without waiting for a webhook. */
  confirm(request: { readonly by: Actor; readonly sessionId: string }): Promise<CheckoutOutcome>
  portal(request: PortalRequest): Promise<{ readonly url: string }>
  /** Throws `subscription-live` where `whenDeleted` is `block` and the subject still pays; to be asked before deleting it. */
  assertDeletable(subject: SubjectId): Promise<void>
  readonly webhooks: {
    stripe(request: Request): Promise<Response>
    clerk(request: Request): Promise<Response>
  }
  /** Reads a subject's billing now, and writes and mirrors what follows from it. */
  resync(subject: SubjectId): Promise<AccessAnswer>
  /** Does the same for every subject of Clerk, and finds the customers that Stripe has for them. Goes on where it was stopped. */
  backfill(): Promise<BackfillReport>
  /** Does the work that is due: retries, the mirror, hooks, missed events, subjects not read for long. Call it each minute. */
  work(options?: { readonly limit?: number }): Promise<RoundReport>
  /** Work that waits, with what it failed for. */
  waiting(limit?: number): Promise<readonly Work[]>
  /** Answers a signed question: what the gate says of a subject. */
  probe(request: Request): Promise<Response>
  /** The same billing with its store inside the caller's transaction. Webhooks are stored and not yet acted on. */
  within(transaction: Transaction): Pick<Billing<Transaction>, 'access' | 'webhooks'>
  /** Tells of each change of access that this process writes; what is cached of the subject is to be forgotten. Returns what ends it. */
  onChange(listener: (change: AccessChange) => void): () => void
}
