import { createConnection, createServer, type NetConnectOpts } from 'node:net'
import pg from 'pg'

/** A way to a PostgreSQL through TCP on 127.0.0.1, which can lose answers and break. */
export interface Relay {
  readonly port: number
  /** Lets the next COMMIT arrive, and breaks the connection in place of its answer. */
  loseNextCommit(): void
  /** From now on, breaks so many connections once each has answered that many bytes; none when `connections` is 0. */
  breakNext(connections: number, afterBytes: number): void
  close(): Promise<void>
}

/** The server of the tests listens on a Unix socket, which is no place that Trueup connects to: this leads there. */
export async function relayTo(url: string): Promise<Relay> {
  const { host, port } = new pg.Client({ connectionString: url })
  const target: NetConnectOpts = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
  const open = new Set<{ destroy(): void }>()
  let losing = false
  let breaks = { left: 0, afterBytes: 0 }
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
    let answeredBytes = 0
    upstream.on('data', (answered) => {
      answeredBytes += answered.length
      const isBroken = breaks.left > 0 && answeredBytes > breaks.afterBytes
      if (isBroken) breaks = { ...breaks, left: breaks.left - 1 }
      if (isLost || isBroken) socket.destroy()
      else if (!socket.write(answered)) {
        upstream.pause()
        socket.once('drain', () => upstream.resume())
      }
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
    breakNext(connections, afterBytes) {
      breaks = { left: connections, afterBytes }
    },
    async close() {
      for (const end of open) end.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
