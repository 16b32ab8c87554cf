import type { Born, JsonObject, Metadata } from './wire.ts'

/** What customers may do in the billing portal. */
export interface PortalConfiguration {
  id: string
  object: 'billing_portal.configuration'
  active: boolean
  application: string | null
  business_profile: {
    headline: string | null
    privacy_policy_url: string | null
    terms_of_service_url: string | null
  }
  created: number
  default_return_url: string | null
  features: JsonObject
  is_default: boolean
  livemode: boolean
  login_page: { enabled: boolean; url: string | null }
  metadata: Metadata
  name: string | null
  updated: number
}

/** One visit of a customer to the billing portal. */
export interface PortalSession {
  id: string
  object: 'billing_portal.session'
  after_expiration: JsonObject | null
  configuration: string
  created: number
  customer: string
  customer_account: string | null
  flow: JsonObject | null
  livemode: boolean
  locale: string | null
  on_behalf_of: string | null
  return_url: string | null
  url: string
}

/** A whole portal configuration: customers may cancel at the period's end, update their card and see invoices. */
export function makePortalConfiguration(fields: Born & Partial<PortalConfiguration>): PortalConfiguration {
  const configuration: PortalConfiguration = {
    id: fields.id,
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    created: fields.created,
    default_return_url: null,
    features: {
      customer_update: { allowed_updates: ['email', 'name'], enabled: true },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true, payment_method_configuration: null },
      subscription_cancel: {
        cancellation_reason: { enabled: false, feedback_options: [], options: [] },
        enabled: true,
        mode: 'at_period_end',
        proration_behavior: 'none',
      },
      subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
      subscription_update: {
        billing_cycle_anchor: null,
        default_allowed_updates: [],
        enabled: false,
        proration_behavior: 'none',
        schedule_at_period_end: { conditions: [] },
        trial_update_behavior: 'end_trial',
      },
    },
    is_default: false,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: {},
    name: null,
    updated: fields.created,
  }
  return Object.assign(configuration, fields)
}

/** A whole portal session. */
export function makePortalSession(
  fields: Born & { customer: string; configuration: string; url: string } & Partial<PortalSession>,
): PortalSession {
  const session: PortalSession = {
    id: fields.id,
    object: 'billing_portal.session',
    after_expiration: null,
    configuration: fields.configuration,
    created: fields.created,
    customer: fields.customer,
    customer_account: null,
    flow: null,
    livemode: false,
    locale: null,
    on_behalf_of: null,
    return_url: null,
    url: fields.url,
  }
  return Object.assign(session, fields)
}
