import { readBody } from '../webhook/read-body.ts'
import type { Route } from './billing-routes.ts'

/** What is asked of a request of Node's own `http`, and of what frameworks put on it. */
export interface NodeRequest {
  readonly method?: string | undefined
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** What a parser of the framework made of the body. */
  readonly body?: unknown
}

/** A stream of Node's: what it says once somebody read of it. */
export interface NodeStream extends AsyncIterable<Uint8Array> {
  readonly readableDidRead?: boolean
}

/**
 * A request of Node's as one of the Fetch standard, its body byte for byte as it was sent. `null`: the body that the
 * route needs was parsed or read before, and what was sent is gone.
 */
export async function fetchRequest(
  request: NodeRequest,
  stream: NodeStream | null,
  needs: Route['body'],
): Promise<Request | null> {
  const { method = 'GET' } = request
  const hasBody = needs !== 'none' && method !== 'GET' && method !== 'HEAD'
  const body = hasBody ? await bodyOf(request, stream, needs) : undefined
  if (body === null) return null
  // The routes do not read the address, so that nothing of it is taken from outside.
  return new Request('https://app.invalid/', {
    method,
    headers: headersOf(request),
    ...(body === undefined ? {} : { body }),
  })
}

async function bodyOf(
  { body, headers }: NodeRequest,
  stream: NodeStream | null,
  needs: Route['body'],
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (body instanceof Uint8Array) return new Uint8Array(body)
  if (stream && !stream.readableDidRead) return readStream(stream, headers)
  // Whoever parsed it gave the app what it means; only a signature needs the bytes.
  return needs === 'json' && body !== undefined ? new TextEncoder().encode(JSON.stringify(body)) : null
}

/** By the reader of webhooks, so that the bound on their size stands in one place. */
async function readStream(
  stream: NodeStream,
  headers: NodeRequest['headers'],
): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts = stream[Symbol.asyncIterator]()
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await parts.next()
      if (done) controller.close()
      else controller.enqueue(new Uint8Array(value))
    },
    async cancel() {
      await parts.return?.()
    },
  })
  const length = headers['content-length']
  return readBody({
    headers: new Headers(typeof length === 'string' ? { 'content-length': length } : {}),
    bodyUsed: false,
    body,
  })
}

/** Of the message itself, not of how it came. */
const ofTransport = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
])

function headersOf({ headers: given }: NodeRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(given)) {
    // Names that begin with a colon are HTTP/2's own.
    if (value === undefined || name.startsWith(':') || ofTransport.has(name)) continue
    for (const each of typeof value === 'string' ? [value] : value) headers.append(name, each)
  }
  return headers
}
