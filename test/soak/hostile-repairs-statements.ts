import type { Rng } from '@trueup/core'

/** What whoever has stolen the credentials of repairs may send: one statement, with parameters or without. */
export interface HostileStatement {
  readonly text: string
  readonly values?: readonly unknown[]
}

/** Statements that belong together, sent one after the other whatever comes back. */
export interface Attack {
  readonly name: string
  readonly statements: readonly HostileStatement[]
  /** Whether the session is given up afterwards. */
  readonly endsSession?: boolean
}

/** What an attacker knows of the app and of the role. */
export interface HostileKnowledge {
  readonly role: string
  readonly owner: string
  readonly users: number
  /** Greater than any before, of all attackers: what is smaller is refused before anything else is asked. */
  nextToken(): number
}

const injections = [
  `'; update public.users set plan = 'pro'; --`,
  `"; update public.users set plan = 'pro'; --`,
  `$$; update public.users set plan = 'pro'; $$`,
  `%I %s %L`,
  `\\'; drop table public.users; --`,
  `public.users" set plan = 'pro' where true; --`,
  `u_1' or true or '`,
  `plan = 'pro', "premium`,
  `' || (select set_config('role', 'postgres', false)) || '`,
  '{"a":1}',
  '\u0000',
  `\u202eusers`,
  '',
  'x'.repeat(70_000),
  'NULL',
  '*',
] as const
const tables = [
  'public.users',
  'users',
  'PUBLIC.USERS',
  '"public"."users"',
  'public.secrets',
  'trueup_repair.policy',
  'trueup_repair.journal',
  'pg_catalog.pg_authid',
  'information_schema.tables',
  'public.users; select 1',
] as const
const columns = [
  'plan',
  'premium',
  'email',
  'id',
  'ctid',
  'tableoid',
  'plan"',
  'cap_an_hour',
  'Plan',
  '',
] as const
const amounts: readonly unknown[] = [1, 0, -1, 2 ** 53, '9223372036854775807', '-9223372036854775808', null]
const moments: readonly unknown[] = [
  'infinity',
  '-infinity',
  '1970-01-01',
  '294276-12-31',
  null,
  'now',
  "'; select 1 --",
]

/** Objects of a session's own, under the names that the functions and triggers of the app use. */
const shadowing: readonly string[] = [
  `create temporary table audit (id text); create function pg_temp.take() returns trigger language plpgsql as $$ begin update public.users set plan = 'pro' where right(id, 1) <> '0'; return new; end $$;
   create trigger take after insert on audit for each row execute function pg_temp.take(); grant all on audit to public`,
  `create temporary table users (id text, plan text); insert into users values ('u_1', 'free')`,
  `create temporary table policy (target text, column_name text, cap_an_hour int, switched_on boolean, rule jsonb); create temporary table journal (id int)`,
  `create function pg_temp.to_jsonb(text) returns jsonb language sql as $$ select '"free"'::jsonb $$`,
  `create function pg_temp.clock_timestamp() returns timestamptz language sql as $$ select '1970-01-01'::timestamptz $$`,
  `create operator pg_temp.= (leftarg = text, rightarg = text, procedure = texteq)`,
  `create temporary view pg_class as select 1`,
  `create type pg_temp.jsonb as (x int)`,
  `create domain pg_temp.text as int`,
  `create function public.texteq2(text, text) returns boolean language sql as 'select true'`,
  `create schema evil; create table evil.users (id text)`,
]

const applyCall = 'select trueup_repair.apply($1, $2, $3, $4::jsonb, $5::timestamptz, $6::bigint)'
const later = () => new Date(Date.now() + 60_000).toISOString()

/** Makes attacks, one after the other, from a source of chance. */
export class Attacker {
  readonly #rng: Rng
  readonly #known: HostileKnowledge
  readonly #name: string
  #made = 0

  constructor(name: string, rng: Rng, known: HostileKnowledge) {
    this.#name = name
    this.#rng = rng
    this.#known = known
  }

  /** An order as the program itself would send it: for these the cap is what stops it. */
  order(): Attack {
    const column = this.#rng.next() < 0.5 ? 'plan' : 'premium'
    const [before, after] = column === 'plan' ? ['free', 'pro'] : [false, true]
    return this.#one('order', applyCall, [
      this.#id(),
      'public.users',
      this.#user(),
      JSON.stringify([{ column, before, after }]),
      later(),
      this.#known.nextToken(),
    ])
  }

  /** A table under the name that the app's careless trigger uses, and then orders that set that trigger off. */
  trap(): Attack {
    const [trap = ''] = shadowing
    const orders = Array.from({ length: 5 }, (_, at) => ({
      text: `select ${this.#callFor(`'u_${at + 1}0'`, `'${this.#id()}'`)}`,
    }))
    return { name: 'trap', statements: [{ text: trap }, ...orders], endsSession: true }
  }

  /** An order in a transaction that stays open for longer than the function waits for a lock, and is committed then. */
  hold(): Attack {
    return {
      name: 'hold',
      statements: [
        { text: `begin; select ${this.#literalCall()}` },
        { text: 'select pg_sleep(2.2)' },
        { text: 'commit' },
      ],
    }
  }

  next(): Attack {
    const chance = this.#rng.next()
    if (chance < 0.25) return this.order()
    if (chance < 0.4) return this.#forged()
    if (chance < 0.5) return this.#otherCalls()
    if (chance < 0.6) return this.#around()
    if (chance < 0.75) return this.#inTransactions()
    if (chance < 0.85) return this.#shadows()
    if (chance < 0.995) return this.#sql()
    return this.#one(
      'kills a session',
      'select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user and pid <> pg_backend_pid() limit 1',
    )
  }

  /** Orders with something wrong in every place. */
  #forged(): Attack {
    const some = <T>(right: T, wrong: readonly T[]) => (this.#rng.next() < 0.6 ? right : this.#of(wrong))
    const change = {
      column: some<string>('plan', [...columns, ...injections]),
      before: some<unknown>('free', [null, true, 1, {}, [], ...injections]),
      after: some<unknown>('pro', ['free', 'enterprise', null, true, 1e308, {}, ['pro'], ...injections]),
    }
    const changes: unknown = this.#of<unknown>([
      [change],
      [change],
      [change],
      [change, change],
      [
        { ...change, column: 'plan' },
        { ...change, column: 'premium', before: false, after: true },
      ],
      [],
      {},
      'x',
      null,
      [1],
      [[change]],
      [{ column: 'plan' }],
      [{ column: ['plan'], before: 'free', after: 'pro' }],
      Array.from({ length: 30 }, (_, at) => ({ ...change, column: `c${at}` })),
    ])
    return this.#one('forged order', applyCall, [
      some(this.#id(), [...injections, `${this.#name}_1`, null as unknown as string]),
      some<string>('public.users', [...tables, ...injections]),
      some(this.#user(), [...injections, 'u_0', 'u_*', '%']),
      JSON.stringify(changes),
      some<unknown>(later(), moments),
      some<unknown>(this.#known.nextToken(), amounts),
    ])
  }

  #otherCalls(): Attack {
    const text = () => this.#of<string>([...injections, ...tables, this.#user(), `${this.#name}_1`])
    return this.#of<() => Attack>([
      () =>
        this.#one('gives orders up', 'select trueup_repair.abandon($1, $2, $3, $4::bigint)', [
          text(),
          text(),
          text(),
          this.#of(amounts),
        ]),
      () => this.#one('settles', 'select trueup_repair.settle($1)', [text()]),
      () =>
        this.#one('inspects', 'select trueup_repair.inspect($1, $2, $3)', [
          this.#of([...tables]),
          this.#user(),
          [this.#of([...columns, ...injections])],
        ]),
      () => this.#one('inner functions', `select trueup_repair.known('x', 'y')`),
      () => this.#one('inner functions', `select trueup_repair.see_token('public.users', 'u_1', 9)`),
      () => this.#one('inner functions', `select trueup_repair.locate('public.users', 'u_1')`),
      () =>
        this.#one('inner functions', `select trueup_repair.values_of('public.users', 'u_1', array['email'])`),
      () => this.#one('takes all back', `select trueup_repair.undo_all('-infinity')`),
    ])()
  }

  /** The same order by other ways, and with settings that change how text, time and comparisons are read. */
  #around(): Attack {
    const call = this.#literalCall()
    return this.#of<() => Attack>([
      () => this.#many('from a set', `select ${call} from generate_series(1, 40)`),
      () =>
        this.#many(
          'for many users',
          `select ${this.#callFor("'u_' || n", "'m' || random()")} from generate_series(1, 60) n`,
        ),
      () =>
        this.#many(
          'in a block',
          `do $$ begin for n in 1..40 loop perform ${this.#callFor("'u_' || n", "'d' || random()")}; end loop; end $$`,
        ),
      () =>
        this.#many(
          'by name in a block',
          `do $$ begin execute 'update public.users set plan = ''pro'''; end $$`,
        ),
      () => this.#many('prepared', `deallocate all; prepare p as select ${call}; execute p; execute p`),
      () => this.#many('explained', `explain analyze select ${call}`),
      () =>
        this.#many(
          'by a cursor',
          `begin; declare c cursor with hold for select ${this.#callFor("'u_' || n", "'c' || random()")} from generate_series(1, 40) n; fetch all c; commit`,
        ),
      () => this.#many('copied', `copy (select ${call}) to stdout`),
      () =>
        this.#many(
          'with settings',
          `set standard_conforming_strings = ${this.#of(['on', 'off'])}; set transform_null_equals = on; set datestyle = 'SQL, DMY';
           set timezone = 'Asia/Tokyo'; set search_path = ${this.#of(['pg_temp', 'public, pg_temp', 'evil'])}; set row_security = ${this.#of(['on', 'off'])};
           set enable_seqscan = off; set plan_cache_mode = force_generic_plan; set client_min_messages = debug5; set lock_timeout = 1; select ${call}; reset all`,
        ),
    ])()
  }

  #inTransactions(): Attack {
    const call = this.#literalCall()
    const many = this.#callFor("'u_' || n", "'t' || random()")
    return this.#of<() => Attack>([
      () =>
        this.#many(
          'other isolation',
          `begin isolation level ${this.#of(['repeatable read', 'serializable'])}; select ${call}; commit`,
        ),
      () =>
        this.#many(
          'other isolation by default',
          `set default_transaction_isolation = serializable; begin; select ${call}; commit; reset default_transaction_isolation`,
        ),
      () =>
        this.#many(
          'savepoints',
          `begin; savepoint a; select ${many} from generate_series(1, 30) n; rollback to a; select ${many} from generate_series(31, 60) n; release a; commit`,
        ),
      () => this.#many('rolled back', `begin; select ${many} from generate_series(1, 30) n; rollback`),
      () => ({
        name: 'left open',
        statements: [
          { text: `begin; select ${call}` },
          { text: 'select pg_sleep(0.02)' },
          { text: `select ${many} from generate_series(1, 5) n` },
          { text: 'commit' },
        ],
      }),
      () => this.#many('fails in the middle', `begin; select ${call}; select 1 / 0; commit`),
      () => this.#many('two phases', `begin; select ${call}; prepare transaction 'x'`),
      () =>
        this.#many(
          'snapshots',
          `begin isolation level repeatable read; select pg_export_snapshot(); select ${call}; commit`,
        ),
      () =>
        this.#many(
          'deadlock',
          `begin; select ${this.#callFor("'u_1'", "'l' || random()")}; select pg_advisory_xact_lock(${this.#of([1, 2])});
           select ${this.#callFor("'u_2'", "'l' || random()")}; commit`,
        ),
      () => this.#many('locks', 'begin; lock table trueup_repair.policy in access exclusive mode; commit'),
    ])()
  }

  /** Objects of the session's own, under the names that the functions and triggers of the app use. */
  #shadows(): Attack {
    const call = this.#literalCall()
    const attack = this.#of(shadowing)
    return {
      name: 'shadows',
      statements: [
        { text: attack },
        { text: `set search_path = pg_temp, public; select ${call}` },
        { text: `select ${this.#callFor("'u_' || n", "'s' || random()")} from generate_series(1, 10) n` },
      ],
      endsSession: this.#rng.next() < 0.95,
    }
  }

  #sql(): Attack {
    const { role, owner } = this.#known
    return this.#many(
      'sql',
      this.#of([
        `update public.users set plan = 'pro'`,
        `update public.users set plan = 'pro' where id = '${this.#user()}'`,
        'delete from public.users',
        'truncate public.users cascade',
        `insert into public.users (id) values ('evil')`,
        'select * from public.users for update',
        'select * from public.secrets',
        'table trueup_repair.journal',
        'delete from trueup_repair.journal',
        'truncate trueup_repair.journal',
        `insert into trueup_repair.journal (repair_id, ordinal, state, target, key, token) values ('x', 1, 'applied', 'x', 'x', 1)`,
        'update trueup_repair.policy set cap_an_hour = 1000000',
        `update trueup_repair.policy set rule = '{"kind": "any-of", "values": ["evil"]}'`,
        'update trueup_repair.fence set token = 0',
        'alter table trueup_repair.journal disable trigger all',
        'alter table public.users disable trigger all',
        'drop schema trueup_repair cascade',
        `set role ${owner}`,
        'set role postgres',
        `set session authorization ${owner}`,
        `select set_config('role', '${owner}', false)`,
        `set session_replication_role = replica`,
        `alter role ${role} superuser`,
        `alter role ${role} createrole bypassrls`,
        `alter role ${owner} login password 'x'`,
        `grant ${owner} to ${role}`,
        `grant update on public.users to ${role}`,
        `reassign owned by ${owner} to ${role}`,
        `alter function trueup_repair.apply(text, text, text, jsonb, timestamptz, bigint) reset search_path`,
        `alter function trueup_repair.apply(text, text, text, jsonb, timestamptz, bigint) security invoker`,
        `create or replace function trueup_repair.permits(jsonb, jsonb, jsonb) returns boolean language sql as 'select true'`,
        `create function public.evil() returns void language sql security definer as 'update public.users set plan = ''pro'''`,
        `create trigger evil after insert on trueup_repair.journal for each row execute function pg_temp.x()`,
        `create rule evil as on insert to trueup_repair.journal do instead nothing`,
        'create event trigger evil on ddl_command_end execute function x()',
        'create extension dblink',
        'create extension plpython3u',
        `copy public.users from program 'echo evil'`,
        `copy (select 1) to program 'touch /tmp/evil'`,
        'copy trueup_repair.journal to stdout',
        `select pg_read_file('/etc/passwd')`,
        `select lo_import('/etc/passwd')`,
        `select lo_unlink(lo_create(0))`,
        `select lo_export(lo_create(0), '/tmp/evil')`,
        `load 'evil'`,
        `alter system set session_preload_libraries = 'evil'`,
        'alter database postgres set search_path = evil',
        `alter role ${role} set search_path = pg_temp`,
        `alter default privileges grant all on tables to ${role}`,
        'create materialized view evil as select 1',
        'create publication evil for all tables',
        `create cast (text as boolean) with inout as implicit`,
        'create text search template evil (lexize = dsimple_lexize)',
        'comment on function trueup_repair.settle(text) is null',
        'select pg_reload_conf()',
        'select pg_cancel_backend(1)',
        `select query_to_xml('update public.users set plan = ''pro'' returning 1', true, true, '')`,
        `select database_to_xml(true, true, '')`,
        `select nextval('trueup_repair.journal_id_seq')`,
        `select setval('trueup_repair.journal_id_seq', 1)`,
        'select pg_sleep(0.01)',
        `listen evil; notify evil, 'x'; unlisten *`,
        'discard all',
        'rollback',
        'vacuum full public.users',
        'reindex table public.users',
        'select pg_advisory_lock(7); select pg_advisory_unlock_all()',
      ]),
    )
  }

  #literalCall(): string {
    return this.#callFor(`'${this.#user()}'`, `'${this.#id()}'`)
  }

  #callFor(key: string, id: string): string {
    return `trueup_repair.apply(${id}, 'public.users', ${key}, '[{"column": "plan", "before": "free", "after": "pro"}]', clock_timestamp() + interval '1 minute', ${this.#known.nextToken()})`
  }

  #one(name: string, text: string, values: readonly unknown[] = []): Attack {
    return { name, statements: [{ text, values }] }
  }

  #many(name: string, text: string): Attack {
    return { name, statements: [{ text }] }
  }

  #id(): string {
    return `${this.#name}_${++this.#made}`
  }

  #user(): string {
    return `u_${1 + Math.floor(this.#rng.next() * this.#known.users)}`
  }

  #of<T>(list: readonly T[]): T {
    const at = Math.floor(this.#rng.next() * list.length)
    return list[at] as T
  }
}
