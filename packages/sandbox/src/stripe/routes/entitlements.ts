import { listPage } from '../answer/list.ts'
import { type Feature, makeFeature } from '../objects/entitlement.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { asParameter, find, IN_PATH } from '../request/find.ts'
import { given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import { badRequest } from '../stripe-error.ts'

export const entitlementRoutes: readonly Route[] = [
  route('GET /v1/entitlements/features', 'entitlements.feature[]', listFeatures),
  route('POST /v1/entitlements/features', 'entitlements.feature', createFeature),
  route('GET /v1/entitlements/features/{id}', 'entitlements.feature', foundFeature),
  route('POST /v1/entitlements/features/{id}', 'entitlements.feature', updateFeature),
  route('GET /v1/entitlements/active_entitlements', 'entitlements.active_entitlement[]', listActive),
  route('GET /v1/entitlements/active_entitlements/{id}', 'entitlements.active_entitlement', (call) =>
    find(call.state, call.state.activeEntitlements, 'active entitlement', pathId(call), IN_PATH),
  ),
]

function listFeatures(call: Call) {
  const { parameters, state } = call
  const archived = parameters.flag('archived') ?? false
  const key = parameters.text('lookup_key')
  return listPage(call, state.features, 'entitlements feature', '/v1/entitlements/features', {
    where: (row) => row.active !== archived && (key === undefined || row.lookup_key === key),
  })
}

function createFeature(call: Call): Feature {
  const { parameters, state } = call
  const key = parameters.needText('lookup_key')
  if (state.features.by('lookup_key', key).some((feature) => feature.active)) {
    throw badRequest(`An active feature already uses the lookup key "${key}".`, 'lookup_key')
  }
  const feature = makeFeature({
    id: state.ids.next('feat'),
    lookup_key: key,
    livemode: state.livemode,
    name: parameters.needText('name'),
    metadata: mergeMetadata({}, parameters),
  })
  return state.features.insert(feature)
}

function updateFeature(call: Call): Feature {
  const { parameters, state } = call
  const feature = foundFeature(call)
  state.features.update(feature, {
    ...given<Feature>(parameters, ['active', 'name']),
    metadata: mergeMetadata(feature.metadata, parameters),
  })
  return feature
}

function foundFeature(call: Call): Feature {
  return find(call.state, call.state.features, 'entitlements feature', pathId(call), IN_PATH)
}

function listActive(call: Call) {
  const { parameters, state } = call
  const customer = find(
    state,
    state.customers,
    'customer',
    parameters.needText('customer'),
    asParameter('customer'),
  )
  return listPage(
    call,
    state.activeEntitlements,
    'active entitlement',
    '/v1/entitlements/active_entitlements',
    { by: ['customer', customer.id] },
  )
}
