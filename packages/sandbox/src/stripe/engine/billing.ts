import type { ItemChange } from '../billing-engine.ts'
import type { Customer, Invoice, InvoiceLineItem, Json, JsonObject, Subscription } from '../objects/index.ts'
import { snapshot } from '../snapshot.ts'
import type { StripeState } from '../state.ts'
import { StripeError } from '../stripe-error.ts'
import { hour } from './calendar.ts'

/** What an account's billing settings decide; in Stripe they are switches of the dashboard. */
export interface BillingSettings {
  /** Days from each failed automatic payment to the next one. Default 3, 5 and 7. */
  retryDays: readonly number[]
  /** What becomes of a subscription when the last retry failed. Default `cancel`. */
  whenRetriesFail: 'cancel' | 'past_due' | 'unpaid'
  /** Days after the due date of an unpaid `send_invoice` invoice until {@link whenRetriesFail} applies. Default 30. */
  overdueDays: number
  /** Seconds that a renewal's invoice stays a draft. Default one hour. */
  draftSeconds: number
  /** What an opened dispute does to the subscription that the payment was for. Default `nothing`. */
  whenDisputed: 'cancel' | 'cancel_at_period_end' | 'nothing'
  /** Days before a renewal at which `invoice.upcoming` is sent. Default 7. */
  upcomingDays: number
}

const defaults: BillingSettings = {
  retryDays: [3, 5, 7],
  whenRetriesFail: 'cancel',
  overdueDays: 30,
  draftSeconds: hour,
  whenDisputed: 'nothing',
  upcomingDays: 7,
}

/** Changes of items that wait for their invoice to be paid (`pending_if_incomplete`). */
export interface PendingChange {
  readonly subscription: string
  readonly items: readonly ItemChange[]
}

/**
 * What every act of the engine works on: the state, the settings, the present, and the few facts that no wire shape
 * shows.
 */
export class Billing {
  readonly state: StripeState
  readonly settings: BillingSettings
  /** Prorations and one-off items waiting for the next invoice, by subscription. */
  readonly pendingLines = new Map<string, InvoiceLineItem[]>()
  /** Changes that wait for payment, by invoice. */
  readonly pendingChanges = new Map<string, PendingChange>()
  /** Invoices whose payment resumes a paused subscription. */
  readonly resuming = new Set<string>()
  /** Notices that were sent, such as `trial_will_end:sub_1:1760000000`, so that each is sent once. */
  readonly sent = new Set<string>()
  /** The moment (seconds) that an advance is working through, for objects on the sandbox's own clock. */
  present: number | null = null

  constructor(state: StripeState, settings: Partial<BillingSettings> = {}) {
    this.state = state
    this.settings = { ...defaults, ...settings }
  }

  /** The present of an object, in seconds: that of its test clock, else the sandbox's. */
  now(row: { readonly test_clock: string | null }): number {
    if (row.test_clock !== null) return this.state.now(row.test_clock)
    return this.present ?? this.state.now()
  }

  /** The customer that an object belongs to, which the state must have. */
  customer(id: string | null): Customer {
    const customer = id === null ? undefined : this.state.customers.get(id)
    if (customer === undefined) throw missing('customer', id ?? '', 'customer')
    return customer
  }

  /**
   * Changes a subscription and emits `customer.subscription.updated` with what it was before; nothing is emitted when
   * nothing differs.
   */
  changeSubscription(subscription: Subscription, patch: Partial<Subscription>): void {
    this.tellSubscription(subscription, () => this.state.subscriptions.update(subscription, patch))
  }

  /** As {@link changeSubscription}, for changes that reach into the items. */
  tellSubscription(subscription: Subscription, act: () => void): void {
    const before = snapshot(subscription)
    act()
    const previous = differences(before, snapshot(subscription))
    if (previous !== null) this.state.emit('customer.subscription.updated', subscription, previous)
  }

  /** Changes an invoice, emits `invoice.updated` with what it was before, then the other events given. */
  changeInvoice(invoice: Invoice, patch: Partial<Invoice>, events: readonly string[] = []): void {
    const before = snapshot(invoice)
    this.state.invoices.update(invoice, patch)
    const previous = differences(before, snapshot(invoice))
    if (previous !== null) this.state.emit('invoice.updated', invoice, previous)
    for (const type of events) this.state.emit(type, invoice)
  }
}

/**
 * The old values of all that differs, as Stripe's `previous_attributes` gives them: hashes by their changed keys,
 * arrays whole. `null` when nothing differs. A key that is new has been null before.
 */
export function differences(before: JsonObject, after: JsonObject): JsonObject | null {
  const previous: JsonObject = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = before[key] ?? null
    const now = after[key] ?? null
    if (isHash(old) && isHash(now)) {
      const inner = differences(old, now)
      if (inner !== null) previous[key] = inner
    } else if (JSON.stringify(old) !== JSON.stringify(now)) previous[key] = old
  }
  return Object.keys(previous).length === 0 ? null : previous
}

function isHash(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** 404 where the object of the path is gone, 400 where `param` names it. */
export function missing(kind: string, id: string, param = 'id'): StripeError {
  return new StripeError(param === 'id' ? 404 : 400, `No such ${kind}: '${id}'`, {
    code: 'resource_missing',
    param,
  })
}
