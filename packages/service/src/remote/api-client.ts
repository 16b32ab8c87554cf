import type { Http, Timer } from '@trueup/core'
import type { Secret } from '../secret.ts'
import { RemoteError } from './remote-error.ts'

export interface ApiClientOptions {
  /** The origin of the service. */
  readonly url: string
  /** `null`: for what needs no sign-in. */
  readonly key: Secret | null
  readonly http: Http
  readonly timer: Timer
  readonly randomBytes: (count: number) => Uint8Array
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal
}

/** What a query may hold; `undefined` is left out, a list is repeated. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>

/** A page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly next: string | null
}

const readTimeoutMs = 30_000
/** What acts may take: a repair writes and reads both sides again. */
const actTimeoutMs = 600_000
const mostTries = 6
const longestWaitSeconds = 60
const itemsPerPage = 100

/**
 * Asks the API of a service. Reads are sent again where the service is busy (429, 503), after what `Retry-After` says;
 * every act carries an `Idempotency-Key`, so that it is carried out once however often it is sent. No redirect is followed:
 * the key goes to the address that was named and to no other.
 *
 * @example
 * const client = new ApiClient({ url, key, http: systemHttp, timer: systemTimer, randomBytes, signal })
 * const check = await client.get<ShownCheck>(`/api/v1/projects/${id}/checks/${checkId}`)
 */
export class ApiClient {
  readonly url: string
  readonly #options: ApiClientOptions

  constructor(options: ApiClientOptions) {
    this.url = options.url
    this.#options = options
  }

  /**
   * @throws RemoteError with the code of the service's answer, or `server-unreachable`, `server-redirects`,
   *   `answer-unreadable`
   */
  async get<Answer>(path: string, query: Query = {}): Promise<Answer> {
    return await this.#json<Answer>(await this.#send('GET', withQuery(path, query), null))
  }

  /** Every item of a list, page by page, `most` at most. */
  async list<Item>(path: string, query: Query = {}, most = Number.POSITIVE_INFINITY): Promise<Item[]> {
    const items: Item[] = []
    let after: string | undefined
    for (;;) {
      const limit = Math.min(itemsPerPage, most - items.length)
      const page: Page<Item> = await this.get(path, { ...query, after, limit })
      items.push(...page.items)
      if (page.next === null || items.length >= most) return items
      after = page.next
    }
  }

  /** @throws RemoteError */
  async post<Answer>(path: string, body?: unknown): Promise<Answer> {
    const response = await this.#send('POST', path, body === undefined ? '' : JSON.stringify(body))
    return response.status === 204 ? (undefined as Answer) : await this.#json<Answer>(response)
  }

  /** Asks once, and takes whatever answer there is: for what says by its status how it stands. */
  async probe<Answer>(path: string): Promise<{ readonly status: number; readonly body: Answer }> {
    const response = await this.#sendOnce('GET', path, null, '')
    return { status: response.status, body: await this.#json<Answer>(response) }
  }

  /** The bytes of an answer as they come, for files. */
  async stream(path: string, query: Query = {}): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#send('GET', withQuery(path, query), null)
    if (response.body) return response.body
    throw unreadable(this.url, response.status)
  }

  async #json<Answer>(response: Response): Promise<Answer> {
    if (/json/.test(response.headers.get('content-type') ?? '')) {
      try {
        return (await response.json()) as Answer
      } catch (cause) {
        this.#options.signal.throwIfAborted()
        throw unreadable(this.url, response.status, cause)
      }
    }
    throw unreadable(this.url, response.status)
  }

  async #send(method: 'GET' | 'POST', path: string, body: string | null): Promise<Response> {
    const idempotencyKey = Buffer.from(this.#options.randomBytes(16)).toString('hex')
    for (let tries = 1; ; tries++) {
      const response = await this.#sendOnce(method, path, body, idempotencyKey)
      if (response.ok) return response
      const problem = await problemOf(response, this.url)
      const waitSeconds = secondsToWait(response, problem)
      if (waitSeconds === null || tries === mostTries) throw problem
      await this.#options.timer.sleep(waitSeconds * 1_000, this.#options.signal)
    }
  }

  async #sendOnce(
    method: 'GET' | 'POST',
    path: string,
    body: string | null,
    idempotencyKey: string,
  ): Promise<Response> {
    const { url, key, http, timer, signal } = this.#options
    const late = new AbortController()
    const answered = new AbortController()
    const timeoutMs = method === 'GET' ? readTimeoutMs : actTimeoutMs
    timer.sleep(timeoutMs, answered.signal).then(
      () => late.abort(),
      () => {},
    )
    try {
      const response = await http(`${url}${path}`, {
        method,
        redirect: 'manual',
        signal: AbortSignal.any([signal, late.signal]),
        headers: {
          accept: 'application/json',
          'user-agent': 'trueup-cli',
          ...(key === null ? {} : { authorization: `Bearer ${key.reveal()}` }),
          ...(method === 'POST' ? { 'idempotency-key': idempotencyKey } : {}),
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body } : {}),
      })
      if (response.status >= 300 && response.status < 400) throw redirects(url, response)
      return response
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof RemoteError) throw error
      throw unreachable(
        url,
        late.signal.aborted ? `no answer came within ${timeoutMs / 1_000} s` : whyOf(error),
      )
    } finally {
      answered.abort()
    }
  }
}

/** Seconds after which the same may be sent again; `null`: it will be refused again. */
function secondsToWait({ status, headers }: Response, { code }: RemoteError): number | null {
  const isPassing = status === 429 || status === 503 || code === 'idempotency-key-busy'
  if (!isPassing) return null
  const said = Number(headers.get('retry-after') ?? 1)
  const seconds = Number.isFinite(said) ? Math.max(1, said) : 1
  return seconds > longestWaitSeconds ? null : seconds
}

function withQuery(path: string, query: Query): string {
  const parts = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    for (const each of Array.isArray(value) ? value : [value]) parts.append(name, String(each))
  }
  return parts.size === 0 ? path : `${path}?${parts}`
}

interface ProblemAnswer {
  readonly code?: unknown
  readonly detail?: unknown
  readonly fix?: unknown
  readonly requestId?: unknown
  readonly problems?: readonly { readonly at?: unknown; readonly message?: unknown }[]
}

/** What a service refused with, in its own words. */
async function problemOf(response: Response, url: string): Promise<RemoteError> {
  const { status } = response
  const answer: ProblemAnswer | null = await response.json().then(
    (body: unknown) => (typeof body === 'object' ? (body as ProblemAnswer) : null),
    () => null,
  )
  if (typeof answer?.code !== 'string' || typeof answer.detail !== 'string') return unreadable(url, status)
  const problems = (Array.isArray(answer.problems) ? answer.problems : []).map(
    ({ at, message }) => `${String(at)}: ${String(message)}`,
  )
  return new RemoteError({
    code: answer.code,
    message: [answer.detail, ...problems].join('\n'),
    fix: typeof answer.fix === 'string' ? answer.fix : 'Look at what the service says in its log.',
    status,
  })
}

function redirects(url: string, response: Response): RemoteError {
  const to = response.headers.get('location')
  const origin = to !== null && URL.canParse(to, url) ? new URL(to, url).origin : null
  return new RemoteError({
    code: 'server-redirects',
    message: `${url} sends on${origin ? ` to ${origin}` : ''}. The key was not sent there.`,
    fix:
      origin && origin !== url
        ? `Where that is the service, set TRUEUP_URL=${origin}.`
        : 'Set TRUEUP_URL to the service itself.',
    status: response.status,
  })
}

function unreachable(url: string, why: string): RemoteError {
  return new RemoteError({
    code: 'server-unreachable',
    message: `The service at ${url} cannot be reached: ${why}.`,
    fix: 'Look at TRUEUP_URL, whether the service runs there (GET /healthz), and at the network between.',
  })
}

function unreadable(url: string, status: number, cause?: unknown): RemoteError {
  return new RemoteError({
    code: 'answer-unreadable',
    message: `${url} answered with ${status} and not as a Trueup service does.`,
    fix: 'Look at TRUEUP_URL: it may be a proxy, or a page that asks for a sign-in, that answered.',
    status,
    cause,
  })
}

/** The code of the system where there is one, such as ECONNREFUSED; what the library says is for nobody. */
function whyOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof AggregateError) return whyOf(cause.errors[0])
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nothing listens there (ECONNREFUSED)',
    ENOTFOUND: 'its name is not known (ENOTFOUND)',
    EAI_AGAIN: 'its name cannot be looked up now (EAI_AGAIN)',
    ECONNRESET: 'the connection broke off (ECONNRESET)',
    UND_ERR_SOCKET: 'the connection broke off',
    DEPTH_ZERO_SELF_SIGNED_CERT:
      'its certificate is signed by itself; NODE_EXTRA_CA_CERTS names a file of authorities to trust',
    SELF_SIGNED_CERT_IN_CHAIN:
      'its certificate is signed by an authority that is not known; NODE_EXTRA_CA_CERTS names a file of them',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      'its certificate is signed by an authority that is not known; NODE_EXTRA_CA_CERTS names a file of them',
    CERT_HAS_EXPIRED: 'its certificate has expired',
  }
  if (code !== null) return known[code] ?? code
  return cause instanceof Error ? cause.message : 'the connection failed'
}
