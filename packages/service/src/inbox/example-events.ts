import { createHmac } from 'node:crypto'
import { systemClock } from '../adapters/system.ts'
import type { Provider } from './event.ts'

/** Signing secrets as the providers make them. */
export const stripeSecret = 'whsec_4Nvq1xkzPpZ0o7yQm2sT8dWbE5hJc9Lr'
export const clerkSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

/** A snapshot event of Stripe, whole; by default a subscription that changed. */
export function stripeEvent(fields: {
  readonly id: string
  readonly type?: string
  readonly object?: Readonly<Record<string, unknown>>
  readonly created?: number
  readonly livemode?: boolean
  readonly account?: string
  readonly data?: Readonly<Record<string, unknown>>
}): string {
  const { id, type = 'customer.subscription.updated', created = 1_795_000_000, livemode = false } = fields
  const object = fields.object ?? { id: 'sub_1', object: 'subscription', customer: 'cus_1', status: 'active' }
  return JSON.stringify(
    {
      ...{ id, object: 'event', api_version: '2026-10-28.endive', created },
      data: { object, ...fields.data },
      ...{ livemode, pending_webhooks: 1, request: { id: null, idempotency_key: null }, type },
      ...(fields.account ? { account: fields.account } : {}),
    },
    null,
    2,
  )
}

/** A thin event of Stripe, whole; by default that a subscription changed. */
export function thinEvent(fields: {
  readonly id: string
  readonly type?: string
  readonly related?: { readonly id: string; readonly type: string } | null
  readonly created?: string
  readonly snapshotEvent?: string
  readonly context?: string
}): string {
  const { id, type = 'v1.customer.subscription.updated', created = '2026-11-18T11:06:40.512Z' } = fields
  const related = fields.related === undefined ? { id: 'sub_1', type: 'subscription' } : fields.related
  return JSON.stringify({
    ...{ id, object: 'v2.core.event', type, livemode: false, created },
    related_object: related && { ...related, url: `/v1/${related.type}s/${related.id}` },
    ...(fields.snapshotEvent ? { snapshot_event: fields.snapshotEvent } : {}),
    ...(fields.context ? { context: fields.context } : {}),
  })
}

/** An event of Clerk, whole; by default a user who changed. */
export function clerkEvent(
  fields: { readonly type?: string; readonly data?: Readonly<Record<string, unknown>> } = {},
): string {
  return JSON.stringify({
    data: fields.data ?? { id: 'user_1', object: 'user' },
    event_attributes: { http_request: { client_ip: '', user_agent: '' } },
    ...{ instance_id: 'ins_1', object: 'event', timestamp: 1_795_000_000_000 },
    type: fields.type ?? 'user.updated',
  })
}

/** A request as the provider sends it, signed now. */
export function signedRequest(
  provider: Provider,
  body: string,
  options: { readonly secret?: string; readonly at?: Date; readonly messageId?: string } = {},
): Request {
  const seconds = Math.floor((options.at ?? systemClock.now()).getTime() / 1000)
  const headers =
    provider === 'stripe'
      ? stripeHeaders(body, seconds, options.secret)
      : clerkHeaders(body, seconds, options)
  return new Request(`http://localhost/api/webhooks/${provider}/prj`, { method: 'POST', body, headers })
}

function stripeHeaders(body: string, seconds: number, secret = stripeSecret): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return { 'stripe-signature': `t=${seconds},v1=${signature}`, 'content-type': 'application/json' }
}

function clerkHeaders(
  body: string,
  seconds: number,
  { secret = clerkSecret, messageId = 'msg_1' }: { readonly secret?: string; readonly messageId?: string },
): Record<string, string> {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${messageId}.${seconds}.${body}`).digest('base64')
  return {
    'svix-id': messageId,
    'svix-timestamp': String(seconds),
    'svix-signature': `v1,${signature}`,
    'content-type': 'application/json',
  }
}
