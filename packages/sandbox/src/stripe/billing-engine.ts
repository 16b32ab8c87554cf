import type { CheckoutSession } from './objects/checkout-session.ts'
import type { Customer } from './objects/customer.ts'
import type { Invoice } from './objects/invoice.ts'
import type { Charge, Dispute } from './objects/payment.ts'
import type { SchedulePhase, SubscriptionSchedule } from './objects/schedule.ts'
import type { CancellationDetails, Subscription } from './objects/subscription.ts'
import type { TestClock } from './objects/test-clock.ts'
import type { Deleted, Metadata } from './objects/wire.ts'

/** What to do when a payment that a change needs does not go through. */
export type PaymentBehavior =
  | 'allow_incomplete'
  | 'default_incomplete'
  | 'error_if_incomplete'
  | 'pending_if_incomplete'

export type ProrationBehavior = 'always_invoice' | 'create_prorations' | 'none'

/** A moment that Stripe works out from the items' periods. */
export type RelativeCancelAt = 'max_billed_until' | 'max_period_end' | 'min_period_end'

export interface StartOptions {
  /** Default `allow_incomplete`. */
  readonly paymentBehavior: PaymentBehavior
  readonly prorationBehavior: ProrationBehavior
  /** Unix seconds, `now` for no trial; absent: no trial, or the price's where `trialFromPlan`. */
  readonly trialEnd?: number | 'now'
  /** Days of trial from the start on. */
  readonly trialPeriodDays?: number
  readonly trialFromPlan: boolean
  /** Unix seconds in the past from which to bill. */
  readonly backdateStartDate?: number
  /** Unix seconds; the first full period begins here. Absent: at the start. */
  readonly billingCycleAnchor?: number
  /** To be applied once the items have periods. */
  readonly cancelAt?: number | RelativeCancelAt
  /** One-off prices to put on the first invoice. */
  readonly addInvoiceItems: readonly { readonly price: string; readonly quantity: number }[]
  /** The checkout that this subscription comes from, if it does: its first payment has been dealt with there. */
  readonly fromCheckout?: boolean
}

/** One change of the items of a subscription. Prices and items are known to exist. */
export type ItemChange =
  | {
      readonly kind: 'add'
      readonly price: string
      readonly quantity?: number
      readonly metadata?: Metadata
      readonly discounts?: readonly string[]
    }
  | {
      readonly kind: 'change'
      readonly item: string
      readonly price?: string
      readonly quantity?: number
      /** The whole metadata after the change. */
      readonly metadata?: Metadata
      readonly discounts?: readonly string[]
    }
  | { readonly kind: 'remove'; readonly item: string }

/** A change of a subscription. What is absent stays. */
export interface SubscriptionChange {
  /** Fields that are simply replaced: metadata (whole, after merging), description, default_payment_method, ... */
  readonly fields?: Partial<Subscription>
  readonly items?: readonly ItemChange[]
  readonly paymentBehavior: PaymentBehavior
  readonly prorationBehavior: ProrationBehavior
  /** Unix seconds to prorate as of. Default: now. */
  readonly prorationDate?: number
  readonly trialEnd?: number | 'now'
  readonly billingCycleAnchor?: 'now' | 'unchanged'
  /** null takes a scheduled cancellation back. */
  readonly cancelAt?: number | RelativeCancelAt | null
  readonly cancelAtPeriodEnd?: boolean
  readonly cancellationDetails?: Partial<CancellationDetails>
  readonly addInvoiceItems: readonly { readonly price: string; readonly quantity: number }[]
}

export interface CancelOptions {
  /** Bill usage and pending items in a last invoice. */
  readonly invoiceNow: boolean
  /** Credit the unused time. */
  readonly prorate: boolean
  /** Merged over the subscription's own. `reason` defaults to `cancellation_requested`. */
  readonly details?: Partial<CancellationDetails>
}

export interface ResumeOptions {
  readonly billingCycleAnchor: 'now' | 'unchanged'
  readonly prorationBehavior: ProrationBehavior
  readonly prorationDate?: number
}

export interface PauseOptions {
  readonly invoicingBehavior: 'invoice' | 'pending_invoice_item'
  /** Whether time of the current period that is not used is credited. */
  readonly creditUnusedTime: boolean
}

export interface PayOptions {
  /** Pay with this method instead of the default one. */
  readonly paymentMethod?: string
  /** Mark as paid without taking money. */
  readonly paidOutOfBand: boolean
  /** Write off a shortfall. */
  readonly forgive: boolean
}

/** A change of a schedule. What is absent stays. */
export interface ScheduleChange {
  readonly phases?: readonly SchedulePhase[]
  readonly endBehavior?: SubscriptionSchedule['end_behavior']
  readonly fields?: Partial<SubscriptionSchedule>
  readonly prorationBehavior: ProrationBehavior
}

/** What the buyer did on the checkout page. */
export interface CheckoutCompletion {
  /** Used where the session names no customer. */
  readonly email?: string
  readonly name?: string
  /**
   * The payment method that the buyer used; one is made that succeeds when absent. The page has checked that it
   * succeeds, or else has shown the decline.
   */
  readonly paymentMethod?: string
  /** A delayed method (a bank debit): the session completes unpaid, `async_payment_...` follows later. */
  readonly delayed?: boolean
}

export interface DisputeOptions {
  /** Minor units. Default: the charge's. */
  readonly amount?: number
  /** Default `fraudulent`. */
  readonly reason?: string
}

/**
 * What has to be computed: money, periods and states. The routes parse and check parameters, then call this; it writes
 * the state, makes invoices and payments, and emits the events. Calls are synchronous and all or nothing: a call that
 * throws has changed nothing, except for `payInvoice`, whose failed attempt is a fact.
 *
 * Every method throws `StripeError` where Stripe would answer an error: a declined card (402 `card_error`), a state
 * that does not allow the act (400).
 */
export interface BillingEngine {
  /**
   * Starts a subscription that is not in the state yet: sets status, trial and the items' periods, inserts it, makes
   * and pays the first invoice, emits `customer.subscription.created` and the invoice's events.
   */
  startSubscription(subscription: Subscription, options: StartOptions): Subscription
  updateSubscription(subscription: Subscription, change: SubscriptionChange): Subscription
  /** Cancels at once. Canceling later is an update. */
  cancelSubscription(subscription: Subscription, options: CancelOptions): Subscription
  pauseSubscription(subscription: Subscription, options: PauseOptions): Subscription
  resumeSubscription(subscription: Subscription, options: ResumeOptions): Subscription

  finalizeInvoice(invoice: Invoice, options: { readonly autoAdvance?: boolean }): Invoice
  payInvoice(invoice: Invoice, options: PayOptions): Invoice
  voidInvoice(invoice: Invoice): Invoice
  markInvoiceUncollectible(invoice: Invoice): Invoice

  /**
   * Starts a schedule that is not in the state yet: inserts it, and begins its first phase when that is due, making a
   * subscription, or taking over the one named in `schedule.subscription`.
   */
  startSchedule(schedule: SubscriptionSchedule): SubscriptionSchedule
  updateSchedule(schedule: SubscriptionSchedule, change: ScheduleChange): SubscriptionSchedule
  cancelSchedule(
    schedule: SubscriptionSchedule,
    options: { readonly invoiceNow: boolean; readonly prorate: boolean },
  ): SubscriptionSchedule
  releaseSchedule(
    schedule: SubscriptionSchedule,
    options: { readonly preserveCancelDate: boolean },
  ): SubscriptionSchedule

  /**
   * Completes an open checkout: makes the customer where needed, then by mode the subscription (with
   * `state.checkouts`' subscription data), the one-off payment, or nothing for `setup`; updates the session and emits
   * `checkout.session.completed`.
   */
  completeCheckout(session: CheckoutSession, completion: CheckoutCompletion): CheckoutSession

  /** The money of a delayed method arrived, or did not: emits `checkout.session.async_payment_succeeded` or `_failed`. */
  settleCheckout(session: CheckoutSession, arrived: boolean): CheckoutSession

  /** A bank contests a charge: emits `charge.dispute.created`; the subscription becomes what the settings say. */
  openDispute(charge: Charge, options: DisputeOptions): Dispute
  closeDispute(dispute: Dispute, outcome: 'lost' | 'won'): Dispute

  /** Deletes a customer: its subscriptions and schedules end at once. */
  deleteCustomer(customer: Customer): Deleted<'customer'>
  /** Deletes a test clock with its customers and what they have. */
  deleteClock(clock: TestClock): Deleted<'test_helpers.test_clock'>
  /**
   * Does what has fallen due by the sandbox's own time for customers without a test clock. To be called after the
   * sandbox's clock was moved; nothing happens by itself.
   */
  catchUp(): void

  /** Closes an open checkout that nobody completed, and emits `checkout.session.expired`. */
  expireCheckout(session: CheckoutSession): CheckoutSession

  /** Moves a test clock forward to `frozenTime` (Unix seconds), doing on the way everything that falls due. */
  advanceClock(clock: TestClock, frozenTime: number): TestClock
}
