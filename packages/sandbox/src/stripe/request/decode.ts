import { emptyParameter, missingParameter, StripeError } from '../stripe-error.ts'
import { type ParameterNode, type ParameterTable, resolveNode } from './parameter-table.ts'

/** A decoded value: null is an empty string that unsets the parameter. */
export type Decoded = string | number | boolean | null | Decoded[] | { [name: string]: Decoded }

/** Whether empty strings can unset parameters: they do in writes, and are errors in the filters of reads. */
export type EmptyStrings = 'refuse' | 'unset'

/**
 * Turns parsed form or query values, which are all strings, into what the operation's table says, refusing unknown,
 * missing and malformed ones with Stripe's errors.
 *
 * @throws StripeError 400 `parameter_unknown`, `parameter_missing`, `parameter_invalid_empty`,
 * `parameter_invalid_integer`, or without a code for other malformed values.
 */
export function decodeParameters(
  raw: { readonly [name: string]: unknown },
  table: ParameterTable,
  empty: EmptyStrings,
): { [name: string]: Decoded } {
  return decodeFields(raw, table, '', empty)
}

function decodeFields(
  raw: { readonly [name: string]: unknown },
  table: ParameterTable,
  path: string,
  empty: EmptyStrings,
): { [name: string]: Decoded } {
  const unknown = Object.keys(raw).filter((name) => !Object.hasOwn(table, name))
  if (unknown.length > 0) throw unknownParameters(unknown.map((name) => inside(path, name)))
  const values: { [name: string]: Decoded } = {}
  for (const name in table) {
    const node = table[name] as ParameterNode
    const value = raw[name]
    if (value === undefined) {
      if (node.required === true) throw missingParameter(inside(path, name))
      continue
    }
    values[name] = decodeValue(value, node, inside(path, name), empty)
  }
  return values
}

function decodeValue(value: unknown, given: ParameterNode, path: string, empty: EmptyStrings): Decoded {
  const node = resolveNode(given)
  if (value === '') {
    const clears =
      node.clear === true ||
      node.type === 'array' ||
      node.type === 'map' ||
      node.type === 'string' ||
      node.type === 'any'
    if (empty === 'unset' && clears && given.required !== true) return node.type === 'array' ? [] : null
    throw emptyParameter(path)
  }
  switch (node.type) {
    case 'string':
      if (typeof value === 'string') return value
      throw new StripeError(400, `Invalid string: ${show(value)}`, { param: path })
    case 'number':
      return decodeNumber(value, path)
    case 'boolean':
      if (value === 'true' || value === true) return true
      if (value === 'false' || value === false) return false
      throw new StripeError(400, `Invalid boolean: ${show(value)}`, { param: path })
    case 'enum': {
      const values = node.values ?? []
      if (typeof value === 'string' && values.includes(value)) return value
      throw new StripeError(400, `Invalid ${path}: must be one of ${oneOf(values)}`, { param: path })
    }
    case 'array':
      return rowsOf(value, path).map((row, at) =>
        decodeValue(row, node.of as ParameterNode, inside(path, String(at)), empty),
      )
    case 'map':
      return decodeMap(value, node.of as ParameterNode | undefined, path, empty)
    case 'object':
      if (!isObject(value)) throw new StripeError(400, 'Invalid object', { param: path })
      return decodeFields(value, node.fields ?? {}, path, empty)
    case 'any-of':
      return decodeOneOf(value, node.of as readonly ParameterNode[], path, empty)
    case 'any':
      return value as Decoded
    case 'ref':
      throw new Error('A ref was not resolved.')
  }
}

// Percentages may have a fraction; every other number of the API is an integer.
const FRACTIONS = /percent(_off)?\]?$|^percent/

function decodeNumber(value: unknown, path: string): number {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text === 'string' && FRACTIONS.test(path) && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  if (typeof text === 'string' && /^-?\d+$/.test(text)) return Number(text)
  throw new StripeError(400, `Invalid integer: ${show(value)}`, {
    code: 'parameter_invalid_integer',
    param: path,
  })
}

function decodeMap(
  value: unknown,
  of: ParameterNode | undefined,
  path: string,
  empty: EmptyStrings,
): { [name: string]: Decoded } {
  if (!isObject(value)) throw new StripeError(400, 'Invalid object', { param: path })
  const map: { [name: string]: Decoded } = {}
  for (const [key, one] of Object.entries(value)) {
    if (of !== undefined) map[key] = decodeValue(one, of, inside(path, key), empty)
    else if (typeof one === 'string') map[key] = one
    else throw new StripeError(400, `Invalid string: ${show(one)}`, { param: inside(path, key) })
  }
  return map
}

function decodeOneOf(
  value: unknown,
  nodes: readonly ParameterNode[],
  path: string,
  empty: EmptyStrings,
): Decoded {
  const kinds = nodes.map(resolveNode)
  const word = kinds.find((node) => node.type === 'enum' && node.values?.includes(String(value)))
  if (word !== undefined) return value as string
  const holds = (type: ParameterNode['type']) => kinds.find((node) => node.type === type)
  const fit = Array.isArray(value)
    ? holds('array')
    : isObject(value)
      ? (holds('object') ?? holds('map') ?? holds('array'))
      : (holds('number') ?? holds('string') ?? holds('boolean'))
  return decodeValue(value, fit ?? (kinds[0] as ParameterNode), path, empty)
}

// `expand[0]=a` beyond the parser's limit, or with gaps, arrives as an object with numbers for keys.
function rowsOf(value: unknown, path: string): unknown[] {
  if (Array.isArray(value)) return value
  if (isObject(value) && Object.keys(value).every((key) => /^\d+$/.test(key))) return Object.values(value)
  throw new StripeError(400, 'Invalid array', { param: path })
}

function unknownParameters(paths: readonly string[]): StripeError {
  const [first = ''] = paths
  const message =
    paths.length === 1
      ? `Received unknown parameter: ${first}`
      : `Received unknown parameters: ${paths.join(', ')}`
  return new StripeError(400, message, { code: 'parameter_unknown', param: first })
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function inside(path: string, name: string): string {
  return path === '' ? name : `${path}[${name}]`
}

function oneOf(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')}, or ${values.at(-1)}`
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
