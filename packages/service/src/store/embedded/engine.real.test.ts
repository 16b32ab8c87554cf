import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { EmbeddedEngine } from './engine.ts'
import { postgresMajor } from './folder.ts'

describe('the embedded database, to the pg client', () => {
  let engine: EmbeddedEngine
  beforeAll(async () => {
    engine = await EmbeddedEngine.start(null)
  })
  const clients: pg.Client[] = []
  afterEach(async () => {
    for (const one of clients.splice(0)) await one.end()
    const cleaner = await connected()
    await cleaner.query('drop table if exists t; drop role if exists reader')
    await cleaner.end()
  })
  afterAll(async () => {
    await engine.close()
  })
  const connected = async (user = 'postgres', to = engine) => {
    const made = new pg.Client({ stream: () => to.connect(), ssl: false, user, password: '' })
    await made.connect()
    return made
  }
  const client = async (...given: Parameters<typeof connected>) => {
    const made = await connected(...given)
    clients.push(made)
    return made
  }

  it('is the PostgreSQL that folders are stamped with', () => {
    expect(engine.serverVersion).toMatch(new RegExp(`^${postgresMajor}\\.`))
  })

  it('gives a transaction the session to itself, and lets the others wait their turn', async () => {
    const [one, two] = [await client(), await client()]
    await one.query('create table t (n integer)')
    await one.query('begin')
    await one.query('insert into t values (1)')
    let isCounted = false
    const counted = two.query('select count(*) from t').then(({ rows }) => {
      isCounted = true
      return rows
    })
    await one.query('insert into t values (2)')
    expect(isCounted).toBe(false)
    await one.query('rollback')
    expect(await counted).toEqual([{ count: '0' }])
  })

  it('gives each client the rights of the role that it names, turn by turn', async () => {
    const owner = await client()
    await owner.query('create table t (n integer); create role reader login; grant select on t to reader')
    const reader = await client('reader')
    expect((await reader.query('select n from t')).rows).toEqual([])
    await expect(reader.query('insert into t values (1)')).rejects.toMatchObject({ code: '42501' })
    await owner.query('insert into t values (1)')
    expect((await reader.query('select n, session_user from t')).rows).toEqual([
      { n: 1, session_user: 'reader' },
    ])
  })

  it('lets nobody in by the name of a role that it does not have', async () => {
    const stranger = await client('stranger')
    await expect(stranger.query('select 1')).rejects.toMatchObject({ code: '22023' })
    expect((await (await client()).query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it('rolls back what a client left unfinished when it broke off, also after an error', async () => {
    const [one, two] = [await client(), await client()]
    await one.query('create table t (n integer)')
    await one.query('begin')
    await one.query('insert into t values (1)')
    await expect(one.query('select $1::integer', ['x'])).rejects.toMatchObject({ code: '22P02' })
    const lost = new Promise((resolve) => one.once('error', resolve))
    const stream: unknown = Reflect.get(Reflect.get(one, 'connection'), 'stream')
    if (!(stream instanceof Object) || !('destroy' in stream))
      throw new Error('pg keeps its stream elsewhere now.')
    Reflect.apply(Object(stream).destroy, stream, [])
    expect((await two.query('select count(*) from t')).rows).toEqual([{ count: '0' }])
    expect(await lost).toBeInstanceOf(Error)
  })

  it('keeps named statements of clients apart, and forgets those of one that left', async () => {
    const own = await EmbeddedEngine.start(null)
    const [one, two] = [await client('postgres', own), await client('postgres', own)]
    const named = (text: string) => ({ name: 'same', text })
    expect((await one.query(named('select 1 as n'))).rows).toEqual([{ n: 1 }])
    expect((await two.query(named('select 2 as n'))).rows).toEqual([{ n: 2 }])
    expect((await one.query(named('select 1 as n'))).rows).toEqual([{ n: 1 }])
    await one.end()
    const left = await two.query('select name from pg_prepared_statements order by name')
    expect(left.rows).toEqual([{ name: 'c2_same' }])
    await two.end()
    await own.close()
  })

  it('tells every client that is connected what was notified', async () => {
    const [one, two] = [await client(), await client()]
    const heard = new Promise((resolve) => one.once('notification', ({ payload }) => resolve(payload)))
    await one.query('listen news')
    await two.query("notify news, 'hello'")
    expect(await heard).toBe('hello')
  })

  it('clears its log again and again, so that the folder does not grow without end', async () => {
    const small = await EmbeddedEngine.start(null, { logBytes: 1024 * 1024 })
    const writer = new pg.Client({
      stream: () => small.connect(),
      ssl: false,
      user: 'postgres',
      password: '',
    })
    await writer.connect()
    const clearedUpTo = async () =>
      (
        await writer.query<{ bytes: number }>(
          "select (redo_lsn - '0/0')::float8 as bytes from pg_control_checkpoint()",
        )
      ).rows[0]?.bytes ?? 0
    const before = await clearedUpTo()
    await writer.query('create table t (text text)')
    for (let round = 0; round < 40; round++) {
      await writer.query('insert into t select $1 from generate_series(1, 100)', ['x'.repeat(1000)])
    }
    expect((await clearedUpTo()) - before).toBeGreaterThan(1024 * 1024)
    await writer.end()
    await small.close()
  })

  it('gives errors with their codes and constraints', async () => {
    const one = await client()
    await one.query('create table t (n integer constraint only_once unique)')
    await one.query('insert into t values (1)')
    await expect(one.query('insert into t values ($1)', [1])).rejects.toMatchObject({
      code: '23505',
      constraint: 'only_once',
    })
    expect((await one.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  })

  it('refuses whoever comes after it was closed, and tells whoever is still there', async () => {
    const other = await EmbeddedEngine.start(null)
    const one = await client('postgres', other)
    const lost = new Promise((resolve) => one.once('error', resolve))
    await other.close()
    expect(await lost).toBeInstanceOf(Error)
    await expect(client('postgres', other)).rejects.toMatchObject({ code: 'closed' })
  })
})
