import type { Catalogue, PostgresMapping } from '@trueup/core'
import { describe, expect, test } from 'vitest'
import { newPassword, scramVerifier } from '../role/new-password.ts'
import { plainRoleSql } from './plain-role-sql.ts'
import { quoteName, quoteText } from './quote.ts'
import { repairFunctionSql, repairFunctionUninstallSql } from './repair-function-sql.ts'
import { repairTablesOf } from './repair-tables.ts'

const mapping: PostgresMapping = {
  schema: 'public',
  table: 'accounts',
  key: 'id',
  subject: null,
  customerId: 'id',
  email: 'email',
  emailVerified: null,
  plan: 'plan',
  premium: null,
  trialEndsAt: null,
  entitlements: { schema: 'public', table: 'features', subject: 'account', feature: 'name', enabled: null },
  seats: null,
  members: null,
  deletedAt: 'deleted_at',
  updatedAt: 'updated_at',
}
const nothing = { prices: [], products: [], lifetime: [], values: [], seats: null }
const catalogue: Catalogue = {
  plans: [
    { id: 'free', ...nothing, entitlements: [] },
    { id: 'pro', ...nothing, values: ['PRO'], entitlements: ['export'] },
  ],
  addOns: [{ id: 'audit', ...nothing, entitlements: ['audit'] }],
  seatPacks: [],
}

describe('what repairs may write for a mapping', () => {
  test('is the columns of access alone: never the key, an address, or when the row was changed', () => {
    const [table] = repairTablesOf([mapping], catalogue)
    expect(table?.columns).toEqual([
      { column: 'plan', rule: { kind: 'any-of', values: ['free', 'PRO', 'pro'], nullable: true } },
    ])
  })

  test('of users and organizations in one table is asked for once', () => {
    const organizations = { ...mapping, plan: null, entitlements: 'features' }
    const tables = repairTablesOf([mapping, organizations], catalogue)
    expect(tables.map(({ columns }) => columns.map(({ column }) => column))).toEqual([['plan', 'features']])
    expect(tables[0]?.columns[1]?.rule).toMatchObject({ among: ['export', 'audit'] })
  })

  test('of a table without such a column is nothing', () => {
    expect(repairTablesOf([{ ...mapping, plan: null }], catalogue)).toEqual([])
  })
})

describe('names and texts in SQL', () => {
  test.each([
    ['plan', '"plan"'],
    ['Plan "x"', '"Plan ""x"""'],
    [`'; drop table users; --`, `"'; drop table users; --"`],
  ])('the name %s is written %s', (name, quoted) => {
    expect(quoteName(name)).toBe(quoted)
  })

  test.each(['', 'a\0b', 'a\nb', 'x'.repeat(64), 'ü'.repeat(32)])(
    'the name %j is none that PostgreSQL holds',
    (name) => {
      expect(() => quoteName(name)).toThrow(RangeError)
      const table = {
        schema: 'public',
        table: 'users',
        key: 'id',
        columns: [{ column: name, rule: { kind: 'flag' as const } }],
      }
      expect(() => repairFunctionSql({ tables: [table] })).toThrow(RangeError)
    },
  )

  test.each(['r'.repeat(58), '', 'a b', 'a"; --', "a'", '$body$', 'a\n'])(
    '%j is no name for a role that is made',
    (role) => {
      for (const print of [repairFunctionSql, plainRoleSql]) {
        expect(() => print({ tables: [], role })).toThrow(RangeError)
      }
      expect(() => repairFunctionUninstallSql({ role })).toThrow(RangeError)
    },
  )

  test('a password stands in SQL only as PostgreSQL stores it', () => {
    const verifier = scramVerifier(newPassword())
    expect(repairFunctionSql({ tables: [], verifier })).toContain(`password '${verifier}'`)
    expect(() => repairFunctionSql({ tables: [], verifier: 'hunter2' })).toThrow(RangeError)
  })

  test.each([
    ["it's", "'it''s'"],
    ['a\\b', "E'a\\\\b'"],
    ["\\'; --", "E'\\\\''; --'"],
  ])('the text %s is written %s', (text, quoted) => {
    expect(quoteText(text)).toBe(quoted)
  })

  test('no text ends the block that it stands in', () => {
    const values = ['$body$; drop table users; do $body$']
    const sql = repairFunctionSql({
      tables: [
        {
          schema: 'public',
          table: 'users',
          key: 'id',
          columns: [{ column: 'plan', rule: { kind: 'any-of', values } }],
        },
      ],
    })
    expect(sql).not.toContain('$body$; drop table')
  })
})
