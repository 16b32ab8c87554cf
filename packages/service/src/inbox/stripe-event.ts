import { createHash } from 'node:crypto'
import type { Change, IncomingEvent, Target, UnreadableEvent } from './event.ts'
import { idAt, objectAt, textAt } from './fields.ts'
import { withoutSecrets } from './without-secrets.ts'

/** What to look for in the data of a snapshot event, to find whom it is about. */
type Names =
  /** The object is the customer. */
  | 'itself'
  /** The object names its customer. */
  | 'customer'
  /** The object names the charge or payment that was paid by its customer. */
  | 'payment'

interface ActedOn {
  readonly type: RegExp
  readonly names: Names
}

/**
 * The types from which a check follows (https://docs.stripe.com/api/events/types). The later payment of a Checkout
 * Session counts like its completion: a one-off purchase is paid only then.
 */
const actedOn: readonly ActedOn[] = [
  {
    type: /^checkout\.session\.(?:completed|async_payment_succeeded|async_payment_failed)$/,
    names: 'customer',
  },
  { type: /^customer\.subscription\.\w+$/, names: 'customer' },
  { type: /^customer\.(?:updated|deleted)$/, names: 'itself' },
  { type: /^invoice\.(?:paid|payment_failed)$/, names: 'customer' },
  { type: /^entitlements\.active_entitlement_summary\.\w+$/, names: 'customer' },
  { type: /^charge\.refunded$/, names: 'customer' },
  { type: /^refund\.\w+$/, names: 'payment' },
  { type: /^charge\.dispute\.\w+$/, names: 'payment' },
  { type: /^subscription_schedule\.\w+$/, names: 'customer' },
]

/** All types of snapshot events that are acted on, by name, as `GET /v1/events` takes them: at most 20 a request. */
export const stripeTypesActedOn: readonly (readonly string[])[] = [
  [
    'checkout.session.completed',
    'checkout.session.async_payment_succeeded',
    'checkout.session.async_payment_failed',
    'customer.subscription.created',
    'customer.subscription.updated',
    'customer.subscription.deleted',
    'customer.subscription.paused',
    'customer.subscription.resumed',
    'customer.subscription.trial_will_end',
    'customer.subscription.pending_update_applied',
    'customer.subscription.pending_update_expired',
    'customer.updated',
    'customer.deleted',
    'invoice.paid',
    'invoice.payment_failed',
    'entitlements.active_entitlement_summary.updated',
    'charge.refunded',
  ],
  [
    'refund.created',
    'refund.updated',
    'refund.failed',
    'charge.dispute.created',
    'charge.dispute.updated',
    'charge.dispute.closed',
    'charge.dispute.funds_withdrawn',
    'charge.dispute.funds_reinstated',
    'subscription_schedule.aborted',
    'subscription_schedule.canceled',
    'subscription_schedule.completed',
    'subscription_schedule.created',
    'subscription_schedule.expiring',
    'subscription_schedule.released',
    'subscription_schedule.updated',
  ],
]

/** What of Stripe can be asked for by its id to learn its customer. */
const objectsWithCustomer = new Set([
  'subscription',
  'invoice',
  'checkout.session',
  'charge',
  'payment_intent',
  'refund',
  'dispute',
  'subscription_schedule',
])

/**
 * Takes an event of Stripe apart, a snapshot or a thin one. Only ids are read: whom it is about, and by what its twin
 * is known. `raw` is the text of `json`.
 */
export function readStripeEvent(json: unknown, raw: string): IncomingEvent | UnreadableEvent {
  const form = textAt(json, 'object')
  if (form === 'event') return readSnapshot(json, raw)
  if (form === 'v2.core.event') return readThin(json, raw)
  return { unreadable: 'it is neither an event nor a thin event of Stripe' }
}

function readSnapshot(json: unknown, raw: string): IncomingEvent | UnreadableEvent {
  const data = objectAt(json, 'data')
  const object = objectAt(data, 'object')
  const created = objectAt(json)?.created
  const envelope = readEnvelope(json, typeof created === 'number' ? new Date(created * 1000) : null)
  if ('unreadable' in envelope) return envelope
  if (!object) return { unreadable: 'it has no data.object' }
  const objectId = idAt(object, 'id')
  const names = namesOf(envelope.type)
  const target = names && targetIn(object, names)
  return {
    ...envelope,
    account: idAt(json, 'account'),
    objectId,
    target,
    noEffect: names ? (target ? null : 'nobody-named') : 'type-not-acted-on',
    change: target && {
      form: 'snapshot',
      data: `data:${digest(`${envelope.type}\n${envelope.createdAt.getTime()}\n${JSON.stringify(data)}`)}`,
      moment: momentOf(envelope.type, objectId ?? target.id, envelope.createdAt),
      snapshotEvent: null,
    },
    payload: withoutSecrets(json, raw),
  }
}

function readThin(json: unknown, raw: string): IncomingEvent | UnreadableEvent {
  const created = textAt(json, 'created')
  const envelope = readEnvelope(json, created === null ? null : new Date(created))
  if ('unreadable' in envelope) return envelope
  const related = objectAt(json, 'related_object')
  const objectId = idAt(related, 'id')
  const type = envelope.type.replace(/^v1\./, '')
  const isActedOn = envelope.type.startsWith('v1.') && namesOf(type) !== null
  const target = isActedOn ? thinTarget(textAt(related, 'type'), objectId) : null
  return {
    ...envelope,
    // `context` names the account, or for an organization `<organization>/<account>`.
    account: idAt(json, 'context')?.split('/').at(-1) ?? null,
    objectId,
    target,
    noEffect: isActedOn ? (target ? null : 'nobody-named') : 'type-not-acted-on',
    change: target && {
      form: 'thin',
      data: null,
      moment: momentOf(type, objectId ?? '', envelope.createdAt),
      snapshotEvent: idAt(json, 'snapshot_event'),
    },
    payload: withoutSecrets(json, raw),
  }
}

type Envelope = Pick<
  IncomingEvent,
  'provider' | 'eventId' | 'type' | 'createdAt' | 'livemode' | 'deletedSubject'
>

function readEnvelope(json: unknown, createdAt: Date | null): Envelope | UnreadableEvent {
  const eventId = textAt(json, 'id')
  const type = textAt(json, 'type')
  const livemode = objectAt(json)?.livemode
  if (!eventId || !/^\w{1,255}$/.test(eventId)) return { unreadable: 'it has no id' }
  if (!type || !/^[\w.]{1,255}$/.test(type)) return { unreadable: 'it has no type' }
  if (!createdAt || Number.isNaN(createdAt.getTime()))
    return { unreadable: 'it does not say when it was created' }
  if (typeof livemode !== 'boolean') return { unreadable: 'it does not say its mode (livemode)' }
  return { provider: 'stripe', eventId, type, createdAt, livemode, deletedSubject: null }
}

function namesOf(type: string): Names | null {
  return actedOn.find((each) => each.type.test(type))?.names ?? null
}

function targetIn(object: object, names: Names): Target | null {
  switch (names) {
    case 'itself':
      return customer(idAt(object, 'id'))
    case 'customer':
      return customer(idAt(object, 'customer'))
    case 'payment': {
      const charge = idAt(object, 'charge')
      if (charge) return { kind: 'object', id: `charge:${charge}` }
      const intent = idAt(object, 'payment_intent')
      return intent ? { kind: 'object', id: `payment_intent:${intent}` } : null
    }
  }
}

function thinTarget(type: string | null, id: string | null): Target | null {
  if (!type || !id) return null
  if (type === 'customer') return customer(id)
  return objectsWithCustomer.has(type) ? { kind: 'object', id: `${type}:${id}` } : null
}

function customer(id: string | null): Target | null {
  return id === null ? null : { kind: 'customer', id }
}

function momentOf(type: string, objectId: string, createdAt: Date): Change['moment'] {
  return `moment:${type}:${objectId}:${Math.floor(createdAt.getTime() / 1000)}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 27)
}
