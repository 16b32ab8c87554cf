import { ManualClock } from '../../server/clock.ts'
import { seededRng } from '../../server/rng.ts'
import type { CheckoutCompletion, StartOptions, SubscriptionChange } from '../billing-engine.ts'
import {
  type CheckoutSession,
  type Customer,
  type Event,
  type Invoice,
  makeCheckoutSession,
  makeCoupon,
  makeCustomer,
  makeDiscount,
  makePrice,
  makeProduct,
  makeSchedule,
  makeSubscription,
  makeSubscriptionItem,
  makeTestClock,
  type Price,
  type Recurring,
  type SchedulePhase,
  type Subscription,
  type SubscriptionSchedule,
  type TestClock,
} from '../objects/index.ts'
import { StripeState } from '../state.ts'
import type { BillingSettings } from './billing.ts'
import { Engine } from './engine.ts'

/** Seconds of a UTC date such as `2026-01-31` or `2026-01-31T12:00:00Z`. */
export function at(text: string): number {
  return Date.parse(text.includes('T') ? text : `${text}T00:00:00Z`) / 1000
}

/** The date, or date and time, of seconds: the reverse of {@link at}. */
export function dateOf(seconds: number | null): string | null {
  if (seconds === null) return null
  const text = new Date(seconds * 1000).toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.replace('.000Z', 'Z')
}

export interface SubscribeOptions extends Partial<StartOptions> {
  readonly prices?: readonly Price[]
  readonly quantity?: number
  readonly fields?: Partial<Subscription>
  /** Coupon applied to the subscription. */
  readonly coupon?: string
}

/**
 * A customer on a test clock with a catalogue, for telling life stories: what happened is asserted by states, dates and
 * events.
 */
export class Story {
  readonly state: StripeState
  readonly engine: Engine
  readonly clock: TestClock
  readonly customer: Customer
  readonly events: Event[] = []

  constructor(start: string, settings: Partial<BillingSettings> = {}, seed = 'story') {
    this.state = new StripeState({
      clock: new ManualClock(new Date(at(start) * 1000)),
      rng: seededRng(seed),
    })
    this.engine = new Engine(this.state, settings)
    this.clock = this.state.testClocks.insert(
      makeTestClock({ id: this.state.ids.next('clock'), created: at(start), frozen_time: at(start) }),
    )
    this.customer = this.state.customers.insert(
      makeCustomer({ id: this.state.ids.next('cus'), created: at(start), test_clock: this.clock.id }),
    )
    this.payWith('pm_card_visa')
    this.state.onEvent((event) => this.events.push(event))
  }

  /** The method that the customer pays with from now on. */
  payWith(paymentMethod: string | null): void {
    this.customer.invoice_settings = {
      ...this.customer.invoice_settings,
      default_payment_method: paymentMethod,
    }
  }

  price(amount: number, interval: Recurring['interval'] = 'month', fields: Partial<Price> = {}): Price {
    const product = makeProduct({ id: this.state.ids.next('prod'), created: 0, name: 'Plan' })
    this.state.products.insert(product)
    const recurring = { interval, interval_count: 1, meter: null, trial_period_days: null } as const
    const price = makePrice({
      id: this.state.ids.next('price'),
      created: 0,
      product: product.id,
      recurring: { ...recurring, usage_type: 'licensed' },
      unit_amount: amount,
      ...fields,
    })
    return this.state.prices.insert(price)
  }

  coupon(fields: Parameters<typeof makeCoupon>[0] extends infer F ? Partial<F> : never): string {
    const id = this.state.ids.next('coupon')
    return this.state.coupons.insert(makeCoupon({ created: 0, ...fields, id })).id
  }

  subscribe(options: SubscribeOptions = {}): Subscription {
    const { prices = [this.price(1000)], quantity = 1, fields, coupon, ...start } = options
    const id = this.state.ids.next('sub')
    const created = this.clock.frozen_time
    const items = prices.map((price) =>
      makeSubscriptionItem({
        id: this.state.ids.next('si'),
        created,
        price,
        subscription: id,
        ...(price.recurring?.usage_type === 'metered' ? {} : { quantity }),
      }),
    )
    const subscription = makeSubscription({ id, created, customer: this.customer.id, items, ...fields })
    if (coupon !== undefined) {
      const discount = makeDiscount({
        id: this.state.ids.next('di'),
        coupon,
        start: created,
        subscription: id,
      })
      this.state.discounts.insert(discount)
      subscription.discounts = [discount.id]
    }
    return this.engine.startSubscription(subscription, {
      addInvoiceItems: [],
      paymentBehavior: 'allow_incomplete',
      prorationBehavior: 'create_prorations',
      trialFromPlan: false,
      ...start,
    })
  }

  update(subscription: Subscription, change: Partial<SubscriptionChange>): Subscription {
    return this.engine.updateSubscription(subscription, {
      addInvoiceItems: [],
      paymentBehavior: 'allow_incomplete',
      prorationBehavior: 'create_prorations',
      ...change,
    })
  }

  schedule(phases: SchedulePhase[], fields: Partial<SubscriptionSchedule> = {}): SubscriptionSchedule {
    const id = this.state.ids.next('sub_sched')
    return this.engine.startSchedule(
      makeSchedule({ id, created: this.clock.frozen_time, customer: this.customer.id, phases, ...fields }),
    )
  }

  /** A completed checkout of prices, on the sandbox's own clock unless `customer` is the story's. */
  checkout(
    prices: readonly Price[],
    fields: Partial<CheckoutSession> = {},
    completion: CheckoutCompletion = { email: 'ada@example.com' },
    trialPeriodDays?: number,
  ): CheckoutSession {
    const id = this.state.ids.next('cs_test')
    const total = prices.reduce((sum, { unit_amount }) => sum + (unit_amount ?? 0), 0)
    const session = makeCheckoutSession({
      id,
      created: this.state.now(),
      amount_subtotal: total,
      amount_total: trialPeriodDays === undefined ? total : 0,
      currency: 'usd',
      ...fields,
    })
    this.state.checkoutSessions.insert(session)
    this.state.checkouts.set(id, {
      lines: prices.map((price) => ({
        id: this.state.ids.next('li'),
        object: 'item',
        adjustable_quantity: null,
        amount_discount: 0,
        amount_subtotal: price.unit_amount ?? 0,
        amount_tax: 0,
        amount_total: price.unit_amount ?? 0,
        currency: 'usd',
        description: null,
        metadata: {},
        price,
        quantity: 1,
      })),
      subscriptionData: {
        metadata: { org: 'org_1' },
        description: null,
        billingMode: 'flexible',
        missingPaymentMethod: 'create_invoice',
        ...(trialPeriodDays === undefined ? {} : { trialPeriodDays }),
      },
      paymentMetadata: {},
      createsInvoice: false,
    })
    return this.engine.completeCheckout(session, completion)
  }

  /** Moves the clock to a date, in steps that Stripe allows. */
  advanceTo(date: string, stepDays = 28): void {
    const target = at(date)
    while (this.clock.frozen_time < target) {
      this.engine.advanceClock(this.clock, Math.min(target, this.clock.frozen_time + stepDays * 86_400))
    }
  }

  /** The subscription's invoices, oldest first. */
  invoices(subscription: Subscription): readonly Invoice[] {
    return this.state.invoices.by('subscription', subscription.id)
  }

  latestInvoice(subscription: Subscription): Invoice {
    const invoice = this.state.invoices.get(subscription.latest_invoice ?? '')
    if (invoice === undefined) throw new Error(`${subscription.id} has no latest invoice.`)
    return invoice
  }

  /** The types of the events since the last call, without those that the filter leaves out. */
  told(prefix = ''): string[] {
    return this.events
      .splice(0)
      .map(({ type }) => type)
      .filter((type) => type.startsWith(prefix))
  }
}
