import type { Example } from '../../examples/team-notes/src/start-example.ts'

/** What a request of a person came to. */
export interface Answered {
  readonly status: number
  /** Where it leads; `null`: nowhere. */
  readonly location: string | null
  readonly text: string
}

/**
 * Somebody with a browser that knows no scripts: keeps cookies, sends forms, follows where it is led. Cookies hold for
 * every port of a host, as in browsers, so that the app sees what Clerk set.
 */
export class Person {
  readonly email: string
  readonly #example: Example
  readonly #cookies = new Map<string, string>()

  constructor(example: Example, name: string) {
    this.#example = example
    this.email = `${name}@example.com`
  }

  /** Signs up at Clerk and makes an organization there; its id. */
  async found(organization: string): Promise<string> {
    const { clerk, world } = this.#example.sandbox
    await this.send(`${clerk.url}/sign-up`, {
      email: this.email,
      first_name: 'Ada',
      redirect_url: this.#back,
    })
    await this.send(`${clerk.url}/create-organization`, { name: organization, redirect_url: this.#back })
    const made = world.clerk.organizations.all().find(({ name }) => name === organization)
    if (!made) throw new Error(`${this.email} could not make ${organization}.`)
    return made.id
  }

  /** Signs in anew, since Clerk ends sessions after a week. */
  async signIn(): Promise<void> {
    const { url } = this.#example.sandbox.clerk
    const { status, text } = await this.send(`${url}/sign-in`, {
      email: this.email,
      redirect_url: this.#back,
    })
    if (status !== 303) throw new Error(`${this.email} could not sign in: ${status} ${text}`)
  }

  /** Asks a route of the app as its page's script does. */
  async ask(path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
    await this.signIn()
    const { status, text } = await this.#fetch(`${this.#example.url}${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json', origin: this.#example.url },
    })
    return { status, body: JSON.parse(text) }
  }

  /** Opens a page. */
  open(url: string): Promise<Answered> {
    return this.#fetch(url, {})
  }

  /** Sends a form. */
  send(url: string, form: Readonly<Record<string, string>>): Promise<Answered> {
    return this.#fetch(url, { method: 'POST', body: new URLSearchParams(form) })
  }

  get #back(): string {
    return `${this.#example.url}/billing`
  }

  async #fetch(url: string, request: RequestInit): Promise<Answered> {
    const headers = new Headers(request.headers)
    headers.set('cookie', [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(url, { ...request, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
      if (/max-age=0\b/i.test(line)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    return {
      status: response.status,
      location: response.headers.get('location'),
      text: await response.text(),
    }
  }
}
