import { type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import type { Timer } from '@trueup/core'
import { SourceError } from '@trueup/core'
import type { CallbackAddress } from './callback-address.ts'

/** What the app's endpoint answered. */
export interface CallbackAnswer {
  readonly status: number
  readonly body: string
}

const timeoutMs = 10_000
const mostBytes = 64 * 1024

/**
 * Posts a signed body to the app's endpoint, once. No redirect is followed, and neither a slow answer nor a long one
 * is waited for: it has 10 s and 64 KiB, all in all.
 *
 * @throws SourceError `unreachable` or `answer-unreadable`: no answer came that could be read.
 */
export async function sendCallback(
  source: string,
  to: CallbackAddress,
  message: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  timer: Timer,
): Promise<CallbackAnswer> {
  const ended = new AbortController()
  const late = timer.sleep(timeoutMs, ended.signal).then(() => {
    throw noAnswer(source, `The app's endpoint gave no answer within ${timeoutMs / 1000} s.`)
  })
  try {
    return await Promise.race([post(source, to, message, ended.signal), late])
  } finally {
    ended.abort()
    late.catch(() => {})
  }
}

function post(
  source: string,
  { url, address, family }: CallbackAddress,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  signal: AbortSignal,
): Promise<CallbackAnswer> {
  const options: RequestOptions = {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'trueup',
      connection: 'close',
    },
    // The connection goes to the address that was looked at; the certificate is still checked against the name.
    lookup: (_, { all }, found) => (all ? found(null, [{ address, family }]) : found(null, address, family)),
    agent: false,
    signal,
  }
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestSecure : requestPlain
    const sent = send(url, options, (answer) => readAnswer(source, answer).then(resolve, reject))
    sent.once('error', () => reject(noAnswer(source, "The app's endpoint cannot be reached, or breaks off.")))
    sent.end(body)
  })
}

async function readAnswer(source: string, answer: IncomingMessage): Promise<CallbackAnswer> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > mostBytes) break
      chunks.push(chunk)
    }
  } catch {
    throw noAnswer(source, "The answer of the app's endpoint breaks off.")
  }
  if (bytes > mostBytes) {
    answer.destroy()
    throw new SourceError({
      source,
      code: 'answer-unreadable',
      message: `The app's endpoint answered with more than ${mostBytes / 1024} KiB.`,
      fix: 'Answer with the JSON that docs/repair-targets.md names.',
      retryable: false,
    })
  }
  return { status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }
}

function noAnswer(source: string, message: string): SourceError {
  return new SourceError({
    source,
    code: 'unreachable',
    message,
    fix: 'Check that the endpoint of the app is up; ask it what became of the order.',
    retryable: true,
  })
}
