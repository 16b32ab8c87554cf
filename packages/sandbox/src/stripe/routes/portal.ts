import { listPage } from '../answer/list.ts'
import { change } from '../change.ts'
import {
  makePortalConfiguration,
  makePortalSession,
  type PortalConfiguration,
  type PortalSession,
} from '../objects/portal.ts'
import type { JsonObject } from '../objects/wire.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { asParameter, find, IN_PATH } from '../request/find.ts'
import { given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import { badRequest } from '../stripe-error.ts'

export const portalRoutes: readonly Route[] = [
  route('GET /v1/billing_portal/configurations', 'billing_portal.configuration[]', listConfigurations),
  route('POST /v1/billing_portal/configurations', 'billing_portal.configuration', createConfiguration),
  route('GET /v1/billing_portal/configurations/{id}', 'billing_portal.configuration', foundConfiguration),
  route('POST /v1/billing_portal/configurations/{id}', 'billing_portal.configuration', updateConfiguration),
  route('POST /v1/billing_portal/sessions', 'billing_portal.session', createSession, {
    permission: 'rak_customer_portal_write',
  }),
]

function listConfigurations(call: Call) {
  const active = call.parameters.flag('active')
  const standard = call.parameters.flag('is_default')
  return listPage(
    call,
    call.state.portalConfigurations,
    'configuration',
    '/v1/billing_portal/configurations',
    {
      where: (row) =>
        (active === undefined || row.active === active) &&
        (standard === undefined || row.is_default === standard),
    },
  )
}

function createConfiguration(call: Call): PortalConfiguration {
  const { parameters, state } = call
  const blank = makePortalConfiguration({
    id: state.ids.next('bpc'),
    created: state.now(),
    livemode: state.livemode,
    // The first one made is the default, as in an account that saved its portal settings once.
    is_default: state.portalConfigurations.size === 0,
    metadata: mergeMetadata({}, parameters),
  })
  const configuration = Object.assign(blank, fieldsOf(call, blank))
  state.portalConfigurations.insert(configuration)
  state.emit('billing_portal.configuration.created', configuration)
  return configuration
}

function updateConfiguration(call: Call): PortalConfiguration {
  const { parameters, state } = call
  const configuration = foundConfiguration(call)
  const patch = {
    ...fieldsOf(call, configuration),
    ...given<PortalConfiguration>(parameters, ['active']),
    metadata: mergeMetadata(configuration.metadata, parameters),
    updated: state.now(),
  }
  if (configuration.is_default && patch.active === false) {
    throw badRequest('You cannot deactivate the default configuration.', 'active')
  }
  change(state, state.portalConfigurations, configuration, patch, 'billing_portal.configuration.updated')
  return configuration
}

function fieldsOf(call: Call, old: PortalConfiguration): Partial<PortalConfiguration> {
  const { parameters } = call
  const profile = parameters.object('business_profile')
  const features = parameters.json('features')
  const login = parameters.object('login_page')?.flag('enabled')
  return {
    ...given<PortalConfiguration>(parameters, ['default_return_url', 'name']),
    ...(profile === undefined
      ? {}
      : {
          business_profile: {
            ...old.business_profile,
            ...given<PortalConfiguration['business_profile']>(profile, [
              'headline',
              'privacy_policy_url',
              'terms_of_service_url',
            ]),
          },
        }),
    ...(features === undefined || features === null
      ? {}
      : { features: mergeFeatures(old.features, features) }),
    ...(login === undefined
      ? {}
      : { login_page: { enabled: login, url: login ? `${call.origin}/p/login` : null } }),
  }
}

function mergeFeatures(old: JsonObject, asked: JsonObject): JsonObject {
  const merged: JsonObject = { ...old }
  for (const [name, feature] of Object.entries(asked)) {
    merged[name] = { ...(old[name] as JsonObject), ...(feature as JsonObject) }
  }
  return merged
}

function createSession(call: Call): PortalSession {
  const { origin, parameters, state } = call
  const customer = find(
    state,
    state.customers,
    'customer',
    parameters.needText('customer'),
    asParameter('customer'),
  )
  const configuration = configurationFor(call)
  const id = state.ids.next('bps')
  const session = makePortalSession({
    id,
    created: state.now(customer.test_clock),
    configuration: configuration.id,
    customer: customer.id,
    flow: flowOf(call),
    livemode: state.livemode,
    url: `${origin}/p/session/${id}`,
    ...given<PortalSession>(parameters, ['locale', 'on_behalf_of']),
    return_url: parameters.text('return_url') ?? configuration.default_return_url,
  })
  state.portalSessions.insert(session)
  state.emit('billing_portal.session.created', session)
  return session
}

function configurationFor(call: Call): PortalConfiguration {
  const { parameters, state } = call
  const named = parameters.text('configuration')
  if (named !== undefined) {
    return find(state, state.portalConfigurations, 'configuration', named, asParameter('configuration'))
  }
  const standard = state.portalConfigurations.all().find((row) => row.is_default)
  if (standard !== undefined) return standard
  const [mode, path] = state.livemode ? ['live', ''] : ['test', 'test/']
  throw badRequest(
    `No configuration provided and your ${mode} mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in ${mode} mode at https://dashboard.stripe.com/${path}settings/billing/portal.`,
  )
}

function flowOf(call: Call): JsonObject | null {
  const { parameters, state } = call
  const asked = parameters.object('flow_data')
  if (asked === undefined) return null
  const completion = asked.object('after_completion')
  const part = (name: string): JsonObject | null => {
    const named = asked.object(name)
    if (named === undefined) return null
    const subscription = named.text('subscription')
    if (subscription !== undefined) {
      find(state, state.subscriptions, 'subscription', subscription, asParameter(named.path('subscription')))
    }
    return named.values as JsonObject
  }
  const cancel = part('subscription_cancel')
  const confirm = part('subscription_update_confirm')
  return {
    after_completion: {
      hosted_confirmation: completion?.json('hosted_confirmation') ?? null,
      redirect: completion?.json('redirect') ?? null,
      type: completion?.text('type') ?? 'portal_homepage',
    },
    customer_update: null,
    subscription_cancel: cancel === null ? null : { retention: null, ...cancel },
    subscription_pause: part('subscription_pause'),
    subscription_update: part('subscription_update'),
    subscription_update_confirm: confirm === null ? null : { discounts: null, ...confirm },
    type: asked.needText('type'),
  }
}

function foundConfiguration(call: Call): PortalConfiguration {
  return find(call.state, call.state.portalConfigurations, 'configuration', pathId(call), IN_PATH)
}
