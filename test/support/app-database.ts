import { createConnection, createServer, type NetConnectOpts } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { AppDatabase } from '@trueup/sandbox'
import { appSql } from '@trueup/sandbox'
import pg from 'pg'
import { serveEmbedded } from '../../packages/service/src/cli/demo/serve-embedded.ts'
import { createTestDatabase } from './database.ts'

export type AppDatabaseKind = 'embedded' | 'PostgreSQL'
export const appDatabaseKinds: readonly AppDatabaseKind[] = ['embedded', 'PostgreSQL']

/** The database of a made-up app, reached as its owner's would be: through TCP, on 127.0.0.1. */
export interface ServedApp {
  readonly url: string
  close(): Promise<void>
}

/** Puts an app's tables and rows into a database of their own. */
export async function serveApp(kind: AppDatabaseKind, app: AppDatabase): Promise<ServedApp> {
  if (kind === 'embedded') {
    const database = await serveEmbedded()
    await database.run(appSql(app))
    return database
  }
  const database = await createTestDatabase({ empty: true })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  for (const statements of appSql(app)) await client.query(statements)
  await client.end()
  const served = await overTcp(database.url)
  return {
    url: served.url,
    async close() {
      await served.close()
      await database.drop()
    },
  }
}

/** The server of the tests listens on a Unix socket, which is no place that Trueup connects to: this leads there. */
async function overTcp(url: string): Promise<ServedApp> {
  const { host, port, user, password, database } = new pg.Client({ connectionString: url })
  const target: NetConnectOpts = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
  const open = new Set<{ destroy(): void }>()
  const server = createServer((socket) => {
    const upstream = createConnection(target)
    for (const end of [socket, upstream]) {
      open.add(end)
      end.once('close', () => open.delete(end))
    }
    pipeline(socket, upstream, socket).catch(() => {
      socket.destroy()
      upstream.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server listens on no TCP port.')
  const credentials = [user, password].flatMap((part) => (part ? [encodeURIComponent(part)] : [])).join(':')
  return {
    url: `postgres://${credentials}@127.0.0.1:${address.port}/${database}?sslmode=disable`,
    async close() {
      for (const end of open) end.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
