import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../../test/support/database.ts'
import { openTestTeam, type TestTeam } from '../../../../../test/support/team.ts'
import { systemClock } from '../../adapters/system.ts'
import type { Database } from '../../store/database.ts'
import { openDatabase, openStore } from '../../store/index.ts'
import { workspaceEntries } from '../workspace-entry.ts'
import type { NewApiKey } from './api-keys.ts'
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts'
import { findApiKey } from './find-api-key.ts'

const actor = { workspaceId: 'default', personId: 'per_ada', by: 'person:ada@example.com' }
const wanted: NewApiKey = {
  name: 'CI',
  projectId: null,
  scope: 'read',
  expiresAt: null,
  allowedAddresses: null,
}

describe('API keys', () => {
  let server: TestDatabase
  let database: Database
  let team: TestTeam
  beforeAll(async () => {
    server = await createTestDatabase()
    const store = await openStore({ databaseUrl: server.url, home: null, clock: systemClock })
    await store.project('prj_1')
    await store.close()
    database = await openDatabase({ databaseUrl: server.url, home: null, clock: systemClock })
    team = await openTestTeam(database)
    await database.pool.query("insert into trueup.workspace (workspace_id, name) values ('other', 'Other')")
  })
  afterAll(async () => {
    await database.close()
    await server.drop()
  })

  const make = async (changed: Partial<NewApiKey> = {}) => {
    const { key, line } = await createApiKey(team, actor, { ...wanted, ...changed })
    return { key: key.reveal(), line }
  }
  const find = (key: string, address: string | null = '203.0.113.7') => findApiKey(team, key, address)

  it('open what they were made for, and are shown by their last four characters', async () => {
    const { key, line } = await make()
    expect(await find(key)).toEqual({
      keyId: line.keyId,
      workspaceId: 'default',
      projectId: null,
      scope: 'read',
    })
    const listed = (await listApiKeys(team, 'default')).find(({ keyId }) => keyId === line.keyId)
    expect(listed).toMatchObject({ label: `tu_…${key.slice(-4)}`, name: 'CI' })
    expect(JSON.stringify(listed)).not.toContain(key)
  })

  it('do not print', async () => {
    const { key } = await createApiKey(team, actor, wanted)
    expect(`${key} ${JSON.stringify({ key })}`).toBe('[secret] {"key":"[secret]"}')
  })

  it('open nothing once they are revoked, which is entered once', async () => {
    const { key, line } = await make()
    await revokeApiKey(team, actor, line.keyId)
    await revokeApiKey(team, actor, line.keyId)
    expect(await find(key)).toBeNull()
    const entries = await workspaceEntries(database, 'default')
    const own = entries.filter(({ facts }) => facts.key === line.keyId)
    expect(own.map(({ act, by }) => ({ act, by }))).toEqual([
      { act: 'key-revoked', by: 'per_ada' },
      { act: 'key-created', by: 'per_ada' },
    ])
  })

  it('open nothing once they have expired', async () => {
    const expiresAt = new Date(team.clock.now().getTime() + 60_000)
    const { key } = await make({ expiresAt })
    expect(await find(key)).not.toBeNull()
    team.pass(60_000)
    expect(await find(key)).toBeNull()
    await expect(make({ expiresAt })).rejects.toMatchObject({ code: 'expiry-past' })
  })

  it('open from the addresses that they were made for', async () => {
    const { key } = await make({ allowedAddresses: ['203.0.113.0/24'] })
    expect(await find(key)).not.toBeNull()
    expect(await find(key, '198.51.100.1')).toBeNull()
    expect(await find(key, null)).toBeNull()
  })

  it('tell when they were last used, to the minute', async () => {
    const { key, line } = await make()
    const lastUse = async () =>
      (await listApiKeys(team, 'default')).find(({ keyId }) => keyId === line.keyId)?.lastUsedAt
    expect(await lastUse()).toBeNull()
    await find(key)
    const first = await lastUse()
    expect(first).toBeInstanceOf(Date)
    team.pass(30_000)
    await find(key)
    expect(await lastUse()).toEqual(first)
    team.pass(31_000)
    await find(key)
    expect((await lastUse())?.getTime()).toBeGreaterThan(first?.getTime() ?? 0)
  })

  it('of one project are entered into its ledger', async () => {
    const { key, line } = await make({ projectId: 'prj_1', scope: 'read+repair' })
    expect(await find(key)).toMatchObject({ projectId: 'prj_1', scope: 'read+repair' })
    await revokeApiKey(team, actor, line.keyId)
    const { rows } = await database.pool.query<{ draft: { act: string; by: string; facts: unknown } }>(
      `select draft from trueup.ledger_draft where project_id = 'prj_1' and key like '%' || $1 order by draft_number`,
      [line.keyId],
    )
    expect(rows.map(({ draft: { act, by, facts } }) => ({ act, by, facts }))).toEqual(
      ['key-created', 'key-revoked'].map((act) => ({
        act,
        by: actor.by,
        facts: { key: line.keyId, scope: 'read+repair' },
      })),
    )
  })

  it('cannot be made for a project of another workspace, nor revoked from one', async () => {
    const stranger = { ...actor, workspaceId: 'other' }
    await expect(createApiKey(team, stranger, { ...wanted, projectId: 'prj_1' })).rejects.toMatchObject({
      code: 'not-found',
    })
    const { key, line } = await make()
    await expect(revokeApiKey(team, stranger, line.keyId)).rejects.toMatchObject({ code: 'not-found' })
    expect(await find(key)).not.toBeNull()
    expect(await listApiKeys(team, 'other')).toEqual([])
  })

  it('are not found by the hash that is kept', async () => {
    const { key } = await make()
    const { rows } = await database.pool.query<{ all: string }>(
      'select api_key::text as all from trueup.api_key',
    )
    for (const row of rows) expect(row.all).not.toContain(key.slice(3, -6))
  })
})
