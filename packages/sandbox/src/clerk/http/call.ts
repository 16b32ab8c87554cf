import type { Context } from 'hono'
import { ClerkRefusal } from '../clerk-error.ts'
import type { ClerkEvent } from '../event.ts'
import { Body } from './body.ts'
import { Query } from './query.ts'

/** The request that caused an event, as the event tells it. */
export type HttpOrigin = ClerkEvent['http_request']

/** One request to the Backend API, with its parts parsed. */
export class ClerkCall {
  readonly #context: Context
  readonly query: Query

  constructor(context: Context) {
    this.#context = context
    this.query = new Query(context.req.url)
  }

  /** A part of the path. */
  part(name: string): string {
    return this.#context.req.param(name) ?? ''
  }

  get http(): HttpOrigin {
    const { req } = this.#context
    return {
      client_ip: req.header('x-forwarded-for') ?? '127.0.0.1',
      user_agent: req.header('user-agent') ?? '',
    }
  }

  /** @throws ClerkRefusal 400 when the body is not a JSON object. */
  async body(): Promise<Body> {
    const text = await this.#context.req.text()
    if (text.trim() === '') return new Body({})
    const value = parsed(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed()
    return new Body({ ...value })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed()
  }
}

function malformed(): ClerkRefusal {
  return new ClerkRefusal(
    400,
    'request_body_invalid',
    'Request body invalid',
    'The request body is invalid. Please consult the API documentation for more information.',
  )
}
