import type { CheckoutCompletion } from '../billing-engine.ts'
import {
  type CheckoutSession,
  type Customer,
  type Invoice,
  makeCustomer,
  makeDiscount,
  makePaymentIntent,
  makePaymentMethod,
  makeSubscription,
  makeSubscriptionItem,
  type PaymentIntent,
  type Subscription,
} from '../objects/index.ts'
import type { CheckoutDetails } from '../state.ts'
import { badRequest } from '../stripe-error.ts'
import type { Billing } from './billing.ts'
import { draftInvoice } from './draft-invoice.ts'
import { finalizeInvoice } from './finalize-invoice.ts'
import { oneOffLine } from './line.ts'
import { attemptPayment } from './pay-invoice.ts'
import { type CheckoutPayment, startSubscription } from './start-subscription.ts'
import { type Refusal, takePayment } from './take-payment.ts'

/**
 * Completes an open checkout: the customer, then by mode the subscription, the payment, or nothing; emits
 * `checkout.session.completed`.
 *
 * @throws StripeError 400 when the session is not open.
 */
export function completeCheckout(
  billing: Billing,
  session: CheckoutSession,
  completion: CheckoutCompletion,
): CheckoutSession {
  const { state } = billing
  const details = state.checkouts.get(session.id)
  if (session.status !== 'open' || details === undefined) {
    throw badRequest(`Only open checkout sessions can be completed; this one is ${session.status}.`)
  }
  const customer = buyer(billing, session, completion)
  const free = session.payment_method_collection === 'if_required' && session.amount_total === 0
  const method =
    free && completion.paymentMethod === undefined
      ? null
      : attach(billing, customer, completion.paymentMethod)
  const payment: CheckoutPayment = completion.delayed === true ? 'processing' : 'paid'
  const bought = buy(billing, session, details, customer, method, payment)
  const nothingDue = session.mode === 'setup' || bought.due === 0
  state.checkoutSessions.update(session, {
    customer: customer.id,
    customer_details: {
      address: null,
      business_name: null,
      email: completion.email ?? customer.email,
      individual_name: null,
      name: completion.name ?? customer.name,
      phone: customer.phone,
      tax_exempt: customer.tax_exempt,
      tax_ids: [],
    },
    invoice: bought.invoice,
    payment_intent: bought.intent,
    payment_status: nothingDue ? 'no_payment_required' : payment === 'paid' ? 'paid' : 'unpaid',
    setup_intent: session.mode === 'setup' ? state.ids.next('seti') : session.setup_intent,
    status: 'complete',
    subscription: bought.subscription,
    url: null,
  })
  state.emit('checkout.session.completed', session)
  return session
}

/** The money of a delayed method arrived, or did not. */
export function settleCheckout(
  billing: Billing,
  session: CheckoutSession,
  arrived: boolean,
): CheckoutSession {
  const { state } = billing
  if (session.status !== 'complete' || session.payment_status !== 'unpaid') {
    throw badRequest('Only completed checkout sessions whose payment is under way can be settled.')
  }
  const verdict: Refusal | null = arrived ? null : 'generic_decline'
  const invoice = state.invoices.get(session.invoice ?? '')
  if (invoice !== undefined) {
    // The service runs already, so a payment that fails late is retried as a renewal's is.
    billing.changeInvoice(invoice, { auto_advance: true })
    attemptPayment(billing, invoice, { automatic: true, verdict })
  } else {
    const intent = state.paymentIntents.get(session.payment_intent ?? '')
    if (intent !== undefined) takePayment(billing, intent, intent.payment_method, state.now(), verdict)
  }
  if (arrived) state.checkoutSessions.update(session, { payment_status: 'paid' })
  state.emit(`checkout.session.async_payment_${arrived ? 'succeeded' : 'failed'}`, session)
  return session
}

/** A checkout that nobody completed in time. */
export function expireCheckout(billing: Billing, session: CheckoutSession): CheckoutSession {
  if (session.status !== 'open') {
    throw badRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    )
  }
  billing.state.checkoutSessions.update(session, { status: 'expired', url: null })
  billing.state.emit('checkout.session.expired', session)
  return session
}

function buyer(billing: Billing, session: CheckoutSession, completion: CheckoutCompletion): Customer {
  const { state } = billing
  if (session.customer !== null) return billing.customer(session.customer)
  const customer = makeCustomer({
    id: state.ids.next('cus'),
    created: billing.now({ test_clock: null }),
    email: completion.email ?? session.customer_email,
    livemode: state.livemode,
    name: completion.name ?? null,
  })
  state.customers.insert(customer)
  state.emit('customer.created', customer)
  return customer
}

/** The payment method to use from now on: the customer's own, or a copy of the named test card. */
function attach(billing: Billing, customer: Customer, named: string | undefined): string {
  const { state } = billing
  const known = named === undefined ? undefined : state.paymentMethods.get(named)
  if (known !== undefined && known.customer === customer.id) return known.id
  const method =
    known ??
    makePaymentMethod({
      id: state.ids.next('pm'),
      created: billing.now(customer),
      billing_details: {
        address: null,
        email: customer.email,
        name: customer.name,
        phone: null,
        tax_id: null,
      },
      livemode: state.livemode,
    })
  if (known === undefined) state.paymentMethods.insert(method)
  if (named !== undefined && method.id !== named) state.paymentOutcomes.set(method.id, state.outcomeOf(named))
  state.paymentMethods.update(method, { customer: customer.id })
  state.emit('payment_method.attached', method)
  return method.id
}

interface Bought {
  readonly due: number
  readonly invoice: string | null
  readonly intent: string | null
  readonly subscription: string | null
}

function buy(
  billing: Billing,
  session: CheckoutSession,
  details: CheckoutDetails,
  customer: Customer,
  method: string | null,
  payment: CheckoutPayment,
): Bought {
  switch (session.mode) {
    case 'subscription': {
      const subscription = subscribe(billing, session, details, customer, method, payment)
      const invoice = billing.state.invoices.get(subscription.latest_invoice ?? '')
      return {
        due: invoice?.amount_due ?? 0,
        invoice: invoice?.id ?? null,
        intent: null,
        subscription: subscription.id,
      }
    }
    case 'payment':
      return payOnce(billing, session, details, customer, method, payment)
    case 'setup':
      return { due: 0, invoice: null, intent: null, subscription: null }
  }
}

function subscribe(
  billing: Billing,
  session: CheckoutSession,
  details: CheckoutDetails,
  customer: Customer,
  method: string | null,
  payment: CheckoutPayment,
): Subscription {
  const { state } = billing
  const { subscriptionData } = details
  const created = billing.now(customer)
  const id = state.ids.next('sub')
  const lines = details.lines.flatMap(({ price, quantity }) => (price === null ? [] : [{ price, quantity }]))
  const classic = { billing_mode: { flexible: null, type: 'classic' } } as const
  const subscription = makeSubscription({
    id,
    created,
    currency: session.currency ?? 'usd',
    customer: customer.id,
    default_payment_method: method,
    description: subscriptionData.description,
    items: lines
      .filter(({ price }) => price.recurring !== null)
      .map(({ price, quantity }) =>
        makeSubscriptionItem({
          id: state.ids.next('si'),
          created,
          price,
          subscription: id,
          ...(price.recurring?.usage_type === 'metered' ? {} : { quantity: quantity ?? 1 }),
        }),
      ),
    livemode: state.livemode,
    managed_payments: session.managed_payments,
    metadata: { ...subscriptionData.metadata },
    trial_settings: {
      end_behavior: {
        billing_cycle_anchor: null,
        missing_payment_method: subscriptionData.missingPaymentMethod,
      },
    },
    ...(subscriptionData.billingMode === 'classic' ? classic : {}),
  })
  subscription.discounts = redeem(billing, session, customer, id, created)
  return startSubscription(
    billing,
    subscription,
    {
      addInvoiceItems: lines
        .filter(({ price }) => price.recurring === null)
        .map(({ price, quantity }) => ({ price: price.id, quantity: quantity ?? 1 })),
      fromCheckout: true,
      paymentBehavior: 'allow_incomplete',
      prorationBehavior: 'create_prorations',
      trialFromPlan: false,
      ...(subscriptionData.trialEnd === undefined ? {} : { trialEnd: subscriptionData.trialEnd }),
      ...(subscriptionData.trialPeriodDays === undefined
        ? {}
        : { trialPeriodDays: subscriptionData.trialPeriodDays }),
      ...(subscriptionData.billingCycleAnchor === undefined
        ? {}
        : { billingCycleAnchor: subscriptionData.billingCycleAnchor }),
    },
    payment,
  )
}

function redeem(
  billing: Billing,
  session: CheckoutSession,
  customer: Customer,
  subscription: string,
  start: number,
): string[] {
  const { state } = billing
  return (session.discounts ?? []).flatMap(({ coupon, promotion_code }) => {
    const promotion = state.promotionCodes.get(promotion_code ?? '')
    const redeemed = state.coupons.get(coupon ?? promotion?.promotion.coupon ?? '')
    if (redeemed === undefined) return []
    redeemed.times_redeemed += 1
    if (promotion !== undefined) promotion.times_redeemed += 1
    const discount = makeDiscount({
      id: state.ids.next('di'),
      checkout_session: session.id,
      coupon: redeemed.id,
      customer: customer.id,
      promotion_code,
      start,
      subscription,
    })
    state.discounts.insert(discount)
    state.emit('customer.discount.created', discount)
    return [discount.id]
  })
}

function payOnce(
  billing: Billing,
  session: CheckoutSession,
  details: CheckoutDetails,
  customer: Customer,
  method: string | null,
  payment: CheckoutPayment,
): Bought {
  const { state } = billing
  const amount = session.amount_total ?? 0
  if (details.createsInvoice) {
    const invoice = invoiceOnce(billing, details, customer, method)
    if (invoice.status === 'open' && payment === 'paid') {
      attemptPayment(billing, invoice, { automatic: false, verdict: null })
    }
    return {
      due: amount,
      invoice: invoice.id,
      intent: intentOf(billing, invoice)?.id ?? null,
      subscription: null,
    }
  }
  if (amount === 0) return { due: 0, invoice: null, intent: null, subscription: null }
  const intent = makePaymentIntent({
    id: state.ids.next('pi'),
    created: billing.now(customer),
    amount,
    currency: session.currency ?? 'usd',
    customer: customer.id,
    livemode: state.livemode,
    metadata: { ...details.paymentMetadata },
    payment_method: method,
  })
  state.paymentIntents.insert(intent)
  state.emit('payment_intent.created', intent)
  if (payment === 'processing') {
    intent.status = 'processing'
    state.emit('payment_intent.processing', intent)
  } else takePayment(billing, intent, method, billing.now(customer), null)
  return { due: amount, invoice: null, intent: intent.id, subscription: null }
}

function invoiceOnce(
  billing: Billing,
  details: CheckoutDetails,
  customer: Customer,
  method: string | null,
): Invoice {
  const now = billing.now(customer)
  const invoice = draftInvoice(billing, {
    customer,
    subscription: null,
    lines: details.lines.flatMap(({ price, quantity }) =>
      price === null ? [] : [oneOffLine(billing, price, quantity ?? 1, now, null)],
    ),
    reason: 'manual',
    period: { start: now, end: now },
    autoAdvance: false,
  })
  invoice.default_payment_method = method
  return finalizeInvoice(billing, invoice)
}

function intentOf(billing: Billing, invoice: Invoice): PaymentIntent | undefined {
  const [payment] = billing.state.invoicePayments.by('invoice', invoice.id)
  return billing.state.paymentIntents.get(payment?.payment.payment_intent ?? '')
}
