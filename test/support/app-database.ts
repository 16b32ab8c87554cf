import type { AppDatabase } from '@trueup/sandbox'
import { appSql } from '@trueup/sandbox'
import pg from 'pg'
import { serveEmbedded } from '../../packages/service/src/cli/demo/serve-embedded.ts'
import { createTestDatabase } from './database.ts'
import { relayTo } from './relay.ts'

export type AppDatabaseKind = 'embedded' | 'PostgreSQL'

/** The database of a made-up app, reached as its owner's would be: through TCP, on 127.0.0.1. */
export interface ServedApp {
  readonly url: string
  /** From now on, breaks so many connections once each has answered that many bytes; none when `connections` is 0. */
  breakNext(connections: number, afterBytes: number): void
  /** Runs a statement as the owner of the tables. */
  run(statement: string): Promise<void>
  close(): Promise<void>
}

/** Puts an app's tables and rows into a database of their own. */
export async function serveApp(kind: AppDatabaseKind, app: AppDatabase): Promise<ServedApp> {
  const made = kind === 'embedded' ? await inMemory() : await onServer()
  await made.run([...appSql(app), readingRoleSql(made.role)])
  const { database } = new pg.Client({ connectionString: made.url })
  const relay = await relayTo(made.url)
  return {
    url: `postgres://${made.role}:${password}@127.0.0.1:${relay.port}/${database}?sslmode=disable`,
    breakNext: (connections, afterBytes) => relay.breakNext(connections, afterBytes),
    run: (statement) => made.run([statement]),
    async close() {
      await relay.close()
      await made.close()
    },
  }
}

/** A server may ask for it, or let the role in without. */
const password = 'read-only'

function readingRoleSql(role: string): string {
  return `create role ${role} login password '${password}';
    grant usage on schema public to ${role};
    grant select on users, organizations, organization_members, user_entitlements to ${role};`
}

async function inMemory() {
  const database = await serveEmbedded()
  return { ...database, url: database.urlFor('postgres'), role: 'reader' }
}

/** A database of the tests' server. Roles belong to the whole server, so each database has one of its own name. */
async function onServer() {
  const database = await createTestDatabase({ empty: true })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const role = `reader_${new pg.Client({ connectionString: database.url }).database}`
  return {
    url: database.url,
    role,
    async run(statements: Iterable<string>) {
      for (const statement of statements) await client.query(statement)
    },
    async close() {
      await client.query(`drop owned by ${role}; drop role ${role}`)
      await client.end()
      await database.drop()
    },
  }
}
