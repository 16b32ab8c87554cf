import type { RecordChange, RepairAnswer, RepairTarget, StoredValue } from '@trueup/core'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createRepairDatabase, type RepairDatabase } from '../../../../../../test/support/repair-database.ts'
import { serveEmbedded } from '../../../cli/demo/serve-embedded.ts'
import { type FieldRule, permits } from '../../repair-rule.ts'
import { createFunctionTarget } from './function-target.ts'
import { repairFunctionSql, repairFunctionUninstallSql } from './repair-function-sql.ts'
import type { RepairTable } from './repair-policy.ts'

const users: RepairTable = {
  schema: 'public',
  table: 'users',
  key: 'id',
  columns: [
    { column: 'plan', rule: { kind: 'any-of', values: ['free', 'pro', 'team'], nullable: true } },
    { column: 'premium', rule: { kind: 'flag' } },
    { column: 'trial_ends_at', rule: { kind: 'moment', mostDaysAhead: 36_500, nullable: true } },
    { column: 'seats', rule: { kind: 'whole-number', least: 0, most: 1_000_000, nullable: true } },
    { column: 'features', rule: { kind: 'features', among: ['export', 'audit'], nullable: true } },
    { column: 'tags', rule: { kind: 'features', among: ['export', 'audit'], nullable: true } },
  ],
}

let database: RepairDatabase
let target: RepairTarget
let orders = 0
beforeAll(async () => {
  database = await createRepairDatabase()
  target = createFunctionTarget({ source: 'app', connection: database.connect(database.role) })
})
afterAll(() => database.close())
/** Whether a test has changed more than rows. */
let isSpoiled = true
beforeEach(async () => {
  if (isSpoiled) {
    await database.owner('drop schema if exists trueup_repair cascade')
    await install()
  }
  isSpoiled = false
  await database.owner(`truncate public.users;
    alter table trueup_repair.journal disable trigger only_grows;
    truncate trueup_repair.journal, trueup_repair.fence;
    alter table trueup_repair.journal enable trigger only_grows;
    update trueup_repair.policy set cap_an_hour = 25, switched_on = true`)
})

/** The address of the database for another role, through the socket. */
function urlFor(role: string): string {
  return database.url.replace(/\/\/[^@/]*@/, `//${role}@`)
}

async function install(tables: readonly RepairTable[] = [users], capAnHour = 25): Promise<void> {
  await database.owner(repairFunctionSql({ tables, capAnHour, role: database.role }))
}

async function add(id: string, fields: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const columns = ['id', ...Object.keys(fields)]
  await database.owner(
    `insert into public.users (${columns.join(', ')}) values (${columns.map((_, at) => `$${at + 1}`).join(', ')})`,
    [id, ...Object.values(fields)],
  )
}

async function row(id: string): Promise<Record<string, unknown>> {
  const { rows } = await database.owner('select to_jsonb(u) as row from public.users u where id = $1', [id])
  return rows[0]?.row ?? {}
}

function apply(record: string, changes: readonly RecordChange[], deadlineMs = 60_000): Promise<RepairAnswer> {
  const deadline = new Date(Date.now() + deadlineMs)
  const token = ++orders
  return target.apply({
    repairId: `rep_${token}`,
    source: 'app',
    container: 'public.users',
    record,
    changes,
    deadline,
    token,
  })
}

const toPro: readonly RecordChange[] = [{ field: 'plan', before: 'free', after: 'pro' }]

/** A session of the repair role, as whoever has stolen its password would open it. */
async function asRepairRole<T>(act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: urlFor(database.role) })
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}

const rawApply = `select trueup_repair.apply($1, 'public.users', $2,
  '[{"column": "plan", "before": "free", "after": "pro"}]', now() + interval '1 minute', $3) as answer`

describe('values', () => {
  test.each<[string, StoredValue, StoredValue]>([
    ['plan', 'free', 'pro'],
    ['plan', 'free', null],
    ['plan', null, 'free'],
    ['premium', false, true],
    ['trial_ends_at', null, '2026-12-01T00:00:00+00:00'],
    ['trial_ends_at', '2026-12-01T00:00:00.123456+00:00', '2027-01-01T00:00:00.5+00:00'],
    ['seats', 5, 12],
    ['features', { export: true, own: 7 }, { export: false, own: 7 }],
    ['features', null, ['export']],
    ['tags', ['old'], ['old', 'audit']],
  ])('%s goes from %j to %j and is told as it was given', async (field, before, after) => {
    const isJson = field === 'features' && before !== null
    await add('u_1', { [field]: isJson ? JSON.stringify(before) : before })
    expect(await apply('u_1', [{ field, before, after }])).toMatchObject({ kind: 'applied' })
    const changes = [{ field, before, after }]
    const told = await target.inspect({ container: 'public.users', record: 'u_1', changes })
    expect(told.values).toEqual({ [field]: after })
    expect((await row('u_1'))[field]).toEqual(after)
  })

  test('a number that JavaScript would round is compared exactly', async () => {
    await add('u_1', { seats: '9007199254740993' })
    const found = { seats: '9007199254740993' }
    expect(await apply('u_1', [{ field: 'seats', before: 9007199254740992, after: 1 }])).toEqual({
      kind: 'conflict',
      found,
    })
    expect(await apply('u_1', [{ field: 'seats', before: found.seats, after: 1 }])).toMatchObject({
      kind: 'applied',
    })
  })

  test('null is told apart from every value', async () => {
    await add('u_1', { plan: '' })
    expect(await apply('u_1', [{ field: 'plan', before: null, after: 'pro' }])).toEqual({
      kind: 'conflict',
      found: { plan: '' },
    })
  })

  test('a value that the column cannot hold is refused, not thrown', async () => {
    await add('u_1')
    const changes = [{ field: 'premium', before: 'maybe', after: true }]
    expect(await apply('u_1', changes)).toMatchObject({ kind: 'refused', code: 'not-allowed' })
  })
})

describe('what a rule lets in', () => {
  const anyOf: FieldRule = { kind: 'any-of', values: ['free', 'pro'] }
  const flag: FieldRule = { kind: 'flag' }
  const number: FieldRule = { kind: 'whole-number', least: 0, most: 100 }
  const moment: FieldRule = { kind: 'moment', mostDaysAhead: 30 }
  const id: FieldRule = { kind: 'id', startsWith: 'cus_', longest: 12 }
  const features: FieldRule = { kind: 'features', among: ['a', 'b'] }
  const soon = new Date(Date.now() + 86_400_000)
  const late = new Date(Date.now() + 40 * 86_400_000)
  test.each<[FieldRule, StoredValue, StoredValue, boolean]>([
    [anyOf, null, 'pro', true],
    [anyOf, null, 'Pro', false],
    [anyOf, null, null, false],
    [{ ...anyOf, nullable: true }, null, null, true],
    [flag, null, true, true],
    [flag, null, 1, true],
    [flag, null, 'Yes', true],
    [flag, null, 2, false],
    [flag, null, 'maybe', false],
    [flag, null, { a: true }, false],
    [number, null, 0, true],
    [number, null, '100', true],
    [number, null, 101, false],
    [number, null, -1, false],
    [number, null, 1.5, false],
    [number, null, '1e2', false],
    [number, null, '', false],
    [moment, null, soon.toISOString(), true],
    [moment, null, soon.toISOString().replace('T', ' ').replace('Z', '+00'), true],
    [moment, null, soon.toISOString().replace('Z', ''), false],
    [moment, null, late.toISOString(), false],
    [moment, null, soon.getTime(), true],
    [moment, null, String(Math.floor(soon.getTime() / 1000)), true],
    [moment, null, late.getTime(), false],
    [moment, null, 14, false],
    [moment, null, 'infinity', false],
    [moment, null, 'tomorrow', false],
    [id, null, 'cus_1', true],
    [id, null, 'cus_', false],
    [id, null, 'sub_1', false],
    [id, null, 'cus_1; drop', false],
    [id, null, 'cus_1234567890', false],
    [features, null, ['a'], true],
    [features, null, ['c'], false],
    [features, ['c'], ['a', 'c'], true],
    [features, null, { a: true, b: false }, true],
    [features, null, { a: 'yes' }, false],
    [features, { limit: 5 }, { limit: 5, a: true }, true],
    [features, { limit: 5 }, { limit: 50 }, false],
    [features, null, 'a', false],
    [features, null, [], true],
  ])(
    '%j, with %j there: %j is let in: %j, on this side and in the database',
    async (rule, before, after, isLetIn) => {
      expect(permits(rule, before, after, new Date())).toBe(isLetIn)
      const { rows } = await database.owner('select trueup_repair.permits($1, $2, $3) as permits', [
        JSON.stringify(rule),
        JSON.stringify(before),
        JSON.stringify(after),
      ])
      expect(rows[0]?.permits).toBe(isLetIn)
    },
  )

  test('what a repair took away may be put back, whatever it was', async () => {
    await add('u_1', { plan: 'legacy' })
    expect((await apply('u_1', [{ field: 'plan', before: 'legacy', after: 'pro' }])).kind).toBe('applied')
    expect((await apply('u_1', [{ field: 'plan', before: 'pro', after: 'legacy' }])).kind).toBe('applied')
    await add('u_2', { plan: 'pro' })
    expect((await apply('u_2', [{ field: 'plan', before: 'pro', after: 'legacy' }])).kind).toBe('refused')
  })
})

describe('the role that repairs', () => {
  test('may call four functions and nothing else of the database', async () => {
    const { rows: functions } = await database.owner(
      `select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname = 'trueup_repair' and has_function_privilege($1, p.oid, 'execute') order by 1`,
      [database.role],
    )
    expect(functions.map(({ proname }) => proname)).toEqual(['abandon', 'apply', 'inspect', 'settle'])
    const { rows: tables } = await database.owner(
      `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('public', 'trueup_repair') and c.relkind = 'r'
         and (has_any_column_privilege($1, c.oid, 'select, insert, update') or has_table_privilege($1, c.oid, 'delete, truncate'))`,
      [database.role],
    )
    expect(tables).toEqual([])
  })

  test('cannot take everything back, which is for the owner', async () => {
    await expect(
      asRepairRole((client) => client.query('select trueup_repair.undo_all(now())')),
    ).rejects.toThrow('permission denied')
  })

  test.each(['repeatable read', 'serializable'])(
    'has orders refused at %s, where the cap could be counted too low',
    async (level) => {
      await add('u_1', { plan: 'free' })
      await asRepairRole(async (client) => {
        await client.query(`begin isolation level ${level}`)
        const { rows } = await client.query(rawApply, ['rep', 'u_1', 1])
        expect(rows[0]?.answer).toMatchObject({ kind: 'refused', code: 'not-allowed' })
      })
    },
  )

  test('cannot slip a table of its own under a trigger of the app', async () => {
    // The trigger names its table without a schema, as many do. It would find one in the session's temporary schema,
    // with a trigger on it that then runs with the rights of the repair function.
    await database.owner(`
      create table public.audit (id text);
      create function public.note() returns trigger language plpgsql as 'begin insert into audit values (new.id); return new; end';
      create trigger note after update on public.users for each row execute function public.note()`)
    try {
      await add('u_1', { plan: 'free' })
      await add('u_2', { plan: 'free' })
      await asRepairRole(async (client) => {
        await client.query(`create temporary table audit (id text)`)
        await client.query(
          `create function pg_temp.take() returns trigger language plpgsql as
           'begin update public.users set plan = ''pro'' where id = ''u_2''; return new; end'`,
        )
        await client.query(
          'create trigger take after insert on audit for each row execute function pg_temp.take(); grant all on audit to public',
        )
        const { rows } = await client.query(rawApply, ['rep', 'u_1', 1])
        expect(rows[0]?.answer).toMatchObject({ kind: 'refused', code: 'not-allowed' })
      })
      expect([await row('u_1'), await row('u_2')]).toMatchObject([{ plan: 'free' }, { plan: 'free' }])
    } finally {
      await database.owner(
        'drop trigger note on public.users; drop function public.note; drop table public.audit',
      )
    }
  })
})

describe('the owner', () => {
  test('stops the repairs of a column at once, by its switch or by a cap of 0', async () => {
    await add('u_1', { plan: 'free' })
    await database.owner("update trueup_repair.policy set switched_on = false where column_name = 'plan'")
    expect(await apply('u_1', toPro)).toMatchObject({ kind: 'refused', code: 'switched-off' })
    await database.owner('update trueup_repair.policy set switched_on = true, cap_an_hour = 0')
    expect(await apply('u_1', toPro)).toMatchObject({ kind: 'refused', code: 'cap-reached' })
  })

  test('takes everything back with one command, the latest first, and is told of what the app changed since', async () => {
    for (const id of ['u_1', 'u_2', 'u_3']) await add(id, { plan: 'free', premium: false })
    await apply('u_1', [...toPro, { field: 'premium', before: false, after: true }])
    await apply('u_1', [{ field: 'plan', before: 'pro', after: 'team' }])
    await apply('u_2', toPro)
    await apply('u_3', toPro)
    await database.owner("update public.users set plan = 'team' where id = 'u_2'")
    const undo = `select key, column_name, outcome from trueup_repair.undo_all(now() - interval '1 hour')`
    expect((await database.owner(undo)).rows).toEqual([
      { key: 'u_3', column_name: 'plan', outcome: 'undone' },
      { key: 'u_2', column_name: 'plan', outcome: 'conflict' },
      { key: 'u_1', column_name: 'plan', outcome: 'undone' },
      { key: 'u_1', column_name: 'premium', outcome: 'undone' },
      { key: 'u_1', column_name: 'plan', outcome: 'undone' },
    ])
    expect(await row('u_1')).toMatchObject({ plan: 'free', premium: false })
    expect(await row('u_2')).toMatchObject({ plan: 'team' })
    expect((await database.owner(undo)).rows).toEqual([
      { key: 'u_2', column_name: 'plan', outcome: 'conflict' },
    ])
  })

  test.each([
    'delete from trueup_repair.journal',
    'update trueup_repair.journal set new = null',
    'truncate trueup_repair.journal cascade',
  ])('cannot change the journal by accident: %s', async (statement) => {
    await expect(database.owner(statement)).rejects.toThrow('only grows')
  })

  test('installs again for another mapping, and the journal, the caps and the switches stay', async () => {
    isSpoiled = true
    await add('u_1', { plan: 'free' })
    await apply('u_1', toPro)
    await database.owner(
      `update trueup_repair.policy set cap_an_hour = 3, switched_on = false where column_name = 'plan'`,
    )
    const plan = { column: 'plan', rule: { kind: 'any-of' as const, values: ['free'] } }
    const email = { column: 'email', rule: { kind: 'id' as const, startsWith: 'a', longest: 20 } }
    await install([{ ...users, columns: [plan, email] }], 7)
    const { rows } = await database.owner(
      'select column_name, cap_an_hour, switched_on, rule from trueup_repair.policy order by 1',
    )
    expect(rows).toEqual([
      { column_name: 'email', cap_an_hour: 7, switched_on: true, rule: email.rule },
      { column_name: 'plan', cap_an_hour: 3, switched_on: false, rule: plan.rule },
    ])
    expect((await database.owner('select state from trueup_repair.journal')).rows).toEqual([
      { state: 'applied' },
    ])
    const { rows: held } = await database.owner(
      `select a.attname from pg_attribute a where a.attrelid = 'public.users'::regclass and a.attnum > 0
         and has_column_privilege($1, a.attrelid, a.attnum, 'update') order by 1`,
      [`${database.role}_owner`],
    )
    expect(held.map(({ attname }) => attname)).toEqual(['email', 'plan'])
  })

  test('has every value in the policy as it is in the catalogue, whatever characters it has', async () => {
    isSpoiled = true
    const values = ['$body$; drop table users; --', "it's", 'a\\b', '$1', '%I', 'ü', '"']
    await install([{ ...users, columns: [{ column: 'plan', rule: { kind: 'any-of', values } }] }])
    const { rows } = await database.owner('select rule from trueup_repair.policy')
    expect(rows).toEqual([{ rule: { kind: 'any-of', values } }])
  })

  test.each<[string, Partial<RepairTable>, string]>([
    ['a table that is not there', { table: 'nobody' }, 'no table'],
    ['a key that is not unique', { key: 'email' }, 'no unique index'],
    ['a column that is not there', { columns: [{ column: 'nothing', rule: { kind: 'flag' } }] }, 'no column'],
    ['the key itself', { columns: [{ column: 'id', rule: { kind: 'flag' } }] }, 'cannot be written'],
  ])('is told of %s when installing, and nothing is installed', async (_, wrong, message) => {
    await expect(install([{ ...users, ...wrong }])).rejects.toThrow(message)
    await database.owner('rollback')
    const { rows } = await database.owner('select count(*)::int as columns from trueup_repair.policy')
    expect(rows).toEqual([{ columns: users.columns.length }])
  })

  test('who is no superuser can install, use and take away all of it', async () => {
    isSpoiled = true
    const owner = `${database.role}_dba`
    const login = `${database.role}_2`
    await database.owner(`create role ${owner} login createrole; grant create on database ${database.name} to ${owner};
      create schema app authorization ${owner}`)
    const client = new pg.Client({ connectionString: urlFor(owner) })
    await client.connect()
    try {
      await database.owner('drop schema trueup_repair cascade')
      await client.query(`create table app.orgs (id uuid primary key, "Plan ""x""" text);
        alter table app.orgs enable row level security;
        insert into app.orgs values ('11111111-1111-4111-8111-111111111111', 'free')`)
      const orgs: RepairTable = {
        schema: 'app',
        table: 'orgs',
        key: 'id',
        columns: [{ column: 'Plan "x"', rule: { kind: 'any-of', values: ['pro'] } }],
      }
      for (let times = 0; times < 2; times++)
        await client.query(repairFunctionSql({ tables: [orgs], role: login }))
      const orgTarget = createFunctionTarget({ source: 'app', connection: database.connect(login) })
      const answer = await orgTarget.apply({
        repairId: 'rep_org',
        source: 'app',
        container: 'app.orgs',
        record: '11111111-1111-4111-8111-111111111111',
        changes: [{ field: 'Plan "x"', before: 'free', after: 'pro' }],
        deadline: new Date(Date.now() + 60_000),
        token: 1,
      })
      expect(answer.kind).toBe('applied')
      const undone = await client.query(`select outcome from trueup_repair.undo_all('-infinity')`)
      expect(undone.rows).toEqual([{ outcome: 'undone' }])
      await client.query(repairFunctionUninstallSql({ role: login }))
      const { rows } = await client.query(
        `select rolname as left_over from pg_roles where rolname like $1 union all
         select nspname from pg_namespace where nspname = 'trueup_repair' union all
         select polname from pg_policy`,
        [`${login}%`],
      )
      expect(rows).toEqual([])
    } finally {
      await client.end()
      await database.owner(`drop schema if exists app cascade; drop schema if exists trueup_repair cascade;
        revoke all on database ${database.name} from ${owner}; drop role ${owner}`)
    }
  })
})

describe('a table with a life of its own', () => {
  async function withTable(statements: string, act: () => Promise<void>): Promise<void> {
    isSpoiled = true
    await add('u_1', { plan: 'free' })
    await database.owner(statements)
    try {
      await act()
    } finally {
      await database.owner(`drop table public.users cascade; drop table if exists public.follower;
        create table public.users (id text primary key, plan text, premium boolean not null default false, email text,
          trial_ends_at timestamptz, seats bigint, features jsonb, tags text[])`)
    }
  }
  const trigger = (body: string, when = 'before') => `
    create or replace function public.own() returns trigger language plpgsql as $$ begin ${body} end $$;
    create trigger own ${when} update on public.users for each row execute function public.own();`

  test('tells of triggers, rules, keys that follow and generated columns, for whoever approves', async () => {
    await withTable(
      `${trigger('return new;', 'after')}
      create function public.other() returns trigger language plpgsql as $$ begin return new; end $$;
      create trigger "of the e-mail" before update of email on public.users for each row execute function public.other();
      create trigger "of inserts" before insert on public.users for each row execute function public.other();
      create rule "note" as on update to public.users do also select 1;
      alter table public.users add constraint plan_once unique (plan), add column shout text generated always as (upper(plan)) stored;
      create table public.follower (plan text references public.users (plan) on update cascade);`,
      async () => {
        const inspected = await target.inspect({ container: 'public.users', record: 'u_1', changes: toPro })
        expect(inspected.sideEffects).toEqual([
          'foreign key follower_plan_fkey of public.follower: takes the new value over',
          'generated column shout of public.users: is computed again',
          'rule note on public.users: beside the update',
          'trigger own on public.users: after the row changes, calls public.own',
        ])
      },
    )
  })

  test.each([
    ['keeps the row as it is', trigger('return null;')],
    ['writes another value', trigger("new.plan := 'team'; return new;")],
    [
      'writes another value afterwards',
      trigger(
        "if new.plan = 'pro' then update public.users set plan = 'team' where id = new.id; end if; return null;",
        'after',
      ),
    ],
    ['raises an error', trigger("raise exception 'no: %', new.email;")],
    ['replaces the update', 'create rule own as on update to public.users do instead nothing'],
  ])('where a trigger or rule %s, the order is refused and nothing is left of it', async (_, statements) => {
    await withTable(statements, async () => {
      expect(await apply('u_1', toPro)).toMatchObject({ kind: 'refused', code: 'not-allowed' })
      expect(await row('u_1')).toMatchObject({ plan: 'free' })
      expect((await database.owner('select from trueup_repair.journal')).rowCount).toBe(0)
    })
  })

  test('an order that waited for a lock until after its deadline is not written', async () => {
    await add('u_1', { plan: 'free' })
    const holder = new pg.Client({ connectionString: database.url })
    await holder.connect()
    try {
      await holder.query("begin; update public.users set email = 'held' where id = 'u_1'")
      const waiting = apply('u_1', toPro, 150)
      await holder.query('select pg_sleep(0.3); commit')
      expect(await waiting).toMatchObject({ kind: 'refused', code: 'deadline-passed' })
      expect(await row('u_1')).toMatchObject({ plan: 'free' })
    } finally {
      await holder.end()
    }
  })
})

test('the embedded PostgreSQL, which is newer, takes the same SQL', async () => {
  const embedded = await serveEmbedded()
  try {
    await embedded.run([
      "create table public.users (id text primary key, plan text, premium boolean, trial_ends_at timestamptz, seats bigint, features jsonb, tags text[]); insert into public.users (id, plan) values ('u_1', 'free')",
      repairFunctionSql({ tables: [users] }),
    ])
    const client = new pg.Client({ connectionString: embedded.urlFor('postgres') })
    await client.connect()
    try {
      const { rows } = await client.query(rawApply, ['rep', 'u_1', 1])
      expect(rows[0]?.answer).toMatchObject({ kind: 'applied' })
      const { rows: undone } = await client.query("select outcome from trueup_repair.undo_all('-infinity')")
      expect(undone).toEqual([{ outcome: 'undone' }])
    } finally {
      await client.end()
    }
  } finally {
    await embedded.close()
  }
})
