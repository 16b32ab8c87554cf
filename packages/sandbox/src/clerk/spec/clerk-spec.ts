import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'

interface Json {
  readonly [key: string]: unknown
}

interface Operation {
  readonly responses: { readonly [status: string]: Json }
}

interface Spec {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } }
  readonly components: { readonly responses: { readonly [name: string]: Json } }
  readonly 'x-webhooks'?: { readonly [type: string]: { readonly post: { readonly requestBody: Json } } }
}

function read(file: string): Spec {
  return JSON.parse(readFileSync(new URL(`../../../specs/${file}`, import.meta.url), 'utf8'))
}

const api = read('clerk-bapi.trimmed.json')
const webhooks = read('clerk-webhooks.trimmed.json')

/** Turns OpenAPI 3.0's `nullable` into what JSON Schema says, and leaves its own words out. */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema)
  if (typeof value !== 'object' || value === null) return value
  const { nullable, discriminator: _, ...rest } = value as Json
  const schema = Object.fromEntries(Object.entries(rest).map(([key, part]) => [key, toJsonSchema(part)]))
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema
}

// The events of sessions and accepted invitations add fields to these two, which are described as closed: taken word
// for word, the description forbids its own events.
const extended = ['Session', 'OrganizationInvitation']

function opened(components: unknown): Json {
  const { schemas, ...rest } = components as { readonly schemas: { readonly [name: string]: Json } }
  const entries = Object.entries(schemas).map(([name, schema]) => {
    const { additionalProperties: _, ...open } = schema
    return [name, extended.includes(name) ? open : schema]
  })
  return { ...rest, schemas: Object.fromEntries(entries) }
}

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
ajv.addSchema({ $id: 'api', components: toJsonSchema(api.components) as Json })
ajv.addSchema({ $id: 'webhooks', components: toJsonSchema(opened(webhooks.components)) as Json })

function compile(base: 'api' | 'webhooks', schema: unknown): ValidateFunction {
  const text = JSON.stringify(toJsonSchema(schema)).replaceAll('"$ref":"#/', `"$ref":"${base}#/`)
  return ajv.compile(JSON.parse(text))
}

function problems(validate: ValidateFunction, value: unknown): readonly string[] {
  if (validate(value)) return []
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

interface SpecRoute {
  /** `GET /users/{user_id}`, as the description spells it. */
  readonly name: string
  readonly matches: (method: string, path: string) => boolean
  readonly operation: Operation
}

const routes: readonly SpecRoute[] = Object.entries(api.paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const expression = new RegExp(`^/v1${path.replace(/\{[^}]+\}/g, '[^/]+')}$`)
      return {
        name: `${method.toUpperCase()} ${path}`,
        matches: (asked: string, at: string) => asked.toLowerCase() === method && expression.test(at),
        operation,
      }
    }),
  )
  // A path without parameters is meant before one whose parameter would take it: /users/count, /users/{user_id}.
  .toSorted((a, b) => a.name.split('{').length - b.name.split('{').length)

/** All operations of the description, by name. */
export const operations: readonly string[] = routes.map(({ name }) => name)

const validators = new Map<string, ValidateFunction | null>()

/** What an answer does that its description forbids, and which operation it answers. */
export function checkAnswer(answer: {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly body: string
  /** Whether the answer is the paginated form of a list that the description knows bare only. */
  readonly paginated: boolean
}): { readonly operation: string | null; readonly problems: readonly string[] } {
  const route = routes.find(({ matches }) => matches(answer.method, answer.path))
  if (route === undefined) return { operation: null, problems: [] }
  const key = `${route.name} ${answer.status}`
  if (!validators.has(key)) validators.set(key, validatorOf(route, answer.status))
  const validate = validators.get(key) ?? null
  if (validate === null) {
    const isBare = answer.body === '' && route.operation.responses[answer.status] !== undefined
    return {
      operation: route.name,
      problems: isBare ? [] : [`${answer.status} is not an answer of this operation`],
    }
  }
  const value = JSON.parse(answer.body)
  const isWrapped = answer.paginated && route.name === 'GET /sessions' && answer.status === 200
  return { operation: route.name, problems: problems(validate, isWrapped ? value.data : value) }
}

function validatorOf({ operation }: SpecRoute, status: number): ValidateFunction | null {
  // Every operation refuses a bad key and too many requests in these words, though few descriptions list them.
  const always = status === 401 || status === 429 ? { $ref: '#/components/responses/ClerkErrors' } : undefined
  const given: Json | undefined = operation.responses[status] ?? always
  if (given === undefined) return null
  const name =
    String(given.$ref ?? '')
      .split('/')
      .at(-1) ?? ''
  const response = (name === '' ? given : api.components.responses[name]) as {
    readonly content?: { readonly 'application/json'?: { readonly schema: unknown } }
  }
  const schema = response.content?.['application/json']?.schema
  return schema === undefined ? null : compile('api', schema)
}

/** What a webhook's body does that its description forbids; null where the description does not have the event. */
export function checkEvent(body: { readonly type: string }): readonly string[] | null {
  const event = webhooks['x-webhooks']?.[body.type]
  if (event === undefined) return null
  const { content } = event.post.requestBody as {
    readonly content: { readonly 'application/json': { readonly schema: unknown } }
  }
  return problems(compile('webhooks', content['application/json'].schema), body)
}
