import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ServedDatabase, serveEmbedded } from './serve-embedded.ts'

let database: ServedDatabase
beforeAll(async () => {
  database = await serveEmbedded()
  await database.run(['create table things (id int primary key)', 'insert into things values (1), (2)'])
})
afterAll(() => database.close())

async function connected(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.urlFor('postgres') })
  await client.connect()
  return client
}

test('a client of PostgreSQL reads what was put in, through a socket', async () => {
  const client = await connected()
  const { rows } = await client.query('select id from things order by id')
  await client.end()
  expect(rows).toEqual([{ id: 1 }, { id: 2 }])
})

test('clients take turns, and none gets into the transaction of another', async () => {
  const [one, other] = [await connected(), await connected()]
  await one.query('begin')
  await one.query('insert into things values (3)')
  const counted = other.query<{ count: string }>('select count(*) from things')
  await one.query('rollback')
  expect((await counted).rows).toEqual([{ count: '2' }])
  await Promise.all([one.end(), other.end()])
})

test('a client that breaks off in a transaction leaves nothing behind, and the next one is served', async () => {
  const broken = await connected()
  await broken.query('begin')
  await broken.query('delete from things')
  const gone = new Promise((resolve) => broken.once('end', resolve))
  broken.on('error', () => {})
  // What `pg` stands on, cut as a dying process cuts it.
  ;(broken as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  await gone
  const client = await connected()
  const { rows } = await client.query('select id from things')
  await client.end()
  expect(rows).toHaveLength(2)
})
