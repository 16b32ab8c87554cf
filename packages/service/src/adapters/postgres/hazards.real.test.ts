import type { Cursor, SubjectReading } from '@trueup/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AppTables, createAppTables } from '../../../../../test/support/app-tables.ts'
import { systemClock } from '../system.ts'
import type { PostgresConnection } from './connection/index.ts'
import { mappingOf, noWaiting, twoPlans } from './example-app.ts'
import { createPostgresSource, type PostgresSource, type PostgresSourceOptions } from './source.ts'

let app: AppTables
let reader: string
beforeAll(async () => {
  app = await createAppTables()
  reader = app.role('reader')
  await app.run(
    `create role ${reader} login; create schema other; create extension if not exists citext schema other`,
  )
})
afterAll(() => app?.close())

beforeEach(async () => {
  await app.run(`
    create table public.users (id int primary key, plan text, updated_at timestamptz);
    insert into public.users select n, 'pro', now() from generate_series(1, 40) n;
    create table public.features (user_id int, name text);
    insert into public.features values (1, 'sso');
    grant select on public.users, public.features to ${reader}`)
})
afterEach(async () => {
  await app.closeConnections()
  await app.run(`drop schema public cascade; create schema public; grant usage on schema public to public`)
})

const plain = mappingOf('user', { table: 'users', key: 'id', plan: 'plan' })
const withFeatures = mappingOf('user', {
  table: 'users',
  key: 'id',
  plan: 'plan',
  entitlements: { table: 'features', subject: 'user_id', feature: 'name' },
})

function open(options: Partial<PostgresSourceOptions> = {}, connection = app.open(reader)): PostgresSource {
  return createPostgresSource({
    connection,
    clock: systemClock,
    timer: noWaiting,
    name: 'app',
    mappings: { user: plain },
    catalogue: twoPlans,
    allowWriteRole: false,
    pageRows: 10,
    ...options,
  })
}

/** What a reading ends with: all rows, or the error, and whether any page claimed to be the last. */
async function readAll(source: PostgresSource) {
  const rows: SubjectReading[] = []
  let isDone = false
  try {
    for await (const page of source.read('users', [])) {
      rows.push(...page.rows)
      isDone ||= page.cursors.some(({ done }) => done)
    }
    return { code: null, rows, isDone, message: '' }
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    return { code, rows, isDone, message }
  }
}

/** Runs statements as the app's owner once so many rows have been read. */
function meanwhile(sql: string, afterPages: number): PostgresConnection {
  const connection = app.open(reader)
  let pages = 0
  return {
    ...connection,
    inReadOnly: async (act) => {
      const answer = await connection.inReadOnly((snapshot) =>
        act({
          read: (text, parameters, limits) => snapshot.read(text, parameters, limits),
          readTexts: (text, parameters, limits) => {
            if (text.includes('limit 10')) pages++
            return snapshot.readTexts(text, parameters, limits)
          },
        }),
      )
      if (pages === afterPages) {
        pages = Number.POSITIVE_INFINITY
        await app.run(sql)
      }
      return answer
    },
  }
}

describe('row-level security', () => {
  const on = 'alter table users enable row level security;'
  test.each<readonly [string, () => string, string | null]>([
    ['with no policy hides every row', () => on, 'rows-hidden'],
    [
      'that is forced hides rows as well',
      () => `${on} alter table users force row level security`,
      'rows-hidden',
    ],
    [
      'with a policy for some rows may hide the others',
      () => `${on} create policy a_part on users for select to ${reader} using (id > 10)`,
      'rows-hidden',
    ],
    [
      'with a policy of another role hides every row',
      () => `${on} create policy others on users for select to pg_monitor using (true)`,
      'rows-hidden',
    ],
    [
      'with a policy for writing hides every row',
      () => `${on} create policy writers on users for update to ${reader} using (true)`,
      'rows-hidden',
    ],
    [
      'with a restriction beside the policy for all may hide rows',
      () =>
        `${on} create policy everything on users for select to ${reader} using (true);
         create policy narrower on users as restrictive for select using (id > 10)`,
      'rows-hidden',
    ],
    [
      'with a policy that lets the role see every row hides none',
      () => `${on} create policy everything on users for select to ${reader} using (true)`,
      null,
    ],
    [
      'with a policy that lets everybody see every row hides none',
      () => `${on} create policy everything on users using (true)`,
      null,
    ],
    ['that the role bypasses hides none', () => `${on} alter role ${reader} bypassrls`, null],
  ])('%s', async (_rule, sql, code) => {
    await app.run(sql())
    const read = await readAll(open())
    await app.run(`alter role ${reader} nobypassrls`)
    expect(read.code).toBe(code)
    expect(read.rows).toHaveLength(code === null ? 40 : 0)
    expect(read.isDone).toBe(code === null)
  })

  test('switched on while a table is read is no end of the table', async () => {
    const read = await readAll(open({}, meanwhile(on, 2)))
    expect(read).toMatchObject({ code: 'rows-hidden', isDone: false })
  })

  test('of the entitlement rows is noticed as well', async () => {
    await app.run('alter table features enable row level security')
    expect(await readAll(open({ mappings: { user: withFeatures } }))).toMatchObject({ code: 'rows-hidden' })
  })

  test('keeps single subjects from looking as if they were not there', async () => {
    await app.run(on)
    await expect(open().readSubjects([{ type: 'user', id: '1' }])).rejects.toMatchObject({
      code: 'rows-hidden',
    })
  })
})

describe('a table without a row', () => {
  test('is an error, and nobody is said to have nothing', async () => {
    await app.run('delete from users')
    expect(await readAll(open())).toMatchObject({ code: 'source-empty', isDone: false })
  })

  test('that holds entitlements is an error as well', async () => {
    await app.run('delete from features')
    expect(await readAll(open({ mappings: { user: withFeatures } }))).toMatchObject({ code: 'source-empty' })
  })

  test('since it was emptied while it was read is no end of the table', async () => {
    expect(await readAll(open({}, meanwhile('truncate users', 2)))).toMatchObject({
      code: 'source-empty',
      isDone: false,
    })
  })
})

describe('a schema that changes', () => {
  test.each([
    ['a column is renamed', 'alter table users rename plan to tier', 'plan'],
    ['a column is dropped', 'alter table users drop plan', 'plan'],
    ['a column gets another type', 'alter table users alter plan type varchar(20)', 'character varying(20)'],
    ['a column must not be null any more', 'alter table users alter plan set not null', 'not null'],
    ['a column sorts otherwise', 'alter table users alter plan type text collate "C"', 'collate C'],
    ['the table is renamed', 'alter table users rename to people', 'not there any more'],
    ['the table is dropped', 'drop table users', 'not there any more'],
    [
      'another table takes the name',
      `begin; alter table users rename to users_old; create table users (like users_old including all);
       insert into users select * from users_old where id < 5; grant select on users to public; commit`,
      'another table of the same name',
    ],
  ])('while it is read: %s', async (_rule, sql, found) => {
    const read = await readAll(open({}, meanwhile(sql, 2)))
    expect(read).toMatchObject({ code: 'schema-changed', isDone: false })
    expect(read.message).toContain(found)
  })

  test('between two processes of one check is noticed by the second', async () => {
    const cursors: Cursor[] = []
    for await (const page of open().read('users', [])) {
      cursors.push(...page.cursors)
      break
    }
    await app.run('alter table users alter plan type varchar(20)')
    await expect(async () => {
      for await (const _ of open().read('users', cursors)) break
    }).rejects.toMatchObject({ code: 'schema-changed' })
  })

  test('between two checks is noticed by whoever kept the shape', async () => {
    const { shape } = await open().shape('users')
    expect((await readAll(open({ knownShapes: { users: shape } }))).rows).toHaveLength(40)
    await app.run('alter table users alter plan type varchar(20)')
    const read = await readAll(open({ knownShapes: { users: shape } }))
    expect(read).toMatchObject({ code: 'schema-changed', rows: [] })
    expect(read.message).toContain('public.users.plan is character varying(20) collate default, and was text')
    const again = open({ knownShapes: { users: shape } })
    await expect(again.readSubjects([{ type: 'user', id: '1' }])).rejects.toMatchObject({
      code: 'schema-changed',
    })
  })

  test('elsewhere in the table is nobody’s business', async () => {
    const { shape } = await open().shape('users')
    await app.run(`alter table users add nickname text; alter table users drop updated_at`)
    await app.run('vacuum full users')
    expect((await readAll(open({ knownShapes: { users: shape } }))).rows).toHaveLength(40)
  })
})

describe('a mapping that does not fit', () => {
  test.each<readonly [string, string, Parameters<typeof mappingOf>[1], string, string]>([
    [
      'a table that is not there',
      '',
      { table: 'people', key: 'id', plan: 'plan' },
      'mapping-unfit',
      'no table public.people',
    ],
    [
      'a table in another case',
      '',
      { table: 'Users', key: 'id', plan: 'plan' },
      'mapping-unfit',
      'no table public.Users',
    ],
    [
      'columns that are not there',
      '',
      { table: 'users', key: 'uid', plan: 'tier' },
      'mapping-unfit',
      'no column uid, tier',
    ],
    [
      'a key of an unusable type',
      '',
      { table: 'users', key: 'updated_at', plan: 'plan' },
      'mapping-unfit',
      'timestamp with time zone',
    ],
    [
      'a key with doubles',
      '',
      { table: 'users', key: 'plan', entitlements: 'updated_at' },
      'mapping-unfit',
      'two rows or more',
    ],
    [
      'a subject with doubles',
      '',
      { table: 'users', key: 'id', subject: 'plan', entitlements: 'updated_at' },
      'mapping-unfit',
      'mapped as the subject, and two rows or more',
    ],
    [
      'a key that is null somewhere',
      `alter table users add handle text unique; update users set handle = id where id > 1`,
      { table: 'users', key: 'handle', plan: 'plan' },
      'mapping-unfit',
      'null in some rows',
    ],
    [
      'a materialized view',
      `create materialized view shown as select * from users; grant select on shown to public`,
      { table: 'shown', key: 'id', plan: 'plan' },
      'mapping-unfit',
      'materialized view',
    ],
    [
      'heirs with the same key',
      `create table more_users () inherits (users); insert into more_users values (1, 'free')`,
      { table: 'users', key: 'id', plan: 'plan' },
      'mapping-unfit',
      'two rows or more',
    ],
    [
      'a column without a grant',
      `alter table users add tier text`,
      { table: 'users', key: 'id', plan: 'tier' },
      'permission-missing',
      'columns tier of public.users',
    ],
    [
      'a schema without a grant',
      `create schema hidden; create table hidden.users (id int primary key, plan text); grant select on hidden.users to public`,
      { table: 'hidden.users', key: 'id', plan: 'plan' },
      'permission-missing',
      'schema hidden',
    ],
  ])('names %s', async (_rule, sql, shape, code, found) => {
    // Rights on a part of the table, as the printed SQL gives them.
    await app.run(
      `revoke all on users from ${reader}; grant select (id, plan, updated_at) on users to ${reader}; ${sql}`,
    )
    if (sql.includes('handle')) await app.run(`grant select (handle) on users to ${reader}`)
    const read = await readAll(open({ mappings: { user: mappingOf('user', shape) } }))
    await app.run('drop schema if exists hidden cascade')
    expect(read).toMatchObject({ code, rows: [], isDone: false })
    expect(read.message).toContain(found)
  })

  test('says so when a right is taken away while a table is read', async () => {
    const read = await readAll(open({}, meanwhile(`revoke select on users from ${reader}`, 2)))
    expect(read).toMatchObject({ code: 'permission-missing', isDone: false })
  })
})

describe('a view', () => {
  test('is read as a table is', async () => {
    await app.run(`create view people as select id, plan from users; grant select on people to ${reader}`)
    const people = mappingOf('user', { table: 'people', key: 'id', plan: 'plan' })
    const source = open({ mappings: { user: people } })
    expect((await readAll(source)).rows).toHaveLength(40)
    expect(await source.test()).toContainEqual(
      expect.objectContaining({
        state: 'warning',
        found: expect.stringContaining('public.people is a view'),
      }),
    )
  })

  test('over a table with row-level security is refused where rows may be hidden', async () => {
    await app.run(
      `create view people with (security_invoker) as select id, plan from users; grant select on people to ${reader};
       alter table users enable row level security`,
    )
    const people = mappingOf('user', { table: 'people', key: 'id', plan: 'plan' })
    expect(await readAll(open({ mappings: { user: people } }))).toMatchObject({
      code: 'rows-hidden',
      rows: [],
    })
  })

  test('that is replaced while it is read is noticed', async () => {
    await app.run(`create view people as select id, plan from users; grant select on people to ${reader}`)
    const people = mappingOf('user', { table: 'people', key: 'id', plan: 'plan' })
    const narrowed = 'create or replace view people as select id, plan from users where id < 15'
    const read = await readAll(open({ mappings: { user: people } }, meanwhile(narrowed, 2)))
    expect(read).toMatchObject({ code: 'schema-changed', isDone: false })
  })
})

describe('an order that changed under its index', () => {
  test('is not read on from', async () => {
    await app.run(
      `create collation sorted (provider = icu, locale = 'en');
       create table sorted_users (id text collate sorted primary key, plan text); insert into sorted_users values ('a', 'pro');
       grant select on sorted_users to ${reader};
       update pg_collation set collversion = '0.1' where collname = 'sorted'`,
    )
    const read = await readAll(
      open({ mappings: { user: mappingOf('user', { table: 'sorted_users', key: 'id', plan: 'plan' }) } }),
    )
    expect(read).toMatchObject({ code: 'collation-changed', rows: [] })
  })
})

describe('a role that can write', () => {
  test('is not read with, unless that was allowed', async () => {
    await app.run(`grant update (plan) on users to ${reader}`)
    const read = await readAll(open())
    expect(read).toMatchObject({ code: 'key-too-powerful', rows: [] })
    expect(read.message).toContain('public.users: update')
    await expect(open().readSubjects([{ type: 'user', id: '1' }])).rejects.toMatchObject({
      code: 'key-too-powerful',
    })
    expect((await readAll(open({ allowWriteRole: true }))).rows).toHaveLength(40)
  })
})

describe('a key of a type in another schema', () => {
  test('needs the right to use that schema, and says so', async () => {
    await app.run(`revoke usage on schema other from ${reader};
      create table citizens (id other.citext primary key, plan text); insert into citizens values ('a', 'pro');
      grant select on citizens to ${reader}`)
    const mapping = mappingOf('user', { table: 'citizens', key: 'id', plan: 'plan' })
    const read = await readAll(open({ mappings: { user: mapping } }))
    await app.run(`grant usage on schema other to ${reader}`)
    expect(read).toMatchObject({ code: 'permission-missing', rows: [] })
    expect(read.message).toContain('may not use the schema other')
  })
})

describe('a key of any type', () => {
  const letters = `(select string_agg(substr('aAbBzZäÄßéÉ-_ .1290xyƒ日', 1 + floor(random() * 22)::int, 1), '') from generate_series(1, 3 + n % 5))`
  test.each([
    ['smallint', 'smallint', '(n - 100)'],
    ['integer', 'int', '(n - 100) * 1000003'],
    ['bigint', 'bigint', '(n - 100) * 92233720368547758'],
    ['numeric', 'numeric', '(n - 100) / 7.0'],
    ['uuid', 'uuid', 'gen_random_uuid()'],
    ['text in the order of bytes', 'text collate "C"', `${letters} || n`],
    ['text in the order of the database', 'text', `${letters} || n`],
    ['text in the order of a language', 'text collate "en-x-icu"', `${letters} || n`],
    ['text in the order of another language', 'varchar(40) collate "sv-x-icu"', `${letters} || n`],
    ['text in an order that takes cases for equal', 'text collate unequal', `${letters} || n`],
    ['text of a fixed length', 'char(30)', `${letters} || n`],
    ['text without case', 'other.citext', `${letters} || n`],
    ['a domain', 'handle', `${letters} || n`],
  ])('gives every row once, page by page: %s', async (_rule, type, value) => {
    await app.run(`
      create collation unequal (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      create domain handle as text check (value <> '');
      create table keyed (id ${type} primary key, plan text);
      insert into keyed select ${value}, 'pro' from generate_series(1, 200) n;
      create table owned (owner ${type}, name text); insert into owned select id, 'sso' from keyed;
      analyze keyed; grant select on keyed, owned to ${reader}`)
    const mapping = mappingOf('user', {
      table: 'keyed',
      key: 'id',
      plan: 'plan',
      entitlements: { table: 'owned', subject: 'owner', feature: 'name' },
    })
    const source = open({ mappings: { user: mapping }, pageRows: 7 })
    const { rows, code } = await readAll(source)
    expect(code).toBe(null)
    const keys = (await app.run('select id::text as id from keyed order by keyed.id')).map(({ id }) => id)
    expect(rows.map(({ subject }) => subject.id)).toEqual(keys)
    expect(rows.every(({ granted }) => granted.entitlements.state === 'value')).toBe(true)
    const asked = rows.slice(50, 70).map(({ subject }) => subject)
    expect((await source.readSubjects(asked)).map(({ subject }) => subject)).toEqual(asked)
  })
})

describe('a value', () => {
  test('of any size stops no reading, and is not taken for nothing', async () => {
    await app.run(`update users set plan = repeat('x', 2500000) where id <= 30`)
    const { rows, code } = await readAll(open({ pageRows: 40 }))
    expect(code).toBe(null)
    expect(rows.map(({ granted }) => granted.plan.state)).toEqual([
      ...Array(30).fill('unreadable'),
      ...Array(10).fill('value'),
    ])
  })

  test.each<readonly [string, string, string]>([
    ['text[]', `array['reports', 'sso']`, 'value reports,sso'],
    ['text[]', `array['a"b', '{}', 'c,d']`, 'value a"b,c,d,{}'],
    ['text[]', `'{}'`, 'value '],
    ['text[]', 'null', 'absent'],
    ['text[]', `array['reports', null]`, 'unreadable'],
    ['int[]', 'array[1, 2]', 'unreadable'],
    ['jsonb', `'{"reports": true, "sso": false}'`, 'value reports'],
    ['jsonb', `'["reports"]'`, 'value reports'],
    ['jsonb', `'null'`, 'absent'],
    ['jsonb', `'"reports"'`, 'unreadable'],
    ['json', `('[' || repeat('[', 2000) || repeat(']', 2000) || ']')::json`, 'unreadable'],
    ['text', `'reports'`, 'unreadable'],
    ['bytea', `'\\x00'`, 'unreadable'],
    ['interval', `'3 days'`, 'unreadable'],
    ['point', `'(1,2)'`, 'unreadable'],
    ['features', `row(1, 'sso')::features`, 'unreadable'],
  ])('of the type %s, %s, is read as features: %s', async (type, value, expected) => {
    await app.run(
      `alter table users add column features ${type}; update users set features = ${value} where id = 1`,
    )
    const mapping = mappingOf('user', { table: 'users', key: 'id', entitlements: 'features' })
    const [first] = await open({ mappings: { user: mapping } }).readSubjects([{ type: 'user', id: '1' }])
    const read = first?.granted.entitlements
    expect(read?.state === 'value' ? `value ${read.value.join(',')}` : read?.state).toBe(expected)
  })

  test.each<readonly [string, string, string]>([
    ['timestamptz', `'2027-01-31 12:00:00+02'`, '2027-01-31T10:00:00.000Z'],
    ['timestamp', `'2027-01-31 10:00:00.25'`, '2027-01-31T10:00:00.250Z'],
    ['date', `'2027-01-31'`, '2027-01-31T00:00:00.000Z'],
    ['bigint', '1801353600', '2027-01-31T00:00:00.000Z'],
    ['numeric', '1801353600000', '2027-01-31T00:00:00.000Z'],
    ['text', `'2027-01-31'`, '2027-01-31T00:00:00.000Z'],
    ['timestamptz', `'infinity'`, 'unreadable'],
    ['timestamptz', `'0044-03-15 BC'`, 'unreadable'],
    ['date', `'12027-01-31'`, 'unreadable'],
    ['float8', `'NaN'`, 'unreadable'],
    ['boolean', 'true', 'unreadable'],
    ['timestamptz', 'null', 'absent'],
  ])('of the type %s, %s, is read as a moment: %s', async (type, value, expected) => {
    await app.run(`alter table users add trial ${type}; update users set trial = ${value} where id = 1`)
    const mapping = mappingOf('user', { table: 'users', key: 'id', plan: 'plan', trialEndsAt: 'trial' })
    // The answer must not depend on how the role likes its dates.
    await app.run(
      `alter role ${reader} set datestyle = 'SQL, DMY'; alter role ${reader} set timezone = 'Asia/Tokyo'`,
    )
    const [first] = await open({ mappings: { user: mapping } }).readSubjects([{ type: 'user', id: '1' }])
    await app.run(`alter role ${reader} reset all`)
    const read = first?.granted.trialEndsAt
    expect(read?.state === 'value' ? read.value.toISOString() : read?.state).toBe(expected)
  })
})
