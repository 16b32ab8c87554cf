import type { SubjectId } from '@trueup/core'

interface NoticeOf<Kind extends string> {
  readonly kind: Kind
  /**
   * The same for the same happening, whatever is repeated and whatever crashes: hand it to a mailer as its idempotency
   * key.
   */
  readonly id: string
  readonly subject: SubjectId
  readonly customerId: string
  readonly subscriptionId: string
}

/** A renewal could not be charged. Told once for each attempt that was seen. */
export interface PaymentFailed extends NoticeOf<'payment-failed'> {
  readonly invoiceId: string
  /** How often Stripe has tried; 1 is the first failure. */
  readonly attempt: number
  /** When Stripe tries again; `null`: it gave up. */
  readonly nextAttemptAt: Date | null
  /** What is due, in minor units of the currency. */
  readonly amountDue: number
  readonly currency: string
}

/** A trial ends within `trialEndingDays`. Told once for each end that was set. */
export interface TrialEnding extends NoticeOf<'trial-ending'> {
  readonly trialEndsAt: Date
}

/** A subscription whose payment failed is paid again. */
export interface Recovered extends NoticeOf<'recovered'> {
  readonly invoiceId: string
}

/** A subscription that was live has ended. */
export interface Canceled extends NoticeOf<'canceled'> {
  readonly endedAt: Date | null
  /** Stripe's word: `cancellation_requested`, `payment_failed`, `payment_disputed`; `null`: none was given. */
  readonly reason: string | null
}

export type Notice = PaymentFailed | TrialEnding | Recovered | Canceled

/** What a hook is given beside what happened. */
export interface NoticeContext<Transaction> {
  /**
   * The store's transaction that ends with the note that the hook ran. What is written through it happens exactly
   * once. Anything else that the hook does may be done a second time where the process dies in the middle, with the
   * same `id`.
   */
  readonly transaction: Transaction
  /** Makes a link to the billing portal, to be put into a message. It is short-lived. */
  portalUrl(returnUrl: string): Promise<string>
}

/** Called once each, also after crashes. A hook that throws is called again later. */
export interface NoticeHooks<Transaction> {
  readonly onPaymentFailed?: (
    notice: PaymentFailed,
    context: NoticeContext<Transaction>,
  ) => Promise<void> | void
  readonly onTrialEnding?: (notice: TrialEnding, context: NoticeContext<Transaction>) => Promise<void> | void
  readonly onRecovered?: (notice: Recovered, context: NoticeContext<Transaction>) => Promise<void> | void
  readonly onCanceled?: (notice: Canceled, context: NoticeContext<Transaction>) => Promise<void> | void
}

/** What is remembered of a subscription between two readings, so that each happening is told once. */
export interface SubscriptionMemory {
  readonly id: string
  readonly live: boolean
  /**
   * The invoice whose failure was told, and its last attempt that was. In Clerk Billing, where there is neither, the item
   * and since when it is past due.
   */
  readonly failed: { readonly invoiceId: string; readonly attempt: number } | null
  /** The trial end that was told, as ISO 8601. */
  readonly trialTold: string | null
}
