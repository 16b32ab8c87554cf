// Derives from the API description what the routes need to know: which parameters each operation takes, and which fields
// of each object can be expanded. Run it after the description changes: node scripts/derive-stripe-tables.mjs
import { readFileSync, writeFileSync } from 'node:fs'

const at = (path) => new URL(`../${path}`, import.meta.url)
const spec = JSON.parse(readFileSync(at('specs/stripe-openapi.trimmed.json'), 'utf8'))
const schemas = spec.components.schemas
const nameOf = (ref) => ref.slice('#/components/schemas/'.length)

const shared = {}

function parameter(schema) {
  if (schema.$ref !== undefined) return reference(nameOf(schema.$ref))
  if (schema.allOf !== undefined) return parameter(schema.allOf[0])
  if (schema.anyOf !== undefined) {
    const isClear = (one) => one.enum?.length === 1 && one.enum[0] === ''
    const rest = schema.anyOf.filter((one) => !isClear(one)).map(parameter)
    const clear = schema.anyOf.some(isClear) || rest.some((one) => one.clear) ? { clear: true } : {}
    return rest.length === 1 ? { ...rest[0], ...clear } : { type: 'any-of', of: rest, ...clear }
  }
  if (schema.enum !== undefined) {
    const values = schema.enum.filter((value) => value !== '')
    return values.length < schema.enum.length
      ? { type: 'enum', values, clear: true }
      : { type: 'enum', values }
  }
  if (schema.type === 'array') return { type: 'array', of: parameter(schema.items) }
  if (schema.type === 'object') {
    if (schema['x-pruned'] === true || (!schema.properties && !schema.additionalProperties))
      return { type: 'any' }
    if (schema.additionalProperties) {
      const values = schema.additionalProperties
      return values.$ref === undefined ? { type: 'map' } : { type: 'map', of: reference(nameOf(values.$ref)) }
    }
    return { type: 'object', fields: fields(schema) }
  }
  return { type: schema.type === 'integer' ? 'number' : (schema.type ?? 'any') }
}

function reference(name) {
  if (name === 'MetadataParam' || name === 'Metadata') return { type: 'map' }
  if (!(name in shared)) {
    shared[name] = null
    shared[name] = parameter(schemas[name])
  }
  return { type: 'ref', to: name }
}

function fields(schema) {
  const required = new Set(schema.required ?? [])
  const table = {}
  for (const [name, value] of Object.entries(schema.properties ?? {})) {
    table[name] = required.has(name) ? { ...parameter(value), required: true } : parameter(value)
  }
  return table
}

const operations = {}
for (const [path, methods] of Object.entries(spec.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    const table = {}
    for (const one of operation.parameters ?? []) {
      if (one.in === 'path') continue
      table[one.name] = one.required ? { ...parameter(one.schema), required: true } : parameter(one.schema)
    }
    const body = operation.requestBody && Object.values(operation.requestBody.content)[0].schema
    if (body) Object.assign(table, fields(body))
    // Every operation that answers an object takes it, whether or not the types say so.
    if (!path.startsWith('/v2/')) table.expand ??= { type: 'array', of: { type: 'string' } }
    operations[`${method.toUpperCase()} ${path}`] = table
  }
}

// What each object's fields become: an id that can be expanded, a list, another object within, or plain fields to look into.
const resourceOf = {}
for (const [name, schema] of Object.entries(schemas)) {
  if (schema['x-resourceId'] !== undefined) resourceOf[name] = schema['x-resourceId']
}
const SNAKE = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
const target = (name) => resourceOf[name] ?? SNAKE(name)

function expansion(schema, seen) {
  if (schema['x-expandable'] !== undefined) {
    return {
      expand: [...new Set(schema['x-expandable'].filter((one) => !one.startsWith('Deleted')).map(target))],
    }
  }
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref)
    if (resourceOf[name] !== undefined)
      return name.startsWith('Deleted') ? null : { within: resourceOf[name] }
    return seen.includes(name) ? null : inside(schemas[name], [...seen, name])
  }
  for (const one of [...(schema.allOf ?? []), ...(schema.anyOf ?? [])]) {
    const found = expansion(one, seen)
    if (found !== null) return found
  }
  if (schema['x-list'] === true) {
    const row = schema.properties.data.items.$ref
    return row === undefined ? null : { list: target(nameOf(row)) }
  }
  if (schema.type === 'array') return expansion(schema.items, seen)
  return schema.type === 'object' ? inside(schema, seen) : null
}

function inside(schema, seen) {
  const table = {}
  for (const [name, value] of Object.entries(schema?.properties ?? {})) {
    const found = expansion(value, seen)
    if (found !== null) table[name] = found
  }
  return Object.keys(table).length === 0 ? null : { fields: table }
}

const expansions = {}
for (const [name, schema] of Object.entries(schemas)) {
  const resource = resourceOf[name]
  if (resource === undefined || name.startsWith('Deleted')) continue
  expansions[resource] = inside(schema, [name])?.fields ?? {}
}

const write = (path, value) => writeFileSync(at(path), `${JSON.stringify(value)}\n`)
write('src/stripe/specs/parameters.json', { operations, shared })
write('src/stripe/specs/expansions.json', expansions)
