import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { scopedPool } from './scoped-pool.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

describe.each([
  ['together with its begin', true],
  ['after the answer to its begin', false],
])('a statement that is sent %s', (_, pipeline) => {
  let pool: pg.Pool
  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: database.url, pipeline })
    pool.on('error', () => {})
    pool.on('connect', (client) => client.on('error', () => {}))
    await pool.query('create table if not exists kept (text text check (text <> $$refused$$))')
  })
  beforeEach(() => pool.query('truncate kept'))
  afterAll(() => pool.end())

  const opened: unknown[] = []
  const connected = async (role: string | null = null, workspaceId = 'mine') => {
    const scoped = scopedPool(
      async () => {
        const client = await pool.connect()
        return {
          pipeline: client.pipeline,
          query: (text, parameters) => client.query(text, parameters && [...parameters]),
          release: (error) => {
            opened.push(error)
            client.release(error)
          },
        }
      },
      { workspaceId },
      role,
    )
    const client = await scoped.connect()
    return {
      query: (text: string, parameters: readonly unknown[] = []) =>
        client.query<Record<string, unknown>>(text, parameters).then(({ rows }) => rows),
      release: () => client.release(),
    }
  }
  const kept = async () =>
    (await pool.query<{ text: string }>('select text from kept')).rows.map(({ text }) => text)

  it('sees its own tenant, alone and within a transaction, and leaves none behind', async () => {
    const whose = "select current_setting('trueup.workspace') as workspace"
    const client = await connected()
    expect(await client.query(whose)).toEqual([{ workspace: 'mine' }])
    await client.query('begin')
    expect(await client.query(whose)).toEqual([{ workspace: 'mine' }])
    expect(await client.query(whose)).toEqual([{ workspace: 'mine' }])
    await client.query('commit')
    client.release()
    const { rows } = await pool.query("select current_setting('trueup.workspace', true) as workspace")
    expect(rows[0].workspace || null).toBeNull()
  })

  it('is kept once it was answered', async () => {
    const client = await connected()
    await client.query('insert into kept values ($1)', ['alone'])
    await client.query('begin')
    await client.query('insert into kept values ($1)', ['within'])
    await client.query('commit')
    client.release()
    expect(await kept()).toEqual(['alone', 'within'])
  })

  it('fails by itself: nothing is kept, and the next one works', async () => {
    const client = await connected()
    await expect(client.query('insert into kept values ($1)', ['refused'])).rejects.toMatchObject({
      code: '23514',
    })
    await client.query('insert into kept values ($1)', ['next'])
    client.release()
    expect(await kept()).toEqual(['next'])
    expect(opened.at(-1)).toBe(false)
  })

  it('fails the transaction that it was the first of', async () => {
    const client = await connected()
    await client.query('begin')
    await expect(client.query('insert into kept values ($1)', ['refused'])).rejects.toMatchObject({
      code: '23514',
    })
    await expect(client.query('insert into kept values ($1)', ['behind'])).rejects.toMatchObject({
      code: '25P02',
    })
    await client.query('rollback')
    client.release()
    expect(await kept()).toEqual([])
  })

  it('is refused where its tenant could not be named, and says why', async () => {
    const client = await connected('nobody_of_this_name')
    const unknownRole = { code: '22023', message: expect.stringContaining('nobody_of_this_name') }
    await expect(client.query('insert into kept values ($1)', ['alone'])).rejects.toMatchObject(unknownRole)
    const within = (async () => {
      await client.query('begin')
      await client.query('insert into kept values ($1)', ['within'])
    })()
    await expect(within).rejects.toMatchObject(unknownRole)
    await client.query('rollback')
    client.release()
    expect(await kept()).toEqual([])
  })

  it('never came: a transaction without any is not told to be kept where its tenant could not be named', async () => {
    const client = await connected('nobody_of_this_name')
    const empty = (async () => {
      await client.query('begin')
      await client.query('commit')
    })()
    await expect(empty).rejects.toMatchObject({ code: '22023' })
    await client.query('rollback')
    client.release()
  })

  it('whose connection ends says so, and the connection is given back to nobody', async () => {
    const client = await connected()
    const ending = client.query('select pg_terminate_backend(pg_backend_pid())')
    await expect(ending).rejects.toThrow()
    client.release()
    expect(opened.at(-1)).toBe(true)
    await expect(pool.query('select 1')).resolves.toMatchObject({ rowCount: 1 })
  })
})
