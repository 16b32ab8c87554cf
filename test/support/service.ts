import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Folder, type Running } from './cli.ts'
import { plantAnswer, plantRequest, refuseSecrets } from './watched-secrets.ts'

/** A process of the published service, and whoever talks to it. */
export class ServedService {
  readonly url: string
  readonly #process: Running

  private constructor(url: string, process: Running) {
    this.url = url
    this.#process = process
  }

  /** Starts `trueup serve` on a free port and waits until it takes requests, or works. */
  static async start(
    environment: Readonly<Record<string, string | undefined>>,
    args: readonly string[] = [],
  ): Promise<ServedService> {
    const folder = new Folder(environment.TRUEUP_HOME ?? tmpdir(), {})
    const running = folder.start(['serve', ...args], { TRUEUP_PORT: '0', ...environment })
    await running.says(/Listening at http|"msg":"Working\."/)
    const url = /Listening at (http:\/\/[^"\s]+?)\."/.exec(running.err)?.[1] ?? ''
    return new ServedService(url, running)
  }

  /** Its log so far. */
  get log(): string {
    return this.#process.err
  }

  person(): ApiClient {
    return new ApiClient(this.url)
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** Stops it as an operator would, and gives its exit status. */
  async stop(): Promise<number | null> {
    this.kill('SIGTERM')
    return (await this.#process.ended).status
  }

  async ended(): Promise<void> {
    await this.#process.ended
  }
}

/** A home folder that is empty. */
export async function emptyHome(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'trueup-home-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

export interface Answer<Body> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

// biome-ignore lint/suspicious/noExplicitAny: tests say by their expectations what an answer holds
type Anything = any

/** Whoever asks the API: with the cookies that it was given, or a key. */
export class ApiClient {
  readonly #url: string
  readonly #headers: Record<string, string>
  readonly #cookies = new Map<string, string>()

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#url = url
    this.#headers = { ...headers }
  }

  /** The cookies that it was given, by their names. */
  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies
  }

  /** The same service with a key. */
  withKey(key: string): ApiClient {
    return new ApiClient(this.#url, { authorization: `Bearer ${key}` })
  }

  /** Asks, whatever the answer. */
  async ask<Body = Anything>(
    route: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Body>> {
    const [method = 'GET', path = ''] = route.split(' ')
    plantRequest(route, body)
    const response = await fetch(this.#url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...this.#headers,
        ...(this.#cookies.size > 0
          ? { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
          : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    refuseSecrets(`The answer to ${route}`, text)
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      this.#cookies.set(name, value)
    }
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '')
    const answered = (isJson ? JSON.parse(text) : text) as Body
    plantAnswer(route, this.#cookies.values(), answered)
    return { status: response.status, headers: response.headers, body: answered }
  }

  /** Asks, and gives the body of an answer that has to be a success. */
  async do<Body = Anything>(route: string, body?: unknown): Promise<Body> {
    const answer = await this.ask<Body>(route, body)
    if (answer.status >= 300)
      throw new Error(`${route} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
}
