import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SubjectType } from '../../subject/subject.ts'
import type { PostgresMappingRefusalCode, PostgresMappingShape } from './parse-mapping.ts'
import { parsePostgresMapping } from './parse-mapping.ts'
import { parseTableName, tablePath, tableText } from './table-name.ts'

const users = { table: 'users', key: 'id', plan: 'plan' }

describe('the name of a table', () => {
  it.each([
    ['users', 'public', 'users'],
    [' users ', 'public', 'users'],
    ['Users', 'public', 'Users'],
    ['auth.users', 'auth', 'users'],
    ['"odd.name"', 'public', 'odd.name'],
    ['"a""b".users', 'a"b', 'users'],
    ['"My Schema"."My Table"', 'My Schema', 'My Table'],
    ['tabelle_ü', 'public', 'tabelle_ü'],
    ['users; drop table users', 'public', 'users; drop table users'],
  ])('%s is table %s.%s', (text, schema, table) => {
    expect(parseTableName(text)).toEqual({ schema, table })
  })

  it.each([
    '',
    '.',
    'a.',
    '.a',
    'a.b.c',
    '"a',
    'a"b',
    '"a"b',
    'a\u0000b',
    'a\nb',
    'x'.repeat(64),
    'ü'.repeat(32),
  ])('%j names none', (text) => {
    expect(parseTableName(text)).toBe(null)
  })

  it('that is written down is read as the same table', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 15 })
      .filter((text) => parseTableName(`"${text.replaceAll('"', '""')}"`) !== null)
    fc.assert(
      fc.property(name, name, (schema, table) => {
        expect(parseTableName(tablePath({ schema, table }))).toEqual({ schema, table })
        expect(parseTableName(tableText({ schema, table }))).toEqual({ schema, table })
      }),
    )
  })
})

describe('a mapping', () => {
  it('takes every field, and what is left out is not mapped', () => {
    expect(
      parsePostgresMapping('organization', {
        table: 'app.teams',
        key: 'id',
        subject: 'clerk_org_id',
        customerId: 'stripe_customer_id',
        email: 'billing_email',
        emailVerified: 'email_verified_at',
        plan: 'plan',
        premium: 'is_paid',
        trialEndsAt: 'trial_ends_at',
        entitlements: { table: 'app.features', subject: 'team_id', feature: 'name', enabled: 'on' },
        seats: 'seats',
        members: { table: 'memberships', organization: 'team_id' },
        deletedAt: 'deleted_at',
        updatedAt: 'updated_at',
      }),
    ).toEqual({
      mapping: {
        schema: 'app',
        table: 'teams',
        key: 'id',
        subject: 'clerk_org_id',
        customerId: 'stripe_customer_id',
        email: 'billing_email',
        emailVerified: 'email_verified_at',
        plan: 'plan',
        premium: 'is_paid',
        trialEndsAt: 'trial_ends_at',
        entitlements: {
          schema: 'app',
          table: 'features',
          subject: 'team_id',
          feature: 'name',
          enabled: 'on',
        },
        seats: 'seats',
        members: { schema: 'public', table: 'memberships', organization: 'team_id' },
        deletedAt: 'deleted_at',
        updatedAt: 'updated_at',
      },
      refusals: [],
    })
    expect(parsePostgresMapping('user', users).mapping).toEqual({
      schema: 'public',
      table: 'users',
      key: 'id',
      subject: null,
      customerId: null,
      email: null,
      emailVerified: null,
      plan: 'plan',
      premium: null,
      trialEndsAt: null,
      entitlements: null,
      seats: null,
      members: null,
      deletedAt: null,
      updatedAt: null,
    })
  })

  it.each<readonly [string, SubjectType, PostgresMappingShape, string, PostgresMappingRefusalCode]>([
    ['a table of three names', 'user', { ...users, table: 'a.b.c' }, 'table', 'table-malformed'],
    ['no table', 'user', { ...users, table: ' ' }, 'table', 'table-malformed'],
    ['no key', 'user', { ...users, key: '' }, 'key', 'column-malformed'],
    ['a column with blanks around it', 'user', { ...users, plan: ' plan' }, 'plan', 'column-malformed'],
    ['a column of 64 bytes', 'user', { ...users, plan: 'x'.repeat(64) }, 'plan', 'column-malformed'],
    ['nothing that says who has access', 'user', { table: 'users', key: 'id' }, 'plan', 'access-missing'],
    [
      'a verified address without the address',
      'user',
      { ...users, emailVerified: 'email_verified' },
      'emailVerified',
      'email-missing',
    ],
    ['seats of users', 'user', { ...users, seats: 'seats' }, 'seats', 'seats-of-users'],
    [
      'members of users',
      'user',
      { ...users, members: { table: 'members', organization: 'org_id' } },
      'members',
      'seats-of-users',
    ],
    ['one column for two values', 'user', { ...users, premium: 'plan' }, 'premium', 'column-mapped-twice'],
    [
      'entitlements in the column of the plan',
      'user',
      { ...users, entitlements: 'plan' },
      'entitlements',
      'column-mapped-twice',
    ],
    [
      'entitlement rows of a table of no name',
      'user',
      { ...users, entitlements: { table: '', subject: 'user_id', feature: 'name' } },
      'entitlements.table',
      'table-malformed',
    ],
    [
      'entitlement rows without their feature',
      'user',
      { ...users, entitlements: { table: 'features', subject: 'user_id', feature: '' } },
      'entitlements.feature',
      'column-malformed',
    ],
    [
      'members without their organization',
      'organization',
      { ...users, members: { table: 'members', organization: '' } },
      'members.organization',
      'column-malformed',
    ],
  ])('with %s is refused', (_rule, type, shape, field, code) => {
    const { mapping, refusals } = parsePostgresMapping(type, shape)
    expect(mapping).toBe(null)
    expect(refusals).toEqual([expect.objectContaining({ field, code })])
  })

  it('may know the subject and the customer by the key', () => {
    expect(parsePostgresMapping('user', { ...users, subject: 'id' }).refusals).toEqual([])
    expect(parsePostgresMapping('user', { ...users, key: 'cus', customerId: 'cus' }).refusals).toEqual([])
  })

  it('is told everything that is wrong with it at once', () => {
    const { refusals } = parsePostgresMapping('user', { table: '', key: '', seats: 'seats' })
    expect(refusals.map(({ code }) => code)).toEqual([
      'table-malformed',
      'column-malformed',
      'access-missing',
      'seats-of-users',
    ])
  })
})
