import type { Event, ThinEvent } from './objects/event.ts'
import { resourceUrl } from './resource-url.ts'
import type { StripeState } from './state.ts'

/**
 * The thin events of a snapshot event: first its twin (`v1.` and the same type, linked by `snapshot_event`), then the
 * finer ones that exist only as thin events, such as `v1.customer.subscription.past_due` when an update brought that
 * status.
 */
export function thinEventsOf(
  state: StripeState,
  event: Event,
  object: { id?: string; object: string },
): ThinEvent[] {
  const url = object.id === undefined ? null : resourceUrl(object.object, object.id)
  const related = object.id === undefined || url === null ? null : { id: object.id, type: object.object, url }
  const make = (type: string, twin: boolean): ThinEvent => {
    const thin: ThinEvent = {
      id: state.ids.next('evt'),
      object: 'v2.core.event',
      created: new Date(event.created * 1000).toISOString(),
      livemode: event.livemode,
      related_object: related,
      type,
    }
    if (twin) thin.snapshot_event = event.id
    const origin = event.request
    if (origin !== null && origin.id !== null) {
      thin.reason = {
        request: { id: origin.id, idempotency_key: origin.idempotency_key ?? '' },
        type: 'request',
      }
    }
    return thin
  }
  return [make(`v1.${event.type}`, true), ...finerTypes(event).map((type) => make(type, false))]
}

function finerTypes(event: Event): string[] {
  const before = event.data.previous_attributes
  if (event.type !== 'customer.subscription.updated' || before === undefined) return []
  const types: string[] = []
  const status = event.data.object.status
  // Events of their own tell these two: `customer.subscription.deleted` and `customer.subscription.paused`.
  const told = status === 'canceled' || status === 'paused'
  if ('status' in before && typeof status === 'string' && !told) {
    types.push(`v1.customer.subscription.${status}`)
  }
  if ('cancel_at' in before) types.push('v1.customer.subscription.cancel_at_changed')
  if ('default_payment_method' in before) {
    types.push('v1.customer.subscription.default_payment_method_changed')
  }
  return types
}
