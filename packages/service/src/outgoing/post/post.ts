import { type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import type { Timer } from '@trueup/core'
import { OutgoingError } from '../outgoing-error.ts'
import type { Reach, ReachableAddress } from './reachable-address.ts'
import { reachableAddress } from './reachable-address.ts'
import { withoutTold } from './without-told.ts'

/** What a receiver answered. Headers by lower-case name; the body without the address, where the receiver repeats it. */
export interface PostAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface PostPorts extends Reach {
  readonly timer: Timer
}

/** Standard Webhooks asks senders to wait between 15 and 30 seconds. */
const timeoutMs = 15_000
const mostBytes = 16 * 1024

/**
 * Reads an address that somebody gave for messages: `https`, or `http` to an address that is not public; without a
 * user or password, which would stand in logs.
 *
 * @throws OutgoingError `address-malformed`
 */
export function parsePostUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url
  throw new OutgoingError({
    code: 'address-malformed',
    message: 'The address is no URL that messages can be posted to.',
    fix: 'Write it as https://app.example.com/hooks/trueup, without a user and password.',
  })
}

/**
 * Posts JSON once. The connection goes to the address that was looked at; no redirect is followed, and neither a slow
 * answer nor a long one is waited for: it has 15 s and 16 KiB, all in all.
 *
 * @throws OutgoingError
 *
 * @example
 * const { status } = await post('https://hooks.example.com/x', { headers, body }, { addresses, lookup, timer })
 */
export async function post(
  text: string,
  message: {
    readonly headers?: Readonly<Record<string, string>>
    readonly body: string
    /** What stands in the body and nobody else may read. */
    readonly secrets?: readonly string[]
  },
  { timer, ...reach }: PostPorts,
): Promise<PostAnswer> {
  const url = parsePostUrl(text)
  const ended = new AbortController()
  const late = timer.sleep(timeoutMs, ended.signal).then(() => {
    throw unreachable(`There was no answer within ${timeoutMs / 1000} s.`)
  })
  const answered = (async () => {
    const to = await reachableAddress(url.hostname.replace(/^\[(.*)\]$/, '$1'), reach)
    refuseUnsafe(url, to, reach)
    return await send(url, to, message, ended.signal)
  })()
  try {
    const answer = await Promise.race([answered, late])
    return { ...answer, body: withoutTold(answer.body, url, message.secrets) }
  } finally {
    ended.abort()
    late.catch(() => {})
    answered.catch(() => {})
  }
}

function refuseUnsafe(url: URL, to: ReachableAddress, { addresses }: Reach): void {
  if (!to.isPublic) return
  if (url.protocol === 'http:') {
    throw new OutgoingError({
      code: 'address-refused',
      message: 'The address is public and not encrypted; messages name customers.',
      fix: 'Use https.',
    })
  }
  if (addresses.ports !== 'all' && url.port !== '') {
    throw new OutgoingError({
      code: 'address-refused',
      message: `Messages do not go to port ${url.port} of a public address.`,
      fix: 'Use the port of https, 443.',
    })
  }
}

function send(
  url: URL,
  { address, family }: ReachableAddress,
  { headers, body }: Parameters<typeof post>[1],
  signal: AbortSignal,
): Promise<PostAnswer> {
  const options: RequestOptions = {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'trueup',
      connection: 'close',
    },
    // The certificate is still checked against the name.
    lookup: (_, { all }, found) => (all ? found(null, [{ address, family }]) : found(null, address, family)),
    agent: false,
    signal,
  }
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestSecure : requestPlain
    const sent = request(url, options, (answer) => readAnswer(answer).then(resolve, reject))
    sent.once('error', (error) => reject(unreachable(`It cannot be reached, or breaks off${codeOf(error)}.`)))
    sent.end(body)
  })
}

async function readAnswer(answer: IncomingMessage): Promise<PostAnswer> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length
      // What an endpoint says beyond this is not read; that it took the message, or did not, its status says.
      if (bytes > mostBytes) break
      chunks.push(chunk)
    }
  } catch {
    throw unreachable('The answer breaks off.')
  }
  answer.destroy()
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  )
  return { status: answer.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString('utf8') }
}

function unreachable(message: string): OutgoingError {
  return new OutgoingError({
    code: 'unreachable',
    message,
    fix: 'Check that the address is right and that the receiver is up.',
    retryable: true,
  })
}

/** The kind of failure, such as `ECONNREFUSED`; never the text, which may hold an address. */
function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' && /^[A-Z_]{3,40}$/.test(error.code)
    ? ` (${error.code})`
    : ''
}
