import { existsSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCli } from '../../../../test/support/build-cli.ts'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { storeBeginning } from './embedded/beginnings.ts'
import { EmbeddedEngine } from './embedded/engine.ts'
import { openStore } from './index.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'

const clock = { now: () => new Date() }

/** A person may belong to several workspaces; a migration to none. */
const tablesWithoutWorkspace = [
  'attempt',
  'first_sign_up',
  'master_key',
  'migration',
  'person',
  'person_account',
  'person_check',
  'person_session',
  'person_two_factor',
  'sealed_column',
  'sign_up_link',
]

describe('the schema', () => {
  let database: TestDatabase
  let client: pg.Client
  beforeAll(async () => {
    database = await createTestDatabase({ empty: true })
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await database.drop()
  })
  const openServer = () => openStore({ databaseUrl: database.url, home: null, clock })

  it('is brought up to date once, however many processes start together', async () => {
    const stores = await Promise.all([openServer(), openServer(), openServer()])
    for (const store of stores) await store.close()
    const { rows } = await client.query('select number, name from trueup.migration order by number')
    expect(rows).toEqual(migrations.map(({ number, name }) => ({ number, name })))
  })

  it('is what schema.sql shows', async () => {
    await migrate(client, migrations)
    await expect(await schemaOf(client)).toMatchFileSnapshot('./schema.sql')
  })

  it.each([
    ['made step by step', null],
    ['begun from what the build made', storeBeginning(migrations)],
  ])('is the same on the embedded database, %s', async (_how, beginning) => {
    buildCli()
    expect(beginning === null || existsSync(beginning)).toBe(true)
    const engine = await EmbeddedEngine.start(null, { beginning })
    const embedded = new pg.Client({
      stream: () => engine.connect(),
      ssl: false,
      user: 'postgres',
      password: '',
    })
    await embedded.connect()
    await migrate(embedded, migrations)
    expect(await schemaOf(embedded)).toBe(await schemaOf(client))
    await embedded.end()
    await engine.close()
  })

  it('gives every row its workspace, but those of people and of the program itself', async () => {
    const { rows } = await client.query<{ relname: string }>(
      `select relname from pg_class where relnamespace = 'trueup'::regnamespace and relkind = 'r' and not exists (
          select from pg_attribute where attrelid = pg_class.oid and attname = 'workspace_id' and attnotnull)
        order by relname`,
    )
    expect(rows.map(({ relname }) => relname)).toEqual(tablesWithoutWorkspace)
  })

  it('lets row-level security hold every table that has a workspace, for its owner too', async () => {
    const { rows } = await client.query(
      `select relname from pg_class where relnamespace = 'trueup'::regnamespace and relkind = 'r'
        and not (relrowsecurity and relforcerowsecurity) and exists (
          select from pg_attribute where attrelid = pg_class.oid and attname = 'workspace_id')`,
    )
    expect(rows).toEqual([])
  })

  it('takes a step whole or not at all', async () => {
    await migrate(client, migrations)
    const next = { number: 1000, name: 'broken', sql: 'create table trueup.half (n integer); select 1 / 0' }
    await expect(migrate(client, [...migrations, next])).rejects.toMatchObject({ code: '22012' })
    expect((await client.query("select to_regclass('trueup.half') as half")).rows).toEqual([{ half: null }])
    await migrate(client, migrations)
  })

  it('is refused when a newer version made it, and left alone', async () => {
    await migrate(client, [...migrations, { number: 1001, name: 'from-the-future', sql: 'select 1' }])
    await expect(openServer()).rejects.toMatchObject({
      code: 'schema-newer',
      message: expect.stringContaining('1001 (from-the-future)'),
    })
    await client.query('delete from trueup.migration where number = 1001')
    await (await openServer()).close()
  })
})

/**
 * Tables with their settings, columns, constraints, indexes and triggers, in an order and a form that do not depend on
 * the server's version.
 */
async function schemaOf(client: pg.Client): Promise<string> {
  const { rows: columns } = await client.query<{ name: string; line: string }>(
    `select c.relname as name, format('  %s %s%s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attstorage <> t.typstorage
          then case a.attstorage when 'e' then ' storage external' else ' storage main' end else '' end,
        case when l.collname = 'C' then ' collate "C"' else '' end,
        case when a.attnotnull then ' not null' else '' end,
        case when a.attidentity = 'a' then ' generated always as identity'
          else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end) as line
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        join pg_type t on t.oid = a.atttypid
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        left join pg_collation l on l.oid = a.attcollation
      where c.relnamespace = 'trueup'::regnamespace and c.relkind = 'r'
      order by c.relname, a.attnum`,
  )
  const { rows: constraints } = await client.query<{ name: string; line: string }>(
    `select conrelid::regclass::text as name, format('  constraint %s %s', conname, pg_get_constraintdef(oid)) as line
      from pg_constraint where connamespace = 'trueup'::regnamespace and contype <> 'n' order by 1, conname`,
  )
  const { rows: indexes } = await client.query<{ line: string }>(
    `select indexdef as line from pg_indexes where schemaname = 'trueup'
        and not exists (select from pg_constraint where conname = indexname) order by indexname`,
  )
  const { rows: triggers } = await client.query<{ line: string }>(
    `select pg_get_triggerdef(oid) || case when tgenabled = 'A' then ' /* always */' else '' end as line
      from pg_trigger where not tgisinternal and tgrelid::regclass::text like 'trueup.%' order by 1`,
  )
  const { rows: options } = await client.query<{ name: string; line: string }>(
    `select relname as name, array_to_string(reloptions, ', ') as line from pg_class
      where relnamespace = 'trueup'::regnamespace and relkind = 'r' and reloptions is not null`,
  )
  const tables = [...new Set(columns.map(({ name }) => name))].map((name) => {
    const settings = options.flatMap((option) => (option.name === name ? ` with (${option.line})` : []))
    const lines = [
      ...columns.filter((column) => column.name === name),
      ...constraints.filter((constraint) => constraint.name === `trueup.${name}`),
    ]
    return `create table trueup.${name} (\n${lines.map(({ line }) => line).join(',\n')}\n)${settings.join('')};\n`
  })
  const header =
    '-- What the migrations add up to, written by schema.real.test.ts. Change a migration, not this file.\n'
  const listed = (lines: readonly { readonly line: string }[]) =>
    `${lines.map(({ line }) => `${line};`).join('\n')}\n`
  return [header, ...tables, listed(indexes), listed(triggers)].join('\n')
}
