import { listPage } from '../answer/list.ts'
import { makeWebhookEndpoint, type WebhookEndpoint } from '../objects/webhook-endpoint.ts'
import type { Deleted } from '../objects/wire.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { find, IN_PATH } from '../request/find.ts'
import { mergeMetadata } from '../request/metadata.ts'
import { badRequest } from '../stripe-error.ts'

export const webhookEndpointRoutes: readonly Route[] = [
  route('GET /v1/webhook_endpoints', 'webhook_endpoint[]', listEndpoints),
  route('POST /v1/webhook_endpoints', 'webhook_endpoint', createEndpoint),
  route('GET /v1/webhook_endpoints/{id}', 'webhook_endpoint', (call) => withoutSecret(foundEndpoint(call))),
  route('POST /v1/webhook_endpoints/{id}', 'webhook_endpoint', updateEndpoint),
  route('DELETE /v1/webhook_endpoints/{id}', 'webhook_endpoint', deleteEndpoint),
]

function listEndpoints(call: Call) {
  const page = listPage(call, call.state.webhookEndpoints, 'webhook endpoint', '/v1/webhook_endpoints')
  return { ...page, data: page.data.map(withoutSecret) }
}

/** Creates an endpoint. Only this answer shows the secret. */
function createEndpoint(call: Call): WebhookEndpoint {
  const { parameters, state } = call
  const endpoint = makeWebhookEndpoint({
    id: state.ids.next('we'),
    created: state.now(),
    api_version: parameters.text('api_version') ?? null,
    description: parameters.text('description') ?? null,
    enabled_events: enabledEvents(parameters.texts('enabled_events') ?? []),
    livemode: state.livemode,
    metadata: mergeMetadata({}, parameters),
    secret: `whsec_${state.ids.random(32)}`,
    url: checkedUrl(parameters.needText('url'), state.livemode),
  })
  return state.webhookEndpoints.insert(endpoint)
}

function updateEndpoint(call: Call): Omit<WebhookEndpoint, 'secret'> {
  const { parameters, state } = call
  const endpoint = foundEndpoint(call)
  const patch: Partial<WebhookEndpoint> = { metadata: mergeMetadata(endpoint.metadata, parameters) }
  const url = parameters.text('url')
  const events = parameters.texts('enabled_events')
  const disabled = parameters.flag('disabled')
  const description = parameters.textOrNull('description')
  if (url !== undefined) patch.url = checkedUrl(url, state.livemode)
  if (events !== undefined) patch.enabled_events = enabledEvents(events)
  if (disabled !== undefined) patch.status = disabled ? 'disabled' : 'enabled'
  if (description !== undefined) patch.description = description
  return withoutSecret(state.webhookEndpoints.update(endpoint, patch))
}

function deleteEndpoint(call: Call): Deleted {
  const endpoint = foundEndpoint(call)
  call.state.webhookEndpoints.delete(endpoint.id)
  return { id: endpoint.id, object: 'webhook_endpoint', deleted: true }
}

function withoutSecret(endpoint: WebhookEndpoint): Omit<WebhookEndpoint, 'secret'> {
  const { secret: _secret, ...shown } = endpoint
  return shown
}

function enabledEvents(events: string[]): string[] {
  if (events.length > 0) return events
  throw badRequest('You must pass at least one event type in `enabled_events`.', 'enabled_events')
}

function checkedUrl(url: string, livemode: boolean): string {
  const scheme = URL.canParse(url) ? new URL(url).protocol : ''
  if (scheme === 'https:' || (scheme === 'http:' && !livemode)) return url
  throw badRequest(
    livemode ? 'Invalid URL: An HTTPS URL is required in live mode.' : `Invalid URL: ${url}`,
    'url',
  )
}

function foundEndpoint(call: Call): WebhookEndpoint {
  return find(call.state, call.state.webhookEndpoints, 'webhook endpoint', pathId(call), IN_PATH)
}
