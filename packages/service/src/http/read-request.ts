import type { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { RequestProblem } from './api-error.ts'
import { ApiError } from './api-error.ts'
import type { Route } from './route.ts'

interface ReadRequest {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly raw: Request
  readonly signal: AbortSignal
}

/**
 * What was sent, as the shapes of the route say. Everything that is wrong is said together.
 *
 * @throws ApiError `request-malformed` when the body is no JSON; `request-invalid`
 */
export async function readRequest(context: Context, route: Route): Promise<ReadRequest> {
  const raw = context.req.raw
  const problems: RequestProblem[] = []
  const read = (name: string, shape: z.ZodType | undefined, value: unknown) => {
    if (!shape) return {}
    const unkeepable = unkeepableIn(value, name)
    if (unkeepable) {
      problems.push(unkeepable)
      return {}
    }
    const result = shape.safeParse(value)
    if (result.success) return result.data
    for (const { path, message } of result.error.issues) {
      problems.push({ at: [name, ...path.map(String)].join('.'), message })
    }
    return {}
  }
  const params = read('path', route.params, context.req.param())
  const query = read('query', route.query, queryOf(raw))
  const body = route.body && !route.rawBody ? read('body', route.body, await jsonOf(context)) : {}
  if (problems.length > 0) {
    throw new ApiError({
      code: 'request-invalid',
      message: problems.map(({ at, message }) => `${at}: ${message}`).join('; '),
      fix: 'The reference at /api/openapi.json says what this route takes.',
      problems,
    })
  }
  return { params, query, body, raw, signal: raw.signal }
}

const deepest = 64

/** What no shape would find and nothing behind it could keep: a NUL, half of a character, endless nesting. */
function unkeepableIn(value: unknown, at: string, depth = 0): RequestProblem | null {
  if (typeof value === 'string') {
    const isText = !value.includes('\0') && value.isWellFormed()
    return isText ? null : { at, message: 'Holds a NUL, or half of a character.' }
  }
  if (typeof value !== 'object' || value === null) return null
  if (depth === deepest) return { at, message: `Nested more than ${deepest} deep.` }
  for (const [key, inner] of Object.entries(value)) {
    const found = unkeepableIn(key, at) ?? unkeepableIn(inner, `${at}.${key}`, depth + 1)
    if (found) return found
  }
  return null
}

/** A name that is given more than once is a list. */
function queryOf(request: Request): Record<string, string | string[]> {
  const { searchParams } = new URL(request.url)
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

async function jsonOf(context: Context): Promise<unknown> {
  const type = context.req.header('content-type') ?? ''
  const text = await context.req.text()
  // Nothing said is everything left out: what is needed is then named field by field.
  if (text === '') return {}
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) {
    throw new ApiError({
      code: 'request-malformed',
      message: `The body is ${type || 'of no type'}, needed is application/json.`,
      fix: 'Send `Content-Type: application/json`.',
    })
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ApiError({
      code: 'request-malformed',
      message: 'The body is not JSON.',
      fix: 'Send a JSON document.',
      cause: error,
    })
  }
}
