import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AppTables, createAppTables } from '../../../../../../test/support/app-tables.ts'
import { type SecureCluster, startSecureCluster } from '../../../../../../test/support/secure-cluster.ts'
import { systemClock, systemRng, systemTimer } from '../../system.ts'
import {
  openPostgres,
  ownMachinePolicy,
  type PostgresReader,
  parseConnectionString,
} from '../connection/index.ts'
import { mappingOf, twoPlans } from '../example-app.ts'
import { readServerVersion } from '../schema/server-version.ts'
import { readDatabaseState, type TableState } from '../schema/table-state.ts'
import { wantedTables } from '../schema/wanted-tables.ts'
import { createPostgresSource } from '../source.ts'
import { newPassword, scramVerifier } from './new-password.ts'
import { probeRole, type RolePowerKind } from './probe-role.ts'
import { readRoleSql } from './read-role-sql.ts'

/** Odd names, so that nothing is pasted without its quotes. */
const shape = {
  table: 'My App."Weird ""Users"""',
  key: 'id',
  customerId: 'stripe customer',
  plan: 'plan',
  entitlements: { table: 'features', subject: 'user', feature: 'name', enabled: 'on' },
} as const
const mapping = mappingOf('user', { ...shape, table: '"My App"."Weird ""Users"""' })
const tables = `
  create schema "My App";
  create table "My App"."Weird ""Users""" (id uuid primary key, "stripe customer" text, plan text, password_hash text);
  insert into "My App"."Weird ""Users""" values (gen_random_uuid(), 'cus_1', 'pro', 'hash');
  alter table "My App"."Weird ""Users""" enable row level security;
  create table public.features ("user" uuid, name text, "on" boolean, note text);
  insert into public.features values (gen_random_uuid(), 'sso', true, 'private');`

async function statesOf(reader: PostgresReader): Promise<readonly TableState[]> {
  const state = await readDatabaseState(reader, await readServerVersion(reader), wantedTables(mapping))
  return state.tables.filter((table) => table !== null)
}

describe('the printed SQL', () => {
  let cluster: SecureCluster
  beforeAll(async () => {
    cluster = await startSecureCluster()
    await cluster.run(`create role owner login password 'Eigner-1234'`)
    await cluster.run('create database app owner owner')
    await cluster.run(`set session authorization owner; ${tables}`, 'app')
  })
  afterAll(() => cluster?.stop())

  const ports = { source: 'app', timer: systemTimer, rng: systemRng, addresses: ownMachinePolicy }
  const connect = (user: string, password: string) => {
    const text = `postgres://${user}:${password}@localhost:${cluster.port}/app`
    const parsed = parseConnectionString(text, cluster.authority)
    if (!parsed.ok) throw new Error(parsed.refusal.found)
    return openPostgres(parsed.value, ports)
  }

  test('pasted into psql makes a role that logs in, reads every mapped row, and can do nothing else', async () => {
    const owner = connect('owner', 'Eigner-1234')
    const password = newPassword()
    const sql = readRoleSql({
      verifier: scramVerifier(password),
      database: 'app',
      tables: await statesOf(owner),
    })
    await owner.close()
    expect(sql).not.toContain(password.reveal())
    const pasted = spawnSync(
      'psql',
      [
        '-X',
        '-v',
        'ON_ERROR_STOP=1',
        '-h',
        cluster.folder,
        '-p',
        String(cluster.port),
        '-d',
        'app',
        '-U',
        'postgres',
      ],
      {
        input: sql,
        encoding: 'utf8',
      },
    )
    expect(pasted.stderr).toBe('')
    expect(pasted.status).toBe(0)

    const connection = connect('trueup_reader', password.reveal())
    const report = await probeRole(connection)
    expect(report.canWrite).toBe(false)
    expect(report.readable).toEqual(['My App.Weird "Users"', 'public.features'])
    const source = createPostgresSource({
      connection,
      clock: systemClock,
      timer: systemTimer,
      name: 'app',
      mappings: { user: mapping },
      catalogue: twoPlans,
      allowWriteRole: false,
    })
    expect((await source.test()).filter(({ state }) => state === 'failed' || state === 'missing')).toEqual([])
    const rows = []
    for await (const page of source.read('users', [])) rows.push(...page.rows)
    expect(rows.map(({ customerId }) => customerId)).toEqual([{ state: 'value', value: 'cus_1' }])
    for (const refused of [
      `select password_hash from "My App"."Weird ""Users"""`,
      `select note from public.features`,
      `select * from public.features`,
    ]) {
      await expect(connection.read(refused)).rejects.toMatchObject({ reason: 'permission-missing' })
    }
    await connection.close()
  })
})

describe('what a role can do', () => {
  let app: AppTables
  beforeAll(async () => {
    app = await createAppTables()
    await app.run(`${tables} revoke create on schema public from public`)
  })
  afterAll(() => app?.close())

  test.each<readonly [RolePowerKind, boolean, (role: string) => string, string]>([
    ['superuser', true, (role) => `alter role ${role} superuser`, 'superuser'],
    ['creates-roles', true, (role) => `alter role ${role} createrole`, 'create roles'],
    ['creates-databases', true, (role) => `alter role ${role} createdb`, 'create databases'],
    ['replicates', true, (role) => `alter role ${role} replication`, 'replicate'],
    ['bypasses-row-security', false, (role) => `alter role ${role} bypassrls`, 'row-level security'],
    [
      'owns',
      true,
      (role) => `create table public.mine (id int); alter table public.mine owner to ${role}`,
      'table public.mine',
    ],
    [
      'owns',
      true,
      (role) =>
        `create function public.mine() returns int language sql as 'select 1'; alter function public.mine owner to ${role}`,
      'function public.mine()',
    ],
    [
      'writes-tables',
      true,
      (role) => `grant update (plan) on "My App"."Weird ""Users""" to ${role}`,
      'My App.Weird "Users": update',
    ],
    [
      'writes-tables',
      true,
      (role) => `grant insert, delete on public.features to ${role}`,
      'public.features: delete, insert',
    ],
    ['writes-tables', true, (role) => `grant trigger on public.features to ${role}`, 'trigger'],
    ['writes-tables', true, () => 'grant truncate on public.features to public', 'truncate'],
    [
      'writes-tables',
      true,
      (role) =>
        `create view public.shown as select * from public.features; grant update on public.shown to ${role}`,
      'public.shown: update',
    ],
    [
      'uses-sequences',
      true,
      (role) => `create sequence public.counter; grant usage on sequence public.counter to ${role}`,
      'public.counter',
    ],
    ['creates-in-schemas', true, (role) => `grant create on schema "My App" to ${role}`, 'My App'],
    ['everybody-creates', false, () => 'grant create on schema public to public', 'public'],
    [
      'creates-schemas',
      true,
      (role) =>
        `do $$ begin execute format('grant create on database %I to ${role}', current_database()); end $$`,
      'schemas',
    ],
    [
      'dangerous-membership',
      true,
      (role) => `grant pg_write_server_files to ${role}`,
      'pg_write_server_files',
    ],
    [
      'writes-tables',
      true,
      (role) => `grant pg_write_all_data to ${role}`,
      'public.features: delete, insert, update',
    ],
    [
      'future-writes',
      true,
      (role) => `alter default privileges in schema public grant insert on tables to ${role}`,
      'tables of postgres: insert',
    ],
    [
      'writes-large-objects',
      true,
      (role) => `select lo_create(4711); grant update on large object 4711 to ${role}`,
      'large objects',
    ],
    ['member-of', false, (role) => `grant pg_monitor to ${role}`, 'pg_monitor'],
    [
      'runs-as-owner',
      false,
      () =>
        `create function public.promote(text) returns void security definer language sql as 'update public.features set name = name'`,
      'public.promote(text) as postgres',
    ],
    ['leads-out', false, () => 'create extension dblink schema public', 'dblink'],
    [
      'read-only-by-default',
      false,
      (role) => `alter role ${role} set default_transaction_read_only = on`,
      'no barrier',
    ],
  ])('%s (can write: %s) is found: %#', async (kind, canWrite, sql, found) => {
    const role = app.role('probed')
    await app.run(`create role ${role} login; ${sql(role)}`)
    const connection = app.open(role)
    const report = await probeRole(connection)
    await connection.close()
    await app.run(`
      revoke truncate on public.features from public; revoke create on schema public from public;
      drop function if exists public.promote, public.mine; drop table if exists public.mine; drop view if exists public.shown;
      drop sequence if exists public.counter; drop extension if exists dblink;
      select lo_unlink(oid) from pg_largeobject_metadata`)
    expect(report.powers).toContainEqual(
      expect.objectContaining({ kind, found: expect.stringContaining(found) }),
    )
    expect(report.canWrite).toBe(canWrite)
  })

  test('counts what it can become, even where it does not inherit', async () => {
    const writer = app.role('writer')
    const role = app.role('probed')
    await app.run(`create role ${writer}; grant update on public.features to ${writer};
      create role ${role} login noinherit; grant ${writer} to ${role}`)
    const report = await probeRole(app.open(role))
    expect(report.canWrite).toBe(true)
    expect(report.powers.map(({ kind }) => kind)).toContain('writes-tables')
  })

  test('without any right beyond reading is told in lines that need no mending', async () => {
    const role = app.role('probed')
    await app.run(`create role ${role} login; grant select on public.features to ${role}`)
    const { canWrite, powers } = await probeRole(app.open(role))
    expect(canWrite).toBe(false)
    expect(powers.filter(({ fix }) => fix !== null)).toEqual([])
  })

  test('with large objects that nobody guards can write them', async () => {
    const role = app.role('probed')
    await app.run(`create role ${role} login; alter role ${role} set lo_compat_privileges = on`)
    expect((await probeRole(app.open(role))).powers.map(({ kind }) => kind)).toContain('writes-large-objects')
  })
})
