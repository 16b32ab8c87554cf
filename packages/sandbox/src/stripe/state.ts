import type { Clock } from '../server/clock.ts'
import type { Rng } from '../server/rng.ts'
import { refreshEntitlements } from './entitlements.ts'
import { Ids } from './ids.ts'
import { type Account, makeAccount } from './objects/account.ts'
import type { CheckoutLineItem, CheckoutSession } from './objects/checkout-session.ts'
import type { Coupon, Discount, PromotionCode } from './objects/coupon.ts'
import type { Customer } from './objects/customer.ts'
import type { ActiveEntitlement, Feature } from './objects/entitlement.ts'
import { type Event, makeEvent, type ThinEvent } from './objects/event.ts'
import type { EventDestination } from './objects/event-destination.ts'
import { type Invoice, subscriptionOf } from './objects/invoice.ts'
import type { InvoiceItem } from './objects/invoice-item.ts'
import type {
  Charge,
  Dispute,
  InvoicePayment,
  PaymentIntent,
  PaymentMethod,
  Refund,
} from './objects/payment.ts'
import type { PortalConfiguration, PortalSession } from './objects/portal.ts'
import type { Price } from './objects/price.ts'
import type { Product, ProductFeature } from './objects/product.ts'
import type { SubscriptionSchedule } from './objects/schedule.ts'
import type { Subscription, SubscriptionItem } from './objects/subscription.ts'
import type { TestClock } from './objects/test-clock.ts'
import type { WebhookEndpoint } from './objects/webhook-endpoint.ts'
import type { Deleted, Json, JsonObject, Metadata } from './objects/wire.ts'
import { type PaymentOutcome, testCardOutcome } from './payment-outcome.ts'
import { snapshot } from './snapshot.ts'
import { Table } from './table.ts'
import { thinEventsOf } from './thin-event.ts'

/** The API version whose shapes the sandbox keeps and answers. */
export const API_VERSION = '2026-10-28.endive'

/** The part of a checkout that its wire shape does not show. */
export interface CheckoutDetails {
  readonly lines: readonly CheckoutLineItem[]
  readonly subscriptionData: {
    readonly metadata: Metadata
    readonly description: string | null
    readonly trialPeriodDays?: number
    readonly trialEnd?: number
    readonly billingCycleAnchor?: number
    readonly billingMode: 'classic' | 'flexible'
    readonly missingPaymentMethod: 'cancel' | 'create_invoice' | 'pause'
  }
  /** Metadata for the payment intent of a one-off payment. */
  readonly paymentMetadata: Metadata
  /** Whether a one-off payment makes an invoice too. */
  readonly createsInvoice: boolean
}

/** The request that a change comes from, for the event's `request`. */
export interface RequestOrigin {
  readonly id: string
  readonly idempotencyKey: string | null
}

/** Called once for each event, in order, with its thin events: the twin first, then finer ones. */
export type EventListener = (event: Event, thin: readonly ThinEvent[]) => void

export interface StripeStateOptions {
  readonly clock: Clock
  /** Feeds ids and secrets: the same seed gives the same ids. */
  readonly rng: Rng
  /** Whether this is the live mode of the account. Default false. */
  readonly livemode?: boolean
  /** Default: an account in the US with usd, made at the clock's present. */
  readonly account?: Partial<Account>
}

/**
 * All that one Stripe account holds in one mode: plain objects in the shape in which Stripe sends them unexpanded.
 *
 * Objects are changed in place; fields that have an index (see the constructor of each table) only through
 * `table.update`. Whoever changes one emits the event for it.
 *
 * @example
 * const state = new StripeState({ clock: systemClock, rng: seededRng(1) })
 * const customer = state.customers.insert(makeCustomer({ id: state.ids.next('cus'), created: state.now() }))
 * state.emit('customer.created', customer)
 */
export class StripeState {
  readonly ids: Ids
  readonly livemode: boolean
  readonly account: Account
  readonly clock: Clock

  readonly customers = new Table<Customer>({
    indexes: { email: (row) => row.email, test_clock: (row) => row.test_clock },
  })
  readonly products = new Table<Product>()
  readonly prices = new Table<Price>({
    indexes: { product: (row) => row.product, lookup_key: (row) => row.lookup_key },
  })
  readonly subscriptions = new Table<Subscription>({
    indexes: { customer: (row) => row.customer, test_clock: (row) => row.test_clock },
  })
  readonly schedules = new Table<SubscriptionSchedule>({
    indexes: { customer: (row) => row.customer, test_clock: (row) => row.test_clock },
  })
  readonly invoices = new Table<Invoice>({
    indexes: { customer: (row) => row.customer, subscription: subscriptionOf },
  })
  readonly invoiceItems = new Table<InvoiceItem>({
    created: (row) => row.date,
    indexes: { customer: (row) => row.customer },
  })
  readonly invoicePayments = new Table<InvoicePayment>({
    indexes: {
      invoice: (row) => row.invoice,
      payment: (row) => row.payment.payment_intent ?? row.payment.charge,
    },
  })
  readonly paymentIntents = new Table<PaymentIntent>({ indexes: { customer: (row) => row.customer } })
  readonly paymentMethods = new Table<PaymentMethod>({ indexes: { customer: (row) => row.customer } })
  readonly charges = new Table<Charge>({
    indexes: { customer: (row) => row.customer, payment_intent: (row) => row.payment_intent },
  })
  readonly refunds = new Table<Refund>({
    indexes: { charge: (row) => row.charge, payment_intent: (row) => row.payment_intent },
  })
  readonly disputes = new Table<Dispute>({
    indexes: { charge: (row) => row.charge, payment_intent: (row) => row.payment_intent },
  })
  readonly checkoutSessions = new Table<CheckoutSession>({
    indexes: {
      customer: (row) => row.customer,
      subscription: (row) => row.subscription,
      payment_intent: (row) => row.payment_intent,
    },
  })
  readonly portalConfigurations = new Table<PortalConfiguration>()
  readonly portalSessions = new Table<PortalSession>()
  readonly coupons = new Table<Coupon>()
  readonly promotionCodes = new Table<PromotionCode>({
    indexes: { code: (row) => row.code, coupon: (row) => row.promotion.coupon },
  })
  readonly discounts = new Table<Discount>({ created: (row) => row.start })
  readonly features = new Table<Feature>({ indexes: { lookup_key: (row) => row.lookup_key } })
  readonly productFeatures = new Table<ProductFeature>({
    indexes: { product: (row) => this.productOfFeature.get(row.id) },
  })
  readonly activeEntitlements = new Table<ActiveEntitlement>({
    indexes: { customer: (row) => this.customerOfEntitlement.get(row.id) },
  })
  readonly webhookEndpoints = new Table<WebhookEndpoint>()
  readonly eventDestinations = new Table<EventDestination>({ created: (row) => Date.parse(row.created) })
  readonly testClocks = new Table<TestClock>()
  readonly events = new Table<Event>()
  readonly thinEvents = new Table<ThinEvent>({ created: (row) => Date.parse(row.created) })

  /** Snapshot events that some endpoint has not taken yet, for the `delivery_success` filter. Kept by the delivery. */
  readonly undelivered = new Set<string>()
  /** What is left of deleted objects, by id. */
  readonly deleted = new Map<string, Deleted>()
  /** Ids that exist in the account's other mode, for the message that says so. */
  readonly idsOfOtherMode = new Set<string>()
  /** The product that each product feature belongs to. Set before the insert. */
  readonly productOfFeature = new Map<string, string>()
  /** The customer that each active entitlement belongs to. Set before the insert. */
  readonly customerOfEntitlement = new Map<string, string>()
  /** Tiers and other currencies of prices, sent only when expanded. */
  readonly priceTiers = new Map<string, JsonObject[]>()
  readonly priceCurrencyOptions = new Map<string, JsonObject>()
  readonly checkouts = new Map<string, CheckoutDetails>()
  /** What becomes of payments with a payment method. One that is not here succeeds. */
  readonly paymentOutcomes = new Map<string, PaymentOutcome>()
  /** The request that is being served. */
  request: RequestOrigin | null = null

  readonly #listeners = new Set<EventListener>()
  readonly #itemOwners = new Map<string, string>()
  /** How many subscriptions there were when the owners of all items were last noted. */
  #owned = 0

  constructor(options: StripeStateOptions) {
    this.clock = options.clock
    this.ids = new Ids(options.rng)
    this.livemode = options.livemode ?? false
    this.account = makeAccount({
      id: `acct_1${this.ids.random(15)}`,
      created: this.now(),
      ...options.account,
    })
  }

  /** Unix seconds: the sandbox's time, or that of a test clock. */
  now(testClock?: string | null): number {
    const frozen =
      testClock === undefined || testClock === null ? undefined : this.testClocks.get(testClock)?.frozen_time
    return frozen ?? Math.floor(this.clock.now().getTime() / 1000)
  }

  /** A subscription item by id, with the subscription it is in. */
  subscriptionItem(id: string): { item: SubscriptionItem; subscription: Subscription } | undefined {
    const known = this.#itemOwners.get(id)
    const owner = known === undefined ? undefined : this.subscriptions.get(known)
    const found = owner === undefined ? undefined : itemIn(owner, id)
    if (found !== undefined) return found
    // Subscriptions loaded in bulk tell no event, so a search that misses notes them, unless there are none new.
    if (this.#owned === this.subscriptions.size) return undefined
    this.#owned = this.subscriptions.size
    for (const subscription of this.subscriptions.all()) this.#noteItems(subscription)
    const filled = this.subscriptions.get(this.#itemOwners.get(id) ?? '')
    return filled === undefined ? undefined : itemIn(filled, id)
  }

  /** What becomes of a payment with this payment method: as set, else by the test card's name, else it succeeds. */
  outcomeOf(paymentMethod: string): PaymentOutcome {
    return this.paymentOutcomes.get(paymentMethod) ?? testCardOutcome(paymentMethod)
  }

  /**
   * Records an event with the object as it is now, and its thin events, and tells the listeners. A subscription event
   * then brings the entitlements of its customer up to date, since any change of a subscription may change them.
   *
   * @param previousAttributes for `*.updated`: the old values of the fields that changed.
   */
  emit(
    type: string,
    object: { id?: string; object: string },
    previousAttributes?: { [key: string]: Json },
  ): Event {
    const event = makeEvent({
      id: this.ids.next('evt'),
      api_version: API_VERSION,
      created: this.now(),
      data:
        previousAttributes === undefined
          ? { object: snapshot(object) }
          : { object: snapshot(object), previous_attributes: previousAttributes },
      livemode: this.livemode,
      request: { id: this.request?.id ?? null, idempotency_key: this.request?.idempotencyKey ?? null },
      type,
    })
    this.events.insert(event)
    const thin = thinEventsOf(this, event, object)
    for (const row of thin) this.thinEvents.insert(row)
    for (const listener of this.#listeners) listener(event, thin)
    if (type.startsWith('customer.subscription.')) {
      const subscription = object as unknown as Subscription
      this.#noteItems(subscription)
      refreshEntitlements(this, subscription.customer)
    }
    return event
  }

  /** Calls the listener for each event from now on, until the returned function is called. */
  onEvent(listener: EventListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #noteItems(subscription: Subscription): void {
    for (const item of subscription.items.data) this.#itemOwners.set(item.id, subscription.id)
  }
}

function itemIn(subscription: Subscription, id: string) {
  const item = subscription.items.data.find((candidate) => candidate.id === id)
  return item === undefined ? undefined : { item, subscription }
}
