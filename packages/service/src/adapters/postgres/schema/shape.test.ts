import { describe, expect, test } from 'vitest'
import { hindrancesOf, keyHindrances } from './judge-state.ts'
import { shapeDifference, shapeOf } from './shape.ts'
import type { ColumnState, DatabaseState, TableState } from './table-state.ts'

const id: ColumnState = {
  name: 'id',
  type: 'uuid',
  base: { schema: 'pg_catalog', name: 'uuid', category: 'U' },
  notNull: true,
  readable: true,
  unique: true,
  indexed: true,
  operatorSchema: null,
  comparable: true,
  collation: null,
}
const plan: ColumnState = {
  ...id,
  name: 'plan',
  type: 'text',
  base: { schema: 'pg_catalog', name: 'text', category: 'S' },
  notNull: false,
  unique: false,
  collation: { name: 'default', recorded: null, actual: null },
}
const users: TableState = {
  schema: 'public',
  table: 'users',
  oid: 100,
  kind: 'table',
  mayUseSchema: true,
  rowSecurity: 'off',
  hasRowSecurity: false,
  definition: null,
  hasHeirs: false,
  estimatedRows: 10,
  columns: [id, plan],
}
const teams: TableState = { ...users, table: 'teams', oid: 200 }

describe('the shape of tables', () => {
  test('is the same for the same tables, in whatever order their columns stand', () => {
    const turned = { ...users, columns: [plan, id], estimatedRows: 99 }
    expect(shapeDifference(shapeOf([users]), shapeOf([turned]))).toBe(null)
  })

  test.each<readonly [string, readonly TableState[], string]>([
    [
      'a column of another type',
      [{ ...users, columns: [id, { ...plan, type: 'integer', collation: null }] }],
      'public.users.plan is integer, and was text collate default',
    ],
    [
      'a column that may not be null',
      [{ ...users, columns: [id, { ...plan, notNull: true }] }],
      'public.users.plan is text collate default not null',
    ],
    ['a column that is gone', [{ ...users, columns: [id] }], 'public.users.plan is not there any more'],
    [
      'a column that is mapped now',
      [{ ...users, columns: [id, plan, { ...plan, name: 'tier' }] }],
      'public.users.tier was not mapped',
    ],
    ['another table of the name', [{ ...users, oid: 101 }], 'another table of the same name'],
    ['a view in its place', [{ ...users, kind: 'view' }], 'public.users is a view, and was a table'],
    ['another definition', [{ ...users, definition: 'digest' }], 'shows something else'],
    ['a table that is gone', [], 'public.users is not there any more'],
    ['a table that is mapped now', [users, teams], 'public.teams was not mapped'],
  ])('tells %s', (_rule, now, said) => {
    expect(shapeDifference(shapeOf([users]), shapeOf(now))).toContain(said)
  })

  test('that cannot be read counts as another', () => {
    expect(shapeDifference('?', shapeOf([users]))).not.toBe(null)
    expect(shapeDifference('{}', shapeOf([users]))).not.toBe(null)
  })
})

describe('a replica', () => {
  const state = (inRecovery: boolean, lagSeconds: number | null): DatabaseState => ({
    inRecovery,
    lagSeconds,
    tables: [users],
  })
  const wanted = [{ schema: 'public', table: 'users', columns: ['id', 'plan'] }]

  test.each<readonly [string, DatabaseState, readonly string[]]>([
    ['no replica', state(false, null), []],
    ['one that is up to date', state(true, 0), []],
    ['one that is a minute behind', state(true, 60), []],
    ['one that is further behind', state(true, 61), ['replica-lagging']],
    ['one of which nobody can tell how far', state(true, null), ['replica-lagging']],
  ])('%s: %j', (_rule, given, codes) => {
    expect(hindrancesOf(given, wanted).map(({ code }) => code)).toEqual(codes)
  })
})

describe('a key', () => {
  const collated = (recorded: string | null, actual: string | null): ColumnState => ({
    ...plan,
    collation: { name: 'en_US', recorded, actual },
  })
  test.each<readonly [string, ColumnState, readonly string[]]>([
    ['of a usable type', id, []],
    [
      'of a type without an order of its own',
      { ...id, type: 'jsonb', base: { ...id.base, name: 'jsonb' } },
      ['mapping-unfit'],
    ],
    ['whose order is what it was', collated('2.31', '2.31'), []],
    ['whose order changed since the index was built', collated('2.28', '2.31'), ['collation-changed']],
    ['whose order nobody keeps a version of', collated(null, '2.31'), []],
    [
      'of a type whose schema is closed',
      { ...id, operatorSchema: 'extensions', comparable: false },
      ['permission-missing'],
    ],
  ])('%s', (_rule, column, codes) => {
    expect(keyHindrances('public.users.id', column).map(({ code }) => code)).toEqual(codes)
  })
})
