import type { IncomingMessage, ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { SandboxError } from '../server/sandbox-error.ts'

/** Node's own request and response, as its adapter for Hono hands them over. */
export interface NodeBindings {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
}

/** Resets the connection: the client sees ECONNRESET and no answer. */
export function resetConnection(bindings: Partial<NodeBindings> | undefined): Response {
  const { incoming } = needNode(bindings)
  incoming.socket.resetAndDestroy()
  return RESPONSE_ALREADY_SENT
}

/** Sends the head and half of the body, with the length of the whole, then closes the socket. */
export async function cutBody(
  bindings: Partial<NodeBindings> | undefined,
  response: Response,
): Promise<Response> {
  const { outgoing } = needNode(bindings)
  const bytes = Buffer.from(await response.arrayBuffer())
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'content-length': String(bytes.length),
  })
  const half = bytes.subarray(0, Math.floor(bytes.length / 2))
  await new Promise<void>((resolve) => outgoing.write(half, () => resolve()))
  outgoing.destroy()
  return RESPONSE_ALREADY_SENT
}

function needNode(bindings: Partial<NodeBindings> | undefined): NodeBindings {
  if (bindings?.incoming === undefined || bindings.outgoing === undefined) {
    throw new SandboxError(
      'invalid-input',
      'a fault that breaks the connection was set on an app that is called without one',
      'Serve the app with listen(), or set a fault that answers.',
    )
  }
  return { incoming: bindings.incoming, outgoing: bindings.outgoing }
}
