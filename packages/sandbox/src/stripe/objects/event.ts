import type { Born, Json, JsonObject } from './wire.ts'

/** A change, with the object as it was right after it. */
export interface Event {
  id: string
  object: 'event'
  api_version: string | null
  created: number
  data: { object: JsonObject; previous_attributes?: JsonObject }
  livemode: boolean
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null } | null
  type: string
}

/** A change told by id only; the reader fetches the object. `created` is ISO 8601. */
export interface ThinEvent {
  id: string
  object: 'v2.core.event'
  changes?: { [key: string]: Json }
  created: string
  livemode: boolean
  reason?: { request: { id: string; idempotency_key: string }; type: 'request' }
  related_object: { id: string; type: string; url: string } | null
  snapshot_event?: string
  type: string
}

/** A whole event. `pending_webhooks` is 0 until endpoints are due it. */
export function makeEvent(fields: Born & { type: string; data: Event['data'] } & Partial<Event>): Event {
  const event: Event = {
    id: fields.id,
    object: 'event',
    api_version: null,
    created: fields.created,
    data: fields.data,
    livemode: false,
    pending_webhooks: 0,
    request: null,
    type: fields.type,
  }
  return Object.assign(event, fields)
}
