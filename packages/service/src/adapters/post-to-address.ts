import { type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import type { Timer } from '@trueup/core'

/** What an endpoint answered. Headers by lower-case name. */
export interface PostedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** As far as it was read. */
  readonly body: string
  /** The endpoint said more than was read. */
  readonly isCut: boolean
}

/** No answer came: the endpoint is `unreachable`, its answer `breaks-off`, or it took too long. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly why: 'unreachable' | 'breaks-off' | 'late'
  /** The kind of failure, such as `ECONNREFUSED`; never its text, which may hold an address. */
  readonly failure: string | null

  constructor(why: NoAnswer['why'], cause?: unknown) {
    super(`The endpoint gave no answer: ${why}.`)
    this.why = why
    this.failure = failureOf(cause)
  }
}

export interface PostLimits {
  readonly withinMs: number
  readonly mostBytes: number
}

export interface AddressOfHost {
  readonly address: string
  readonly family: 4 | 6
}

/**
 * Posts JSON once, to the address that `look` found for the host of the URL and to no other, so that a name cannot
 * point elsewhere once it was looked at. The certificate is checked against the name. No redirect is followed, and
 * neither a slow answer nor a long one is waited for; the time includes that of `look`.
 *
 * @throws NoAnswer; whatever `look` throws
 *
 * @example
 * await postToAddress(url, async () => ({ address: '192.0.2.7', family: 4 }), { body }, { withinMs: 10_000, mostBytes: 65_536 }, timer)
 */
export async function postToAddress(
  url: URL,
  look: () => Promise<AddressOfHost>,
  message: { readonly headers?: Readonly<Record<string, string>>; readonly body: string },
  { withinMs, mostBytes }: PostLimits,
  timer: Timer,
): Promise<PostedAnswer> {
  const ended = new AbortController()
  const late = timer.sleep(withinMs, ended.signal).then(() => {
    throw new NoAnswer('late')
  })
  const answered = (async () => send(url, await look(), message, { mostBytes, signal: ended.signal }))()
  try {
    return await Promise.race([answered, late])
  } finally {
    ended.abort()
    late.catch(() => {})
    answered.catch(() => {})
  }
}

function send(
  url: URL,
  { address, family }: AddressOfHost,
  { headers, body }: Parameters<typeof postToAddress>[2],
  { mostBytes, signal }: { readonly mostBytes: number; readonly signal: AbortSignal },
): Promise<PostedAnswer> {
  const options: RequestOptions = {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'trueup',
      connection: 'close',
    },
    lookup: (_, { all }, found) => (all ? found(null, [{ address, family }]) : found(null, address, family)),
    agent: false,
    signal,
  }
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestSecure : requestPlain
    const sent = request(url, options, (answer) => readAnswer(answer, mostBytes).then(resolve, reject))
    sent.once('error', (error) => reject(new NoAnswer('unreachable', error)))
    sent.end(body)
  })
}

async function readAnswer(answer: IncomingMessage, mostBytes: number): Promise<PostedAnswer> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > mostBytes) break
      chunks.push(chunk)
    }
  } catch (error) {
    throw new NoAnswer('breaks-off', error)
  }
  answer.destroy()
  return {
    status: answer.statusCode ?? 0,
    headers: Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    ),
    body: Buffer.concat(chunks).toString('utf8'),
    isCut: bytes > mostBytes,
  }
}

function failureOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code) ? code : null
}
