import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exampleCatalogue as catalogue } from '../../access/example-catalogue.ts'
import type { Granted, Read, SubjectReading } from '../granted.ts'
import { isAbsent } from '../read-path.ts'
import { type PostgresMappingShape, parsePostgresMapping } from './parse-mapping.ts'
import { readDeleted } from './read-deleted.ts'
import { readFeatureRows } from './read-feature-rows.ts'
import { type PostgresRow, postgresRowReader } from './read-postgres-row.ts'

const readAt = new Date('2026-06-01T12:00:00Z')

const everything: PostgresMappingShape = {
  table: 'teams',
  key: 'id',
  subject: 'clerk_id',
  customerId: 'stripe_customer_id',
  email: 'email',
  emailVerified: 'email_verified_at',
  plan: 'plan',
  premium: 'is_premium',
  trialEndsAt: 'trial_ends_at',
  entitlements: 'features',
  seats: 'seats',
  members: { table: 'members', organization: 'team_id' },
  deletedAt: 'deleted_at',
  updatedAt: 'updated_at',
}

/** Every mapped column, holding nothing. */
const nothing: PostgresRow['values'] = {
  id: '7',
  clerk_id: null,
  stripe_customer_id: null,
  email: null,
  email_verified_at: null,
  plan: null,
  is_premium: null,
  trial_ends_at: null,
  features: null,
  seats: null,
  deleted_at: null,
  updated_at: null,
}

function read(
  values: PostgresRow['values'],
  row: Partial<PostgresRow> = {},
  shape: Partial<PostgresMappingShape> = {},
): SubjectReading {
  const { mapping } = parsePostgresMapping('organization', { ...everything, ...shape })
  if (!mapping) throw new Error('The mapping of the test was refused.')
  const reader = postgresRowReader({ type: 'organization', mapping, catalogue, source: 'postgres' })
  return reader({ values: { ...nothing, ...values }, features: null, members: '0', ...row }, readAt)
}

function said(read: Read<unknown>): unknown {
  return read.state === 'value' ? read.value : read.state
}

describe('a row', () => {
  it('is read with every value that it has, where each stands, and when', () => {
    expect(
      read(
        {
          clerk_id: 'org_1',
          stripe_customer_id: 'cus_1',
          email: ' Ada@Example.com ',
          email_verified_at: '2026-01-01 00:00:00+00',
          plan: 'PRO',
          is_premium: true,
          trial_ends_at: '2026-07-01 00:00:00+00',
          features: { reports: true, sso: false },
          seats: 5,
          updated_at: '2026-05-30 08:00:00.5+00',
        },
        { members: '3' },
      ),
    ).toEqual({
      subject: { type: 'organization', id: 'org_1' },
      recordId: '7',
      externalId: '7',
      source: 'postgres',
      customerId: { state: 'value', value: 'cus_1' },
      emails: ['ada@example.com'],
      name: null,
      granted: {
        plan: { state: 'value', value: 'pro' },
        unknownPlanValue: null,
        paid: { state: 'value', value: true },
        trialEndsAt: { state: 'value', value: new Date('2026-07-01T00:00:00Z') },
        entitlements: { state: 'value', value: ['reports'] },
        seats: { state: 'value', value: 5 },
        members: { state: 'value', value: 3 },
      },
      deleted: false,
      updatedAt: new Date('2026-05-30T08:00:00.500Z'),
      readAt,
      fields: [
        { path: 'public.teams.stripe_customer_id', found: '"cus_1"' },
        { path: 'public.teams.plan', found: '"PRO"' },
        { path: 'public.teams.is_premium', found: 'true' },
        { path: 'public.teams.trial_ends_at', found: '"2026-07-01 00:00:00+00"' },
        { path: 'public.teams.features', found: '{"reports":true,"sso":false}' },
        { path: 'public.teams.seats', found: '5' },
        { path: 'public.teams.deleted_at', found: null },
        { path: 'public.members', found: '"3"' },
      ],
    })
  })

  it('of nulls grants nothing, and says so of each value', () => {
    const { granted, customerId, fields, deleted, updatedAt } = read({})
    expect(customerId).toEqual({ state: 'absent' })
    expect(said(granted.plan)).toBe('absent')
    expect(said(granted.paid)).toBe('absent')
    expect(said(granted.trialEndsAt)).toBe('absent')
    expect(said(granted.entitlements)).toBe('absent')
    expect(said(granted.seats)).toBe('absent')
    expect(said(granted.members)).toBe(0)
    expect(fields.filter(({ found }) => found !== null)).toEqual([{ path: 'public.members', found: '"0"' }])
    expect({ deleted, updatedAt }).toEqual({ deleted: false, updatedAt: null })
  })

  it.each([
    ['known by its key where no other id is mapped', {}, undefined, '7', undefined, null],
    ['known by the mapped id', { clerk_id: 'org_1' }, 'clerk_id', 'org_1', '7', '7'],
    ['known by its key where the mapped id is null', { clerk_id: null }, 'clerk_id', '7', undefined, null],
    ['known by a number', { id: 12 }, undefined, '12', undefined, null],
    ['known by its key where the two are equal', { clerk_id: '7' }, 'clerk_id', '7', undefined, null],
  ] as const)('is %s', (_rule, values, subject, id, recordId, externalId) => {
    const reading = read(values, {}, { subject })
    expect(reading.subject.id).toBe(id)
    expect(reading.recordId).toBe(recordId)
    expect(reading.externalId).toBe(externalId)
  })

  it('without a key cannot be read as anything', () => {
    expect(() => read({ id: null })).toThrow(expect.objectContaining({ code: 'answer-unreadable' }))
  })

  it('that lacks a mapped column was not read there, which is not nothing', () => {
    const { plan: _, stripe_customer_id: __, ...rest } = nothing
    const { mapping } = parsePostgresMapping('organization', everything)
    if (!mapping) throw new Error('The mapping of the test was refused.')
    const reader = postgresRowReader({ type: 'organization', mapping, catalogue, source: 'postgres' })
    const reading = reader({ values: rest, features: null, members: 1 }, readAt)
    expect(reading.granted.plan.state).toBe('unreadable')
    expect(reading.customerId.state).toBe('unreadable')
    expect(
      read({}, {}, { entitlements: { table: 'f', subject: 's', feature: 'f' } }).granted.entitlements,
    ).toMatchObject({ state: 'unreadable' })
  })

  it('says nothing of what is not mapped', () => {
    const { mapping } = parsePostgresMapping('user', { table: 'users', key: 'id', plan: 'plan' })
    if (!mapping) throw new Error('The mapping of the test was refused.')
    const { granted, customerId, emails, fields } = postgresRowReader({
      type: 'user',
      mapping,
      catalogue,
      source: 'postgres',
    })({ values: { id: '1', plan: 'pro', email: 'a@b.c' }, features: null, members: null }, readAt)
    expect(customerId).toEqual({ state: 'unmapped' })
    expect(emails).toEqual([])
    expect(fields).toEqual([{ path: 'public.users.plan', found: '"pro"' }])
    for (const part of ['paid', 'trialEndsAt', 'entitlements', 'seats', 'members'] as const) {
      expect(granted[part]).toEqual({ state: 'unmapped' })
    }
  })
})

describe('an address', () => {
  it.each([
    ['verified by a flag', true, ['a@b.c']],
    ['verified by a moment in the past', '2026-01-01 00:00:00+00', ['a@b.c']],
    ['that will be verified', '2027-01-01 00:00:00+00', []],
    ['that is not verified', false, []],
    ['of which nothing is said', null, []],
    ['of which nobody can tell', 'maybe', []],
  ] as const)('%s', (_rule, email_verified_at, emails) => {
    expect(read({ email: 'A@b.c', email_verified_at }).emails).toEqual(emails)
  })

  it('is not taken where verification is not mapped, since anybody may have entered it', () => {
    expect(read({ email: 'a@b.c' }, {}, { emailVerified: undefined }).emails).toEqual([])
  })
})

describe('the mark of deletion', () => {
  it.each<readonly [unknown, unknown]>([
    [null, false],
    ['', false],
    [false, false],
    [true, true],
    [0, false],
    [1, true],
    ['t', true],
    ['F', false],
    ['2026-05-31 00:00:00+00', true],
    ['2026-06-01T12:00:00Z', true],
    ['2026-06-01T12:00:01Z', false],
    [1748736000, true],
    ['infinity', false],
    ['-infinity', true],
    ['active', 'unreadable'],
    ['deleted', 'unreadable'],
    ['free', 'unreadable'],
    ['constructor', 'unreadable'],
    [2, 'unreadable'],
    [{}, 'unreadable'],
    [[], 'unreadable'],
  ])('%j means %s', (value, expected) => {
    expect(said(readDeleted(value, readAt))).toBe(expected)
  })

  it('that cannot be read leaves nothing sure of what the row grants', () => {
    const { granted, deleted } = read({ deleted_at: 'archived', plan: 'pro', is_premium: true })
    expect(deleted).toBe(false)
    expect(granted.plan).toMatchObject({ state: 'unreadable', found: '"archived" as the mark of deletion' })
    expect(granted.paid.state).toBe('unreadable')
    expect(granted.members.state).toBe('unreadable')
  })
})

describe('entitlement rows', () => {
  it.each<readonly [readonly (readonly [unknown, unknown])[], unknown]>([
    [[], 'absent'],
    [[['reports', true]], ['reports']],
    [
      [
        ['sso', true],
        ['reports', true],
        ['sso', true],
      ],
      ['reports', 'sso'],
    ],
    [[['reports', false]], []],
    [[['reports', null]], []],
    [
      [
        ['reports', false],
        ['reports', true],
      ],
      ['reports'],
    ],
    [[['reports', 'on']], ['reports']],
    [[['reports', 'maybe']], 'unreadable'],
    [[[null, true]], 'unreadable'],
    [[[' ', true]], 'unreadable'],
    [[[3, true]], 'unreadable'],
    [
      [
        ['reports', true],
        [{}, true],
      ],
      'unreadable',
    ],
  ])('%j are read as %j', (rows, expected) => {
    expect(said(readFeatureRows(rows.map(([feature, enabled]) => ({ feature, enabled }))))).toEqual(expected)
  })

  it('stand in the evidence as they were found', () => {
    const rows = {
      entitlements: { table: 'app.features', subject: 'team_id', feature: 'name', enabled: 'on' },
    }
    const features = [
      { feature: 'reports', enabled: true },
      { feature: 'sso', enabled: false },
    ]
    const { fields, granted } = read({}, { features }, rows)
    expect(fields).toContainEqual({
      path: 'app.features',
      found: '["reports",{"feature":"sso","enabled":false}]',
    })
    expect(granted.entitlements).toEqual({ state: 'value', value: ['reports'] })
    expect(read({}, { features: [] }, rows).fields).toContainEqual({ path: 'app.features', found: null })
  })
})

describe('whatever stands in a row', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom<unknown>('infinity', 'NaN', '{a,b}', '9'.repeat(40), Number.NaN, '\u0000', '0', 0),
    fc.array(fc.string()),
  )
  const columns = Object.keys(nothing).filter((column) => column !== 'id')
  const row = fc.record({
    values: fc.record(Object.fromEntries(columns.map((column) => [column, value]))),
    features: fc.option(fc.array(fc.record({ feature: value, enabled: value }))),
    members: value,
    asRows: fc.boolean(),
  })
  const parts = {
    plan: 'plan',
    paid: 'is_premium',
    trialEndsAt: 'trial_ends_at',
    entitlements: 'features',
    seats: 'seats',
  } as const satisfies Partial<Record<keyof Granted, string>>

  it('reading never throws, and only nothing is read as nothing', () => {
    fc.assert(
      fc.property(row, ({ values, features, members, asRows }) => {
        const rows = asRows ? { entitlements: { table: 'f', subject: 's', feature: 'f' } } : {}
        const { granted, customerId, fields } = read(values, { features, members }, rows)
        for (const [part, column] of Object.entries(parts)) {
          if (part === 'entitlements' && asRows) continue
          const { state } = granted[part as keyof typeof parts]
          expect(state).not.toBe('unmapped')
          if (!isAbsent(values[column]))
            expect(state, `${part} of ${JSON.stringify(values[column])}`).not.toBe('absent')
        }
        if (asRows && (features === null || features.length > 0))
          expect(granted.entitlements.state).not.toBe('absent')
        if (!isAbsent(values.stripe_customer_id)) expect(customerId.state).not.toBe('absent')
        for (const { found } of fields) expect(found === null || found.length <= 250).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
