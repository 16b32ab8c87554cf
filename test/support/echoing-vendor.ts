import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A vendor that can turn against whoever asks it: it then answers every request with all that it was told. */
export interface EchoingVendor {
  readonly url: string
  isEchoing: boolean
  readonly echoes: number
  close(): Promise<void>
}

/**
 * Stands before a vendor. While it echoes, every answer is an error whose words repeat the address, the headers and the
 * body of the request, in the shapes in which Stripe and Clerk tell errors; else it passes everything on.
 *
 * @param target where requests go while it does not echo; `null`: it always does
 */
export async function startEchoingVendor(target: string | null): Promise<EchoingVendor> {
  let echoes = 0
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    if (target !== null && !vendor.isEchoing) {
      const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
      const answer = await fetch(`${target}${request.url}`, {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        ...(body.length > 0 ? { body } : {}),
      })
      const sent = Object.fromEntries(
        [...answer.headers].filter(
          ([name]) => !/^(?:content-(?:length|encoding)|transfer-encoding|connection)$/.test(name),
        ),
      )
      response.writeHead(answer.status, sent).end(Buffer.from(await answer.arrayBuffer()))
      return
    }
    echoes += 1
    const told = `No: ${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}`
    const basic = /^Basic (\S+)/i.exec(request.headers.authorization ?? '')?.[1]
    const known = basic ? Buffer.from(basic, 'base64').toString() : ''
    const words = `Invalid API Key provided: ${request.headers.authorization} ${known}. ${told}`
    const problem = {
      error: { type: 'invalid_request_error', code: 'api_key_expired', message: words },
      errors: [{ code: 'clerk_key_invalid', message: words, long_message: words }],
    }
    response.writeHead(echoes % 2 === 0 ? 401 : 400, {
      'content-type': 'application/json',
      'request-id': 'req_echo',
    })
    response.end(JSON.stringify(problem))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const vendor = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isEchoing: target === null,
    get echoes() {
      return echoes
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return vendor
}
