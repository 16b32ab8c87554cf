import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../../test/support/database.ts'
import { systemClock as clock, systemRandomBytes as randomBytes } from '../../adapters/system.ts'
import { Secret } from '../../secret.ts'
import type { Database } from '../../store/index.ts'
import { openDatabase } from '../../store/index.ts'
import { newMasterKey, parseKeyRing } from '../../vault/key-ring.ts'
import { openVault } from '../../vault/open-vault.ts'
import { signInSecret } from './sign-in-secret.ts'

describe('the secret of sign-ins', () => {
  let server: TestDatabase
  let database: Database
  const first = newMasterKey(new Date(), randomBytes).line
  const second = newMasterKey(new Date('2030-01-01'), randomBytes).line
  beforeAll(async () => {
    server = await createTestDatabase()
    database = await openDatabase({ databaseUrl: server.url, home: null, clock })
  })
  afterAll(async () => {
    await database.close()
    await server.drop()
  })

  const secretUnder = async (...lines: readonly string[]) => {
    const ring = parseKeyRing(new Secret(lines.join(',')), 'TRUEUP_ENCRYPTION_KEY')
    const vault = await openVault({
      database,
      clock,
      randomBytes,
      keys: { read: async () => ring, create: null },
    })
    return (await signInSecret({ database, vault, clock, randomBytes })).reveal()
  }

  it('is one, however many processes make it together, and stays when the keys change', async () => {
    const made = await Promise.all([secretUnder(first), secretUnder(first), secretUnder(first)])
    expect(new Set(made).size).toBe(1)
    expect(made[0]).toHaveLength(44)
    expect(await secretUnder(second, first)).toBe(made[0])
  })

  it('is kept sealed', async () => {
    const secret = await secretUnder(first)
    const { rows } = await database.pool.query<{ sealed: string }>('select sealed from trueup.sign_in_secret')
    expect(rows).toHaveLength(1)
    expect(rows[0]?.sealed).toMatch(/^v1\./)
    expect(rows[0]?.sealed).not.toContain(secret)
  })
})
