import type { Repair } from '@trueup/core'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repairFunctionSql } from '../packages/service/src/adapters/postgres/repair/repair-function-sql.ts'
import { repairTablesOf } from '../packages/service/src/adapters/postgres/repair/repair-tables.ts'
import { parseConfig } from '../packages/service/src/config/parse-config.ts'
import { type ServedApp, serveApp } from './support/app-database.ts'
import { buildCli } from './support/build-cli.ts'
import { type Folder, folderOf } from './support/cli.ts'
import { createTestDatabase, type TestDatabase } from './support/database.ts'

/* Repairs as a person carries them out: the published program, the app's database with the installed function. */

interface Shown {
  readonly repair: Repair
}
interface Listed {
  readonly repairs: readonly Repair[]
}

let sandbox: Sandbox
let app: ServedApp
let folder: Folder
let database: TestDatabase
const role = `repairs_${process.pid}`

beforeAll(async () => {
  buildCli()
  sandbox = await startSandbox({ world: 'saas', customers: 80, drift: 0.15, access: 'postgres', seed: 5 })
  if (!sandbox.world.app) throw new Error('The app of this world has a database.')
  app = await serveApp('PostgreSQL', sandbox.world.app)
  const { access, catalogue } = parseConfig(sandbox.config)
  const mappings = access.flatMap((source) =>
    source.kind === 'postgres' ? [source.mappings.user, source.mappings.organization] : [],
  )
  const tables = repairTablesOf(
    mappings.filter((mapping) => mapping !== undefined),
    catalogue,
  )
  await app.run(repairFunctionSql({ tables, role }))
  await app.run(`alter role ${role} password 'writes'`)
  database = await createTestDatabase()
  folder = await folderOf(sandbox, 'configured')
})
afterAll(async () => {
  await folder.remove()
  await database.drop()
  await app.run(`drop schema trueup_repair cascade; drop owned by ${role}, ${role}_owner;
    drop role ${role}; drop role ${role}_owner`)
  await app.close()
  await sandbox.close()
})

const repairUrl = () => {
  const { host, port, database } = new pg.Client({ connectionString: app.url })
  return `postgres://${role}:writes@${host}:${port}/${database}?sslmode=disable`
}
const reading = () => ({ ACCESS_DATABASE_URL: app.url, DATABASE_URL: database.url })
const writing = () => ({ ...reading(), ACCESS_REPAIR_DATABASE_URL: repairUrl() })
const json = <Answer>(args: readonly string[], environment: Readonly<Record<string, string>> = writing()) =>
  folder.json<Answer>(['repair', ...args], environment)

async function rowOf(repair: Repair): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: repairUrl() })
  await client.connect()
  const fields = repair.changes.map(({ field }) => field)
  const { rows } = await client.query('select trueup_repair.inspect($1, $2, $3::text[]) as answer', [
    repair.container,
    repair.record,
    fields,
  ])
  await client.end()
  return rows[0].answer.values
}

const changed = (repair: Repair, side: 'before' | 'after') =>
  Object.fromEntries(repair.changes.map((change) => [change.field, change[side] ?? null]))

describe('a repair from the command line', () => {
  test('is steps with SQL for a person where nothing may be written to', async () => {
    const report = await folder.json(['check', '--settle', '0'], reading())
    expect(report.complete).toBe(true)
    expect((await json<Listed>(['list'], reading())).repairs).toEqual([])
    const incident = report.incidents.find(({ repair }) => repair.statements.length > 0)
    const { out, status } = await folder.run(['repair', 'show', incident?.id ?? ''], reading())
    expect(status).toBe(0)
    expect(out).toMatch(/update "public"\."(users|organizations)" set /)
  })

  test('is proposed by the check that finds the drift, approved by a person, written and read again', async () => {
    await folder.json(['check', '--settle', '0', '--fresh'], writing())
    const { repairs } = await json<Listed>(['list'])
    const repair = repairs.find(({ takesAway, kind }) => !takesAway && kind !== 'customer-duplicate')
    if (!repair) throw new Error('The world has an account that is given less than it pays for.')
    expect(await rowOf(repair)).toEqual(changed(repair, 'before'))

    const early = await folder.run(['repair', 'apply', repair.id, '--yes'], writing())
    expect(early).toMatchObject({ status: 2, err: expect.stringContaining('not-approved') })
    const asking = await folder.run(['repair', 'approve', repair.id, '--as', 'ada'], writing())
    expect(asking).toMatchObject({ status: 2, err: expect.stringContaining('--yes') })
    await json(['approve', repair.id, '--as', 'ada', '--yes'])
    const dry = await json<{ readonly repairs: readonly { readonly says: string }[] }>([
      'apply',
      repair.id,
      '--dry-run',
    ])
    expect(dry.repairs.map(({ says }) => says)).toEqual(['would be written'])
    expect(await rowOf(repair)).toEqual(changed(repair, 'before'))

    const { out, status } = await folder.run(
      ['repair', 'apply', repair.id, '--as', 'ada', '--yes'],
      writing(),
    )
    expect(status).toBe(0)
    expect(out).toContain('repair-verified')
    expect(out).toContain(`+ ${repair.changes[0]?.field}: `)
    expect(await rowOf(repair)).toEqual(changed(repair, 'after'))
    expect((await folder.run(['verify', repair.id], writing())).status).toBe(0)
  })

  test('is undone by the word of others than who asks for it', async () => {
    const [repair] = (await json<Listed>(['list', '--state', 'verified'])).repairs
    if (!repair) throw new Error('A repair was verified.')
    const { repair: undo } = await json<Shown>(['undo', repair.id, '--as', 'ada'])
    const own = await folder.run(['repair', 'approve', undo.id, '--as', 'ada', '--yes'], writing())
    expect(own.err).toContain('approved-by-proposer')
    await json(['approve', undo.id, '--as', 'grace', '--yes'])
    const alone = await folder.run(['repair', 'apply', undo.id, '--as', 'grace', '--yes'], writing())
    expect(alone.err).toContain('second-person-needed')
    await json(['approve', undo.id, '--as', 'linus', '--yes'])
    expect((await json<Shown>(['apply', undo.id, '--as', 'grace', '--yes'])).repair.state).toBe('verified')
    expect(await rowOf(repair)).toEqual(changed(repair, 'before'))
  })

  test('is not written while repairs are off, nor when it was rejected', async () => {
    await folder.json(['check', '--settle', '0', '--fresh'], writing())
    const { repairs } = await json<Listed>(['list', '--state', 'proposed'])
    const [first, second] = repairs.filter(({ takesAway, batch }) => !takesAway && batch === null)
    if (!first || !second) throw new Error('The world has two more.')
    await json(['approve', first.id, '--as', 'ada', '--yes'])
    await json(['off', '--reason', 'A trial.', '--as', 'grace'])
    const refused = await folder.run(['repair', 'apply', first.id, '--yes'], writing())
    expect(refused).toMatchObject({ status: 2, err: expect.stringContaining('grace switched repairs off') })
    expect(await rowOf(first)).toEqual(changed(first, 'before'))
    await json(['on', '--as', 'grace'])
    await json(['reject', second.id, '--reason', 'They know.', '--as', 'ada'])
    const rejected = await folder.run(['repair', 'apply', second.id, '--yes'], writing())
    expect(rejected).toMatchObject({ status: 2, err: expect.stringContaining('wrong-state') })
    expect((await json<Shown>(['apply', first.id, '--yes', '--as', 'ada'])).repair.state).toBe('verified')
  })

  test('of several is a batch, approved by their true number and begun with one', async () => {
    const { repairs } = await json<Listed>(['list', '--state', 'proposed'])
    const free = repairs.filter(({ takesAway, paying }) => takesAway && !paying).slice(0, 3)
    expect(free.length).toBeGreaterThan(1)
    const ids = free.map(({ id }) => id)
    const wrong = await folder.run(['repair', 'approve', ...ids, '--count', '9', '--as', 'ada'], writing())
    expect(wrong.err).toContain('count-differs')
    const approved = await json<Listed>(['approve', ...ids, '--count', String(ids.length), '--as', 'ada'])
    const batchId = approved.repairs[0]?.batch?.id ?? ''
    const single = await folder.run(['repair', 'apply', ids[0] ?? '', '--yes'], writing())
    expect(single.err).toContain('in-batch')
    const outcome = await json<{ readonly repairs: readonly Repair[]; readonly leftBecause: string }>([
      'apply',
      batchId,
      '--yes',
      '--as',
      'ada',
    ])
    expect(outcome.status).toBe(2)
    expect(outcome.repairs.map(({ state }) => state)).toEqual([
      'verified',
      ...ids.slice(1).map(() => 'approved'),
    ])
    expect(outcome.leftBecause).toContain('The next wave is due at')
  })

  test('leaves records that are what the ledger says', async () => {
    const { status, out, err } = await folder.run(['ledger', 'show', '--json', '--limit', '1000'], writing())
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect((await folder.run(['ledger', 'rebuild', '--check'], writing())).status).toBe(0)
    for (const act of [
      'repair-proposed',
      'repair-approved',
      'repair-intended',
      'repair-verified',
      'repair-undone',
    ]) {
      expect(out).toContain(act)
    }
  })
})
