import { jsonField, jsonText } from './json-field.ts'

/** What an event of Stripe comes to: whose billing to look at. Nothing of what it says is believed. */
export interface StripeEvent {
  readonly id: string
  readonly type: string
  readonly livemode: boolean
  readonly account: string | null
  /** The customer to look at; `null`: it concerns none, or names only an object that has one. */
  readonly customerId: string | null
  /** Where only an object is named, as thin events do: the object's path at Stripe. */
  readonly objectPath: string | null
  readonly keys: readonly string[]
}

/**
 * Reads an event in either of Stripe's shapes: the snapshot (`event`), which holds the object, and the thin one
 * (`v2.core.event`), which names it. https://docs.stripe.com/event-destinations
 *
 * @returns `null` when it is neither.
 */
export async function readStripeEvent(json: unknown): Promise<StripeEvent | null> {
  const kind = jsonText(json, 'object')
  const id = jsonText(json, 'id')
  const type = jsonText(json, 'type')
  const livemode = jsonField(json, 'livemode')
  if (!id || !type || typeof livemode !== 'boolean') return null
  if (kind === 'event') return { id, type, livemode, ...(await snapshotOf(json, id, type)) }
  if (kind === 'v2.core.event') return { id, type, livemode, ...thinOf(json, id) }
  return null
}

type Rest = Pick<StripeEvent, 'account' | 'customerId' | 'objectPath' | 'keys'>

async function snapshotOf(json: unknown, id: string, type: string): Promise<Rest> {
  const object = jsonField(json, 'data', 'object')
  const created = jsonField(json, 'created')
  // Two Event objects for one change differ in their ids alone; two changes within a second differ in the object.
  const twin = `${type}:${created}:${await digest(JSON.stringify(jsonField(json, 'data')))}`
  return {
    account: jsonText(json, 'account'),
    customerId: customerIn(object),
    objectPath: null,
    keys: [id, twin],
  }
}

function thinOf(json: unknown, id: string): Rest {
  const related = jsonText(json, 'related_object', 'type')
  const relatedId = jsonText(json, 'related_object', 'id')
  const snapshot = jsonText(json, 'snapshot_event')
  return {
    account: jsonText(json, 'context'),
    customerId: related === 'customer' ? relatedId : null,
    objectPath: related === 'customer' ? null : jsonText(json, 'related_object', 'url'),
    // Several thin events tell of the change that one snapshot event tells of.
    keys: snapshot ? [id, snapshot] : [id],
  }
}

/** The customer that an object of Stripe is, or belongs to. */
export function customerIn(object: unknown): string | null {
  const own = jsonText(object, 'object') === 'customer' ? jsonText(object, 'id') : null
  return own ?? jsonText(object, 'customer') ?? jsonText(object, 'customer', 'id')
}

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
