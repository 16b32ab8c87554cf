import { listPage, pageLimit } from '../answer/list.ts'
import type { Event, ThinEvent } from '../objects/event.ts'
import { type Call, pathId, type Route, route } from '../request/call.ts'
import { find, IN_PATH } from '../request/find.ts'
import type { ParameterTable } from '../request/parameter-table.ts'
import { badRequest, StripeError } from '../stripe-error.ts'
import type { TimeRange } from '../table.ts'

const KEPT_SECONDS = 30 * 86_400
const MOST_TYPES = 20

const THIN: ParameterTable = {
  object_id: { type: 'string' },
  limit: { type: 'number' },
  page: { type: 'string' },
  created: { type: 'map', of: { type: 'string' } },
  types: { type: 'array', of: { type: 'string' } },
}
const readsEvents = { permission: 'rak_event_read' }

export const eventRoutes: readonly Route[] = [
  route('GET /v1/events', 'event[]', listEvents),
  route('GET /v1/events/{id}', 'event', (call) =>
    find(call.state, call.state.events, 'event', pathId(call), IN_PATH),
  ),
  route('GET /v2/core/events', 'v2.core.event[]', listThinEvents, { ...readsEvents, parameters: THIN }),
  route('GET /v2/core/events/{id}', 'v2.core.event', foundThinEvent, readsEvents),
]

function listEvents(call: Call) {
  const { parameters, state } = call
  const type = parameters.text('type')
  const types = parameters.texts('types')
  if (types !== undefined && types.length > MOST_TYPES) {
    throw badRequest(`You can pass at most ${MOST_TYPES} types, but passed ${types.length}.`, 'types')
  }
  if (type !== undefined && types !== undefined) {
    throw badRequest('You may only specify one of these parameters: type, types.', 'types')
  }
  const wanted = types ?? (type === undefined ? null : [type])
  const delivered = parameters.flag('delivery_success')
  const matches = wanted === null ? null : typeMatcher(wanted)
  return listPage(call, state.events, 'event', '/v1/events', {
    created: sinceKept(state.now(), parameters.range('created')),
    where: (row: Event) =>
      (matches === null || matches(row.type)) &&
      (delivered === undefined || state.undelivered.has(row.id) !== delivered),
  })
}

/** A type matches by its name, or by a pattern such as `customer.subscription.*`. */
function typeMatcher(patterns: readonly string[]): (type: string) => boolean {
  const names = new Set(patterns)
  const prefixes = patterns.filter((one) => one.endsWith('*')).map((one) => one.slice(0, -1))
  return (type) => names.has(type) || prefixes.some((prefix) => type.startsWith(prefix))
}

// Events can be listed for 30 days.
function sinceKept(now: number, range: TimeRange = {}): TimeRange {
  return { ...range, gte: Math.max(range.gte ?? 0, now - KEPT_SECONDS) }
}

/** v2 lists have no `has_more`: the next page is a url, or null. */
function listThinEvents(call: Call) {
  const { parameters, state } = call
  const limit = pageLimit(call)
  const object = parameters.text('object_id')
  const types = parameters.texts('types')
  const matches = types === undefined ? null : typeMatcher(types)
  const token = parameters.text('page')
  const after =
    token === undefined ? undefined : state.thinEvents.get(Buffer.from(token, 'base64url').toString())
  if (token !== undefined && after === undefined) throw badRequest(`Invalid page token: ${token}`, 'page')
  const page = state.thinEvents.page({
    limit,
    created: thinRange(parameters.json('created') ?? {}),
    ...(after === undefined ? {} : { startingAfter: after }),
    where: (row) =>
      (object === undefined || row.related_object?.id === object) && (matches === null || matches(row.type)),
  })
  const last = page.rows.at(-1)
  return {
    data: page.rows,
    next_page_url: page.hasMore && last !== undefined ? pageUrl(call, last) : null,
    previous_page_url: null,
  }
}

function pageUrl(call: Call, last: ThinEvent): string {
  const query = new URLSearchParams()
  for (const name of ['object_id', 'limit'] as const) {
    const value = call.parameters.values[name]
    if (value !== undefined && value !== null) query.set(name, String(value))
  }
  for (const [at, type] of (call.parameters.texts('types') ?? []).entries()) query.set(`types[${at}]`, type)
  for (const [name, value] of Object.entries(call.parameters.json('created') ?? {})) {
    query.set(`created[${name}]`, String(value))
  }
  query.set('page', Buffer.from(last.id).toString('base64url'))
  return `/v2/core/events?${query}`
}

// v2 times are ISO 8601; the table counts thin events in milliseconds.
function thinRange(asked: { readonly [name: string]: unknown }): TimeRange {
  const range: { gt?: number; gte?: number; lt?: number; lte?: number } = {}
  for (const name of ['gt', 'gte', 'lt', 'lte'] as const) {
    const value = asked[name]
    if (value === undefined) continue
    const time = Date.parse(String(value))
    if (Number.isNaN(time)) throw badRequest(`Invalid timestamp: ${String(value)}`, `created[${name}]`)
    range[name] = time
  }
  return range
}

function foundThinEvent(call: Call): ThinEvent {
  const event = call.state.thinEvents.get(pathId(call))
  if (event !== undefined) return event
  throw new StripeError(404, `Event ${pathId(call)} not found.`, { code: 'not_found' })
}
