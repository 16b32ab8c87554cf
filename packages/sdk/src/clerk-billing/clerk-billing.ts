import type { Billing } from '../billing.ts'
import type { WorkReport } from '../work/do-work.ts'
import type { ClerkCatalogue } from './catalogue.ts'
import type { ClerkBackfillReport } from './clerk-backfill.ts'
import type { ClerkOffer } from './clerk-offers.ts'

/**
 * Billing of one app that sells through Clerk Billing, made by `createClerkBilling`. What a subject may use, gates, hooks
 * and the store are those of `Billing`; what Clerk's own components do is not here.
 */
export interface ClerkBilling<Transaction = unknown>
  extends Pick<Billing<Transaction>, 'access' | 'subjectOf' | 'resync' | 'waiting' | 'probe' | 'onChange'> {
  readonly catalogue: ClerkCatalogue
  /** What is sold, with the prices as Clerk has them now, for a pricing table. Kept for five minutes. */
  offers(): Promise<readonly ClerkOffer[]>
  readonly webhooks: {
    clerk(request: Request): Promise<Response>
    /** Not in this mode: Stripe sends the app nothing of what is sold through Clerk Billing. */
    readonly stripe?: never
  }
  /** Does the same as `resync` for every subject of Clerk. Goes on where it was stopped. */
  backfill(): Promise<ClerkBackfillReport>
  /** Does the work that is due: retries, hooks, subjects not read for long. Call it each minute. */
  work(options?: { readonly limit?: number }): Promise<WorkReport>
  /** The same billing with its store inside the caller's transaction. Webhooks are stored and not yet acted on. */
  within(transaction: Transaction): Pick<ClerkBilling<Transaction>, 'access' | 'webhooks'>
  /** Not in this mode: people buy in Clerk's own `<PricingTable />` and `<CheckoutButton />`. */
  readonly checkout?: never
  /** Not in this mode: Clerk's checkout stays in the page. Call `resync` where the page is to know at once. */
  readonly confirm?: never
  /** Not in this mode: Clerk's `<OrganizationProfile />` and `<UserProfile />` have a tab for billing. */
  readonly portal?: never
  /** Not in this mode: users and organizations are the customers themselves. */
  readonly customer?: never
  /** Not in this mode: Clerk deletes the subscription with the user or the organization. */
  readonly assertDeletable?: never
}
