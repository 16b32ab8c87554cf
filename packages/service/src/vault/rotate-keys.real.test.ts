import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { Secret } from '../secret.ts'
import type { Database } from '../store/index.ts'
import { openDatabase } from '../store/index.ts'
import { checkKeys, listKeys } from './check-keys.ts'
import { parseKeyRing } from './key-ring.ts'
import { openVault } from './open-vault.ts'
import { retireMasterKey, rotateKeys } from './rotate-keys.ts'
import type { SealedPlace } from './sealed-text.ts'

const clock = { now: () => new Date() }
const ports = { clock, randomBytes }
const line = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`
const ringOf = (...lines: readonly string[]) =>
  parseKeyRing(new Secret(lines.join(',')), 'TRUEUP_ENCRYPTION_KEY')
const k1 = line('k1', 1)
const k2 = line('k2', 2)
const workspaces = ['default', 'wsp_1', 'wsp_2']

describe.each(['a server', 'the embedded database'])('changing keys on %s', (where) => {
  let server: TestDatabase | null = null
  let database: Database
  beforeAll(async () => {
    server = where === 'a server' ? await createTestDatabase() : null
    database = await openDatabase({ databaseUrl: server?.url, home: null, clock })
  })
  beforeEach(async () => {
    for (const table of ['project_secret', 'project', 'data_key', 'master_key']) {
      await sql`delete from ${sql.table(`trueup.${table}`)}`.execute(database.system)
    }
    await sql`delete from trueup.workspace where workspace_id <> 'default'`.execute(database.system)
    for (const id of workspaces.slice(1)) {
      await sql`insert into trueup.workspace (workspace_id, name) values (${id}, '')`.execute(database.system)
    }
    for (const id of workspaces) {
      await sql`insert into trueup.project (project_id, workspace_id) values (${`prj_${id}`}, ${id})`.execute(
        database.system,
      )
    }
  })
  afterAll(async () => {
    await database.close()
    await server?.drop()
  })
  const vaultWith = (...lines: readonly string[]) =>
    openVault({ database, keys: { read: async () => ringOf(...lines), create: null }, ...ports })
  const placeOf = (workspaceId: string, id: string): SealedPlace => ({
    workspaceId,
    projectId: `prj_${workspaceId}`,
    field: 'project-secret',
    row: ['stripe-key', 'stripe', id],
  })

  /** Keeps so many secrets in each workspace, the text of each naming its place. */
  async function keep(lines: readonly string[], count: number, name = 'sec') {
    const vault = await vaultWith(...lines)
    for (const workspaceId of workspaces) {
      for (let number = 0; number < count; number += 1) {
        const id = `${name}_${number}`
        const sealed = await vault.seal(new Secret(`${workspaceId}/${id}`), placeOf(workspaceId, id))
        await put(workspaceId, id, sealed)
      }
    }
  }
  const put = (workspaceId: string, id: string, sealed: string) =>
    sql`insert into trueup.project_secret
      (workspace_id, project_id, secret_id, field, name, sealed, label, made_at, made_by)
      values (${workspaceId}, ${`prj_${workspaceId}`}, ${id}, 'stripe-key', 'stripe', ${sealed}, '', now(), 'ada')`.execute(
      database.system,
    )
  const kept = async () => {
    const { rows } = await sql<{
      readonly workspaceId: string
      readonly id: string
      readonly sealed: string
    }>`
      select workspace_id as "workspaceId", secret_id as id, sealed from trueup.project_secret
      order by workspace_id, secret_id`.execute(database.system)
    return rows
  }
  async function expectAllOpen(lines: readonly string[]) {
    const vault = await vaultWith(...lines)
    for (const { workspaceId, id, sealed } of await kept()) {
      expect((await vault.open(sealed, placeOf(workspaceId, id))).reveal()).toBe(`${workspaceId}/${id}`)
    }
  }
  /** As if a minute had passed since keys were made. */
  const aMinuteLater = () =>
    sql`update trueup.data_key set made_at = made_at - interval '61 seconds'`.execute(database.system)
  const rotate = async (lines: readonly string[], reseal = false) =>
    rotateKeys({ database, vault: await vaultWith(...lines), randomBytes, reseal })

  it('leaves every value as it is and needs the new key alone from then on', async () => {
    await keep([k1], 3)
    const before = await kept()
    expect(await rotate([k2, k1])).toEqual({
      rewrapped: 3,
      resealed: 0,
      retired: 0,
      staying: 0,
      unopened: [],
    })
    expect(await kept()).toEqual(before)
    await expectAllOpen([k2])
    await expect(vaultWith(k1)).rejects.toMatchObject({
      code: 'encryption-key-unknown',
      message: 'Secrets are sealed under the encryption key k2, which TRUEUP_ENCRYPTION_KEY does not hold.',
    })
  })

  it('seals every value anew under new data keys on request, and takes the old ones away', async () => {
    await keep([k1], 3)
    const before = await kept()
    expect(await rotate([k2, k1], true)).toMatchObject({
      rewrapped: 3,
      resealed: 9,
      staying: 3,
      unopened: [],
    })
    const after = await kept()
    expect(after.every(({ sealed }) => sealed.startsWith('v2.'))).toBe(true)
    await expectAllOpen([k2])
    await aMinuteLater()
    // Each has a key that was made under the new one already: no third one is made, however often it is run.
    expect(await rotate([k2, k1], true)).toMatchObject({ resealed: 0, retired: 3, staying: 0 })
    expect(await rotate([k2, k1], true)).toMatchObject({ resealed: 0, retired: 0, staying: 0 })
    await expectAllOpen([k2])
    const vault = await vaultWith(k2)
    const [old] = before
    if (!old) throw new Error('Nothing was kept.')
    await expect(vault.open(old.sealed, placeOf(old.workspaceId, old.id))).rejects.toMatchObject({
      code: 'data-key-missing',
    })
    await expect(put(old.workspaceId, 'late', old.sealed)).rejects.toThrow()
  })

  it('keeps a data key that was replaced just now: what is sealed under it may not be kept yet', async () => {
    await keep([k1], 1)
    const vault = await vaultWith(k1)
    const late = await vault.seal(new Secret('default/late'), placeOf('default', 'late'))
    expect(await rotate([k2, k1], true)).toMatchObject({ resealed: 3, retired: 0, staying: 3 })
    await put('default', 'late', late)
    await aMinuteLater()
    expect(await rotate([k2, k1], true)).toMatchObject({ resealed: 1, retired: 3, staying: 0 })
    await expectAllOpen([k2])
  })

  it('refuses to retire a master key that something is sealed under, and the one that seals', async () => {
    await keep([k1], 1)
    const vault = await vaultWith(k2, k1)
    await expect(retireMasterKey({ database, vault, clock }, 'k1')).rejects.toMatchObject({
      code: 'encryption-key-in-use',
      message: 'The encryption key k1 cannot be retired: the secrets of 3 workspaces are sealed under it.',
    })
    await expect(retireMasterKey({ database, vault, clock }, 'k2')).rejects.toMatchObject({
      code: 'encryption-key-in-use',
    })
    await expect(retireMasterKey({ database, vault, clock }, 'k7')).rejects.toMatchObject({
      code: 'encryption-key-unknown',
    })
    await rotate([k2, k1])
    await retireMasterKey({ database, vault, clock }, 'k1')
    await expectAllOpen([k2])
    await expect(vaultWith(k1, k2)).rejects.toMatchObject({
      code: 'encryption-key-retired',
      message: 'The encryption key k1 in TRUEUP_ENCRYPTION_KEY was retired, and seals nothing any more.',
    })
  })

  it('lets no process seal under a master key that was retired while it ran', async () => {
    const late = await vaultWith(k1)
    await rotate([k2, k1])
    await retireMasterKey({ database, vault: await vaultWith(k2, k1), clock }, 'k1')
    await expect(late.seal(new Secret('x'), placeOf('wsp_2', 'x'))).rejects.toMatchObject({
      code: 'encryption-key-retired',
    })
  })

  it('leaves a value that does not open where it is, names it, and keeps its key', async () => {
    await keep([k1], 2)
    const [first, second] = await kept()
    if (!first || !second) throw new Error('Nothing was kept.')
    await sql`update trueup.project_secret set sealed = ${second.sealed}
      where workspace_id = ${first.workspaceId} and secret_id = ${first.id}`.execute(database.system)
    const broken = 'project_secret.sealed of default prj_default stripe-key stripe sec_0'
    expect(await rotate([k2, k1], true)).toMatchObject({ resealed: 5, unopened: [broken] })
    await aMinuteLater()
    expect(await rotate([k2, k1], true)).toMatchObject({ retired: 2, staying: 1, unopened: [broken] })
    expect(await checkKeys(database, ringOf(k2), ports)).toMatchObject({
      values: 5,
      problems: [`${broken} does not open.`],
    })
  })

  it('is shown by what is given and what is sealed under it', async () => {
    await keep([k1], 1)
    await rotate([k2, k1])
    await vaultWith(k2, k1)
    expect(await listKeys(database, ringOf(k2, line('k3', 3), line('k1', 9)))).toMatchObject([
      { id: 'k3', state: 'unused', given: 'yes', workspaces: 0 },
      { id: 'k2', state: 'primary', given: 'yes', workspaces: 3 },
      { id: 'k1', state: 'opens', given: 'wrong', workspaces: 0 },
    ])
  })

  it('is checked with a copy of the keys: what they do not open is named, and nothing is changed', async () => {
    await keep([k1], 2)
    const before = await everyKey(database)
    expect(await checkKeys(database, ringOf(k1), ports)).toMatchObject({
      dataKeys: 3,
      values: 6,
      problems: [],
    })
    const { problems, values } = await checkKeys(database, ringOf(line('k9', 9)), ports)
    expect(values).toBe(0)
    expect(problems[0]).toBe(
      'The encryption key k1 is not in TRUEUP_ENCRYPTION_KEY, and the secrets of 3 workspaces are sealed under it.',
    )
    expect(problems).toHaveLength(1 + 3 + 6)
    expect((await checkKeys(database, ringOf(line('k1', 9)), ports)).problems[0]).toContain(
      'is not the one that secrets were sealed under',
    )
    expect(await everyKey(database)).toEqual(before)
  })
})

async function everyKey({ system }: Database) {
  const { rows: masters } = await sql`select * from trueup.master_key order by key_id`.execute(system)
  const { rows: keys } = await sql`select * from trueup.data_key order by workspace_id, version`.execute(
    system,
  )
  return { masters, keys }
}
