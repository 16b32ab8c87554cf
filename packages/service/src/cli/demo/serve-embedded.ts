import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { EmbeddedEngine } from '../../store/embedded/engine.ts'

/** A PostgreSQL that answers on 127.0.0.1, in memory. */
export interface ServedDatabase {
  /**
   * The address for a role, which comes in without a password and without TLS: the database is reachable from this
   * machine alone, and holds made-up rows.
   */
  urlFor(role: string): string
  /** Runs statements as the owner of the tables. */
  run(statements: Iterable<string>): Promise<void>
  close(): Promise<void>
}

/**
 * Starts the embedded database as a server of its own, so that it is reached as a database elsewhere is: through a
 * socket, by PostgreSQL's protocol. All its clients share one session and take turns at it.
 *
 * @example
 * const database = await serveEmbedded()
 * await database.run([...appSql(world.app), 'create role reader login', 'grant select on users to reader'])
 * database.urlFor('reader')
 */
export async function serveEmbedded(): Promise<ServedDatabase> {
  const engine = await EmbeddedEngine.start(null)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    const client = engine.connect()
    // A client that breaks off takes nothing but its own connection along.
    pipeline(socket, client, socket).catch(() => socket.destroy())
  })
  try {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  } catch (error) {
    await engine.close()
    throw error
  }
  const port = portOf(server)
  return {
    urlFor: (role) => `postgres://${role}@127.0.0.1:${port}/postgres?sslmode=disable`,
    run: (statements) => runOn(engine, statements),
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await engine.close()
    },
  }
}

async function runOn(engine: EmbeddedEngine, statements: Iterable<string>): Promise<void> {
  // Everything is given, so that no PG* variable of the environment has a say.
  const client = new pg.Client({
    stream: () => engine.connect(),
    host: 'embedded',
    port: 5432,
    user: 'postgres',
    database: 'postgres',
    password: '',
    options: '',
    ssl: false,
  })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server listens on no TCP port.')
  return address.port
}
