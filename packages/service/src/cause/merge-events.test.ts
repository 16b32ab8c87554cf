import { describe, expect, test } from 'vitest'
import type { KeptEvent, Listed, ListedEvent } from './merge-events.ts'
import { askedBy, mergeEvents } from './merge-events.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 5, 1, 12, minute))
const kept: KeptEvent = {
  customerId: 'cus_1',
  id: 'evt_1',
  type: 'customer.subscription.updated',
  createdAt: at(10),
  deliveries: 1,
  receivedAt: at(10),
  lastDeliveredAt: at(12),
  pendingWebhooks: null,
  requestId: null,
  hasRequest: true,
  idempotencyKey: null,
}
const swept: KeptEvent = { ...kept, deliveries: 0, lastDeliveredAt: null, pendingWebhooks: 2 }
const listed: ListedEvent = {
  id: 'evt_1',
  type: kept.type,
  createdAt: at(10),
  customerId: 'cus_1',
  pending: 1,
  askedBy: 'billing-itself',
}
const about = { customerIds: new Set(['cus_1']), isOurs: true, span: { since: at(0), until: at(30) } }
const list = (...events: ListedEvent[]): Listed => ({ events, problem: null })

describe('endpoints of others that have not taken an event', () => {
  const table: readonly (readonly [string, KeptEvent[], Listed, boolean, number | null])[] = [
    ['that came to us, and is listed as pending', [kept], list(listed), true, 1],
    ['that came to us, and is not in the list: none', [kept], list(), true, 0],
    [
      'that came to us, where the list was cut off: not known',
      [kept],
      { events: [], problem: 'cut' },
      true,
      null,
    ],
    [
      'that came to us, too young or old for the list: not known',
      [{ ...kept, createdAt: at(40) }],
      list(),
      true,
      null,
    ],
    ['that did not come to us: ours is one of the two', [swept], list({ ...listed, pending: 2 }), true, 1],
    ['that did not come to us: ours is the one', [swept], list(listed), true, 0],
    [
      'that the sweep found, where the list cannot be read: as the sweep saw it',
      [swept],
      { events: [], problem: 'unreachable' },
      true,
      1,
    ],
    ['that nobody sends to us', [], list(listed), false, 1],
    [
      'of which only the thin form comes to us: not known of that',
      [{ ...kept, type: 'v1.customer.subscription.updated', id: 'evt_thin' }],
      list(),
      true,
      null,
    ],
  ]
  test.each(table)('%s', (_case, known, stripe, isOurs, expected) => {
    const [found] = mergeEvents(known, stripe, { ...about, isOurs })
    expect(found?.event.undelivered).toBe(expected)
  })
})

test('what is listed beside what came is of the customers who are asked for, once each', () => {
  const stripe = list(
    listed,
    { ...listed, id: 'evt_2' },
    { ...listed, id: 'evt_3', customerId: 'cus_2' },
    { ...listed, id: 'evt_4', customerId: null },
  )
  expect(mergeEvents([kept], stripe, about).map(({ event }) => event.id)).toEqual(['evt_1', 'evt_2'])
})

test('an event that never came has no moment at which it did', () => {
  const [found] = mergeEvents([swept], list(), about)
  expect(found?.event).toMatchObject({ firstDeliveredAt: null, lastDeliveredAt: null })
})

describe('who asked for a change', () => {
  test.each([
    ['billing says nothing', { hasRequest: false, requestId: null, idempotencyKey: null }, null],
    ['no request', { hasRequest: true, requestId: null, idempotencyKey: null }, 'billing-itself'],
    [
      'a request without a key',
      { hasRequest: true, requestId: 'req_1', idempotencyKey: null },
      'request-without-key',
    ],
    [
      'a request with a key',
      { hasRequest: true, requestId: 'req_1', idempotencyKey: 'k' },
      'request-with-key',
    ],
  ] as const)('%s', (_case, said, expected) => {
    expect(askedBy(said)).toBe(expected)
  })
})
