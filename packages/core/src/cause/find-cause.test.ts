import { describe, expect, test } from 'vitest'
import type { IncidentKind } from '../check/verdict.ts'
import { incidentKinds } from '../check/verdict.ts'
import { causeId, causeKinds, causeOfId } from './cause.ts'
import type { CauseEvidence, ConfigChange, SeenEvent } from './cause-evidence.ts'
import { causeFix, causeSentence } from './cause-words.ts'
import { findCause } from './find-cause.ts'

/** Minutes after all was in order; the drift is found after an hour. */
const at = (minute: number) => new Date(Date.UTC(2026, 5, 1, 12, minute))
const inOrder = at(0)
const opened = at(60)

const quiet: CauseEvidence = {
  incident: {
    kind: 'paid-without-access',
    identity: { kind: 'paid-without-access', on: 'user:user_1', component: 'paid' },
    hurts: 'customer',
    customerId: 'cus_1',
    subject: { type: 'user', id: 'user_1' },
  },
  openedAt: opened,
  inOrderAt: inOrder,
  billingChangedAt: at(-600),
  appChanged: { at: at(-500), source: 'postgres' },
  events: [],
  eventsNotAsked: null,
  configChanges: [],
  deploys: [],
  repairedAt: null,
  alike: { since: 1, before: 0 },
  requestsWithKey: 50,
}
const event: SeenEvent = {
  id: 'evt_1',
  type: 'customer.subscription.updated',
  createdAt: at(20),
  firstDeliveredAt: at(20),
  lastDeliveredAt: at(20),
  undelivered: 0,
  askedBy: 'request-with-key',
}
const changed: Partial<CauseEvidence> = { billingChangedAt: at(20), events: [event] }
const config: ConfigChange = {
  version: 4,
  at: at(30),
  by: 'ada',
  parts: ['catalogue'],
  tookOut: false,
}
const deploy = { id: 'dpl_1', version: 'v2', at: at(10), by: 'ci' }
const many = { alike: { since: 9, before: 1 } }
const written = (minute: number) => ({ appChanged: { at: at(minute), source: 'postgres' } })
const ofKind = (kind: IncidentKind, on = 'price_1'): Partial<CauseEvidence> => ({
  incident: { ...quiet.incident, kind, identity: { kind, on, component: 'price' } },
})
const ofAll = (kind: IncidentKind): Partial<CauseEvidence> => ({
  incident: {
    kind,
    identity: { kind, on: 'collapse', component: 'brake' },
    hurts: 'both',
    customerId: null,
    subject: null,
  },
})

describe('what is behind a drift', () => {
  const table: readonly (readonly [string, Partial<CauseEvidence>, string])[] = [
    ['nothing changed anywhere', {}, 'unknown'],
    ['a price that nobody mapped', ofKind('price-unmapped'), 'certain price-without-mapping:price_1'],
    [
      'a price that a version of the catalogue took out',
      { ...ofKind('price-unmapped'), configChanges: [{ ...config, tookOut: true }] },
      'certain price-without-mapping:price_1, certain config-change:version 4',
    ],
    [
      'a price that is no longer mapped by its lookup key since a version of the catalogue',
      { ...ofAll('price-unmapped'), configChanges: [config] },
      'certain price-without-mapping:collapse, likely config-change:version 4',
    ],
    [
      'a price that is not mapped, beside a version of the policy',
      { ...ofAll('price-unmapped'), configChanges: [{ ...config, parts: ['policy'] }] },
      'certain price-without-mapping:collapse',
    ],
    [
      'a value of the app that a version took out, whenever that was',
      { ...ofKind('plan-unknown', 'gold'), configChanges: [{ ...config, at: at(-900), tookOut: true }] },
      'certain config-change:version 4',
    ],

    // An event that could not be delivered.
    [
      'an event that an endpoint of the app did not take',
      { ...changed, events: [{ ...event, undelivered: 1 }] },
      'likely event-not-delivered:2026-06-01',
    ],
    [
      'the same, though the app wrote since: it may have written something else',
      { ...changed, ...written(50), events: [{ ...event, undelivered: 1 }] },
      'possible event-not-delivered:2026-06-01',
    ],
    [
      'the same where the app does not say when it wrote',
      { ...changed, appChanged: null, events: [{ ...event, undelivered: 1 }] },
      'likely event-not-delivered:2026-06-01',
    ],
    [
      'one that was created after the drift was found',
      { events: [{ ...event, createdAt: at(70), undelivered: 1 }] },
      'unknown',
    ],
    [
      'one long before all was in order',
      { events: [{ ...event, createdAt: at(-60), undelivered: 1 }] },
      'unknown',
    ],

    // One that was delivered, and nothing came of it.
    ['an event that was taken, and an app that stayed', changed, 'likely event-without-effect:2026-06-01'],
    [
      'the same where the app does not say when it wrote',
      { ...changed, appChanged: null },
      'possible event-without-effect:2026-06-01',
    ],
    [
      'the same where Stripe could not be asked',
      { ...changed, events: [{ ...event, undelivered: null }], eventsNotAsked: 'it could not be read' },
      'possible event-without-effect:2026-06-01',
    ],
    ['an app that wrote after the event', { ...changed, ...written(21) }, 'unknown'],

    // One that was applied late.
    [
      'an older event that arrived after a newer one, and an app that wrote then',
      {
        billingChangedAt: at(20),
        ...written(41),
        events: [event, { ...event, id: 'evt_0', createdAt: at(10), lastDeliveredAt: at(40) }],
      },
      'likely event-applied-late:2026-06-01',
    ],
    [
      'the same where the app does not say when it wrote',
      {
        billingChangedAt: at(20),
        appChanged: null,
        events: [event, { ...event, id: 'evt_0', createdAt: at(10), lastDeliveredAt: at(40) }],
      },
      'possible event-applied-late:2026-06-01, possible event-without-effect:2026-06-01',
    ],
    [
      'the same, and an app that had written before',
      {
        billingChangedAt: at(20),
        ...written(21),
        events: [event, { ...event, id: 'evt_0', createdAt: at(10), lastDeliveredAt: at(40) }],
      },
      'unknown',
    ],
    [
      'a newer event that arrived after an older one, as it should',
      {
        billingChangedAt: at(20),
        ...written(41),
        events: [event, { ...event, id: 'evt_0', createdAt: at(10), lastDeliveredAt: at(11) }],
      },
      'unknown',
    ],

    // A change in the app that nothing asked for.
    ['an app that wrote, and nothing in billing', written(30), 'likely manual-edit:postgres 2026-06-01T12h'],
    [
      'the same where it is not known when all was in order',
      { ...written(30), inOrderAt: null },
      'possible manual-edit:postgres 2026-06-01T12h',
    ],
    [
      'the same, weeks ago: the record is what it was',
      { ...written(-60 * 24 * 20), billingChangedAt: at(-60 * 24 * 30), inOrderAt: null },
      'unknown',
    ],
    [
      'the same, and Stripe’s list could not be read: events may have asked for it',
      { ...written(30), inOrderAt: null, eventsNotAsked: 'it could not be read' },
      'unknown',
    ],
    ['an app that wrote before all was in order', written(-30), 'unknown'],
    ['a repair of ours', { ...written(30), repairedAt: at(29) }, 'unknown'],
    [
      'an old event that was delivered again then',
      { ...written(30), events: [{ ...event, createdAt: at(-900), lastDeliveredAt: at(29) }] },
      'unknown',
    ],
    [
      'a deploy a moment before',
      { ...written(30), deploys: [{ ...deploy, at: at(25) }] },
      'possible deploy:v2 of 2026-06-01T12:25Z',
    ],

    // A change by hand in billing.
    [
      'a request without a key where others carry one',
      { ...changed, ...written(21), events: [{ ...event, askedBy: 'request-without-key' }] },
      'possible dashboard-change:2026-06-01',
    ],
    [
      'the same where hardly any request is known',
      {
        ...changed,
        ...written(21),
        requestsWithKey: 2,
        events: [{ ...event, askedBy: 'request-without-key' }],
      },
      'unknown',
    ],
    [
      'a deletion, which carries no key whoever asks for it',
      {
        ...changed,
        ...written(21),
        events: [{ ...event, type: 'customer.subscription.deleted', askedBy: 'request-without-key' }],
      },
      'unknown',
    ],
    [
      'what billing did by itself',
      { ...changed, ...written(21), events: [{ ...event, askedBy: 'billing-itself' }] },
      'unknown',
    ],
    [
      'a change by hand that the app did not follow',
      { ...changed, events: [{ ...event, askedBy: 'request-without-key' }] },
      'likely event-without-effect:2026-06-01, possible dashboard-change:2026-06-01',
    ],

    // A version of the configuration.
    [
      'a version made since, and two sides that stayed',
      { configChanges: [config] },
      'likely config-change:version 4',
    ],
    [
      'the same where the app does not say when it wrote',
      { configChanges: [config], appChanged: null },
      'possible config-change:version 4',
    ],
    [
      'the same with many others alike',
      { configChanges: [config], appChanged: null, ...many },
      'likely config-change:version 4',
    ],
    [
      'a version made since, and a side that moved: that is nearer',
      { ...changed, configChanges: [config] },
      'likely event-without-effect:2026-06-01',
    ],
    ['a version made before all was in order', { configChanges: [{ ...config, at: at(-1) }] }, 'unknown'],
    ['a version made after the drift was found', { configChanges: [{ ...config, at: at(61) }] }, 'unknown'],
    [
      'many in place of which one incident stands, and a version made since',
      { ...ofAll('mass-drift'), configChanges: [config] },
      'likely config-change:version 4',
    ],
    [
      'of several versions the last',
      { configChanges: [config, { ...config, version: 5, at: at(40) }] },
      'likely config-change:version 5',
    ],

    // A deploy.
    ['a deploy since', { deploys: [deploy] }, 'possible deploy:v2 of 2026-06-01T12:10Z'],
    [
      'a deploy since, and many alike',
      { deploys: [deploy], ...many },
      'likely deploy:v2 of 2026-06-01T12:10Z',
    ],
    [
      'a deploy since, and many alike as there always are',
      { deploys: [deploy], alike: { since: 9, before: 8 } },
      'possible deploy:v2 of 2026-06-01T12:10Z',
    ],
    [
      'many alike since a deploy, of which the events had no effect: one cause for all',
      { ...changed, deploys: [deploy], ...many },
      'likely deploy:v2 of 2026-06-01T12:10Z, likely event-without-effect:2026-06-01',
    ],
    [
      'a deploy after the event that the app did not follow',
      { ...changed, deploys: [{ ...deploy, at: at(30) }] },
      'likely event-without-effect:2026-06-01',
    ],
    ['a deploy before all was in order', { deploys: [{ ...deploy, at: at(-1) }] }, 'unknown'],
    [
      'a deploy of the day before, where it is not known when all was in order',
      { deploys: [{ ...deploy, at: at(-40) }], ...written(-5), inOrderAt: null },
      'possible deploy:v2 of 2026-06-01T11:20Z, possible manual-edit:postgres 2026-06-01T11h',
    ],
  ]
  test.each(table)('%s', (_case, found, expected) => {
    const { kind, on, confidence, others } = findCause({ ...quiet, ...found })
    const told = [{ kind, on, confidence }, ...others].map((one) =>
      one.confidence === null ? one.kind : `${one.confidence} ${causeId(one)}`,
    )
    expect(told.join(', ')).toBe(expected)
  })

  test('a cause that cannot be behind a kind is not given, however well the times fit', () => {
    const fits = { ...quiet, ...changed, ...ofKind('price-unmapped') }
    expect(findCause(fits).kind).toBe('price-without-mapping')
    expect(findCause({ ...fits, ...ofKind('grant-client-writable') }).kind).toBe('unknown')
  })

  test('every kind of incident gets an answer, with evidence in the order in which it happened', () => {
    for (const kind of incidentKinds) {
      const { evidence } = findCause({ ...quiet, ...changed, ...ofKind(kind), deploys: [deploy] })
      const times = evidence.flatMap((line) => line.at ?? [])
      expect(evidence.length).toBeGreaterThan(0)
      expect(times).toEqual(times.toSorted((a, b) => a.getTime() - b.getTime()))
    }
  })

  test('unknown says what was looked at, and what could not be', () => {
    const found = findCause({ ...quiet, ...written(-5), eventsNotAsked: 'Stripe is not connected' })
    expect(found).toMatchObject({ kind: 'unknown', on: '', confidence: null, others: [] })
    expect(found.evidence.map(({ fact }) => fact)).toEqual([
      'billing-changed',
      'app-changed',
      'last-found-in-order',
      'drift-found',
      'not-asked',
    ])
  })
})

describe('the id of a cause', () => {
  test('names its kind and what it is about, and is read back', () => {
    expect(causeOfId('config-change:version 4')).toEqual({ kind: 'config-change', on: 'version 4' })
    expect(causeOfId('deploy')).toEqual({ kind: 'deploy', on: null })
    expect(causeOfId(causeId({ kind: 'unknown', on: '' }))).toEqual({ kind: 'unknown', on: null })
  })

  test.each(['', 'nothing', 'Deploy:1', 'deploy:', ':x'])('%j is none', (id) => {
    expect(causeOfId(id)).toBeNull()
  })
})

test('moments in causes are said as people read them', () => {
  expect(causeSentence('manual-edit', 'postgres 2026-06-01T12h')).toBe(
    'Records of the app were changed by hand in postgres on 2026-06-01 after 12:00 UTC.',
  )
  expect(causeSentence('deploy', 'v1.4 of the shop of 2026-06-01T12:30Z')).toBe(
    'It began after the deploy v1.4 of the shop on 2026-06-01 at 12:30 UTC.',
  )
})

test('every cause is said in a sentence, with one thing to do about it', () => {
  for (const kind of causeKinds) {
    expect(causeSentence(kind, 'x')).toMatch(/\.$/)
    expect(causeFix(kind)).toMatch(/\.$/)
  }
})
