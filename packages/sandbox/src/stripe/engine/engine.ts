import type {
  BillingEngine,
  CancelOptions,
  CheckoutCompletion,
  DisputeOptions,
  PauseOptions,
  PayOptions,
  ResumeOptions,
  ScheduleChange,
  StartOptions,
  SubscriptionChange,
} from '../billing-engine.ts'
import type {
  Charge,
  CheckoutSession,
  Customer,
  Deleted,
  Dispute,
  Invoice,
  Subscription,
  SubscriptionSchedule,
  TestClock,
} from '../objects/index.ts'
import type { StripeState } from '../state.ts'
import { advanceClock, catchUp } from './advance.ts'
import { Billing, type BillingSettings } from './billing.ts'
import { completeCheckout, expireCheckout, settleCheckout } from './checkout.ts'
import { markInvoiceUncollectible, voidInvoice } from './close-invoice.ts'
import { deleteClock, deleteCustomer } from './delete-customer.ts'
import { closeDispute, openDispute } from './dispute.ts'
import { cancelSubscription } from './end-subscription.ts'
import { finalizeInvoice } from './finalize-invoice.ts'
import { pauseSubscription, resumeSubscription } from './pause-subscription.ts'
import { payInvoice } from './pay-invoice.ts'
import { cancelSchedule, releaseSchedule, startSchedule, updateSchedule } from './schedule.ts'
import { startSubscription } from './start-subscription.ts'
import { updateSubscription } from './update-subscription.ts'

/**
 * The billing engine of the sandbox over a Stripe state: virtual time, money and states.
 *
 * @example
 * const engine = new Engine(state, { whenRetriesFail: 'unpaid' })
 * engine.startSubscription(subscription, { paymentBehavior: 'allow_incomplete', ... })
 * engine.advanceClock(clock, clock.frozen_time + 32 * 86_400)
 */
export class Engine implements BillingEngine {
  /** The account's billing settings; change them at any time. */
  readonly settings: BillingSettings
  readonly #billing: Billing

  constructor(state: StripeState, settings: Partial<BillingSettings> = {}) {
    this.#billing = new Billing(state, settings)
    this.settings = this.#billing.settings
  }

  startSubscription(subscription: Subscription, options: StartOptions): Subscription {
    return startSubscription(this.#billing, subscription, options)
  }
  updateSubscription(subscription: Subscription, change: SubscriptionChange): Subscription {
    return updateSubscription(this.#billing, subscription, change)
  }
  cancelSubscription(subscription: Subscription, options: CancelOptions): Subscription {
    return cancelSubscription(this.#billing, subscription, options)
  }
  pauseSubscription(subscription: Subscription, options: PauseOptions): Subscription {
    return pauseSubscription(this.#billing, subscription, options)
  }
  resumeSubscription(subscription: Subscription, options: ResumeOptions): Subscription {
    return resumeSubscription(this.#billing, subscription, options)
  }

  finalizeInvoice(invoice: Invoice, options: { readonly autoAdvance?: boolean }): Invoice {
    return finalizeInvoice(this.#billing, invoice, options)
  }
  payInvoice(invoice: Invoice, options: PayOptions): Invoice {
    return payInvoice(this.#billing, invoice, options)
  }
  voidInvoice(invoice: Invoice): Invoice {
    return voidInvoice(this.#billing, invoice)
  }
  markInvoiceUncollectible(invoice: Invoice): Invoice {
    return markInvoiceUncollectible(this.#billing, invoice)
  }

  startSchedule(schedule: SubscriptionSchedule): SubscriptionSchedule {
    return startSchedule(this.#billing, schedule)
  }
  updateSchedule(schedule: SubscriptionSchedule, change: ScheduleChange): SubscriptionSchedule {
    return updateSchedule(this.#billing, schedule, change)
  }
  cancelSchedule(
    schedule: SubscriptionSchedule,
    options: { readonly invoiceNow: boolean; readonly prorate: boolean },
  ): SubscriptionSchedule {
    return cancelSchedule(this.#billing, schedule, options)
  }
  releaseSchedule(
    schedule: SubscriptionSchedule,
    options: { readonly preserveCancelDate: boolean },
  ): SubscriptionSchedule {
    return releaseSchedule(this.#billing, schedule, options)
  }

  completeCheckout(session: CheckoutSession, completion: CheckoutCompletion): CheckoutSession {
    return completeCheckout(this.#billing, session, completion)
  }
  settleCheckout(session: CheckoutSession, arrived: boolean): CheckoutSession {
    return settleCheckout(this.#billing, session, arrived)
  }
  expireCheckout(session: CheckoutSession): CheckoutSession {
    return expireCheckout(this.#billing, session)
  }

  openDispute(charge: Charge, options: DisputeOptions = {}): Dispute {
    return openDispute(this.#billing, charge, options)
  }
  closeDispute(dispute: Dispute, outcome: 'lost' | 'won'): Dispute {
    return closeDispute(this.#billing, dispute, outcome)
  }
  deleteCustomer(customer: Customer): Deleted<'customer'> {
    return deleteCustomer(this.#billing, customer)
  }

  advanceClock(clock: TestClock, frozenTime: number): TestClock {
    return advanceClock(this.#billing, clock, frozenTime)
  }
  deleteClock(clock: TestClock): Deleted<'test_helpers.test_clock'> {
    return deleteClock(this.#billing, clock)
  }
  catchUp(): void {
    catchUp(this.#billing)
  }
}
