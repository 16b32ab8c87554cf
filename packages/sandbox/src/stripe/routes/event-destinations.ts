import { pageLimit } from '../answer/list.ts'
import { type EventDestination, makeEventDestination } from '../objects/event-destination.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { given } from '../request/given.ts'
import { mergeMetadata } from '../request/metadata.ts'
import type { ParameterTable } from '../request/parameter-table.ts'
import { API_VERSION } from '../state.ts'
import { badRequest, missingParameter, StripeError } from '../stripe-error.ts'

// These operations are not in the API description that the other tables come from.
const INCLUDE: ParameterTable = { include: { type: 'array', of: { type: 'string' } } }
const TEXTS: ParameterTable = {
  description: { type: 'string' },
  enabled_events: { type: 'array', of: { type: 'string' } },
  metadata: { type: 'map', clear: true },
  name: { type: 'string' },
  webhook_endpoint: { type: 'object', fields: { url: { type: 'string', required: true } } },
}
const CREATE: ParameterTable = {
  ...INCLUDE,
  ...TEXTS,
  enabled_events: { type: 'array', of: { type: 'string' }, required: true },
  event_payload: { type: 'enum', values: ['snapshot', 'thin'], required: true },
  events_from: { type: 'array', of: { type: 'string' } },
  name: { type: 'string', required: true },
  snapshot_api_version: { type: 'string' },
  type: { type: 'enum', values: ['webhook_endpoint'], required: true },
}
const LIST: ParameterTable = { ...INCLUDE, limit: { type: 'number' }, page: { type: 'string' } }
type Texts = Pick<EventDestination, 'description' | 'enabled_events' | 'name'>

const KIND = 'v2.core.event_destination'
const reads = { permission: 'rak_webhook_read' }
const writes = { permission: 'rak_webhook_write' }

export const eventDestinationRoutes: readonly Route[] = [
  route('GET /v2/core/event_destinations', `${KIND}[]`, listDestinations, { ...reads, parameters: LIST }),
  route('POST /v2/core/event_destinations', KIND, createDestination, { ...writes, parameters: CREATE }),
  route('GET /v2/core/event_destinations/{id}', KIND, (call) => shown(call, found(call)), {
    ...reads,
    parameters: INCLUDE,
  }),
  route('POST /v2/core/event_destinations/{id}', KIND, updateDestination, {
    ...writes,
    parameters: { ...INCLUDE, ...TEXTS },
  }),
  route('DELETE /v2/core/event_destinations/{id}', KIND, deleteDestination, { ...writes, parameters: {} }),
  route('POST /v2/core/event_destinations/{id}/disable', KIND, (call) => setStatus(call, 'disabled'), {
    ...writes,
    parameters: {},
  }),
  route('POST /v2/core/event_destinations/{id}/enable', KIND, (call) => setStatus(call, 'enabled'), {
    ...writes,
    parameters: {},
  }),
]

function listDestinations(call: Call) {
  const { parameters, state } = call
  const token = parameters.text('page')
  const after = token === undefined ? undefined : state.eventDestinations.get(token)
  if (token !== undefined && after === undefined) throw badRequest(`Invalid page token: ${token}`, 'page')
  const limit = pageLimit(call)
  const page = state.eventDestinations.page({
    limit,
    ...(after === undefined ? {} : { startingAfter: after }),
  })
  const last = page.rows.at(-1)
  const next = page.hasMore && last !== undefined ? last.id : null
  return {
    data: page.rows.map((row) => shown(call, row)),
    next_page_url: next === null ? null : `/v2/core/event_destinations?limit=${limit}&page=${next}`,
    previous_page_url: null,
  }
}

function createDestination(call: Call): object {
  const { parameters, state } = call
  const url = parameters.object('webhook_endpoint')?.text('url')
  if (url === undefined) throw missingParameter('webhook_endpoint[url]')
  const payload = parameters.word<EventDestination['event_payload']>('event_payload') ?? 'thin'
  const destination = makeEventDestination({
    id: state.ids.next(state.livemode ? 'ed' : 'ed_test'),
    created: state.now(),
    livemode: state.livemode,
    secret: `whsec_${state.ids.random(32)}`,
    url,
    event_payload: payload,
    metadata: mergeMetadata({}, parameters),
    snapshot_api_version:
      payload === 'snapshot' ? (parameters.text('snapshot_api_version') ?? API_VERSION) : null,
    ...given<Texts & { events_from: string[] }>(parameters, [
      'description',
      'enabled_events',
      'events_from',
      'name',
    ]),
  })
  return shown(call, state.eventDestinations.insert(destination))
}

function updateDestination(call: Call): object {
  const { parameters, state } = call
  const destination = found(call)
  const url = parameters.object('webhook_endpoint')?.text('url')
  state.eventDestinations.update(destination, {
    ...given<Texts>(parameters, ['description', 'enabled_events', 'name']),
    metadata: mergeMetadata(destination.metadata, parameters),
    ...(url === undefined ? {} : { webhook_endpoint: { ...destination.webhook_endpoint, url } }),
  })
  return shown(call, destination)
}

function deleteDestination(call: Call): object {
  const { id } = found(call)
  call.state.eventDestinations.delete(id)
  return { id, object: KIND }
}

function setStatus(call: Call, status: EventDestination['status']): object {
  return shown(call, call.state.eventDestinations.update(found(call), { status }))
}

function found(call: Call): EventDestination {
  const destination = call.state.eventDestinations.get(pathId(call))
  if (destination !== undefined) return destination
  throw new StripeError(404, `Event destination ${pathId(call)} not found.`, { code: 'not_found' })
}

/** The url and the secret are shown only where `include` asks for them. */
function shown(call: Call, destination: EventDestination): object {
  const included = call.parameters.texts('include') ?? []
  const { signing_secret, url } = destination.webhook_endpoint
  return {
    ...destination,
    webhook_endpoint: {
      ...(included.includes('webhook_endpoint.signing_secret') ? { signing_secret } : {}),
      ...(included.includes('webhook_endpoint.url') ? { url } : {}),
    },
  }
}
