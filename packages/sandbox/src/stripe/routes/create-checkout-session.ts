import {
  type CheckoutLineItem,
  type CheckoutSession,
  makeCheckoutSession,
} from '../objects/checkout-session.ts'
import type { Coupon } from '../objects/coupon.ts'
import type { JsonObject, Metadata } from '../objects/wire.ts'
import type { Call } from '../request/call.ts'
import { asParameter, find } from '../request/find.ts'
import { given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import type { Parameters } from '../request/parameters.ts'
import type { CheckoutDetails } from '../state.ts'
import { badRequest, missingParameter } from '../stripe-error.ts'
import { checkoutLines, discounted, totalsOf } from './checkout-lines.ts'

const HALF_AN_HOUR = 1800
const ONE_DAY = 86_400
const LONGEST_REFERENCE = 200

/** `POST /v1/checkout/sessions`: an open session with a page of its own. */
export function createCheckoutSession(call: Call): CheckoutSession {
  const { parameters, state } = call
  const mode = modeOf(parameters)
  const customer = customerOf(call)
  const created = state.now(customer?.test_clock)
  const asked = parameters.objects('line_items') ?? []
  if (mode !== 'setup' && asked.length === 0) throw missingParameter('line_items')
  const { coupon, discounts } = discountsOf(call)
  const lines = mode === 'setup' ? [] : discounted(checkoutLines(call, asked, mode), coupon)
  const data = parameters.object('subscription_data')
  if (data !== undefined && mode !== 'subscription') {
    throw badRequest(
      'You can not pass `subscription_data` in `payment` or `setup` mode.',
      'subscription_data',
    )
  }
  const id = state.ids.next(`cs_${state.livemode ? 'live' : 'test'}`)
  const trial = data?.number('trial_period_days') !== undefined || data?.number('trial_end') !== undefined
  const session = makeCheckoutSession({
    id,
    created,
    livemode: state.livemode,
    mode,
    customer: customer?.id ?? null,
    customer_details: detailsFor(
      customer?.email ?? parameters.text('customer_email') ?? null,
      customer?.name ?? null,
    ),
    customer_creation:
      mode === 'payment' && customer === null
        ? (parameters.word<'always' | 'if_required'>('customer_creation') ?? 'if_required')
        : null,
    discounts,
    expires_at: expiryOf(parameters, created),
    metadata: mergeMetadata({}, parameters),
    payment_status: 'unpaid',
    ...(lines.length === 0 ? {} : totalsOf(lines, trial)),
    ...settingsOf(call, mode),
    ...placesOf(call, id),
  })
  state.checkoutSessions.insert(session)
  state.checkouts.set(id, checkoutDetails(parameters, lines))
  return session
}

function modeOf(parameters: Parameters): CheckoutSession['mode'] {
  const mode = parameters.word<CheckoutSession['mode']>('mode')
  if (mode === undefined) throw missingParameter('mode')
  return mode
}

function customerOf(call: Call) {
  const { parameters, state } = call
  const customer = parameters.text('customer')
  if (customer === undefined) return null
  if (parameters.has('customer_email')) {
    throw badRequest('You may only specify one of these parameters: customer, customer_email.', 'customer')
  }
  return find(state, state.customers, 'customer', customer, asParameter('customer'))
}

function expiryOf(parameters: Parameters, created: number): number {
  const expires = parameters.number('expires_at')
  if (expires === undefined) return created + ONE_DAY
  // The request takes a moment, so an end exactly 24 hours after it was worked out is still in bounds.
  if (expires >= created + HALF_AN_HOUR - 60 && expires <= created + ONE_DAY + 60) return expires
  throw badRequest(
    'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.',
    'expires_at',
  )
}

function discountsOf(call: Call): { coupon: Coupon | null; discounts: CheckoutSession['discounts'] } {
  const { parameters, state } = call
  const asked = parameters.objects('discounts')?.[0]
  if (asked === undefined) return { coupon: null, discounts: [] }
  if (parameters.flag('allow_promotion_codes') === true) {
    throw badRequest(
      'You may only specify one of these parameters: allow_promotion_codes, discounts.',
      'discounts',
    )
  }
  const code = asked.text('promotion_code')
  const promotion =
    code === undefined
      ? null
      : find(state, state.promotionCodes, 'promotion code', code, asParameter(asked.path('promotion_code')))
  const id = promotion?.promotion.coupon ?? asked.needText('coupon')
  const coupon = find(state, state.coupons, 'coupon', id, asParameter(asked.path('coupon')))
  return {
    coupon,
    discounts: [{ coupon: promotion === null ? coupon.id : null, promotion_code: promotion?.id ?? null }],
  }
}

function detailsFor(email: string | null, name: string | null): JsonObject | null {
  if (email === null) return null
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name,
    phone: null,
    tax_exempt: 'none',
    tax_ids: null,
  }
}

/** Switches and texts, and what some of them rule out. */
function settingsOf(call: Call, mode: CheckoutSession['mode']): Partial<CheckoutSession> {
  const { parameters } = call
  const reference = parameters.text('client_reference_id')
  if (reference !== undefined && reference.length > LONGEST_REFERENCE) {
    throw badRequest(
      `client_reference_id can have at most ${LONGEST_REFERENCE} characters, but has ${reference.length}.`,
      'client_reference_id',
    )
  }
  const managed = parameters.object('managed_payments')?.flag('enabled') === true
  const tax = parameters.object('automatic_tax')?.flag('enabled') === true
  const forbidden = [
    'automatic_tax',
    'shipping_address_collection',
    'adaptive_pricing',
    'allowed_payment_method_types',
  ]
  const clash = managed ? forbidden.find((name) => parameters.has(name)) : undefined
  if (clash !== undefined)
    throw badRequest(`You cannot pass \`${clash}\` when \`managed_payments\` is enabled.`, clash)
  return {
    ...given<CheckoutSession>(parameters, [
      'adaptive_pricing',
      'allow_promotion_codes',
      'allowed_payment_method_types',
      'billing_address_collection',
      'client_reference_id',
      'customer_email',
      'integration_identifier',
      'locale',
      'origin_context',
      'submit_type',
    ]),
    automatic_tax: {
      enabled: tax,
      liability: tax ? { type: 'self' } : null,
      provider: tax ? 'stripe' : null,
      status: tax ? 'complete' : null,
    },
    managed_payments: parameters.has('managed_payments') ? { enabled: managed } : null,
    payment_method_collection:
      mode === 'subscription'
        ? (parameters.word<'always' | 'if_required'>('payment_method_collection') ?? 'always')
        : null,
    phone_number_collection: {
      enabled: parameters.object('phone_number_collection')?.flag('enabled') ?? false,
    },
    tax_id_collection: {
      enabled: parameters.object('tax_id_collection')?.flag('enabled') ?? false,
      required: parameters.object('tax_id_collection')?.word('required') ?? 'never',
    },
    invoice_creation: mode === 'payment' ? invoiceCreation(parameters) : null,
  }
}

function invoiceCreation(parameters: Parameters): JsonObject {
  const asked = parameters.object('invoice_creation')
  return {
    enabled: asked?.flag('enabled') ?? false,
    invoice_data: {
      account_tax_ids: null,
      custom_fields: null,
      description: asked?.object('invoice_data')?.text('description') ?? null,
      footer: null,
      issuer: null,
      metadata: asked?.object('invoice_data')?.json('metadata') ?? {},
      rendering_options: null,
    },
  }
}

/** Where the buyer goes: the hosted page and back, or a page within the app's own. */
function placesOf(call: Call, id: string): Partial<CheckoutSession> {
  const { origin, parameters, state } = call
  const ui = parameters.word<CheckoutSession['ui_mode']>('ui_mode') ?? 'hosted_page'
  if (ui === 'hosted_page') {
    const success = parameters.text('success_url')
    if (success === undefined) throw missingParameter('success_url')
    return {
      cancel_url: parameters.text('cancel_url') ?? null,
      success_url: success,
      ui_mode: ui,
      url: `${origin}/c/pay/${id}`,
    }
  }
  const back = parameters.text('return_url')
  return {
    client_secret: `${id}_secret_${state.ids.random(24)}`,
    redirect_on_completion: parameters.word('redirect_on_completion') ?? 'always',
    ui_mode: ui,
    ...(back === undefined ? {} : { return_url: back }),
  }
}

function checkoutDetails(parameters: Parameters, lines: readonly CheckoutLineItem[]): CheckoutDetails {
  const data = parameters.object('subscription_data')
  const days = data?.number('trial_period_days')
  const end = data?.number('trial_end')
  const anchor = data?.number('billing_cycle_anchor')
  const payment = parameters.object('payment_intent_data')
  return {
    lines,
    subscriptionData: {
      metadata: metadataIn(data),
      description: data?.text('description') ?? null,
      billingMode: data?.object('billing_mode')?.word('type') ?? 'flexible',
      missingPaymentMethod:
        data?.object('trial_settings')?.object('end_behavior')?.word('missing_payment_method') ??
        'create_invoice',
      ...(days === undefined ? {} : { trialPeriodDays: days }),
      ...(end === undefined ? {} : { trialEnd: end }),
      ...(anchor === undefined ? {} : { billingCycleAnchor: anchor }),
    },
    paymentMetadata: metadataIn(payment),
    createsInvoice: parameters.object('invoice_creation')?.flag('enabled') ?? false,
  }
}

function metadataIn(parameters: Parameters | undefined): Metadata {
  return parameters === undefined ? {} : mergeMetadata({}, parameters)
}
