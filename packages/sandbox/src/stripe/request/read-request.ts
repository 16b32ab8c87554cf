import type { Context } from 'hono'
import qs from 'qs'
import type { StripeState } from '../state.ts'
import { StripeError } from '../stripe-error.ts'

/** What a request carries, before anything in it is trusted. */
export interface RawRequest {
  readonly id: string
  readonly method: string
  readonly path: string
  /** Query and form (or JSON) values together. */
  readonly values: { readonly [name: string]: unknown }
  /** What the request asks for, as text, to tell whether two requests are the same. */
  readonly fingerprint: string
  /** Of a POST. */
  readonly idempotencyKey: string | null
  readonly apiVersion: string | null
  readonly authorization: string | undefined
  readonly origin: string
  /** Why the body cannot be used, to be told once the key is known to be good. */
  readonly unusable: StripeError | null
}

const QUERY = { depth: 10, arrayLimit: 1000, parameterLimit: 10_000 }

/** Reads a request's parameters and the headers that matter. */
export async function readRequest(context: Context, state: StripeState): Promise<RawRequest> {
  const { req } = context
  const url = new URL(req.url)
  const text = req.method === 'POST' ? await req.text() : ''
  const query = url.search.length > 1 ? qs.parse(url.search.slice(1), QUERY) : {}
  const body = text === '' ? { values: {} } : readBody(text, req.header('content-type') ?? '', url.pathname)
  return {
    id: state.ids.next('req'),
    method: req.method,
    path: url.pathname,
    values: { ...query, ...body.values },
    fingerprint: `${req.method} ${url.pathname}${url.search} ${text}`,
    idempotencyKey: req.method === 'POST' ? (req.header('idempotency-key') ?? null) : null,
    apiVersion: req.header('stripe-version') ?? null,
    authorization: req.header('authorization'),
    origin: url.origin,
    unusable: body.unusable ?? null,
  }
}

function readBody(
  text: string,
  contentType: string,
  path: string,
): { values: { readonly [name: string]: unknown }; unusable?: StripeError } {
  if (!path.startsWith('/v2/')) {
    if (!contentType.startsWith('application/json')) return { values: qs.parse(text, QUERY) }
    const message =
      'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.'
    return { values: {}, unusable: new StripeError(400, message) }
  }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { values: value as { readonly [name: string]: unknown } }
    }
  } catch {
    // Told below, as for JSON that is not an object.
  }
  return {
    values: {},
    unusable: new StripeError(400, 'The request body could not be parsed as a JSON object.'),
  }
}
