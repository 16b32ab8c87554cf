import type { CancellationDetails, Subscription } from '../objects/subscription.ts'
import type { JsonObject } from '../objects/wire.ts'
import { useCard } from '../payment-method.ts'
import type { Call } from '../request/call.ts'
import { asParameter, find } from '../request/find.ts'
import { given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import type { Parameters } from '../request/parameters.ts'
import { priceIn } from './price-in.ts'

type Settable = Pick<
  Subscription,
  'customer' | 'metadata' | 'payment_settings' | 'trial_settings' | 'invoice_settings' | 'automatic_tax'
>

/** The fields of a subscription that a create or an update simply sets, merged over what it has. */
export function settingsOf(call: Call, subscription: Settable): Partial<Subscription> {
  const { parameters, state } = call
  const fields: Partial<Subscription> = {
    ...given<Subscription>(parameters, [
      'application_fee_percent',
      'billing_thresholds',
      'collection_method',
      'days_until_due',
      'description',
      'on_behalf_of',
      'pending_invoice_item_interval',
      'transfer_data',
    ]),
    metadata: mergeMetadata(subscription.metadata, parameters),
  }
  const customer = find(state, state.customers, 'customer', subscription.customer, asParameter('customer'))
  for (const name of ['default_payment_method', 'default_source'] as const) {
    const card = parameters.textOrNull(name)
    if (card !== undefined) fields[name] = card === null ? null : useCard(state, customer, card, name)
  }
  const collection = parameters.objectOrNull('pause_collection')
  if (collection === null) fields.pause_collection = null
  else if (collection !== undefined) {
    fields.pause_collection = {
      behavior: collection.word('behavior') ?? 'void',
      resumes_at: collection.number('resumes_at') ?? null,
    }
  }
  const tax = parameters.object('automatic_tax')
  if (tax !== undefined) {
    const enabled = tax.flag('enabled') ?? false
    fields.automatic_tax = { disabled_reason: null, enabled, liability: enabled ? { type: 'self' } : null }
  }
  return { ...fields, ...nestedSettings(parameters, subscription) }
}

function nestedSettings(parameters: Parameters, subscription: Settable): Partial<Subscription> {
  const fields: Partial<Subscription> = {}
  const payment = parameters.object('payment_settings')
  if (payment !== undefined) {
    const old = subscription.payment_settings
    fields.payment_settings = {
      payment_method_options: payment.json('payment_method_options') ?? old?.payment_method_options ?? null,
      payment_method_types: payment.texts('payment_method_types') ?? old?.payment_method_types ?? null,
      save_default_payment_method:
        payment.word<'off' | 'on_subscription'>('save_default_payment_method') ??
        old?.save_default_payment_method ??
        'off',
    }
  }
  const behavior = parameters.object('trial_settings')?.object('end_behavior')
  if (behavior !== undefined) {
    fields.trial_settings = {
      end_behavior: {
        billing_cycle_anchor: behavior.word<'now' | 'unchanged'>('billing_cycle_anchor') ?? null,
        missing_payment_method: behavior.word('missing_payment_method') ?? 'create_invoice',
      },
    }
  }
  const invoice = parameters.object('invoice_settings')
  if (invoice !== undefined) {
    fields.invoice_settings = {
      ...subscription.invoice_settings,
      ...given<JsonObject>(invoice, ['description', 'footer', 'account_tax_ids', 'custom_fields']),
    } as JsonObject
  }
  return fields
}

/** A cancellation's details as asked for, over those that the subscription has. */
export function detailsOf(details: Parameters, subscription: Subscription): Partial<CancellationDetails> {
  return {
    ...subscription.cancellation_details,
    ...given<CancellationDetails>(details, ['comment', 'feedback', 'feedback_option']),
  }
}

/** The one-off prices that a request adds to the next invoice. */
export function addedInvoiceItems(call: Call): { price: string; quantity: number }[] {
  const items = call.parameters.objects('add_invoice_items') ?? []
  return items.map((item) => {
    const price = priceIn(call, item, 'one_time')
    return { price: price?.id ?? item.needText('price'), quantity: item.number('quantity') ?? 1 }
  })
}
