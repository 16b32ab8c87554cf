import { createConnection, createServer, type NetConnectOpts } from 'node:net'
import pg from 'pg'

/** A way to a PostgreSQL through TCP on 127.0.0.1, which can lose answers. */
export interface Relay {
  readonly port: number
  /** Lets the next COMMIT arrive, and breaks the connection in place of its answer. */
  loseNextCommit(): void
  close(): Promise<void>
}

/** The server of the tests listens on a Unix socket, which is no place that Trueup connects to: this leads there. */
export async function relayTo(url: string): Promise<Relay> {
  const { host, port } = new pg.Client({ connectionString: url })
  const target: NetConnectOpts = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
  const open = new Set<{ destroy(): void }>()
  let losing = false
  const server = createServer((socket) => {
    const upstream = createConnection(target)
    let isLost = false
    for (const end of [socket, upstream]) {
      open.add(end)
      end.on('error', () => end.destroy())
      end.once('close', () => {
        open.delete(end)
        socket.destroy()
        upstream.destroy()
      })
    }
    socket.on('data', (sent) => {
      if (losing && /\bcommit\b/i.test(sent.toString('latin1'))) {
        losing = false
        isLost = true
      }
      upstream.write(sent)
    })
    upstream.on('data', (answered) => {
      if (isLost) socket.destroy()
      else socket.write(answered)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The relay listens on no TCP port.')
  return {
    port: address.port,
    loseNextCommit: () => {
      losing = true
    },
    async close() {
      for (const end of open) end.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
