import pg from 'pg'
import type { Database } from '../../packages/service/src/store/database.ts'
import { openDatabase } from '../../packages/service/src/store/index.ts'
import { createTestDatabase } from './database.ts'
import type { Admin } from './tenant-walls.ts'
import { adminOf } from './tenant-walls.ts'

const clock = { now: () => new Date() }

/** The ways in which an operator may run the database. Each opens an empty one; what it needs to end is handed back. */
export const tenantPlaces = {
  'a PostgreSQL whose user is a superuser': onServer,
  'a PostgreSQL whose user owns the tables and no more': asPlainOwner,
  'the embedded database': embedded,
} as const

interface Opened {
  readonly database: Database
  readonly admin: Admin
}
type OnEnd = (end: () => Promise<unknown>) => void

async function onServer(onEnd: OnEnd): Promise<Opened> {
  const place = await createTestDatabase()
  onEnd(() => place.drop())
  return await opened(place.url, place.url, onEnd)
}

async function asPlainOwner(onEnd: OnEnd): Promise<Opened> {
  const place = await createTestDatabase({ empty: true })
  onEnd(() => place.drop())
  const { database: name, host, port } = new pg.Client({ connectionString: place.url })
  const role = `owner_of_${name}`
  const admin = new pg.Client({ connectionString: place.url })
  await admin.connect()
  await admin.query(`create role ${role} login password 'owns' nosuperuser nocreaterole nobypassrls`)
  await admin.query(`grant create on database ${name} to ${role}`)
  onEnd(async () => {
    await admin.query(`drop owned by ${role}; drop role ${role}`)
    await admin.end()
  })
  const url = `postgres://${role}:owns@${encodeURIComponent(host)}:${port}/${name}`
  return await opened(url, place.url, onEnd)
}

async function opened(url: string, adminUrl: string, onEnd: OnEnd): Promise<Opened> {
  const database = await openDatabase({ databaseUrl: url, home: null, clock })
  onEnd(() => database.close())
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  onEnd(() => client.end())
  return { database, admin: adminOf((text) => client.query(text)) }
}

async function embedded(onEnd: OnEnd): Promise<Opened> {
  const database = await openDatabase({ databaseUrl: null, home: null, clock })
  onEnd(() => database.close())
  return { database, admin: adminOf((text) => database.pool.query(text)) }
}
