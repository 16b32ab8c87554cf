import type { Metadata } from './wire.ts'

/** Where events of API v2 are sent: thin ones, or snapshots. `created` is ISO 8601. */
export interface EventDestination {
  id: string
  object: 'v2.core.event_destination'
  created: string
  description: string
  enabled_events: string[]
  event_payload: 'snapshot' | 'thin'
  events_from: string[]
  livemode: boolean
  metadata: Metadata
  name: string
  snapshot_api_version: string | null
  status: 'disabled' | 'enabled'
  type: 'webhook_endpoint'
  /** The secret is stored here, and answered only where it is asked for by `include`. */
  webhook_endpoint: { signing_secret: string; url: string }
}

/** A whole event destination: all thin events, to one url. `created` is in Unix seconds here. */
export function makeEventDestination(
  fields: { id: string; created: number; url: string; secret: string } & Partial<
    Omit<EventDestination, 'created' | 'webhook_endpoint'>
  >,
): EventDestination {
  const { created, url, secret, ...rest } = fields
  const destination: EventDestination = {
    id: fields.id,
    object: 'v2.core.event_destination',
    created: new Date(created * 1000).toISOString(),
    description: '',
    enabled_events: ['*'],
    event_payload: 'thin',
    events_from: ['self'],
    livemode: false,
    metadata: {},
    name: 'Sandbox',
    snapshot_api_version: null,
    status: 'enabled',
    type: 'webhook_endpoint',
    webhook_endpoint: { signing_secret: secret, url },
  }
  return Object.assign(destination, rest)
}
