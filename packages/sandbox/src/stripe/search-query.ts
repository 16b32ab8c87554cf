import { badRequest } from './stripe-error.ts'

/** What can be searched for in a kind of object. */
export interface SearchFields {
  /** Strings: `:` for equal (any case), `~` for a substring of at least three characters. */
  readonly text: readonly string[]
  /** Numbers: `:`, `<`, `>`, `<=`, `>=`. */
  readonly numbers: readonly string[]
  /** Whether `metadata["key"]` can be searched. */
  readonly metadata: boolean
  /** Booleans and other words, equal only. */
  readonly words?: readonly string[]
  /** Fields of those above that are found elsewhere in the row. */
  readonly derived?: { readonly [field: string]: (row: object) => unknown }
}

type Row = { readonly [field: string]: unknown }

const CLAUSE =
  /^\s*(-)?\s*(?:metadata\[(?:"([^"]*)"|'([^']*)')\]|([a-z_]+))\s*(:|~|<=|>=|<|>)\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"']+))/

/**
 * Reads a query of Stripe's search language: clauses joined by AND or by OR, never both; `-` negates a clause.
 *
 * @returns whether a row matches.
 * @throws StripeError 400 for a query that cannot be read or names a field that cannot be searched.
 * @example parseQuery(`email:"ada@example.com" AND metadata["user_id"]:"7"`, fields)
 */
export function parseQuery(query: string, fields: SearchFields): (row: object) => boolean {
  const clauses: ((row: Row) => boolean)[] = []
  let joiner: string | null = null
  let rest = query
  for (;;) {
    const match = CLAUSE.exec(rest)
    if (match === null) throw badRequest(`We were unable to parse your search query: ${query}`, 'query')
    clauses.push(clauseOf(match, fields))
    rest = rest.slice(match[0].length)
    if (rest.trim() === '') break
    // Clauses side by side are joined by AND.
    const join = /^\s+(AND|OR)\s+/i.exec(rest)
    const word = join?.[1]?.toUpperCase() ?? 'AND'
    if (join === null && !/^\s/.test(rest))
      throw badRequest(`We were unable to parse your search query: ${query}`, 'query')
    if (joiner !== null && joiner !== word) {
      throw badRequest('You cannot combine AND and OR in the same search query.', 'query')
    }
    joiner = word
    rest = rest.slice(join?.[0].length ?? 0)
  }
  return (row) =>
    joiner === 'OR'
      ? clauses.some((clause) => clause(row as Row))
      : clauses.every((clause) => clause(row as Row))
}

function clauseOf(match: RegExpExecArray, fields: SearchFields): (row: Row) => boolean {
  const [, minus, doubleKey, singleKey, field, operator = ':', doubled, single, bare] = match
  const key = doubleKey ?? singleKey
  const quoted = (doubled ?? single)?.replaceAll(/\\(.)/g, '$1')
  const value = quoted ?? bare ?? ''
  const isNull = quoted === undefined && value.toLowerCase() === 'null'
  const read = key === undefined ? reader(field ?? '', fields) : metadataReader(key, fields)
  const holds = (row: Row): boolean => {
    const found = read(row)
    if (isNull) return found === null || found === undefined || found === ''
    if (found === null || found === undefined) return false
    return compare(found, operator, value)
  }
  return minus === undefined ? holds : (row) => !holds(row)
}

function reader(field: string, fields: SearchFields): (row: Row) => unknown {
  const known = [...fields.text, ...fields.numbers, ...(fields.words ?? [])]
  if (!known.includes(field))
    throw badRequest(`Field \`${field}\` is an unsupported search field for this resource.`, 'query')
  return fields.derived?.[field] ?? ((row) => row[field])
}

function metadataReader(key: string, fields: SearchFields): (row: Row) => unknown {
  if (!fields.metadata)
    throw badRequest('Field `metadata` is an unsupported search field for this resource.', 'query')
  return (row) => (row.metadata as Row | null)?.[key]
}

function compare(found: unknown, operator: string, value: string): boolean {
  switch (operator) {
    case '~':
      if (value.length < 3) throw badRequest('Substring searches need at least three characters.', 'query')
      return String(found).toLowerCase().includes(value.toLowerCase())
    case '<':
      return Number(found) < Number(value)
    case '>':
      return Number(found) > Number(value)
    case '<=':
      return Number(found) <= Number(value)
    case '>=':
      return Number(found) >= Number(value)
    default:
      return String(found).toLowerCase() === value.toLowerCase()
  }
}
