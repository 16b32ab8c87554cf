import type { CheckRun, Incident } from '@trueup/core'
import { describe, expect, test } from 'vitest'
import type { PreviewFacts } from './check-preview.ts'
import { previewOf } from './check-preview.ts'

const at = new Date('2026-11-21T09:30:00.000Z')

function incident(id: string, given: Partial<Incident> = {}): Incident {
  const kind = given.kind ?? 'plan-too-low'
  return {
    id,
    identity: { kind, on: `user:${id}`, component: 'plan' },
    kind,
    severity: 'high',
    state: 'open',
    subject: { type: 'user', id },
    customerId: null,
    component: 'plan',
    sentence: `${id} has a lower plan than it pays for.`,
    hurts: 'customer',
    owed: 'pro',
    granted: 'free',
    allowed: 'pro',
    access: null,
    evidence: [],
    moneyAtRisk: { currency: 'usd', amount: 1_000 },
    moneyNote: null,
    touched: [],
    touchedCount: 0,
    openedAt: at,
    lastSeenAt: at,
    resolvedAt: null,
    ignoredUntil: null,
    assignee: null,
    openings: 1,
    history: [],
    ...given,
  }
}

const check: CheckRun = {
  id: 'chk_1',
  kind: 'full',
  dryRun: true,
  asOf: at,
  startedAt: at,
  finishedAt: at,
  phase: 'finished',
  configFingerprint: 'fp',
  parts: { 'stripe/subscriptions': { state: 'complete' }, 'clerk/users': { state: 'complete' } },
  requests: {},
  counts: null,
}
const nobody = { customers: 0, paying: 0, monthly: [], withoutSum: 0 }
const healthy: PreviewFacts = {
  check,
  counts: { customers: 100, subjects: 100, agrees: 100, drifts: 0, cannotTell: 0, settling: 0 },
  incidents: [],
  known: new Set(),
  coverage: {
    byRule: [{ rule: 0, customers: 100, paying: 80, monthly: [], withoutSum: 0 }],
    ambiguous: nobody,
    unmatched: nobody,
  },
  subjects: 100,
  matchedSubjects: 100,
  rules: ['customer.id -> customerId'],
  readings: [],
}
const many = (count: number, given: Partial<Incident> = {}) =>
  Array.from({ length: count }, (_, place) => incident(`user_${place}`, given))
const codesOf = (given: Partial<PreviewFacts>) =>
  previewOf({ ...healthy, ...given }).warnings.map(({ code }) => code)

describe('what a dry run warns of', () => {
  test.each<[string, Partial<PreviewFacts>, readonly string[]]>([
    ['nothing where all is as it should be', {}, []],
    ['nothing where a few drift', { incidents: many(19) }, []],
    ['a fifth of the matched subjects drifting in one kind', { incidents: many(20) }, ['kind-too-frequent']],
    [
      'nothing by share where there are hardly any',
      { incidents: many(4), matchedSubjects: 5, counts: { ...healthy.counts, subjects: 5 } },
      [],
    ],
    [
      'a part that was not read whole',
      {
        check: {
          ...check,
          parts: { 'clerk/users': { state: 'failed', code: 'unreachable', message: 'Clerk is away' } },
        },
      },
      ['not-read-whole'],
    ],
    ['an account without customers', { counts: { ...healthy.counts, customers: 0 } }, ['no-customers']],
    [
      'an app without users, and then of nothing about matching',
      {
        counts: { ...healthy.counts, subjects: 0 },
        coverage: { ...healthy.coverage, byRule: [], unmatched: { ...nobody, customers: 100, paying: 80 } },
      },
      ['no-subjects'],
    ],
    [
      'payers of whom none found its account',
      { coverage: { ...healthy.coverage, byRule: [], unmatched: { ...nobody, customers: 100, paying: 80 } } },
      ['nobody-matched'],
    ],
    [
      'payers of whom a fifth found no account',
      { coverage: { ...healthy.coverage, unmatched: { ...nobody, customers: 20, paying: 20 } } },
      ['payers-unmatched'],
    ],
    [
      'a price without a plan, however few pay it',
      {
        incidents: [
          incident('a', {
            kind: 'price-unmapped',
            identity: { kind: 'price-unmapped', on: 'price_1', component: 'price' },
            touchedCount: 1,
          }),
        ],
      },
      ['price-unmapped'],
    ],
    [
      'a word of the app that no plan has',
      {
        incidents: [
          incident('a', {
            kind: 'plan-unknown',
            identity: { kind: 'plan-unknown', on: 'gold', component: 'plan-value' },
            touchedCount: 3,
          }),
        ],
      },
      ['plan-value-unknown'],
    ],
    [
      'one incident that stands for too many alike, but not of held repairs',
      {
        incidents: [
          incident('a', {
            kind: 'mass-drift',
            identity: { kind: 'mass-drift', on: 'collapse', component: 'brake' },
          }),
          incident('b', {
            kind: 'mass-drift',
            identity: { kind: 'mass-drift', on: 'hold', component: 'brake' },
          }),
        ],
      },
      ['mass-drift'],
    ],
    [
      'a fifth of which it could not be told',
      { counts: { ...healthy.counts, cannotTell: 20 } },
      ['cannot-tell-too-often'],
    ],
  ])('%s', (_, given, codes) => {
    expect(codesOf(given)).toEqual(codes)
  })

  test('a mapped place at which nothing ever stood, and not of one that is only rare', () => {
    const readings = Array.from({ length: 20 }, (_, place) => ({
      subject: { type: 'user' as const, id: `user_${place}` },
      source: 'clerk',
      customerId: { state: 'absent' as const },
      externalId: null,
      emails: [],
      name: null,
      granted: {
        plan: { state: 'absent' as const },
        paid: { state: 'unmapped' as const },
        trialEndsAt: { state: 'unmapped' as const },
        entitlements: { state: 'unmapped' as const },
        seats: { state: 'unmapped' as const },
        members: { state: 'unmapped' as const },
        unknownPlanValue: null,
      },
      deleted: false,
      updatedAt: null,
      readAt: at,
      fields: [
        { path: 'public_metadata.plan', found: place === 0 ? '"pro"' : null },
        { path: 'public_metadata.paln', found: null },
      ],
    }))
    const { warnings, fields } = previewOf({ ...healthy, readings })
    expect(warnings).toMatchObject([{ code: 'field-never-found', on: 'public_metadata.paln' }])
    expect(fields[0]).toMatchObject({
      path: 'public_metadata.plan',
      seen: 1,
      sampled: 20,
      examples: ['"pro"'],
    })
  })
})

describe('what a dry run shows', () => {
  test('each kind with its count, its money and the dearest examples, the worst kind first', () => {
    const cheap = many(6, { severity: 'medium', kind: 'plan-too-high', hurts: 'business' })
    const dear = incident('dear', {
      severity: 'medium',
      kind: 'plan-too-high',
      moneyAtRisk: { currency: 'usd', amount: 9_000 },
    })
    const critical = incident('worst', { severity: 'critical', kind: 'paid-without-access' })
    const { kinds, total, newTotal, moneyAtRisk } = previewOf({
      ...healthy,
      incidents: [...cheap, dear, critical],
      known: new Set(['worst']),
    })
    expect(kinds.map(({ kind, count, newCount }) => [kind, count, newCount])).toEqual([
      ['paid-without-access', 1, 0],
      ['plan-too-high', 7, 7],
    ])
    expect(kinds[1]?.examples).toHaveLength(5)
    expect(kinds[1]?.examples[0]?.id).toBe('dear')
    expect(kinds[1]?.moneyAtRisk).toEqual([{ currency: 'usd', amount: 15_000 }])
    expect({ total, newTotal }).toEqual({ total: 8, newTotal: 7 })
    expect(moneyAtRisk.business).toEqual([{ currency: 'usd', amount: 6_000 }])
  })
})
