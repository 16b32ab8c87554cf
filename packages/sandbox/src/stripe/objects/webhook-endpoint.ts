import type { Born, Metadata } from './wire.ts'

/** Where events are sent. `secret` is stored here but answered only at creation. */
export interface WebhookEndpoint {
  id: string
  object: 'webhook_endpoint'
  api_version: string | null
  application: string | null
  created: number
  description: string | null
  enabled_events: string[]
  livemode: boolean
  metadata: Metadata
  secret?: string
  status: 'disabled' | 'enabled'
  url: string
}

/** A whole webhook endpoint for all events. */
export function makeWebhookEndpoint(
  fields: Born & { url: string; secret: string } & Partial<WebhookEndpoint>,
): WebhookEndpoint {
  const endpoint: WebhookEndpoint = {
    id: fields.id,
    object: 'webhook_endpoint',
    api_version: null,
    application: null,
    created: fields.created,
    description: null,
    enabled_events: ['*'],
    livemode: false,
    metadata: {},
    secret: fields.secret,
    status: 'enabled',
    url: fields.url,
  }
  return Object.assign(endpoint, fields)
}
