import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildCli } from './support/build-cli.ts'
import { type Folder, folderOf } from './support/cli.ts'
import { createRepairDatabase, type RepairDatabase } from './support/repair-database.ts'

const config = `export default {
  billing: { stripe: {} },
  access: [{ postgres: { table: 'users', key: 'id', customerId: 'stripe_customer_id', plan: 'plan', premium: 'premium', trialEndsAt: 'trial_ends_at' } }],
  catalogue: { plans: [{ id: 'free' }, { id: 'pro', products: ['prod_1'], values: ['Pro'] }] },
}
`
let folder: Folder
let database: RepairDatabase
beforeAll(async () => {
  buildCli()
  folder = await folderOf(null)
  await folder.write('trueup.config.ts', config)
  database = await createRepairDatabase()
})
afterAll(async () => {
  await database?.close()
  await folder?.remove()
})

const reader = { ACCESS_DATABASE_URL: 'postgres://reader:canary-of-reading@db.example.com:6432/app' }

test('the SQL that is printed makes the role, its password and what it may write, and can be run again', async () => {
  const { status, out, err } = await folder.run(
    ['repair', 'sql', '--role', database.role, '--cap', '7'],
    reader,
  )
  expect(status).toBe(0)
  const [, password = ''] =
    /ACCESS_REPAIR_DATABASE_URL=postgres:\/\/[^:]+:([\w-]+)@db\.example\.com:6432\/app\n/.exec(err) ?? []
  expect(password.length).toBeGreaterThan(20)
  // The SQL may end up in a repository or a log, so it holds the password only as the database stores it.
  expect(`${out}${err.replace(password, '')}`).not.toContain(password)
  expect(`${out}${err}`).not.toContain('canary')
  for (let times = 0; times < 2; times++) await database.owner(out)
  const { rows } = await database.owner(
    'select column_name, rule, cap_an_hour from trueup_repair.policy order by 1',
  )
  expect(rows).toMatchObject([
    { column_name: 'plan', rule: { values: ['free', 'Pro', 'pro'] }, cap_an_hour: 7 },
    { column_name: 'premium', rule: { kind: 'flag' } },
    { column_name: 'stripe_customer_id', rule: { kind: 'id', startsWith: 'cus_' } },
    { column_name: 'trial_ends_at', rule: { kind: 'moment' } },
  ])
  const { rows: roles } = await database.owner('select rolpassword from pg_authid where rolname = $1', [
    database.role,
  ])
  expect(roles[0]?.rolpassword).toMatch(/^SCRAM-SHA-256\$/)
})

test('the SQL for a plain role grants the mapped columns alone', async () => {
  const { out } = await folder.run(['repair', 'sql', '--plain', '--role', `${database.role}_owner`])
  expect(out).toContain(
    'update ("stripe_customer_id", "plan", "premium", "trial_ends_at") on "public"."users"',
  )
  expect(out).not.toContain('trueup_repair.apply')
})

test('what takes it all away again is printed as well', async () => {
  const { out } = await folder.run(['repair', 'sql', '--uninstall', '--role', database.role])
  await database.owner(out)
  const { rows } = await database.owner('select rolname from pg_roles where rolname like $1', [
    `${database.role}%`,
  ])
  expect(rows).toEqual([])
})

test('a database that the configuration does not name is a mistake that is told', async () => {
  const { status, err } = await folder.run(['repair', 'sql', '--source', 'other'])
  expect(status).toBe(2)
  expect(err).toContain('no such database; it has postgres')
})
