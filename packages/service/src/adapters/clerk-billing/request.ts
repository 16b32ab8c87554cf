import { ClerkAPIResponseError } from '@clerk/shared/error'
import type { Http } from '@trueup/core'
import { SourceError } from '@trueup/core'
import type { ClerkConnection, ClerkConnectionOptions } from '../clerk/client.ts'
import { connectClerk } from '../clerk/client.ts'
import { clerkSourceError, LateAnswer, UnreadableAnswer } from '../clerk/errors.ts'

/** What the adapter talks to Clerk through: paced and counted as every other reading of Clerk is. */
export interface ClerkBillingConnection extends Pick<ClerkConnection, 'pacer' | 'clock'> {
  /**
   * Reads a path of the Backend API and gives the JSON of its answer.
   *
   * @throws SourceError
   */
  get(part: string, path: string, query: Query, signal?: AbortSignal): Promise<unknown>
  /** As `get`, but throws what Clerk's own client would throw, for those who tell errors apart. */
  attempt(path: string, query: Query, signal?: AbortSignal): Promise<unknown>
}

type Query = Readonly<Record<string, string | number | boolean>>

export interface ClerkBillingConnectionOptions extends ClerkConnectionOptions {
  readonly http: Http
}

/** The version that the official client asks for. */
const apiVersion = '2026-05-12'

/**
 * Sets up the connection. Nothing is sent yet. The official client lists neither all subscription items nor whose they
 * are, so what it lacks is asked for in the same way: the same key, version, pace and errors.
 *
 * @throws SourceError `unreachable` when the address is none.
 */
export function connectClerkBilling(options: ClerkBillingConnectionOptions): ClerkBillingConnection {
  const connection = connectClerk(options)
  const attempt: ClerkBillingConnection['attempt'] = (path, query, signal) =>
    connection.attempt(1, () => send(options, path, query), signal)
  return {
    pacer: connection.pacer,
    clock: connection.clock,
    attempt,
    async get(part, path, query, signal) {
      try {
        return await attempt(path, query, signal)
      } catch (error) {
        throw billingSourceError(error, part)
      }
    },
  }
}

/** The words of every reading of Clerk, under the name of this source. */
export function billingSourceError(error: unknown, part: string): SourceError {
  const { code, message, fix, retryable, cause } = clerkSourceError(error, part)
  return new SourceError({ source: 'clerk-billing', code, message, fix, retryable, cause })
}

async function send(
  { key, apiUrl, http }: ClerkBillingConnectionOptions,
  path: string,
  query: Query,
): Promise<unknown> {
  const url = new URL(`${apiUrl}/v1${path}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
  const answer = await answerOf(http, url, {
    headers: {
      authorization: `Bearer ${key.reveal()}`,
      'clerk-api-version': apiVersion,
      'user-agent': 'trueup',
      accept: 'application/json',
    },
  })
  if (answer.status >= 200 && answer.status < 300) {
    try {
      return JSON.parse(answer.text)
    } catch {
      throw new UnreadableAnswer('it is no JSON')
    }
  }
  const retryAfter = Number(answer.retryAfter)
  throw new ClerkAPIResponseError(`HTTP ${answer.status}`, {
    data: [],
    status: answer.status,
    ...(Number.isFinite(retryAfter) && retryAfter > 0 ? { retryAfter } : {}),
  })
}

/** What went wrong on the way is kept as a name alone: its words may hold the address and more. */
async function answerOf(http: Http, url: URL, init: RequestInit) {
  try {
    const response = await http(url, init)
    const text = await response.text()
    return { status: response.status, text, retryAfter: response.headers.get('retry-after') }
  } catch (error) {
    throw new LateAnswer(`no answer came (${error instanceof Error ? error.name : 'unknown'})`)
  }
}
