import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'

export interface ListenOptions {
  /** TCP port. Default 0: the system picks a free one. */
  readonly port?: number
  /** Address to bind. Default `127.0.0.1`, so that nobody else on the network can reach the sandbox. */
  readonly host?: string
  /** How long `close` lets running requests finish before it cuts them, in milliseconds. Default 2000. */
  readonly graceMs?: number
}

export interface Listening {
  /** Where it answers, without a slash at the end: `http://127.0.0.1:41234`. */
  readonly url: string
  readonly port: number
  /** Stops accepting, closes idle keep-alive connections, lets running requests finish, then resolves. */
  close(): Promise<void>
}

/**
 * Serves a Hono app over HTTP.
 *
 * @throws the system's error when the port cannot be bound (`EADDRINUSE` when it is taken).
 * @example
 * const server = await listen(createClerkApp({ state, keys, clock }), { port: 12112 })
 * // ... use server.url ...
 * await server.close()
 */
export async function listen(app: Pick<Hono, 'fetch'>, options: ListenOptions = {}): Promise<Listening> {
  const host = options.host ?? '127.0.0.1'
  // Without a TLS or HTTP/2 option the adapter makes a plain HTTP/1 server.
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  let closing = false
  server.on('request', (_request, response) => {
    response.on('close', () => {
      // A connection that was busy when close() began turns idle only after its answer was flushed.
      if (closing) setImmediate(() => server.closeIdleConnections())
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  let closed: Promise<void> | null = null
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    close() {
      closed ??= new Promise<void>((resolve) => {
        closing = true
        const cut = setTimeout(() => server.closeAllConnections(), options.graceMs ?? 2000)
        server.close(() => {
          clearTimeout(cut)
          resolve()
        })
        server.closeIdleConnections()
      })
      return closed
    },
  }
}
