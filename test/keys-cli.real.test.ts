import { randomBytes } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../packages/service/src/secret.ts'
import { openDatabase } from '../packages/service/src/store/index.ts'
import { parseKeyRing } from '../packages/service/src/vault/key-ring.ts'
import { openVault } from '../packages/service/src/vault/open-vault.ts'
import { buildCli } from './support/build-cli.ts'
import type { Folder } from './support/cli.ts'
import { folderOf } from './support/cli.ts'
import type { TestDatabase } from './support/database.ts'
import { createTestDatabase } from './support/database.ts'

const clock = { now: () => new Date() }
const line = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const [k1, k2] = [line('k1'), line('k2')]

let folder: Folder
let database: TestDatabase
beforeAll(() => buildCli())
beforeEach(async () => {
  folder = await folderOf(null)
  database = await createTestDatabase()
})
afterEach(async () => {
  await folder.remove()
  await database.drop()
})

/** Commands that this database and these keys are given to. */
const given = (...lines: readonly string[]) => ({
  DATABASE_URL: database.url,
  TRUEUP_ENCRYPTION_KEY: lines.join(','),
})
const keys = (args: string, environment: Readonly<Record<string, string>>) =>
  folder.run(['keys', ...args.split(' ')], environment)

/** Lets a service with this key keep a secret in each of three workspaces. */
async function keepSecrets(key: string) {
  const opened = await openDatabase({ databaseUrl: database.url, home: null, clock })
  const ring = parseKeyRing(new Secret(key), 'TRUEUP_ENCRYPTION_KEY')
  const vault = await openVault({
    database: opened,
    keys: { read: async () => ring, create: null },
    clock,
    randomBytes,
  })
  for (const workspaceId of ['default', 'wsp_1', 'wsp_2']) {
    const projectId = `prj_${workspaceId}`
    await sql`insert into trueup.workspace (workspace_id, name) values (${workspaceId}, '') on conflict do nothing`.execute(
      opened.system,
    )
    await sql`insert into trueup.project (project_id, workspace_id) values (${projectId}, ${workspaceId})`.execute(
      opened.system,
    )
    const place = { workspaceId, projectId, field: 'project-secret', row: ['clerk-key', 'clerk', 'sec_1'] }
    const sealed = await vault.seal(new Secret('sk_test_kept'), place)
    await sql`insert into trueup.project_secret
      (workspace_id, project_id, secret_id, field, name, sealed, label, made_at, made_by)
      values (${workspaceId}, ${projectId}, 'sec_1', 'clerk-key', 'clerk', ${sealed}, '', now(), 'ada')`.execute(
      opened.system,
    )
  }
  await opened.close()
}

describe('trueup keys', () => {
  test('makes a key that it then takes, and prints nothing else to standard output', async () => {
    const { out, err, status } = await keys('new', {})
    expect(status).toBe(0)
    expect(out).toMatch(/^\d{8}-[0-9a-f]{4}:[A-Za-z0-9+/]{43}=\n$/)
    expect(err).toContain('keep a copy')
    expect((await keys('list', given(out.trim()))).out).toMatch(/unused {2}nothing is sealed under it/)
  })

  test('puts a key into a file that only its owner can read, before those that are there', async () => {
    const file = folder.file('encryption-keys')
    const [first, second] = [await keys(`new --file ${file}`, {}), await keys(`new --file ${file}`, {})]
    expect((await readFile(file, 'utf8')).split('\n').map((text) => text.split(':')[0])).toEqual([
      second.out.trim(),
      first.out.trim(),
      '',
    ])
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  test('asks for a key that is missing or wrong by its id, and changes nothing', async () => {
    await keepSecrets(k1)
    for (const [environment, message] of [
      [{ DATABASE_URL: database.url }, 'No encryption key is given'],
      [given(k2), 'under the encryption key k1, which TRUEUP_ENCRYPTION_KEY does not hold'],
      [given(line('k1')), 'The encryption key k1 in TRUEUP_ENCRYPTION_KEY is not the one'],
      [given('k1:short'), 'The key k1 in TRUEUP_ENCRYPTION_KEY is something that is not base64'],
    ] as const) {
      const { status, err, out } = await keys('rotate', environment)
      expect(status).toBe(2)
      expect(err.replaceAll(/\s+/g, ' ')).toContain(message)
      expect(out).toBe('')
    }
    expect(await keys('check', given(k1))).toMatchObject({ status: 0 })
  })

  test('changes keys and retires the old one, which seals nothing from then on and need not be given', async () => {
    await keepSecrets(k1)
    const rotated = await folder.json<object>(['keys', 'rotate', '--reseal', '--retire'], given(k2, k1))
    expect(rotated).toMatchObject({
      primary: 'k2',
      rewrapped: 3,
      resealed: 3,
      staying: 3,
      retiredKeys: ['k1'],
      status: 0,
    })
    expect(await keys('check', given(k2))).toMatchObject({ status: 0 })
    const back = await keys('rotate', given(k1, k2))
    expect(back).toMatchObject({ status: 2 })
    expect(back.err).toContain('encryption-key-retired')
  })

  test('tries a copy of the keys, and names what it does not open', async () => {
    await keepSecrets(k1)
    const [good, bad] = [folder.file('good'), folder.file('bad')]
    await writeFile(good, `# kept in the safe\n${k1}\n`)
    await writeFile(bad, `${k2}\n`)
    expect(await keys(`check --escrow ${good}`, given(k1))).toMatchObject({ status: 0, err: '' })
    const failed = await keys(`check --escrow ${bad}`, given(k1))
    expect(failed.status).toBe(2)
    expect(failed.out).toContain(
      `The encryption key k1 is not in ${bad}, and the secrets of 3 workspaces are sealed under it.`,
    )
    expect((await keys(`check --escrow ${folder.file('none')}`, given(k1))).err).toContain(
      'encryption-key-unusable',
    )
  })

  test('never prints a key or a secret but where it makes one', async () => {
    await keepSecrets(k1)
    for (const args of ['list', 'list --json', 'check', 'check --json', 'rotate', 'rotate --json']) {
      const { out, err } = await keys(args, given(k2, k1))
      for (const hidden of [k1, k2].map((key) => key.slice(3))) expect(out + err).not.toContain(hidden)
      expect(out + err).not.toContain('sk_test_kept')
    }
  })
})
