import type { Timer } from '@trueup/core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type SecureCluster, startSecureCluster } from '../../../../../../test/support/secure-cluster.ts'
import { systemTimer } from '../../system.ts'
import {
  openPostgres,
  openPostgresForRepairs,
  ownMachinePolicy,
  PostgresError,
  type PostgresOptions,
  parseConnectionString,
} from './index.ts'

let cluster: SecureCluster
beforeAll(async () => {
  cluster = await startSecureCluster()
  await cluster.run(`
    create role app login password 'Geheim-1234';
    create role plain login password 'plain';
    create role umlaut login password 'Größe ﬁ %:@/?#';
    create role limited login password 'limited' connection limit 0;
    create role odd login password 'odd';
    alter role odd set datestyle = 'German';
    alter role odd set timezone = 'Pacific/Auckland';
    alter role odd set search_path = 'traps';
    alter role odd set default_transaction_read_only = off;
    alter role odd set bytea_output = 'escape';
    create schema traps;
    create function traps.lower(text) returns text language sql as $$ select 'trap' $$;
    grant usage on schema traps to public;
    create table public.users (id text primary key, plan text not null check (plan <> 'none'));
    create table public.later (id int primary key, other int references public.later (id) deferrable initially deferred);
    create function public.die() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
    create table public.deadly (id int);
    create constraint trigger die after insert on public.deadly deferrable initially deferred
      for each row execute function public.die();
    create table public.written (id text);
    create function public.write_down() returns trigger language plpgsql as
      $$ begin insert into written values (new.id); return new; end $$;
    create trigger write_down after update on public.users for each row execute function public.write_down();
    grant insert on public.written to app;
    insert into public.users values ('u_1', 'pro'), ('u_2', 'free');
    grant select, insert, update on public.users, public.later, public.deadly to app, odd;
  `)
})
afterAll(() => cluster?.stop())

function target(login = 'app:Geheim-1234', rest = '') {
  const text = `postgres://${login}@localhost:${cluster.port}/postgres${rest}`
  const parsed = parseConnectionString(text, rest === '' ? cluster.authority : null)
  if (!parsed.ok) throw new Error(parsed.refusal.found)
  return parsed.value
}

/** Waits for answers as long as it takes; pauses between tries are only written down. */
function ports(more: Partial<PostgresOptions> = {}) {
  const pausesMs: number[] = []
  const timer: Timer = {
    async sleep(ms, signal) {
      if (signal) await systemTimer.sleep(ms, signal)
      else pausesMs.push(ms)
    },
  }
  const rng = { next: () => 0.5 }
  // The server listens on IPv4 alone.
  const lookup = async () => ['127.0.0.1']
  return { options: { source: 'app', timer, rng, lookup, addresses: ownMachinePolicy, ...more }, pausesMs }
}

async function using<T>(
  act: (app: ReturnType<typeof openPostgres>) => Promise<T>,
  login?: string,
  rest?: string,
): Promise<T> {
  const app = openPostgres(target(login, rest), ports().options)
  try {
    return await act(app)
  } finally {
    await app.close()
  }
}

async function errorOf(act: Promise<unknown>): Promise<PostgresError> {
  const error: unknown = await act.then(
    () => null,
    (thrown) => thrown,
  )
  if (error instanceof PostgresError) return error
  throw new Error('No error of ours.', { cause: error })
}

describe('a connection', () => {
  test('goes through TLS and SCRAM, and says who it is', async () => {
    const rows = await using((app) =>
      app.read(
        'select ssl, application_name as name from pg_stat_ssl join pg_stat_activity using (pid) where pid = pg_backend_pid()',
      ),
    )
    expect(rows).toEqual([{ ssl: true, name: 'trueup' }])
  })

  test('goes without TLS where the string says so and the address is private', async () => {
    const rows = await using(
      (app) => app.read('select ssl from pg_stat_ssl where pid = pg_backend_pid()'),
      'plain:plain',
      '?sslmode=disable',
    )
    expect(rows).toEqual([{ ssl: false }])
  })

  test('takes nothing from the environment', async () => {
    const traps = {
      PGHOST: '/var/run/postgresql',
      PGPORT: '1',
      PGUSER: 'postgres',
      PGPASSWORD: 'wrong',
      PGDATABASE: 'template1',
      PGOPTIONS: '-c application_name=trap -c statement_timeout=1',
      PGAPPNAME: 'trap',
      PGSSLMODE: 'require',
      PGSSLNEGOTIATION: 'direct',
      PGREPLICATION: 'database',
      PGCLIENT_ENCODING: 'LATIN1',
      PGPASSFILE: '/etc/passwd',
      PGSERVICE: 'trap',
      PGCONNECT_TIMEOUT: '1',
      PGTZ: 'Pacific/Auckland',
      PGDATESTYLE: 'German',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    }
    for (const [name, value] of Object.entries(traps)) vi.stubEnv(name, value)
    try {
      const rows = await using((app) =>
        app.read(
          "select current_user::text as user, current_database()::text as database, current_setting('application_name') as name, current_setting('client_encoding') as encoding, ssl from pg_stat_ssl where pid = pg_backend_pid()",
        ),
      )
      expect(rows).toEqual([
        { user: 'app', database: 'postgres', name: 'trueup', encoding: 'UTF8', ssl: true },
      ])
      const trusting = parseConnectionString(
        `postgres://app:Geheim-1234@localhost:${cluster.port}/postgres`,
        null,
      )
      if (!trusting.ok) throw new Error(trusting.refusal.found)
      const stranger = openPostgres(trusting.value, ports().options)
      expect((await errorOf(stranger.read('select 1'))).reason).toBe('certificate-refused')
      const nameless = openPostgres(target('app', ''), ports().options)
      expect((await errorOf(nameless.read('select 1'))).reason).toBe('password-missing')
    } finally {
      vi.unstubAllEnvs()
    }
  })

  test('takes a password with every kind of character, as the server prepares it', async () => {
    const login = `umlaut:${encodeURIComponent('Größe ﬁ %:@/?#')}`
    expect(await using((app) => app.read('select 1 as one'), login)).toEqual([{ one: 1 }])
  })

  test.each([
    ['app:wrong', '', 'login-refused', 'key-rejected'],
    ['nobody:wrong', '', 'login-refused', 'key-rejected'],
    ['app:Geheim-1234', '?sslmode=disable', 'login-refused', 'key-rejected'],
    ['limited:limited', '', 'too-many-connections', 'rate-limited'],
  ])('that is refused says why: %s%s is %s', async (login, rest, reason, code) => {
    const app = openPostgres(target(login, rest), ports().options)
    const error = await errorOf(app.read('select 1'))
    expect(error).toMatchObject({ reason, code, source: 'app' })
    expect(error.message).toMatch(/^The database localhost:\d+\/postgres /)
    expect(JSON.stringify([error.message, error.fix, String(error.cause)])).not.toMatch(
      /Geheim|wrong|limited/,
    )
    await app.close()
  })

  test('to a database that does not exist says so', async () => {
    const app = openPostgres({ ...target(), database: 'elsewhere' }, ports().options)
    expect((await errorOf(app.read('select 1'))).reason).toBe('database-missing')
  })

  test('uses two sessions at most, however much is asked at once', async () => {
    const pids = await using((app) =>
      Promise.all(
        Array.from({ length: 12 }, () =>
          app.read<{ pid: number }>('select pg_backend_pid() as pid, pg_sleep(0.01)'),
        ),
      ),
    )
    expect(new Set(pids.map(([row]) => row?.pid)).size).toBe(2)
  })

  test('leaves no session behind when it is closed', async () => {
    await using((app) => Promise.all([app.read('select 1'), app.read('select 2')]))
    await vi.waitFor(async () => {
      expect(await cluster.run("select 1 from pg_stat_activity where usename = 'app'")).toEqual([])
    })
  })

  test('that is closed ends what is under way, and takes nothing more', async () => {
    const app = openPostgres(target(), ports().options)
    const waiting = errorOf(
      app.inReadOnly(async (reader) => {
        await reader.read('select 1')
        const sleeping = reader.read('select pg_sleep(4)')
        void app.close()
        await sleeping
      }),
    )
    expect((await waiting).reason).toBe('closed')
    expect((await errorOf(app.read('select 1'))).reason).toBe('closed')
  })

  test('is given up when the work is stopped', async () => {
    const stop = new AbortController()
    const app = openPostgres(target(), ports({ signal: stop.signal }).options)
    await app.read('select 1')
    const sleeping = errorOf(app.read('select pg_sleep(4)'))
    stop.abort(new Error('enough'))
    expect((await sleeping).reason).toBe('aborted')
    await app.close()
  })
})

describe('reading', () => {
  test('happens in a read-only transaction with limits of its own, set for it alone', async () => {
    const settings = [
      'transaction_isolation',
      'transaction_read_only',
      'statement_timeout',
      'lock_timeout',
      'idle_in_transaction_session_timeout',
      'search_path',
      'datestyle',
      'timezone',
    ]
    const values = await using((app) =>
      app.readTexts(`select ${settings.map((name) => `current_setting('${name}')`).join(', ')}`),
    )
    expect(values).toEqual([
      ['repeatable read', 'on', '5s', '1s', '10s', 'pg_catalog, pg_temp', 'ISO, YMD', 'UTC'],
    ])
  })

  test('gives the same values whatever the settings of the role are', async () => {
    const statement = `select timestamptz '2026-01-02 03:04:05.678+01' as at, date '2026-01-02' as day,
      '\\x00ff'::bytea as bytes, lower('ABC') as name`
    const expected = [
      { at: new Date('2026-01-02T02:04:05.678Z'), day: '2026-01-02', bytes: '\\x00ff', name: 'abc' },
    ]
    expect(await using((app) => app.read(statement))).toEqual(expected)
    expect(await using((app) => app.read(statement), 'odd:odd')).toEqual(expected)
  })

  test.each<[string, unknown]>([
    ["'x'::text", 'x'],
    ["''::text", ''],
    ['null::text', null],
    ["'ü \u{1f600}'::text", 'ü 😀'],
    ['true', true],
    ['7::int2', 7],
    ['-7::int4', -7],
    ['9007199254740993::int8', '9007199254740993'],
    ['0.10::numeric', '0.10'],
    ["'NaN'::numeric", 'NaN'],
    ['0.1::float8', 0.1],
    ["'infinity'::float8", Number.POSITIVE_INFINITY],
    ["timestamptz '2026-02-28 12:00:00+00'", new Date('2026-02-28T12:00:00Z')],
    ["timestamptz 'infinity'", 'infinity'],
    ["timestamptz '0044-03-15 12:00:00+00 BC'", '0044-03-15 12:00:00+00 BC'],
    ["timestamp '2026-02-28 12:00:00'", '2026-02-28 12:00:00'],
    ["date '2026-02-28'", '2026-02-28'],
    ["interval '1 day 2 hours'", 'P1DT2H'],
    [`'{"a": [1, null]}'::jsonb`, { a: [1, null] }],
    [`'"x"'::json`, 'x'],
    ["'00000000-0000-0000-0000-00000000000a'::uuid", '00000000-0000-0000-0000-00000000000a'],
    [`array['a', null, 'b "c", d']`, ['a', null, 'b "c", d']],
    ['array[1, 2]', [1, 2]],
    [
      'array[[1, 2], [3, 4]]',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['array[true, false]', [true, false]],
    ['array[9007199254740993]', ['9007199254740993']],
    ["'{}'::text[]", []],
  ])('%s is %j', async (expression, expected) => {
    expect(await using((app) => app.read(`select ${expression} as value`))).toEqual([{ value: expected }])
  })

  test.each<[string, string | number | bigint | boolean | Date | null | string[] | number[], string]>([
    ['text', 'it\'s \\ " $1 ü', 'it\'s \\ " $1 ü'],
    ['int4', 5, '5'],
    ['int8', 9007199254740993n, '9007199254740993'],
    ['bool', true, 't'],
    ['timestamptz', new Date('2026-01-01T00:00:00Z'), '2026-01-01 00:00:00+00'],
    ['text[]', ['a', 'b "c", \\d', '', 'null'], '{a,"b \\"c\\", \\\\d","","null"}'],
    ['int4[]', [1, 2], '{1,2}'],
    ['text[]', [], '{}'],
  ])('takes a %s as a parameter, %#', async (type, given, expected) => {
    expect(await using((app) => app.readTexts(`select $1::${type}`, [given]))).toEqual([[expected]])
  })

  test('gives rows as texts for reading in bulk', async () => {
    const rows = await using((app) =>
      app.readTexts('select id, plan from public.users where id > $1 order by id limit $2', ['', 10]),
    )
    expect(rows).toEqual([
      ['u_1', 'pro'],
      ['u_2', 'free'],
    ])
  })

  test('several reads see one snapshot', async () => {
    const counts = await using((app) =>
      app.inReadOnly(async (reader) => {
        const count = () => reader.read('select count(*)::int as users from public.users')
        const before = await count()
        await cluster.run("insert into public.users values ('u_new', 'pro')")
        return [before, await count()]
      }),
    )
    await cluster.run("delete from public.users where id = 'u_new'")
    expect(counts[0]).toEqual(counts[1])
  })

  test('takes one statement at a time, and none that writes', async () => {
    await using(async (app) => {
      const refused = [
        "insert into public.users values ('u_3', 'pro')",
        'select 1; select 2',
        'commit; select 1',
      ]
      const errors = await Promise.all(refused.map((statement) => errorOf(app.read(statement))))
      expect(errors.map(({ reason, sqlstate }) => [reason, sqlstate])).toEqual([
        ['read-only', '25006'],
        ['statement-refused', '42601'],
        ['statement-refused', '42601'],
      ])
    })
    expect(await cluster.run("select 1 from public.users where id = 'u_3'")).toEqual([])
  })

  test('a snapshot ends with its act', async () => {
    await using(async (app) => {
      const reader = await app.inReadOnly(async (within) => within)
      expect((await errorOf(reader.read('select 1'))).reason).toBe('closed')
    })
  })

  test('what an act throws comes out as it was thrown, and the session is good for the next', async () => {
    await using(async (app) => {
      const thrown = new Error('of the caller')
      await expect(
        app.inReadOnly(async (reader) => {
          await reader.read('select 1')
          throw thrown
        }),
      ).rejects.toBe(thrown)
      expect(await app.read('select 1 as one')).toEqual([{ one: 1 }])
    })
  })

  test('a statement may be given tighter limits', async () => {
    await using(async (app) => {
      const rows = errorOf(app.read('select generate_series(1, 11)', [], { rows: 10 }))
      expect((await rows).reason).toBe('answer-too-large')
      const bytes = errorOf(app.read("select repeat('x', 100000)", [], { bytes: 50_000 }))
      expect((await bytes).reason).toBe('answer-too-large')
      const time = errorOf(app.read('select pg_sleep(4)', [], { timeMs: 50 }))
      expect((await time).reason).toBe('too-slow')
      expect(await app.read('select generate_series(1, 2) as n', [], { rows: 2 })).toEqual([
        { n: 1 },
        { n: 2 },
      ])
    })
  })
})

describe('an error of the server', () => {
  test.each([
    ['42501', 'select passwd from pg_catalog.pg_shadow', 'permission-missing'],
    ['42P01', 'select 1 from public.nowhere', 'table-missing'],
    ['42P01', 'select 1 from users', 'table-missing'],
    ['42703', 'select nothing from public.users', 'column-missing'],
    ['42883', 'select nothing(1)', 'function-missing'],
    ['3F000', `do $$ begin raise exception using errcode = '3F000'; end $$`, 'schema-missing'],
    ['22P02', `select 'alice@example.com'::int`, 'type-mismatch'],
    ['42804', 'select 1 where 2', 'type-mismatch'],
    ['P0001', `do $$ begin raise exception 'alice@example.com'; end $$`, 'raised'],
    ['TUCAP', `do $$ begin raise exception using errcode = 'TUCAP'; end $$`, 'statement-refused'],
  ])('%s is final, and says nothing of the rows: %s', async (sqlstate, statement, reason) => {
    const { options, pausesMs } = ports()
    const app = openPostgres(target(), options)
    const error = await errorOf(app.read(statement))
    expect(error).toMatchObject({ reason, sqlstate, retryable: false })
    expect(JSON.stringify([error.message, error.fix, String(error.cause)])).not.toContain('alice')
    expect(pausesMs).toEqual([])
    await app.close()
  })

  test.each([
    ['40001', 'gave-way'],
    ['40P01', 'gave-way'],
    ['53200', 'out-of-resources'],
    ['57P03', 'starting'],
  ])('%s is tried four times, with longer pauses', async (sqlstate, reason) => {
    const { options, pausesMs } = ports()
    const app = openPostgres(target(), options)
    const error = await errorOf(app.read(`do $$ begin raise exception using errcode = '${sqlstate}'; end $$`))
    expect(error).toMatchObject({ reason, sqlstate, retryable: true })
    expect(pausesMs).toEqual([250, 1000, 4000])
    expect(app.requests()).toBe(4)
    await app.close()
  })

  test.each([
    ['57014', 'statement-cancelled'],
    ['55P03', 'locked'],
  ])('%s may pass, but is left to the caller', async (sqlstate, reason) => {
    const { options, pausesMs } = ports()
    const app = openPostgres(target(), options)
    const error = await errorOf(app.read(`do $$ begin raise exception using errcode = '${sqlstate}'; end $$`))
    expect(error).toMatchObject({ reason, retryable: true })
    expect(pausesMs).toEqual([])
    await app.close()
  })
})

describe('a session that the server ends', () => {
  const die = 'select pg_terminate_backend(pg_backend_pid())'

  test('is replaced, and the read tried again, a few times', async () => {
    const { options, pausesMs } = ports()
    const app = openPostgres(target(), options)
    expect(await errorOf(app.read(die))).toMatchObject({ reason: 'connection-lost', retryable: true })
    expect(pausesMs).toHaveLength(3)
    expect(await app.read('select 1 as one')).toEqual([{ one: 1 }])
    await app.close()
  })

  test('while it waits is not noticed by the next read', async () => {
    await using(async (app) => {
      await app.read('select 1')
      await cluster.run("select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'app'")
      expect(await app.read('select 1 as one')).toEqual([{ one: 1 }])
    })
  })

  test('takes its snapshot with it, which is not taken up again', async () => {
    const { options, pausesMs } = ports()
    const app = openPostgres(target(), options)
    let acts = 0
    const error = await errorOf(
      app.inReadOnly(async (reader) => {
        acts += 1
        await reader.read(die)
      }),
    )
    expect({ reason: error.reason, acts, pausesMs }).toEqual({
      reason: 'connection-lost',
      acts: 1,
      pausesMs: [],
    })
    await app.close()
  })
})

describe('a connection for repairs', () => {
  async function repairing<T>(
    act: (app: ReturnType<typeof openPostgresForRepairs>) => Promise<T>,
  ): Promise<T> {
    const app = openPostgresForRepairs(target(), ports().options)
    try {
      return await act(app)
    } finally {
      await app.close()
    }
  }
  const plans = async () => await cluster.run('select id, plan from public.users order by id')
  const before = [
    { id: 'u_1', plan: 'pro' },
    { id: 'u_2', plan: 'free' },
  ]

  test('commits what an act did, and says how many rows that were', async () => {
    const answer = await repairing((app) =>
      app.inTransaction((writer) =>
        writer.run('update public.users set plan = $1 where id = $2 and plan = $3 returning id', [
          'pro',
          'u_2',
          'free',
        ]),
      ),
    )
    expect(answer).toEqual({ rows: [{ id: 'u_2' }], count: 1 })
    expect(await plans()).toEqual([before[0], { id: 'u_2', plan: 'pro' }])
    await cluster.run("update public.users set plan = 'free' where id = 'u_2'")
  })

  test('runs triggers of the app that find its tables by the search path', async () => {
    await cluster.run('truncate public.written')
    await repairing((app) =>
      app.inTransaction((writer) => writer.run("update public.users set plan = plan where id = 'u_1'")),
    )
    expect(await cluster.run('select id from public.written')).toEqual([{ id: 'u_1' }])
  })

  test('undoes everything when an act rejects', async () => {
    await repairing(async (app) => {
      const act = app.inTransaction(async (writer) => {
        await writer.run("update public.users set plan = 'pro'")
        throw new Error('second thoughts')
      })
      await expect(act).rejects.toThrow('second thoughts')
    })
    expect(await plans()).toEqual(before)
  })

  test('says that nothing was committed when an act hid the error of a statement', async () => {
    await repairing(async (app) => {
      const error = await errorOf(
        app.inTransaction(async (writer) => {
          await writer.run("update public.users set plan = 'pro'")
          await errorOf(writer.run("update public.users set plan = 'none'"))
        }),
      )
      expect(error.reason).toBe('rolled-back')
    })
    expect(await plans()).toEqual(before)
  })

  test('says which constraint was in the way only by its kind, also when it waits for the commit', async () => {
    await repairing(async (app) => {
      const now = await errorOf(
        app.inTransaction((writer) => writer.run("update public.users set plan = 'none' where id = 'u_1'")),
      )
      const later = await errorOf(
        app.inTransaction((writer) => writer.run('insert into public.later values (7, 8)')),
      )
      expect([now.reason, later.reason]).toEqual(['constraint-violated', 'constraint-violated'])
    })
  })

  test('a commit whose answer is lost is neither done nor undone, and is not tried again', async () => {
    await repairing(async (app) => {
      let acts = 0
      const error = await errorOf(
        app.inTransaction(async (writer) => {
          acts += 1
          await writer.run('insert into public.deadly values (1)')
        }),
      )
      expect(error).toMatchObject({ reason: 'commit-unknown', retryable: false })
      expect(acts).toBe(1)
    })
  })

  test('a session that is lost before the commit left nothing, and says so', async () => {
    await repairing(async (app) => {
      const error = await errorOf(
        app.inTransaction(async (writer) => {
          await writer.run("update public.users set plan = 'pro'")
          await errorOf(writer.run('select pg_terminate_backend(pg_backend_pid())'))
        }),
      )
      expect(error.reason).toBe('connection-lost')
    })
    expect(await plans()).toEqual(before)
  })
})
