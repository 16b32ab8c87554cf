import type { Canceled, Recovered, TrialEnding } from '../dunning/notice.ts'

interface OfClerkBilling {
  /** The subscription item, `csubitem_...`: the plan that was bought. */
  readonly itemId: string
  /** The plan in the catalogue; `null`: it is not there. */
  readonly plan: string | null
}

/**
 * A renewal could not be charged. Told once for each time that the item becomes past due: Clerk says neither how often
 * it has tried nor when it tries again.
 */
export interface ClerkPaymentFailed extends OfClerkBilling {
  readonly kind: 'payment-failed'
  /** The same for the same happening: hand it to a mailer as its idempotency key. */
  readonly id: string
  readonly subject: TrialEnding['subject']
  readonly customerId: string
  readonly subscriptionId: string
  /** Since when; `null`: Clerk does not say. */
  readonly pastDueAt: Date | null
  /** What the period costs, in minor units of the currency; `null`: it is not one sum. */
  readonly amountDue: number | null
  readonly currency: string
}

/** A free trial ends within `trialEndingDays`, and is paid for then. Told once for each end that was set. */
export type ClerkTrialEnding = TrialEnding & OfClerkBilling

/** What was past due is paid again, or another plan is. */
export type ClerkRecovered = Omit<Recovered, 'invoiceId'> & OfClerkBilling

/** The last plan that was paid for has ended. */
export type ClerkCanceled = Omit<Canceled, 'reason'> &
  OfClerkBilling & {
    /** `null`: Clerk does not say, as when it was ended from the dashboard. */
    readonly reason: 'cancellation_requested' | 'payment_failed' | null
  }

export type ClerkNotice = ClerkPaymentFailed | ClerkTrialEnding | ClerkRecovered | ClerkCanceled

/** What a hook is given beside what happened. */
export interface ClerkNoticeContext<Transaction> {
  /** The store's transaction that ends with the note that the hook ran. What is written through it happens exactly once. */
  readonly transaction: Transaction
}

type Hook<Told, Transaction> = (
  notice: Told,
  context: ClerkNoticeContext<Transaction>,
) => Promise<void> | void

/** Called once each, also after crashes. A hook that throws is called again later. */
export interface ClerkNoticeHooks<Transaction> {
  readonly onPaymentFailed?: Hook<ClerkPaymentFailed, Transaction>
  readonly onTrialEnding?: Hook<ClerkTrialEnding, Transaction>
  readonly onRecovered?: Hook<ClerkRecovered, Transaction>
  readonly onCanceled?: Hook<ClerkCanceled, Transaction>
}
