import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AppTables, createAppTables } from '../../../../../test/support/app-tables.ts'
import { accessSourceContract, StoredSubjects } from '../access-source-contract.ts'
import { systemClock } from '../system.ts'
import type { PostgresConnection } from './connection/index.ts'
import { mappingOf, noWaiting, twoPlans } from './example-app.ts'
import { createPostgresSource, type PostgresSource, type PostgresSourceOptions } from './source.ts'

let app: AppTables
let reader: string
beforeAll(async () => {
  app = await createAppTables()
  reader = app.role('reader')
  await app.run(`
    create table users (
      id uuid primary key default gen_random_uuid(), clerk_user_id text unique, stripe_customer_id text, plan text,
      is_premium boolean, deleted_at timestamptz, updated_at timestamptz
    );
    insert into users (clerk_user_id, stripe_customer_id, plan, is_premium, updated_at)
      select 'user_' || n, 'cus_' || n, case when n % 3 = 0 then 'free' else 'pro' end, n % 3 <> 0, '2026-01-01'::timestamptz + n * interval '1 day'
      from generate_series(1, 143) n;
    create table features (user_id uuid references users, name text, enabled boolean);
    create index on features (user_id);
    insert into features select id, name, name <> 'sso' from users, unnest(array['reports', 'sso']) name where plan = 'pro';
    create table teams (id bigint generated always as identity primary key, stripe_customer_id text, plan text, seats int);
    insert into teams (stripe_customer_id, plan, seats) select 'cus_t' || n, 'pro', n from generate_series(1, 140) n;
    create table members (team_id bigint references teams, user_id uuid);
    create index on members (team_id);
    insert into members select id, null from teams, generate_series(1, 3) where id > 10;
    create role ${reader} login; grant select on users, features, teams, members to ${reader}`)
})
afterAll(() => app?.close())

const mappings = {
  user: mappingOf('user', {
    table: 'users',
    key: 'id',
    subject: 'clerk_user_id',
    customerId: 'stripe_customer_id',
    plan: 'plan',
    premium: 'is_premium',
    entitlements: { table: 'features', subject: 'user_id', feature: 'name', enabled: 'enabled' },
    deletedAt: 'deleted_at',
    updatedAt: 'updated_at',
  }),
  organization: mappingOf('organization', {
    table: 'teams',
    key: 'id',
    customerId: 'stripe_customer_id',
    plan: 'plan',
    seats: 'seats',
    members: { table: 'members', organization: 'team_id' },
  }),
}

function open(connection: PostgresConnection, options: Partial<PostgresSourceOptions> = {}): PostgresSource {
  return createPostgresSource({
    connection,
    clock: systemClock,
    timer: noWaiting,
    name: 'app',
    mappings,
    catalogue: twoPlans,
    allowWriteRole: false,
    pageRows: 50,
    ...options,
  })
}

/** Counts transactions, and locks the role out of the server from a given one on, counted from 1. */
class Revoking {
  #from = Number.POSITIVE_INFINITY
  #requests = 0
  /** What was last done to the role: the next thing waits for it. */
  #done: Promise<unknown> = Promise.resolve()

  revokeFrom(request: number): void {
    this.#from = request
    this.#requests = 0
  }

  async restore(): Promise<void> {
    this.revokeFrom(Number.POSITIVE_INFINITY)
    await this.#after(`alter role ${reader} login`)
  }

  connect(): PostgresConnection {
    const connection = app.open(reader)
    return {
      ...connection,
      inReadOnly: async (act) => {
        if (++this.#requests === this.#from) {
          await this.#after(
            `alter role ${reader} nologin; select pg_terminate_backend(pid) from pg_stat_activity where usename = '${reader}'`,
          )
        }
        return await connection.inReadOnly(act)
      },
    }
  }

  #after(statement: string): Promise<unknown> {
    this.#done = this.#done.then(() => app.run(statement))
    return this.#done
  }
}

describe('the contract of access sources', () => {
  const key = new Revoking()
  accessSourceContract(async () => {
    const users = await app.run('select clerk_user_id as id from users')
    const teams = await app.run('select id::text from teams')
    return {
      open: () => open(key.connect()),
      ids: {
        users: users.map(({ id }) => String(id)),
        organizations: teams.map(({ id }) => String(id)),
      },
      commonPath: 'public.users.stripe_customer_id',
      otherMethods: ['readChanged', 'shape'],
      revokeKeyFrom: (request) => key.revokeFrom(request),
      restoreKey: () => key.restore(),
    }
  })
})

describe('a reading', () => {
  test('joins entitlement rows and counts members', async () => {
    const source = open(app.open(reader))
    const [user] = await source.readSubjects([{ type: 'user', id: 'user_1' }])
    expect(user?.granted.entitlements).toEqual({ state: 'value', value: ['reports'] })
    expect(user?.recordId).toMatch(/^[0-9a-f-]{36}$/)
    const [free] = await source.readSubjects([{ type: 'user', id: 'user_3' }])
    expect(free?.granted.entitlements).toEqual({ state: 'absent' })
    const teams = await source.readSubjects([
      { type: 'organization', id: '1' },
      { type: 'organization', id: '11' },
    ])
    expect(teams.map(({ granted }) => granted.members)).toEqual([
      { state: 'value', value: 0 },
      { state: 'value', value: 3 },
    ])
  })

  test('of what changed holds those who changed since then, and no others', async () => {
    const source = open(app.open(reader))
    const changed: string[] = []
    for await (const page of source.readChanged('users', new Date('2026-03-12T00:00:00Z'), [])) {
      changed.push(...page.rows.map(({ subject }) => subject.id))
    }
    expect(changed.toSorted()).toEqual(Array.from({ length: 74 }, (_, n) => `user_${n + 70}`).toSorted())
    await expect(async () => {
      for await (const _ of source.readChanged('organizations', new Date(), [])) break
    }).rejects.toMatchObject({ code: 'mapping-unfit' })
  })

  test('asked for ids that no key could be finds nobody, and those who are there', async () => {
    const source = open(app.open(reader), {
      mappings: { ...mappings, user: mappingOf('user', { table: 'users', key: 'id', plan: 'plan' }) },
    })
    const ids = ['org_1', '', '1; drop table teams', '99999999999999999999', '-5', '01', '7', '\u0000', '1e1']
    const found = await source.readSubjects(ids.map((id) => ({ type: 'organization', id })))
    expect(found.map(({ subject }) => subject.id)).toEqual(['7'])
    expect(await source.readSubjects(ids.map((id) => ({ type: 'user', id })))).toEqual([])
  })

  test('goes on to the end although the connection breaks between pages', async () => {
    const connection = app.open(reader)
    const stored = new StoredSubjects('users')
    let pages = 0
    for await (const page of open(connection, { pageRows: 20 }).read('users', [])) {
      stored.ids.push(...page.rows.map(({ subject }) => subject.id))
      if (pages++ % 3 === 0) {
        await app.run(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${reader}'`)
      }
    }
    expect(new Set(stored.ids).size).toBe(143)
    expect(stored.ids).toHaveLength(143)
  })
})
