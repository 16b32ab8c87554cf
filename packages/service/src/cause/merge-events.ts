import type { SeenEvent } from '@trueup/core'

/** An event about a customer as it came to our own endpoint, or as the sweep found it. */
export interface KeptEvent {
  readonly customerId: string
  readonly id: string
  readonly type: string
  readonly createdAt: Date
  readonly deliveries: number
  readonly receivedAt: Date
  readonly lastDeliveredAt: Date | null
  readonly pendingWebhooks: number | null
  readonly requestId: string | null
  readonly hasRequest: boolean
  readonly idempotencyKey: string | null
}

/** An event in Stripe's own list. */
export interface ListedEvent extends Pick<SeenEvent, 'id' | 'type' | 'createdAt' | 'askedBy'> {
  readonly customerId: string | null
  readonly pending: number | null
}

/** What the types of thin events begin with. */
export const thinTypes = 'v1.'

/** What was read of Stripe's list. */
export interface Listed {
  /** What some endpoint has not taken; where no snapshot events come to us, all. */
  readonly events: readonly ListedEvent[]
  /** Why the list is not whole; `null`: it is. */
  readonly problem: string | null
}

/**
 * What is known of events about these customers, from what came to us and from what Stripe lists beside it. Of the
 * endpoints that have not taken an event our own is left out, where snapshot events come to us and this one did not. An event
 * that is not among those some endpoint has not taken was taken by all, where that list was read whole.
 */
export function mergeEvents(
  kept: readonly KeptEvent[],
  { events: listed, problem }: Listed,
  about: {
    readonly customerIds: ReadonlySet<string>
    readonly isOurs: boolean
    readonly span: { readonly since: Date; readonly until: Date }
  },
): readonly { readonly customerId: string; readonly event: SeenEvent }[] {
  const { customerIds, isOurs, span } = about
  const pendingOf = new Map(listed.map(({ id, pending }) => [id, pending]))
  const pendingUnlisted = ({ type, createdAt, deliveries, pendingWebhooks }: KeptEvent): number | null => {
    // The list has the snapshot of a thin event, under another id.
    if (type.startsWith(thinTypes)) return null
    if (problem === null && createdAt >= span.since && createdAt <= span.until) return 0
    return deliveries > 0 ? null : pendingWebhooks
  }
  const came = kept.map((event) => {
    const isTaken = event.deliveries > 0
    const seen: SeenEvent = {
      id: event.id,
      type: event.type,
      createdAt: event.createdAt,
      firstDeliveredAt:
        isTaken && event.receivedAt <= (event.lastDeliveredAt ?? event.receivedAt) ? event.receivedAt : null,
      lastDeliveredAt: event.lastDeliveredAt,
      undelivered: othersMissing({
        pending: pendingOf.get(event.id) ?? pendingUnlisted(event),
        isOursMissing: isOurs && !isTaken,
      }),
      askedBy: askedBy(event),
    }
    return { customerId: event.customerId, event: seen }
  })
  const known = new Set(kept.map(({ id }) => id))
  const beside = listed.flatMap(({ customerId, pending, ...event }) => {
    if (customerId === null || !customerIds.has(customerId) || known.has(event.id)) return []
    const undelivered = othersMissing({ pending, isOursMissing: isOurs })
    return [{ customerId, event: { ...event, firstDeliveredAt: null, lastDeliveredAt: null, undelivered } }]
  })
  return [...came, ...beside]
}

/** Of the endpoints that have not taken an event, those that are not ours. */
function othersMissing({
  pending,
  isOursMissing,
}: {
  readonly pending: number | null
  readonly isOursMissing: boolean
}): number | null {
  if (pending === null) return null
  return isOursMissing ? Math.max(0, pending - 1) : pending
}

/** `request.id` is null where Stripe acted by itself (https://docs.stripe.com/api/events/object#event_object-request). */
export function askedBy({
  hasRequest,
  requestId,
  idempotencyKey,
}: Pick<KeptEvent, 'hasRequest' | 'requestId' | 'idempotencyKey'>): SeenEvent['askedBy'] {
  if (!hasRequest) return null
  if (requestId === null) return 'billing-itself'
  return idempotencyKey === null ? 'request-without-key' : 'request-with-key'
}
