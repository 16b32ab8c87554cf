import { spawnSync } from 'node:child_process'
import type { PostgresProposals } from '@trueup/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AppTables, createAppTables } from './support/app-tables.ts'
import { buildCli } from './support/build-cli.ts'
import { type Folder, folderOf } from './support/cli.ts'

const canary = 'canary-password-4711'
let app: AppTables
let folder: Folder
beforeAll(async () => {
  buildCli()
  folder = await folderOf(null)
  app = await createAppTables()
  await app.run(`
    create table users (
      id uuid primary key default gen_random_uuid(), email text unique, email_verified_at timestamptz, password_hash text,
      stripe_customer_id text unique, plan text, is_premium boolean, trial_ends_at timestamptz, deleted_at timestamptz,
      updated_at timestamptz default now()
    );
    insert into users (email, password_hash, stripe_customer_id, plan)
      select 'person' || n || '@example.com', 'hash-' || n, 'cus_' || n, 'pro' from generate_series(1, 30) n;
    alter table users enable row level security;
    create table user_features (user_id uuid references users, feature text, enabled boolean);
    insert into user_features select id, 'sso', true from users;
    create table posts (id int primary key, title text);
    create function promote(who uuid) returns void security definer language sql as 'update users set plan = plan where id = who';
    drop role if exists trueup_reader`)
})
afterAll(async () => {
  await app?.run('drop owned by trueup_reader cascade; drop role trueup_reader').catch(() => {})
  await app?.close()
  await folder?.remove()
})

interface Answer {
  readonly ok: boolean
  readonly role: { readonly canWrite: boolean; readonly powers: readonly { readonly kind: string }[] }
  readonly proposals: PostgresProposals
  readonly configuration: string | null
  readonly readRole: { readonly sql: string; readonly connectionString: string } | null
}

const as = (role: string) => ({ ACCESS_DATABASE_URL: app.urlOf(role, canary) })

describe('trueup connect postgres', () => {
  test('refuses a role that can write, proposes the mapping with its evidence, and prints the way to a better role', async () => {
    const { status, out, err } = await folder.run(['connect', 'postgres'], as(app.superuser))
    expect(err).toBe('')
    expect(status).toBe(2)
    for (const line of [
      'It is a superuser',
      'stripe_customer_id: is named stripe_customer_id, every value seen looks like a Stripe customer id',
      'users: is named users',
      "customerId: 'stripe_customer_id'",
      "table: 'user_features', subject: 'user_id', feature: 'feature', enabled: 'enabled'",
      'create role "trueup_reader" login',
      'grant select ("id", "email", "email_verified_at", "stripe_customer_id", "plan"',
      'for select to "trueup_reader" using (true)',
      'ACCESS_DATABASE_URL',
    ]) {
      expect(out.replaceAll(/\s+/g, ' ')).toContain(line)
    }
    expect(out).not.toContain('password_hash')
    expect(out).not.toContain('example.com')
    expect(out + err).not.toContain(canary)
  })

  test('prints SQL that makes a role with which nothing is left to mend, and says what is left open', async () => {
    const before = await folder.json<Answer>(['connect', 'postgres'], as(app.superuser))
    expect(before).toMatchObject({ status: 2, ok: false, role: { canWrite: true } })
    const { sql = '', connectionString = '' } = before.readRole ?? {}
    const pasted = spawnSync('psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-d', app.url], {
      input: sql,
      encoding: 'utf8',
    })
    expect(pasted.stderr).toBe('')

    const after = await folder.json<Answer>(['connect', 'postgres'], {
      ACCESS_DATABASE_URL: connectionString,
    })
    expect(after).toMatchObject({ status: 0, ok: true, role: { canWrite: false }, readRole: null })
    expect(after.role.powers.map(({ kind }) => kind)).toContain('runs-as-owner')
    expect(after.configuration).toBe(before.configuration)
    const { status, out } = await folder.run(['connect', 'postgres'], {
      ACCESS_DATABASE_URL: connectionString,
    })
    expect(status).toBe(0)
    expect(out).toContain('can only read')
    expect(out).toContain('public.promote(who uuid)')
    expect(out).not.toContain('create role')
  })

  test('is content with a role that can write where that is allowed', async () => {
    const answer = await folder.json<Answer>(['connect', 'postgres', '--allow-write-role'], as(app.superuser))
    expect(answer).toMatchObject({ status: 0, ok: true, role: { canWrite: true } })
    expect(answer.configuration).toContain('allowWriteRole: true')
  })

  test('proposes what was asked for, and nothing where nothing fits', async () => {
    const posts = await folder.json<Answer>(['connect', 'postgres', '--table', 'posts'], as(app.superuser))
    expect(posts).toMatchObject({ status: 2, ok: false, configuration: null, readRole: null })
    expect(posts.proposals).toEqual({ user: [], organization: [] })
    const other = await folder.json<Answer>(['connect', 'postgres', '--schema', 'other'], as(app.superuser))
    expect(other.configuration).toBe(null)
    const { out } = await folder.run(['connect', 'postgres', '--schema', 'other'], as(app.superuser))
    expect(out).toContain('--table schema.table')
  })

  test('reads the variable that it is told, and writes that into the configuration', async () => {
    const url = { APP_DB: app.urlOf(app.superuser, canary) }
    const answer = await folder.json<Answer>(['connect', 'postgres', '--url-env', 'APP_DB'], url)
    expect(answer.configuration).toContain("url: 'APP_DB'")
  })

  test.each<readonly [string, readonly string[], Record<string, string>, string, string]>([
    ['no connection string', [], {}, 'environment-missing', 'lacks ACCESS_DATABASE_URL'],
    [
      'what is no connection string',
      [],
      { ACCESS_DATABASE_URL: `mysql://root:${canary}@db/app` },
      'option-invalid',
      'ACCESS_DATABASE_URL cannot be used',
    ],
    [
      'a certificate that is not there',
      ['--ca', 'nowhere.pem'],
      { ACCESS_DATABASE_URL: `postgres://a:${canary}@db.example.com/app` },
      'option-invalid',
      'nowhere.pem cannot be read',
    ],
    [
      'a server that is not there',
      [],
      { ACCESS_DATABASE_URL: `postgres://a:${canary}@127.0.0.1:1/app?sslmode=disable` },
      'unreachable',
      '127.0.0.1:1/app',
    ],
    ['a table that cannot be one', ['--table', 'a.b.c'], {}, 'option-invalid', 'users or billing.accounts'],
  ])('says what to do about %s', async (_rule, args, environment, code, found) => {
    const { status, out, err } = await folder.run(['connect', 'postgres', ...args], environment)
    expect(status).toBe(2)
    expect(out).toBe('')
    expect(err).toContain(`[${code}]`)
    expect(err.replaceAll(/\s+/g, ' ')).toContain(found)
    expect(err).toContain('fix')
    expect(err).not.toContain(canary)
  })
})
