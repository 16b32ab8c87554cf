import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { Secret } from '../secret.ts'
import type { Database } from '../store/index.ts'
import { openDatabase } from '../store/index.ts'
import { parseKeyRing } from './key-ring.ts'
import type { KeyRingSource } from './key-ring-source.ts'
import type { Vault } from './open-vault.ts'
import { openVault } from './open-vault.ts'
import type { SealedPlace } from './sealed-text.ts'

const clock = { now: () => new Date('2026-11-21T10:00:00Z') }
const line = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`
const given = (...lines: readonly string[]): KeyRingSource => ({
  read: async () =>
    lines.length === 0 ? null : parseKeyRing(new Secret(lines.join(',')), 'TRUEUP_ENCRYPTION_KEY'),
  create: null,
})
const place: SealedPlace = { workspaceId: 'default', projectId: 'prj_1', field: 'stripe-key', row: 'sec_1' }
const secret = new Secret('rk_test_a1b2c3d4e5f6')

describe.each(['a server', 'the embedded database'])('the vault on %s', (where) => {
  let server: TestDatabase | null = null
  let database: Database
  beforeAll(async () => {
    server = where === 'a server' ? await createTestDatabase() : null
    database = await openDatabase({ databaseUrl: server?.url, home: null, clock })
    await sql`insert into trueup.workspace (workspace_id, name) values ('wsp_other', 'Other')`.execute(
      database.system,
    )
  })
  afterAll(async () => {
    await database.close()
    await server?.drop()
  })
  const vaultWith = (...lines: readonly string[]): Promise<Vault> =>
    openVault({ database, keys: given(...lines), clock, randomBytes })
  const k1 = line('k1', 1)

  it('opens what it sealed, in this process and in the next', async () => {
    const sealed = await (await vaultWith(k1)).seal(secret, place)
    expect(sealed).toMatch(/^v1\.[\w-]{32}\.[\w-]+$/)
    const opened = await (await vaultWith(k1)).open(sealed, place)
    expect(opened.reveal()).toBe(secret.reveal())
  })

  it('seals the same secret to another text each time', async () => {
    const vault = await vaultWith(k1)
    expect(await vault.seal(secret, place)).not.toBe(await vault.seal(secret, place))
  })

  it.each<[string, Partial<SealedPlace>]>([
    ['another workspace', { workspaceId: 'wsp_other' }],
    ['another project', { projectId: 'prj_2' }],
    ['the whole workspace', { projectId: null }],
    ['another field', { field: 'clerk-key' }],
    ['another row', { row: 'sec_2' }],
    ['a row of two parts', { row: ['sec_1', ''] }],
  ])('opens nothing that was moved to %s', async (_where, moved) => {
    const vault = await vaultWith(k1)
    const sealed = await vault.seal(secret, place)
    // So that the other workspace has a data key of this version too.
    await vault.seal(secret, { ...place, ...moved })
    await expect(vault.open(sealed, { ...place, ...moved })).rejects.toMatchObject({
      code: 'sealed-not-opened',
    })
  })

  it.each([
    ['nothing', '', 'sealed-malformed'],
    ['a secret that was never sealed', 'rk_test_a1b2c3d4e5f6', 'sealed-malformed'],
    ['a text without its end', 'v1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.', 'sealed-malformed'],
    ['a data key that is not there', `v77.${'A'.repeat(32)}.${'A'.repeat(40)}`, 'data-key-missing'],
    ['zeros', `v1.${'A'.repeat(32)}.${'A'.repeat(40)}`, 'sealed-not-opened'],
  ])('says what is wrong with %s', async (_what, sealed, code) => {
    await expect((await vaultWith(k1)).open(sealed, place)).rejects.toMatchObject({ code })
  })

  it('opens under a new key what was sealed under the one before, as long as both are given', async () => {
    const sealed = await (await vaultWith(k1)).seal(secret, place)
    const vault = await vaultWith(line('k2', 2), k1)
    expect((await vault.open(sealed, place)).reveal()).toBe(secret.reveal())
  })

  it.each([
    [
      'another key under the same id',
      [line('k1', 9)],
      'encryption-key-wrong',
      /The encryption key k1 .* is not the one/,
    ],
    [
      'only a key that is new',
      [line('k9', 9)],
      'encryption-key-unknown',
      /under the encryption key k1, which/,
    ],
    ['none', [], 'encryption-key-missing', /used with k1/],
  ])('stays closed with %s, and nothing is changed', async (_what, lines, code, message) => {
    const before = await everyKey(database)
    await expect(vaultWith(...lines)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(await everyKey(database)).toEqual(before)
  })

  it('makes the key of a workspace once, however many processes seal at once', async () => {
    await sql`insert into trueup.workspace (workspace_id, name) values ('wsp_new', 'New')`.execute(
      database.system,
    )
    const vaults = await Promise.all(Array.from({ length: 4 }, () => vaultWith(k1)))
    const there = { ...place, workspaceId: 'wsp_new' }
    const sealed = await Promise.all(vaults.map((vault) => vault.seal(secret, there)))
    const { rows } = await sql`select version from trueup.data_key where workspace_id = 'wsp_new'`.execute(
      database.system,
    )
    expect(rows).toEqual([{ version: 1 }])
    const vault = await vaultWith(k1)
    for (const text of sealed) expect((await vault.open(text, there)).reveal()).toBe(secret.reveal())
  })

  it('seals within a transaction, and keeps no key that the transaction took back', async () => {
    await sql`insert into trueup.workspace (workspace_id, name) values ('wsp_undone', 'Undone')`.execute(
      database.system,
    )
    const there = { ...place, workspaceId: 'wsp_undone' }
    const vault = await vaultWith(k1)
    const undone = database
      .scoped({ workspaceId: 'wsp_undone' })
      .transaction()
      .execute(async (tx) => {
        await vault.seal(secret, there, tx)
        throw new Error('taken back')
      })
    await expect(undone).rejects.toThrow('taken back')
    const sealed = await vault.seal(secret, there)
    expect((await (await vaultWith(k1)).open(sealed, there)).reveal()).toBe(secret.reveal())
  })

  it('lets a column hold nothing but what is sealed under a live key of its workspace', async () => {
    const vault = await vaultWith(k1)
    await sql`insert into trueup.project (project_id, workspace_id) values ('prj_1', 'default')`.execute(
      database.system,
    )
    const put = (sealed: string) =>
      sql`insert into trueup.project_secret
        (workspace_id, project_id, secret_id, field, name, sealed, label, made_at, made_by)
        values ('default', 'prj_1', ${randomBytes(6).toString('hex')}, 'stripe-key', 'stripe', ${sealed}, '', now(), 'ada')`.execute(
        database.scoped({ workspaceId: 'default', projectId: 'prj_1' }),
      )
    await put(await vault.seal(secret, place))
    for (const wrong of ['rk_test_a1b2c3d4e5f6', '', `v77.${'A'.repeat(32)}.${'A'.repeat(40)}`]) {
      await expect(put(wrong)).rejects.toThrow()
    }
  })

  it('prints neither keys nor secrets', async () => {
    const vault = await vaultWith(k1)
    const opened = await vault.open(await vault.seal(secret, place), place)
    const shown =
      inspect({ vault, opened }, { depth: 9, showHidden: true }) + JSON.stringify({ vault, opened })
    for (const hidden of [
      secret.reveal(),
      Buffer.alloc(32, 1).toString('base64'),
      Buffer.alloc(32, 1).toString('hex'),
    ]) {
      expect(shown).not.toContain(hidden)
    }
  })
})

async function everyKey({ system }: Database) {
  const { rows: masters } = await sql`select * from trueup.master_key order by key_id`.execute(system)
  const { rows: keys } = await sql`select * from trueup.data_key order by workspace_id, version`.execute(
    system,
  )
  return { masters, keys }
}
