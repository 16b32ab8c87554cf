import type { JsonValue } from './draft.ts'

/** Deeper nesting is refused, so that no document can exhaust the stack of whoever reads it. */
const deepest = 100

/**
 * JSON in the one form that RFC 8785 (JCS) gives each value: no whitespace, keys in the order of their UTF-16 units,
 * numbers and strings as ECMAScript writes them. Equal values give equal texts, in every language.
 *
 * @throws TypeError for what has no such form: a number that is not finite, half a surrogate pair, nesting beyond 100.
 * @example
 * canonicalJson({ b: 1e21, a: '\u20ac' }) // '{"a":"€","b":1e+21}'
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, 0)
}

function write(value: JsonValue, depth: number): string {
  if (depth > deepest) throw new TypeError(`JSON nested deeper than ${deepest} has no canonical form here.`)
  switch (typeof value) {
    case 'string':
      return writeText(value)
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical form; a number is finite.`)
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      break
    default:
      throw new TypeError(`A value of type ${typeof value} has no canonical form; JSON does not know it.`)
  }
  if (value === null) return 'null'
  if (isList(value)) return `[${value.map((held) => write(held, depth + 1)).join(',')}]`
  const members: string[] = []
  // The default order of JavaScript compares UTF-16 units, which is what the RFC asks for.
  for (const key of Object.keys(value).sort()) {
    members.push(`${writeText(key)}:${write(value[key] as JsonValue, depth + 1)}`)
  }
  return `{${members.join(',')}}`
}

/** `JSON.stringify` escapes exactly what the RFC wants escaped, but for half surrogate pairs, which it wants refused. */
function writeText(text: string): string {
  if (!text.isWellFormed()) {
    throw new TypeError(
      `${JSON.stringify(text)} holds half a surrogate pair; it is no text that UTF-8 can carry.`,
    )
  }
  return JSON.stringify(text)
}

/**
 * The same value with what has no canonical form made fit for one: half surrogate pairs become U+FFFD. For words of
 * others, which may hold anything.
 */
export function wellFormed(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map(wellFormed)
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [key.toWellFormed(), wellFormed(held)]),
  )
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value)
}
