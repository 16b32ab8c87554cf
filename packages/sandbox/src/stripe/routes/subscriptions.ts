import { listPage } from '../answer/list.ts'
import { searchPage } from '../answer/search.ts'
import { previousAttributes } from '../change.ts'
import { redeem } from '../discounts.ts'
import type { Subscription } from '../objects/subscription.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { asParameter, find, IN_PATH, missing } from '../request/find.ts'
import { badRequest } from '../stripe-error.ts'
import { rangeHolds } from '../table.ts'
import { createSubscription } from './create-subscription.ts'
import { itemChanges } from './item-changes.ts'
import { addedInvoiceItems, detailsOf, settingsOf } from './subscription-settings.ts'

const writes = { permission: 'rak_subscription_write' }

export const subscriptionRoutes: readonly Route[] = [
  route('GET /v1/subscriptions/search', 'subscription[]', (call) =>
    searchPage(call, call.state.subscriptions, '/v1/subscriptions/search', {
      text: ['status'],
      numbers: ['created', 'canceled_at'],
      metadata: true,
    }),
  ),
  route('GET /v1/subscriptions', 'subscription[]', listSubscriptions),
  route('POST /v1/subscriptions', 'subscription', createSubscription),
  route('GET /v1/subscriptions/{id}', 'subscription', foundSubscription),
  route('POST /v1/subscriptions/{id}', 'subscription', updateSubscription),
  route('DELETE /v1/subscriptions/{id}', 'subscription', cancelSubscription),
  route('DELETE /v1/subscriptions/{id}/discount', 'discount', deleteDiscount, writes),
  route('POST /v1/subscriptions/{id}/migrate', 'subscription', migrateSubscription),
  route('POST /v1/subscriptions/{id}/pause', 'subscription', pauseSubscription),
  route('POST /v1/subscriptions/{id}/resume', 'subscription', resumeSubscription),
]

function listSubscriptions(call: Call) {
  const { parameters, state } = call
  const customer = parameters.text('customer')
  const clock = parameters.text('test_clock')
  if (customer !== undefined && !state.customers.has(customer) && !state.deleted.has(customer)) {
    throw missing(state, 'customer', customer, asParameter('customer'))
  }
  const hasStatus = statusFilter(parameters.text('status'))
  const price = parameters.text('price') ?? parameters.text('plan')
  const collection = parameters.text('collection_method')
  const tax = parameters.object('automatic_tax')?.flag('enabled')
  const start = parameters.range('current_period_start')
  const end = parameters.range('current_period_end')
  const where = (row: Subscription) =>
    hasStatus(row) &&
    (clock === undefined ? customer !== undefined || row.test_clock === null : row.test_clock === clock) &&
    (price === undefined || row.items.data.some((item) => item.price.id === price)) &&
    (collection === undefined || row.collection_method === collection) &&
    (tax === undefined || row.automatic_tax.enabled === tax) &&
    (start === undefined ||
      rangeHolds(start, Math.max(...row.items.data.map((item) => item.current_period_start)))) &&
    (end === undefined || rangeHolds(end, Math.min(...row.items.data.map((item) => item.current_period_end))))
  const by =
    customer !== undefined
      ? { by: ['customer', customer] as const }
      : clock !== undefined
        ? { by: ['test_clock', clock] as const }
        : {}
  return listPage(call, state.subscriptions, 'subscription', '/v1/subscriptions', { ...by, where })
}

function statusFilter(status: string | undefined): (row: Subscription) => boolean {
  switch (status) {
    case undefined:
      return (row) => row.status !== 'canceled'
    case 'all':
      return () => true
    case 'ended':
      return (row) => row.status === 'canceled' || row.status === 'incomplete_expired'
    default:
      return (row) => row.status === status
  }
}

function updateSubscription(call: Call): Subscription {
  const { engine, parameters, state } = call
  const subscription = foundSubscription(call)
  refuseClosed(call, subscription)
  const asked = parameters.objects('discounts')
  const redeemed =
    asked === undefined
      ? null
      : redeem(state, asked, {
          customer: subscription.customer,
          subscription: subscription.id,
          testClock: subscription.test_clock,
        })
  try {
    const fields = settingsOf(call, subscription)
    if (redeemed !== null) fields.discounts = redeemed.ids
    else if (parameters.has('discounts')) fields.discounts = []
    const { items, undo } = itemChanges(call, subscription)
    try {
      return engine.updateSubscription(subscription, {
        fields,
        items,
        paymentBehavior: parameters.word('payment_behavior') ?? 'allow_incomplete',
        prorationBehavior: parameters.word('proration_behavior') ?? 'create_prorations',
        addInvoiceItems: addedInvoiceItems(call),
        ...momentsOf(call, subscription),
      })
    } catch (error) {
      undo()
      throw error
    }
  } catch (error) {
    redeemed?.undo()
    throw error
  }
}

/** The parts of an update that are about time. */
function momentsOf({ parameters }: Call, subscription: Subscription) {
  const prorationDate = parameters.number('proration_date')
  const trialEnd = parameters.numberOrWord<'now'>('trial_end')
  const anchor = parameters.object('billing_cycle_anchor')?.word<'now' | 'unchanged'>('type')
  const cancelAt = parameters.numberOrWord<'max_billed_until' | 'max_period_end' | 'min_period_end'>(
    'cancel_at',
  )
  const atPeriodEnd = parameters.flag('cancel_at_period_end')
  if (cancelAt !== undefined && cancelAt !== null && atPeriodEnd === true) {
    throw badRequest('You may not set both `cancel_at` and `cancel_at_period_end`.', 'cancel_at_period_end')
  }
  const details = parameters.object('cancellation_details')
  return {
    ...(prorationDate === undefined ? {} : { prorationDate }),
    ...(trialEnd === undefined || trialEnd === null ? {} : { trialEnd }),
    ...(anchor === undefined ? {} : { billingCycleAnchor: anchor }),
    ...(cancelAt === undefined ? {} : { cancelAt }),
    ...(atPeriodEnd === undefined ? {} : { cancelAtPeriodEnd: atPeriodEnd }),
    ...(details === undefined ? {} : { cancellationDetails: detailsOf(details, subscription) }),
  }
}

// What may still change in a subscription that has not begun, or has ended.
const WHEN_INCOMPLETE = new Set(['metadata', 'default_source', 'default_payment_method', 'expand'])
const WHEN_CANCELED = new Set(['metadata', 'cancellation_details', 'expand'])

function refuseClosed(call: Call, subscription: Subscription): void {
  const given = Object.keys(call.parameters.values)
  const { status } = subscription
  if (status === 'canceled' || status === 'incomplete_expired') {
    if (given.every((name) => WHEN_CANCELED.has(name))) return
    throw badRequest('A canceled subscription can only update its cancellation_details and metadata.')
  }
  if (status === 'incomplete' && !given.every((name) => WHEN_INCOMPLETE.has(name))) {
    throw badRequest(
      'A subscription with the incomplete status can only update its metadata, default_source and default_payment_method.',
    )
  }
}

function cancelSubscription(call: Call): Subscription {
  const { engine, parameters, state } = call
  const subscription = foundSubscription(call)
  // Stripe answers as if a subscription that has ended were not there.
  if (subscription.status === 'canceled' || subscription.status === 'incomplete_expired') {
    throw missing(state, 'subscription', subscription.id, IN_PATH)
  }
  const details = parameters.object('cancellation_details')
  return engine.cancelSubscription(subscription, {
    invoiceNow: parameters.flag('invoice_now') ?? false,
    prorate: parameters.flag('prorate') ?? false,
    ...(details === undefined ? {} : { details: detailsOf(details, subscription) }),
  })
}

function deleteDiscount(call: Call): object {
  const { state } = call
  const subscription = foundSubscription(call)
  const discount = state.discounts.get(subscription.discounts[0] ?? '')
  if (discount === undefined) throw badRequest('There is no active discount for this subscription.')
  const before = previousAttributes(subscription, { discounts: [] })
  state.subscriptions.update(subscription, { discounts: [] })
  state.emit('customer.discount.deleted', discount)
  state.emit('customer.subscription.updated', subscription, before)
  const { end: _end, ...shown } = discount
  return { ...shown, deleted: true }
}

function migrateSubscription(call: Call): Subscription {
  const { parameters, state } = call
  const subscription = foundSubscription(call)
  if (subscription.billing_mode.type === 'flexible') {
    throw badRequest('The subscription is already in the flexible billing mode.', 'billing_mode')
  }
  const discounts = parameters
    .object('billing_mode')
    ?.object('flexible')
    ?.word<'included' | 'itemized'>('proration_discounts')
  const patch: Partial<Subscription> = {
    billing_mode: {
      flexible: { proration_discounts: discounts ?? 'included' },
      type: 'flexible',
      updated_at: state.now(subscription.test_clock),
    },
  }
  const before = previousAttributes(subscription, patch)
  state.subscriptions.update(subscription, patch)
  state.emit('customer.subscription.updated', subscription, before)
  return subscription
}

function pauseSubscription(call: Call): Subscription {
  const { engine, parameters } = call
  const subscription = foundSubscription(call)
  if (subscription.billing_mode.type !== 'flexible') {
    throw badRequest('Only subscriptions with `billing_mode[type]=flexible` can be paused.')
  }
  if (subscription.schedule !== null) {
    throw badRequest(
      `The subscription is managed by the subscription schedule \`${subscription.schedule}\`, and cannot be paused directly.`,
    )
  }
  const unused = parameters.object('bill_for')?.object('unused_time_from')?.text('type') ?? 'pause_at'
  return engine.pauseSubscription(subscription, {
    invoicingBehavior: parameters.word('invoicing_behavior') ?? 'pending_invoice_item',
    creditUnusedTime: unused !== 'none',
  })
}

function resumeSubscription(call: Call): Subscription {
  const { engine, parameters } = call
  const subscription = foundSubscription(call)
  const prorationDate = parameters.number('proration_date')
  return engine.resumeSubscription(subscription, {
    billingCycleAnchor: parameters.object('billing_cycle_anchor')?.word('type') ?? 'now',
    prorationBehavior: parameters.word('proration_behavior') ?? 'create_prorations',
    ...(prorationDate === undefined ? {} : { prorationDate }),
  })
}

function foundSubscription(call: Call): Subscription {
  return find(call.state, call.state.subscriptions, 'subscription', pathId(call), IN_PATH)
}
