import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'

interface Schema {
  [keyword: string]: unknown
}

interface Operation {
  readonly responses: {
    readonly 200: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
  }
}

interface Description {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } }
  readonly components: { readonly schemas: { readonly [name: string]: Schema } }
}

const file = new URL('../../../specs/stripe-openapi.trimmed.json', import.meta.url)
const description = JSON.parse(readFileSync(file, 'utf8')) as Description

/** Every operation of the API description, such as `GET /v1/customers/{id}`. */
export const describedOperations: readonly string[] = Object.entries(description.paths).flatMap(
  ([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
)

// Decimals are the one format, and plain strings on the wire.
const ajv = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true, validateFormats: false })
for (const [name, schema] of Object.entries(description.components.schemas)) {
  ajv.addSchema(plain(schema), name)
}
const validators = new Map<string, ValidateFunction>()

/** What is wrong with an answer to an operation; empty when it has the described shape. */
export function shapeFaults(operation: string, answer: unknown): string[] {
  let validate = validators.get(operation)
  if (validate === undefined) {
    const [method = '', path = ''] = operation.split(' ')
    const described = description.paths[path]?.[method.toLowerCase()]
    if (described === undefined) throw new Error(`The API description has no operation ${operation}.`)
    validate = ajv.compile(plain(described.responses[200].content['application/json'].schema))
    validators.set(operation, validate)
  }
  return validate(answer) ? [] : faultsOf(validate)
}

const eventObjects = (description.components.schemas.Event?.['x-eventDataObject'] ?? {}) as {
  readonly [type: string]: string
}

/** What is wrong with the object that an event of this type carries; empty also for kinds that are not described. */
export function eventFaults(type: string, object: unknown): string[] {
  const schema = eventObjects[type]
  if (schema === undefined) return [`${type} is not an event of Stripe's`]
  const validate = ajv.getSchema(schema)
  return validate === undefined || validate(object) ? [] : faultsOf(validate as ValidateFunction)
}

function faultsOf(validate: ValidateFunction): string[] {
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

/** The schema in plain JSON Schema: nullable as a union, open enums as their type, no fields but those described. */
function plain(schema: unknown): Schema {
  return translate(schema) as Schema
}

function translate(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(translate)
  if (typeof node !== 'object' || node === null) return node
  const { nullable, ...rest } = node as Schema
  const made: Schema = {}
  for (const [keyword, value] of Object.entries(rest)) {
    if (keyword === '$ref') made.$ref = (value as string).slice('#/components/schemas/'.length)
    else if (keyword === 'properties') {
      made.properties = Object.fromEntries(
        Object.entries(value as Schema).map(([name, one]) => [name, translate(one)]),
      )
    } else if (keyword !== 'description' && !(keyword === 'enum' && rest['x-open-enum'] === true)) {
      made[keyword] = translate(value)
    }
  }
  const closed =
    made.type === 'object' &&
    Object.keys(made.properties ?? {}).length > 0 &&
    made.additionalProperties === undefined &&
    rest['x-pruned'] !== true
  if (closed) made.additionalProperties = false
  return nullable === true ? { anyOf: [made, { type: 'null' }] } : made
}
