import { createServer } from 'node:net'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { openDatabase, openStore } from './index.ts'

const clock = { now: () => new Date() }
const open = (databaseUrl: string) => openStore({ databaseUrl, home: null, clock })

describe('a database that cannot be used', () => {
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

  it('that is not there is unreachable, and worth another try', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    await new Promise((resolve) => server.close(resolve))
    const refused = open(`postgres://me:s3cret@127.0.0.1:${port}/app`)
    await expect(refused).rejects.toMatchObject({
      code: 'unreachable',
      retryable: true,
      message: expect.stringContaining(`127.0.0.1:${port}/app`),
    })
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('s3cret') })
  })

  it('that has another name is missing', async () => {
    await expect(open(database.url.replace(/\/trueup_test_[^?]*/, '/nowhere'))).rejects.toMatchObject({
      code: 'database-missing',
      retryable: false,
    })
  })

  it('that does not know the user refuses it', async () => {
    await expect(open(database.url.replace(/\/\/[^@]*@/, '//nobody_known@'))).rejects.toMatchObject({
      code: 'authentication',
    })
  })

  it('in which the user may not create a schema says which right is missing', async () => {
    const role = `reader_${process.pid}`
    await client.query(`create role ${role} login`)
    await expect(open(database.url.replace(/\/\/[^@]*@/, `//${role}@`))).rejects.toMatchObject({
      code: 'permission-missing',
      fix: expect.stringContaining('GRANT CREATE'),
    })
    await client.query(`drop role ${role}`)
  })

  it('whose address is another kind of address is not tried', async () => {
    await expect(open('mysql://me@host/app')).rejects.toMatchObject({ code: 'url-malformed' })
    await expect(open('postgres://me:pa%ss@host:port/app')).rejects.toMatchObject({ code: 'url-malformed' })
  })
})

test('no statement waits for the server to compile it', async () => {
  const { url, drop } = await createTestDatabase({ empty: true })
  const database = await openDatabase({ databaseUrl: url, home: null, clock })
  try {
    const db = database.scoped({ workspaceId: 'default', projectId: 'local' })
    const { rows: ownJit } = await database.pool.query('show jit')
    const jit = async (on: typeof db) => (await sql<{ jit: string }>`show jit`.execute(on)).rows
    expect(await jit(db)).toEqual([{ jit: 'off' }])
    expect(await db.transaction().execute(jit)).toEqual([{ jit: 'off' }])
    await sql`select 1`.execute(db)
    // Whoever gets the connection next, behind a pooler another program, finds it as it was.
    expect((await database.pool.query('show jit')).rows).toEqual(ownJit)
  } finally {
    await database.close()
    await drop()
  }
})
